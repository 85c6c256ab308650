import createClient from "openapi-fetch";
import { answered, check, empty, refused } from "./check.js";
import type { components, paths } from "./documents/control.js";

type Schemas = components["schemas"];

const CRUD = { Authorization: "Bearer vm_RobinOwnsDevflow000000000001" };

export async function control(baseUrl: string): Promise<void> {
  const server = createClient<paths>({ baseUrl });
  check("control: health", answered("control: health", await server.GET("/_mock/health")).ready, true);

  // A sandbox is steered by a header field, or below its own base URL, as every vendor is called there.
  const start: Schemas["SandboxStart"] = { seed: 7, clock: "2026-01-15T12:00:00Z", settings: { providers: { crud: { delete: "204" } } }, ttl: "5m" };
  const made = answered("control: make a sandbox", await server.PUT("/_mock/sandboxes/{name}", { params: { path: { name: "typescript" } }, body: start }), 201);
  check("control: make a sandbox: clock", made.clock, { mode: "frozen", now: "2026-01-15T12:00:00Z" });
  const named = { params: { header: { "X-Mock-Sandbox": "typescript" } } };
  check("control: a sandbox by its header field", answered("control: show the seed", await server.GET("/_mock/seed", named)).seed, 7);
  const sandbox = `${baseUrl}/_sandbox/typescript`;
  const client = createClient<paths>({ baseUrl: sandbox });
  const personas = () => fetch(`${sandbox}/crud/personas?limit=1`, { headers: CRUD });

  await faults(client, personas);
  await limits(client, personas);
  await verify(client);
  await state(client);

  const gone = { params: { path: { name: "typescript" } } };
  empty("control: delete the sandbox", await server.DELETE("/_mock/sandboxes/{name}", gone));
  const missing = refused("control: show the sandbox that is gone", await server.GET("/_mock/sandboxes/{name}", gone), 404);
  check("control: show the sandbox that is gone: status", missing.status, 404);
}

type Client = ReturnType<typeof createClient<paths>>;

async function faults(client: Client, personas: () => Promise<Response>): Promise<void> {
  const fault: Schemas["Fault"] = {
    id: "busy",
    match: { provider: "crud", method: "GET" },
    action: { refuse: { status: 503, retry_after_s: 1 } },
    when: { first: 1 },
    ttl: "1m",
  };
  const armed = answered("control: add a fault", await client.POST("/_mock/faults", { body: fault }), 201);
  check("control: add a fault: action", armed.action, { refuse: { status: 503, retry_after_s: 1 } });
  check("control: the fault strikes", (await personas()).status, 503);
  check("control: the fault strikes once", (await personas()).status, 200);
  const [busy] = answered("control: list faults", await client.GET("/_mock/faults")).faults;
  check("control: list faults: struck", [busy?.fitted, busy?.struck], [2, 1]);
  const slow: Schemas["Fault"] = { action: { delay: { uniform: { min: "1ms", max: "2ms" } } }, ttl: "1m" };
  const both = answered("control: replace the faults", await client.PUT("/_mock/faults", { body: { faults: [slow, { action: "stale", ttl: "1m" }] } }));
  check("control: replace the faults: actions", both.faults.map(({ action }) => action), [{ delay: { uniform: { min: "1ms", max: "2ms" } } }, "stale"]);
  empty("control: clear the faults", await client.DELETE("/_mock/faults"));
  const wrong = refused("control: a fault of an unknown provider", await client.POST("/_mock/faults", { body: { ...fault, match: { provider: "nobody" } } }), 400);
  check("control: a fault of an unknown provider: where", wrong.at, "$.match.provider");
}

async function limits(client: Client, personas: () => Promise<Response>): Promise<void> {
  const set = answered("control: change the limits", await client.PUT("/_mock/limits", { body: { limits: { crud: "1/1m" } } }));
  check("control: change the limits: crud", set.limits.crud?.limit, "1/1m");
  check("control: within the limit", (await personas()).status, 200);
  check("control: beyond the limit", (await personas()).status, 429);
  const off = answered("control: lift the limit", await client.PUT("/_mock/limits", { body: { limits: { crud: "off" } } }));
  check("control: lift the limit: crud", off.limits.crud, null);
}

async function verify(client: Client): Promise<void> {
  const body: Schemas["VerifyRequest"] = {
    calls: [
      { call: { operation: "crud.list_personas", status: "2xx" }, at_least: 2 },
      { call: { path: "/crud/*", status: 429 }, exactly: 1 },
      { call: { method: "DELETE" }, never: true },
    ],
  };
  const held = answered("control: verify", await client.POST("/_mock/verify", { body }));
  check("control: verify: found", held, { verified: true, found: [2, 1, 0] });
  const more: Schemas["VerifyRequest"] = { calls: [{ call: { method: "POST", path: "/crud/personas" }, exactly: 1 }] };
  const failed = refused("control: verify what was not called", await client.POST("/_mock/verify", { body: more }), 409);
  const failure = failed.failures?.[0];
  check("control: verify what was not called: found", failure?.found, 0);
  const method = failure?.nearest?.fields.find(({ field }) => field === "method");
  check("control: verify what was not called: the nearest call", [method?.agrees, method?.expected, method?.found], [false, "POST", "GET"]);
  const page = answered("control: the journal", await client.GET("/_mock/requests", { params: { query: { status: "503" } } }));
  check("control: the journal: the exchange that was struck", page.requests.map(({ fault, outcome }) => [fault, outcome]), [["busy", "failed"]]);
}

async function state(client: Client): Promise<void> {
  const kept = answered("control: save a snapshot", await client.PUT("/_mock/snapshots/{name}", { params: { path: { name: "before" } } }));
  check("control: save a snapshot: name", kept.name, "before");
  const provider = { params: { path: { provider: "crud" } } };
  const fixture = answered("control: show a provider's state", await client.GET("/_mock/state/{provider}", provider));
  check("control: show a provider's state: tables", Object.keys(fixture).includes("personas"), true);
  empty("control: replace it", await client.PUT("/_mock/state/{provider}", { ...provider, body: { ...fixture, personas: [] } }));
  const diff = answered("control: what changed", await client.GET("/_mock/state/diff", { params: { query: { since: "before" } } }));
  check("control: what changed: personas went", diff.providers.crud?.every(({ change }) => change === "removed"), true);
  empty("control: restore the snapshot", await client.POST("/_mock/snapshots/{name}/restore", { params: { path: { name: "before" } } }));
  const clock = answered("control: advance the clock", await client.PUT("/_mock/clock", { body: { advance: "1h" } }));
  check("control: advance the clock: now", clock.now, "2026-01-15T13:00:00Z");
  const settings = answered("control: change a setting", await client.PUT("/_mock/settings", { body: { auth: "any" } }));
  check("control: change a setting: auth", settings.auth, "any");
  const back = answered("control: reset", await client.POST("/_mock/reset", { body: { only: "crud" } }));
  check("control: reset: sandbox", back.sandbox, "typescript");
}
