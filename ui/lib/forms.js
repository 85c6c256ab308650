// A call in the forms that people paste: for a shell, a page, a case of a test, an expectation. And JSON as it was sent:
// numbers keep their digits, names may come twice.

import { ask, baseUrl } from './api.js';

// A value: a scalar's own text, or the members of an object, or the items of a list.

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([{}[\],:])|([^\s{}[\],:"]+))/sy;

// Reads JSON; throws where it is none.
export function read(text) {
  TOKEN.lastIndex = 0;
  const next = () => {
    const found = TOKEN.exec(text);
    if (!found) throw new SyntaxError('this is no JSON');
    return found[1] ?? found[2] ?? found[3];
  };

  const root = { open: '[', members: [] };
  const above = [root];
  let name = null;
  for (let token = next(); ; token = next()) {
    const into = above[above.length - 1];
    if (token === '{' || token === '[') {
      const value = { open: token, members: [] };
      into.members.push([name, value]);
      above.push(value);
      name = null;
    } else if (token === '}' || token === ']') {
      above.pop();
    } else if (token === ':') {
      // The text before it was a name.
      name = JSON.parse(into.members.pop()[1].text);
    } else if (token !== ',') {
      into.members.push([name, { text: token }]);
      name = null;
    }
    if (above.length === 1) return root.members[0][1];
  }
}

// The member of an object; the last of its name, as readers take it.
export function member(value, name) {
  if (!value || !('open' in value)) return undefined;
  return value.members.filter(([known]) => known === name).pop()?.[1];
}

// The lines of a value, each with the path of what stands in it, as hints name it.
export function lines(value, most = 2000) {
  const all = [];
  const walk = (value, path, depth, before, after) => {
    if (all.length >= most) return;
    if (!('open' in value)) {
      all.push({ path, depth, text: before + value.text + after });
      return;
    }
    const close = value.open === '{' ? '}' : ']';
    if (value.members.length === 0) {
      all.push({ path, depth, text: before + value.open + close + after });
      return;
    }
    all.push({ path, depth, text: before + value.open });
    value.members.forEach(([name, inner], at) => {
      const end = at + 1 < value.members.length ? ',' : '';
      if (name === null) walk(inner, `${path}[${at}]`, depth + 1, '', end);
      else walk(inner, `${path}.${name}`, depth + 1, `${JSON.stringify(name)}: `, end);
    });
    all.push({ path: '', depth, text: close + after });
  };
  walk(value, '$', 0, '', '');
  return all;
}

// The text of a value, without blanks.
export function compact(value) {
  if (!('open' in value)) return value.text;
  const inner = value.members.map(
    ([name, inner]) => (name === null ? '' : `${JSON.stringify(name)}:`) + compact(inner),
  );
  return value.open + inner.join(',') + (value.open === '{' ? '}' : ']');
}

// What clients and proxies add by themselves.
const BY_ITSELF = new RegExp(
  '^(host|content-length|connection|accept-(encoding|language)|user-agent|origin|referer|cookie|sec-.*|(x-)?forwarded.*' +
    '|te|transfer-encoding|priority|cache-control|pragma|dnt)$',
);

// What a call sent, of an entry of the journal as it was read.
export function sent(entry, tree) {
  const json = member(member(tree, 'request'), 'json');
  const answer = member(member(tree, 'answer'), 'json');
  return {
    method: entry.request.method,
    target: entry.request.target,
    headers: entry.request.headers.filter(
      ([name, value]) => !BY_ITSELF.test(name) && !(name === 'accept' && value === '*/*'),
    ),
    body: json ? compact(json) : (entry.request.text ?? null),
    cut: entry.request.cut,
    sandbox: entry.sandbox,
    provider: entry.provider,
    operation: entry.operation,
    status: entry.answer.status,
    answer: answer ?? entry.answer.text,
    isJson: json !== undefined,
  };
}

// The same with a credential that passes, in place of one that the journal hides.
async function usable(call) {
  const hides = ([, value]) => value.includes('[redacted]');
  if (!call.provider || !call.headers.some(hides)) return call;
  const { providers } = await ask('credentials', { sandbox: call.sandbox, query: { provider: call.provider } });
  const listed = providers[call.provider]?.credentials ?? [];
  const headers = call.headers.map((field) => {
    if (!hides(field)) return field;
    const same = listed.find(
      (known) => !known.expired && !known.revoked && known.send.toLowerCase().startsWith(`${field[0]}: `),
    );
    return same ? [field[0], same.send.slice(field[0].length + 2)] : field;
  });
  return { ...call, headers };
}

// Quoted for a POSIX shell.
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export async function curl(call) {
  const { method, target, headers, body, sandbox } = await usable(call);
  const parts = ['curl -sS'];
  if (method === 'HEAD') parts.push('-I');
  else if (method !== (body ? 'POST' : 'GET')) parts.push(`-X ${method}`);
  parts.push(quoted(baseUrl(sandbox) + target), ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`));
  if (body) parts.push(`--data-raw ${quoted(body)}`);
  return parts.join(' ');
}

export async function script(call) {
  const { method, target, headers, body, sandbox } = await usable(call);

  const options = { method };
  if (headers.length > 0) options.headers = Object.fromEntries(headers);
  if (body) options.body = body;
  return `await fetch(${JSON.stringify(baseUrl(sandbox) + target)}, ${JSON.stringify(options, null, 2)});`;
}

// A case of `tests/cases/`: a request and the answer it must have.
export async function httpCase(call) {
  const { method, target, headers, body, status, answer } = await usable(call);
  const pretty = (value) =>
    typeof value === 'string'
      ? value
      : lines(value, Infinity)
          .map(({ depth, text }) => '  '.repeat(depth) + text)
          .join('\n');
  const head = [`${method} ${target}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
  return `${head}\n${body ? `\n${body}\n` : ''}\nHTTP ${status}\n${answer ? `\n${pretty(answer)}\n` : ''}`;
}

// What `verify` takes.
export function expectation({ method, target, operation, status, body, isJson, cut }) {
  const path = target.split('?')[0];
  const which = operation ? { operation } : { method, path };
  const values = { ...which, status };
  const text = JSON.stringify({ calls: [{ call: values, exactly: 1 }] }, null, 2);
  // The body as it was sent, digit by digit.
  return isJson && body && !cut
    ? text.replace(`"status": ${status}`, () => `"status": ${status},\n        "body": ${body}`)
    : text;
}
