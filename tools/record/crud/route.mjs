// The route handlers, and around them what a Next.js app does before one is called.
import { shown } from "./schemas.mjs";
import { Refused } from "./state.mjs";

const ALLOW = "GET, POST, PUT, PATCH, DELETE";

function checked(schema, input) {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const details = {};
  for (const { path: [field], message } of result.error.issues) {
    if (field !== undefined && !Object.hasOwn(details, field)) details[field] = message;
  }
  throw new Refused(400, "Validation failed", details);
}

function withId(schema, input) {
  const isObject = typeof input === "object" && input !== null && !Array.isArray(input);
  if (isObject && (input.id === undefined || input.id === null || input.id === "")) throw new Refused(400, "id is required");
  return checked(schema, input);
}

const shape = (row) => Object.fromEntries(shown.map((column) => [column, row[column] ?? null]));

async function read(request) {
  try {
    return await request.json();
  } catch {
    throw new Refused(400, "Invalid JSON");
  }
}

/** Every item on its own: what one refuses does not touch the others. */
function batch(items, status, key, apply, naming) {
  if (items.length === 0) throw new Refused(400, "Validation failed");
  const done = [];
  const errors = [];
  items.forEach((item, index) => {
    try {
      done.push(apply(item));
    } catch (refused) {
      if (!(refused instanceof Refused)) throw refused;
      const named = naming && typeof item?.id === "string" && !Array.isArray(item) ? { id: item.id } : {};
      errors.push({ index, ...named, ...refused.body });
    }
  });
  const meta = { total: items.length, succeeded: done.length, failed: errors.length };
  const code = errors.length === 0 ? status : done.length === 0 ? 400 : 207;
  return Response.json({ [key]: done, errors, meta }, { status: code });
}

const handlers = {
  async GET(request, state, caller, schemas) {
    const query = new URL(request.url).searchParams;
    const id = query.get("id");
    if (id) return Response.json(shape(state.find(caller, checked(schemas.reference, { id }).id)));
    const given = (name) => query.get(name) || undefined;
    const { projectId, ...wanted } = checked(schemas.list, {
      project_id: given("project_id"), projectId: given("projectId"), limit: given("limit"), offset: given("offset"), search: given("search"),
    });
    if (projectId && wanted.project_id && projectId.toLowerCase() !== wanted.project_id.toLowerCase()) {
      throw new Refused(400, "Validation failed", { projectId: "projectId and project_id name two projects" });
    }
    const { rows, meta } = state.list(caller, { ...wanted, project_id: wanted.project_id ?? projectId });
    return Response.json({ personas: rows.map(shape), meta });
  },

  async POST(request, state, caller, schemas) {
    const body = await read(request);
    const one = (item) => shape(state.create(caller, checked(schemas.create, item)));
    if (Array.isArray(body)) return batch(body, 201, "personas", one, false);
    return Response.json(one(body), { status: 201 });
  },

  /** The page on personas says PUT, the newer page on all entities PATCH. */
  PATCH: (...call) => handlers.PUT(...call),

  async PUT(request, state, caller, schemas) {
    const body = await read(request);
    const one = (item) => shape(state.update(caller, withId(schemas.update, item)));
    if (Array.isArray(body)) return batch(body, 200, "personas", one, true);
    return Response.json(one(body));
  },

  async DELETE(request, state, caller, schemas) {
    const one = (item) => state.delete(caller, withId(schemas.reference, item).id);
    const id = new URL(request.url).searchParams.get("id");
    if (id) {
      one({ id });
      return Response.json({ success: true });
    }
    const copy = request.clone();
    const none = (await request.arrayBuffer()).byteLength === 0;
    const body = none ? null : await read(copy);
    if (Array.isArray(body)) return batch(body, 200, "deleted", one, true);
    if (typeof body !== "object" || body === null) throw new Refused(400, "id is required");
    one(body);
    return Response.json({ success: true });
  },
};

async function call(method, request, state, schemas) {
  try {
    return await handlers[method](request, state, state.caller(request.headers.get("authorization")), schemas);
  } catch (refused) {
    if (refused instanceof Refused) return Response.json(refused.body, { status: refused.status });
    return Response.json({ error: "Internal server error" }, { status: 500 });
  }
}

export async function answer(request, state, schemas) {
  const { pathname: path, search } = new URL(request.url);
  // Next.js takes repeated slashes out first, and then one at the end.
  const single = path.replace(/\/{2,}/g, "/");
  const straight = single === path ? path.replace(/\/$/, "") : single;
  if (straight !== path && /^(\/api)?\/crud\/personas\/?$/.test(straight)) {
    const location = straight + search;
    return new Response(null, { status: 308, headers: { Location: location, Refresh: `0;url=${location}` } });
  }
  if (path !== "/crud/personas" && path !== "/api/crud/personas") {
    return Response.json({ error: "Not Found" }, { status: 404 });
  }
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow: ALLOW } });
  if (request.method === "HEAD") {
    const { status, headers } = await call("GET", request, state, schemas);
    return new Response(null, { status, headers });
  }
  if (!Object.hasOwn(handlers, request.method)) return new Response(null, { status: 405, headers: { Allow: ALLOW } });
  return call(request.method, request, state, schemas);
}
