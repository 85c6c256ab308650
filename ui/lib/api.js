// The control API: where it is, how it is asked, and the token that it may want. All addresses are relative to this
// file, so that the page works below any path.

// The address of the server, with a slash at its end; of its control API; and the key of what this tab keeps.
export const server = new URL('../../../', import.meta.url);
const control = new URL('_mock/', server);
const key = `persona-mock token ${server.pathname}`;

// Who is told that the token is wanted, and which one did not do.
export const listeners = { token: (tried) => tried };

// What the server refused: a problem with its status, in words.
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `the server answered ${status}`);
    this.status = status;
    this.at = problem?.at;
    this.faults = problem?.faults ?? [];
    this.problem = problem ?? {};
  }
}

export const keepToken = (token) =>
  token === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, token);
export const token = () => sessionStorage.getItem(key);

// Sends a request and gives the answer, whatever its status is but a refusal.
/** @type {(path: string, options?: any) => Promise<Response>} */
export const send = async (path, { method = 'GET', sandbox, query, body, text, headers, signal } = {}) => {
  const url = new URL(path, control);
  for (const [name, value] of query ? new URLSearchParams(query) : []) url.searchParams.append(name, value);
  // A field and not the base URL: a sandbox may be called `..`.
  const fields = new Headers(headers);
  if (sandbox && sandbox !== '*') fields.set('X-Mock-Sandbox', sandbox);
  if (sandbox === '*') url.searchParams.set('sandbox', '*');
  const known = token();
  if (known) fields.set('Authorization', `Bearer ${known}`);
  if (body !== undefined || text !== undefined)
    fields.set('Content-Type', headers?.['Content-Type'] ?? 'application/json');
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer = await fetch(url, { method, headers: fields, body: sent, signal, cache: 'no-store' });
  if (answer.status === 401) listeners.token(known);
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => null);
  throw new Refused(answer.status, problem);
};

// Sends a request and gives the JSON of its answer.
export async function ask(path, options = {}) {
  const answer = await send(path, options);
  return answer.status === 204 ? null : answer.json();
}

let known;
// The document of the control API, read once.
export function contract() {
  known ??= ask('openapi.json').catch((error) => {
    known = undefined;
    throw error;
  });
  return known;
}

// Whether the server has a method of a path, such as `post /_mock/rewind`.
export async function has(verb) {
  const [method, path] = verb.split(' ');
  return (await contract()).paths[path]?.[method] !== undefined;
}

// The base URL of a sandbox, without a slash at its end.
export const baseUrl = (sandbox) =>
  server.href.replace(/\/$/, '') + (sandbox === 'default' ? '' : `/_sandbox/${sandbox}`);

// An operation: its name, where it is, the statuses that it has, and what it takes.

// What a reference leads to.
export function resolved(document, node) {
  if (typeof node?.$ref !== 'string') return node;
  return resolved(
    document,
    node.$ref
      .slice(2)
      .split('/')
      .reduce((at, name) => at?.[name], document),
  );
}

// Every operation of a sandbox.
export async function operations(sandbox, signal) {
  const { routes } = await ask('routes', { sandbox, signal });
  const ids = [...new Set(routes.map((route) => route.provider))];
  const read = (id) => ask(`openapi/${id}.json`, { sandbox, signal });
  const documents = Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await read(id)])));
  return routes.map(({ operation, provider, method, path, summary }) => {
    const document = documents[provider];
    const found = node(document, operation);
    const parameters = [...(found.item.parameters ?? []), ...(found.node.parameters ?? [])];
    return {
      name: operation,
      provider,
      method,
      path,
      summary,
      statuses: Object.keys(found.node.responses ?? {}).filter((status) => /^\d+$/.test(status)),
      parameters: parameters.map((parameter) => resolved(document, parameter)),
      body: resolved(document, found.node.requestBody),
      document,
    };
  });
}

function node(document, name) {
  for (const item of Object.values(document.paths)) {
    for (const node of Object.values(item)) {
      if (node['x-operations']?.includes(name)) return { item, node };
    }
  }
  return { item: {}, node: {} };
}

// An example of a body, as text.
export function exampleBody({ body, document }) {
  const media = body?.content?.['application/json'] ?? Object.values(body?.content ?? {})[0];
  if (!media) return '';
  const shown = Object.values(media.examples ?? {}).map((one) => resolved(document, one)?.value);
  const value = shown[0] ?? media.example ?? resolved(document, media.schema)?.example;
  return value === undefined ? '{}' : JSON.stringify(value, null, 2);
}
