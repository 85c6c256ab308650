import createClient from "openapi-fetch";
import { answered, check, refused } from "./check.js";
import type { components, paths } from "./documents/equals_money.js";

const ACCOUNT = "F50091";

export async function equals_money(baseUrl: string): Promise<void> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a" } });
  const account = { accountId: ACCOUNT };

  const body: components["schemas"]["NewPerson"] = {
    accountId: ACCOUNT,
    firstName: "Ada",
    lastName: "Byron",
    roleName: "Viewer",
    emailAddress: "ada.byron@roastery.example.com",
    nationalities: ["GB"],
    status: "active",
    notifyEmailTrans: false,
    addToUserPool: true,
    sendInvite: true,
    emailTheme: "em-light",
  };
  const person = answered("equals_money: create", await client.POST("/v2/people", { body }), 201);
  check("equals_money: create: name", person.lastName, "Byron");

  const query = { ...account, people: [person.id], include: ["persona.roles" as const] };
  const page = answered("equals_money: list", await client.GET("/v2/people", { params: { query } }));
  const persona = page.rows[0]?.persona;
  if (persona === undefined) throw new Error(`equals_money: list: expected a persona, found ${JSON.stringify(page)}`);
  check("equals_money: list: role", persona.roles?.map((role) => role.name), ["Viewer"]);
  check("equals_money: list: status", persona.status, "invited");

  const change = { params: { path: { personId: person.id } }, body: { ...account, title: "Ms" as const } };
  const changed = answered("equals_money: update a person", await client.PATCH("/v2/people/{personId}", change));
  check("equals_money: update a person: title", changed.title, "Ms");
  const there = { params: { path: { personaId: persona.id }, query: account } };
  const updated = answered("equals_money: update a persona", await client.PATCH("/v2/personas/{personaId}", { ...there, body: { jobTitle: "Analyst" } }));
  check("equals_money: update a persona: job", updated.jobTitle, "Analyst");
  const given = answered("equals_money: change the role", await client.PATCH("/v2/personas/{personaId}/role", { ...there, body: { roleName: "Payer" } }));
  check("equals_money: change the role", given.name, "Payer");
  const invited = { params: { path: { personId: person.id }, query: account } };
  check("equals_money: invite", answered("equals_money: invite", await client.POST("/v2/people/{personId}/invite", invited)).success, true);
  const roles = answered("equals_money: roles", await client.GET("/v2/roles", { params: { query: account } }));
  check("equals_money: roles: an owner is among them", roles.rows.some((role) => role.name === "Owner"), true);

  // There is no delete: a persona is deactivated.
  const stopped = answered("equals_money: deactivate", await client.PATCH("/v2/personas/{personaId}", { ...there, body: { status: "deactivated" } }));
  check("equals_money: deactivate: status", stopped.status, "deactivated");
  const locked = refused("equals_money: invite a deactivated persona", await client.POST("/v2/people/{personId}/invite", invited), 423);
  check("equals_money: invite a deactivated persona: message", locked.message.startsWith("This persona is deactivated"), true);
  const unknown = refused("equals_money: an unknown key", await client.GET("/v2/people", { params: { query: account }, headers: { Authorization: "ApiKey 0f6f6f3e-5a53-4f2b-9f0e-3a1f5f0c9d11" } }), 403);
  check("equals_money: an unknown key: message", unknown.message.length > 0, true);
}
