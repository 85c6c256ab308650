import createClient from "openapi-fetch";
import { answered, check, refused } from "./check.js";
import type { components, paths } from "./documents/axero.js";

const path = (PersonaID: number) => ({ params: { path: { PersonaID } } });

export async function axero(baseUrl: string): Promise<void> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: "Bearer axero-owner-alice" } });

  const condition: components["schemas"]["ConditionBody"] = { ProfileFieldID: 4, ConditionValue: "Sales", ConditionOperatorType: 0 };
  const body = { Name: "Night shift", IsEnabled: true, PersonaConditions: [condition] };
  const made = answered("axero: add", await client.POST("/api/personas", { body }));
  if (made.IsError) throw new Error(`axero: add: ${made.ResponseMessage}`);
  const persona = made.ResponseData;
  check("axero: add: name", persona.Name, "Night shift");
  check("axero: add: condition", persona.PersonaConditions[0]?.ConditionValue, "Sales");

  const found = answered("axero: get", await client.GET("/api/personas/{PersonaID}", path(persona.PersonaID)));
  check("axero: get: name", found.IsError ? found.ResponseMessage : found.ResponseData.Name, "Night shift");

  const change = { ...path(persona.PersonaID), body: { Name: "Day shift", PersonaConditions: null } };
  const changed = answered("axero: update", await client.PUT("/api/personas/{PersonaID}", change));
  check("axero: update: name", changed.IsError ? changed.ResponseMessage : changed.ResponseData.Name, "Day shift");

  const page = answered("axero: list", await client.GET("/api/personas", { params: { query: { StartPage: 1, PageSize: 100 } } }));
  const listed = page.ResponseData.find((other) => other.PersonaID === persona.PersonaID);
  check("axero: list: name", listed?.Name, "Day shift");
  check("axero: list: total", page.TotalRecords, page.ResponseData.length);

  const gone = answered("axero: delete", await client.DELETE("/api/personas/{PersonaID}", path(persona.PersonaID)));
  check("axero: delete", gone.IsError, false);

  // Axero refuses with 200 and IsError.
  const missing = answered("axero: get after the delete", await client.GET("/api/personas/{PersonaID}", path(persona.PersonaID)));
  check("axero: get after the delete: IsError", missing.IsError, true);

  const stranger = createClient<paths>({ baseUrl, headers: { Authorization: "Bearer nobody" } });
  const refusal = refused("axero: an unknown token", await stranger.GET("/api/personas"), 401);
  check("axero: an unknown token: message", "Message" in refusal && refusal.Message, "Authorization has been denied for this request.");
}
