import createClient from "openapi-fetch";
import { answered, check, empty, refused } from "./check.js";
import type { paths } from "./documents/vijil.js";

const TEAM = "c58aea71-3861-4f28-b8c4-20832a2f22ee";

export async function vijil(baseUrl: string): Promise<void> {
  const client = createClient<paths>({ baseUrl });
  const login = { email: "user@example.com", password: "your-password" };
  const { access_token } = answered("vijil: login", await client.POST("/v1/auth/jwt/login", { body: login }));
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${access_token}`);
    },
  });
  const teams = answered("vijil: teams", await client.GET("/v1/users/me/teams"));
  check("vijil: teams: the first", teams[0]?.team_id, TEAM);

  const body = {
    team_id: TEAM,
    name: "Frustrated Customer",
    role: "End user",
    intent: "adversarial",
    knowledge_level: "intermediate",
    skill_level: "novice",
    language: "en",
    is_preset: false,
    access_permissions: { privilege_level: "guest", allowed_tools: ["search"] },
  } as const;
  const sent = { ...body, access_permissions: { ...body.access_permissions, allowed_tools: ["search"] } };
  const persona = answered("vijil: create", await client.POST("/v1/personas/", { body: sent }), 201);
  check("vijil: create: intent", persona.intent, "adversarial");

  const here = { params: { path: { id: persona.id }, query: { team_id: TEAM } } };
  const found = answered("vijil: get", await client.GET("/v1/personas/{id}", here));
  check("vijil: get", found, persona);
  const there = { params: { path: { id: persona.id } } };
  const changed = answered("vijil: update", await client.PUT("/v1/personas/{id}", { ...there, body: { intent: "malicious", tags: null } }));
  check("vijil: update: intent", changed.intent, "malicious");
  const query = { team_id: TEAM, intents: ["malicious" as const], limit: 1 };
  const page = answered("vijil: list", await client.GET("/v1/personas/", { params: { query } }));
  check("vijil: list", page.results.map((row) => row.id), [persona.id]);

  empty("vijil: delete", await client.DELETE("/v1/personas/{id}", there));
  const missing = refused("vijil: get after the delete", await client.GET("/v1/personas/{id}", here), 404);
  check("vijil: get after the delete: detail", typeof missing === "object" && missing.detail, "Persona not found");

  const wrong = refused("vijil: a blank name", await client.POST("/v1/personas/", { body: { ...sent, name: "" } }), 422);
  if (typeof wrong !== "object" || !Array.isArray(wrong.detail)) throw new Error(`vijil: a blank name: ${JSON.stringify(wrong)}`);
  check("vijil: a blank name: where", wrong.detail[0]?.loc, ["body", "name"]);
}
