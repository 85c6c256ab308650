export const server = new URL('../../../', import.meta.url);
const control = new URL('_mock/', server);
const key = `persona-mock token ${server.pathname}`;
export const listeners = { token: (tried) => tried, again: () => {} };

export class Refused extends Error {
  constructor(status, problem, tag, sandbox) {
    super(problem?.detail ?? problem?.title ?? `the server answered ${status}`);
    this.status = status;
    this.faults = problem?.faults ?? [];
    this.problem = problem ?? {};
    this.tag = tag;
    this.gone = this.problem.at === 'sandbox' && sandbox;
  }
}

export const keepToken = (token) => (token === null ? sessionStorage.removeItem(key) : sessionStorage.setItem(key, token.replace(/[^!-~]/g, '?')));
export const token = () => sessionStorage.getItem(key);

/** @type {(path: string, options?: any) => Promise<Response>} */
export const send = async (path, { method = 'GET', sandbox, query, body, text, headers, signal, makes } = {}) => {
  const url = new URL(path, control);
  for (const [name, value] of query ? new URLSearchParams(query) : []) url.searchParams.append(name, value);
  const fields = new Headers(headers);
  if (sandbox && sandbox !== '*') fields.set('X-Mock-Sandbox', encodeURIComponent(sandbox));
  if (method !== 'GET' && !makes) fields.set('X-Mock-Sandbox-Make', 'no');
  if (sandbox === '*') url.searchParams.set('sandbox', '*');
  const known = token();
  if (known) fields.set('Authorization', `Bearer ${known}`);
  if (body !== undefined || text !== undefined) fields.set('Content-Type', headers?.['Content-Type'] ?? 'application/json');
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer = await fetch(url, { method, headers: fields, body: sent, signal, cache: 'no-store' });
  if (answer.status === 401 && known === token()) listeners.token(known);
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => null);
  throw new Refused(answer.status, problem, answer.headers.get('etag'), sandbox);
};

export async function ask(path, options = {}) {
  const answer = await send(path, options);
  return answer.status === 204 ? null : answer.json();
}

export async function download(path, sandbox, name = path) {
  const answer = await send(path, { sandbox });
  const href = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement('a'), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

let known;

export function contract() {
  known ??= ask('openapi.json').catch((error) => {
    known = undefined;
    throw error;
  });
  return known;
}

export async function noHistory() {
  const { no_history: isOff } = await ask('health');
  return isOff ? 'This server keeps no history (--history-bytes 0), so no change can be undone.' : '';
}

export const baseUrl = (sandbox) => server.href.replace(/\/$/, '') + (sandbox === 'default' ? '' : `/_sandbox/${sandbox}`);

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

export async function operations(sandbox, signal) {
  const { routes } = await ask('routes', { sandbox, signal });
  const ids = [...new Set(routes.map((route) => route.provider))];
  const read = (id) => ask(`openapi/${id}.json`, { sandbox, signal });
  const documents = Object.fromEntries(await Promise.all(ids.map(async (id) => [id, await read(id)])));
  return routes.map((route) => {
    const document = documents[route.provider];
    const item = Object.values(document.paths).find((item) => named(item, route.operation)) ?? {};
    const { parameters = [], requestBody, responses = {} } = named(item, route.operation) ?? {};
    return {
      ...route,
      name: route.operation,
      statuses: Object.keys(responses).filter((status) => /^\d+$/.test(status)),
      parameters: [...(item.parameters ?? []), ...parameters].map((parameter) => resolved(document, parameter)),
      body: resolved(document, requestBody),
      document,
    };
  });
}

const named = (item, operation) => Object.values(item).find((node) => node['x-operations']?.includes(operation));

export function exampleBody({ body, document }) {
  const media = body?.content?.['application/json'] ?? Object.values(body?.content ?? {})[0];
  if (!media) return '';
  const shown = Object.values(media.examples ?? {}).map((one) => resolved(document, one)?.value);
  const value = shown[0] ?? media.example ?? resolved(document, media.schema)?.example;
  return value === undefined ? '{}' : JSON.stringify(value, null, 2);
}
