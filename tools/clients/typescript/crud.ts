import createClient from "openapi-fetch";
import { answered, check, refused } from "./check.js";
import type { components, paths } from "./documents/crud.js";

const PROJECT = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";

type Schemas = components["schemas"];

// One path answers for a persona, a page and a batch.
function one(what: string, found: Schemas["Persona"] | Schemas["PersonaList"] | Schemas["Batch"]): Schemas["Persona"] {
  if ("id" in found) return found;
  throw new Error(`${what}: expected a persona, found ${JSON.stringify(found)}`);
}

export async function crud(baseUrl: string): Promise<void> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: "Bearer vm_RobinOwnsDevflow000000000001" } });
  const named = (id: string) => ({ params: { query: { id } } });

  const body: Schemas["NewPersona"] = { project_id: PROJECT, name: "Tester Tess", tagline: null, demographics: { age: 34 } };
  const persona = one("crud: create", answered("crud: create", await client.POST("/crud/personas", { body }), 201));
  check("crud: create: demographics", persona.demographics, { age: 34 });

  const found = one("crud: get", answered("crud: get", await client.GET("/crud/personas", named(persona.id))));
  check("crud: get: name", found.name, "Tester Tess");

  const changed = one("crud: update", answered("crud: update", await client.PATCH("/crud/personas", { body: { id: persona.id, tagline: "Breaks it" } })));
  check("crud: update: tagline", changed.tagline, "Breaks it");
  const named_again = one("crud: put", answered("crud: put", await client.PUT("/crud/personas", { body: { id: persona.id, name: "Tess" } })));
  check("crud: put: name", named_again.name, "Tess");

  const page = answered("crud: list", await client.GET("/crud/personas", { params: { query: { project_id: PROJECT, limit: 1 } } }));
  check("crud: list: the newest first", "personas" in page && page.personas?.map((row) => row.id), [persona.id]);

  const batch = answered("crud: a batch", await client.POST("/crud/personas", { body: [{ project_id: PROJECT, name: "A" }, { project_id: PROJECT, name: "B" }] }), 201);
  if (!("meta" in batch) || batch.personas === undefined) throw new Error(`crud: a batch: found ${JSON.stringify(batch)}`);
  check("crud: a batch: succeeded", batch.meta.succeeded, 2);
  const deleted = answered("crud: delete a batch", await client.DELETE("/crud/personas", { body: batch.personas.map(({ id }) => ({ id })) }));
  check("crud: delete a batch: how many", "deleted" in deleted && deleted.deleted.length, 2);

  const gone = answered("crud: delete", await client.DELETE("/crud/personas", named(persona.id)));
  check("crud: delete", "success" in gone && gone.success, true);
  const missing = refused("crud: get after the delete", await client.GET("/crud/personas", named(persona.id)), 404);
  check("crud: get after the delete: error", "error" in missing && missing.error, "Persona not found");

  const wrong = refused("crud: a blank name", await client.POST("/crud/personas", { body: { project_id: PROJECT, name: " " } }), 400);
  check("crud: a blank name: the field is named", "details" in wrong && Object.keys(wrong.details ?? {}), ["name"]);
}
