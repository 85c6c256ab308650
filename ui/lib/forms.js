import { ask, baseUrl, resolved } from './api.js';

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([{}[\],:])|([^\s{}[\],:"]+))/sy;

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
      name = JSON.parse(into.members.pop()[1].text);
    } else if (token !== ',') {
      into.members.push([name, { text: token }]);
      name = null;
    }
    if (above.length === 1) return root.members[0][1];
  }
}

export function member(value, name) {
  return value?.members?.filter(([known]) => known === name).pop()?.[1];
}

export function lines(value, most = 2000) {
  const all = [];
  const walk = (value, path, depth, before, after) => {
    if (all.length >= most) return;
    const close = value.open === '{' ? '}' : ']';
    if (!value.members?.length) {
      all.push({ path, depth, text: before + (value.text ?? value.open + close) + after });
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

export const pretty = (value) =>
  lines(value, Infinity)
    .map(({ depth, text }) => '  '.repeat(depth) + text)
    .join('\n');

export function compact(value) {
  if (value.text) return value.text;
  const inner = value.members.map(([name, inner]) => (name === null ? '' : `${JSON.stringify(name)}:`) + compact(inner));
  return value.open + inner.join(',') + (value.open === '{' ? '}' : ']');
}

const BY_ITSELF = new RegExp(
  '^(host|content-length|connection|accept-(encoding|language)|user-agent|origin|referer|cookie|sec-.*|(x-)?forwarded.*' +
    '|te|transfer-encoding|priority|cache-control|pragma|dnt)$',
);

export function sent(entry, tree) {
  const json = member(member(tree, 'request'), 'json');
  const answer = member(member(tree, 'answer'), 'json');
  return {
    method: entry.request.method,
    target: entry.request.target,
    headers: entry.request.headers.filter(([name, value]) => !BY_ITSELF.test(name) && !(name === 'accept' && value === '*/*')),
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

async function usable(call) {
  const hides = ([, value]) => value.includes('[redacted]');
  if (!call.provider || !call.headers.some(hides)) return call;
  const { providers } = await ask('credentials', { sandbox: call.sandbox, query: { provider: call.provider } });
  const listed = providers[call.provider]?.credentials ?? [];
  const headers = call.headers.map((field) => {
    if (!hides(field)) return field;
    const same = listed.find((known) => !known.expired && !known.revoked && known.send.toLowerCase().startsWith(`${field[0]}: `));
    return same ? [field[0], same.send.slice(field[0].length + 2)] : field;
  });
  return { ...call, headers };
}

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

export async function httpCase(call) {
  const { method, target, headers, body, status, answer } = await usable(call);
  const head = [`${method} ${target}`, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n');
  return `${head}\n${body ? `\n${body}\n` : ''}\nHTTP ${status}\n${answer ? `\n${typeof answer === 'string' ? answer : pretty(answer)}\n` : ''}`;
}

export function expectation({ method, target, operation, status, body, isJson, cut }) {
  const path = target.split('?')[0];
  const which = operation ? { operation } : { method, path };
  const values = { ...which, status };
  const text = JSON.stringify({ calls: [{ call: values, exactly: 1 }] }, null, 2);
  return isJson && body && !cut ? text.replace(`"status": ${status}`, () => `"status": ${status},\n        "body": ${body}`) : text;
}

export async function lists(sandbox, signal) {
  const { providers } = await ask('health', { sandbox, signal });
  const read = async (provider) => {
    const document = await ask(`schemas/${provider}.json`, { signal });
    const found = Object.entries(document.properties).map(([list, node]) => {
      const row = resolved(document, node.items);
      const fields = Object.entries(row?.properties ?? {}).map(([name, node]) => field(document, name, node, row.required?.includes(name)));
      return { provider, list, name: `${provider}.${list}`, about: node.description, fields };
    });
    return found.filter(({ fields }) => fields.length > 0);
  };
  return (await Promise.all(providers.map(read))).flat();
}

function field(document, name, node, isRequired) {
  const forms = (node) => {
    const { anyOf, oneOf, ...own } = resolved(document, node);
    return (anyOf ?? oneOf)?.flatMap(forms) ?? [own];
  };
  const all = forms(node);
  const types = new Set(all.flatMap(({ type }) => type));
  const isNull = types.delete('null');
  const [type] = types.size === 1 ? types : [];
  const values = type === 'boolean' ? [true, false] : all.flatMap((form) => form.enum ?? form.const ?? []);
  const choices = values.map((value) => JSON.stringify(value));
  const isUuid = name === 'id' && all[0].format === 'uuid';
  return { name, type, isNull, isOpen: isNull || !isRequired, choices, about: node.description, isUuid };
}

export const plain = (value) => (value?.text?.startsWith('"') ? JSON.parse(value.text) : value ? compact(value) : '');
export const typed = ({ type, choices }, value) => {
  if (!value || value.text === 'null') return '';
  return type === 'string' && choices.length === 0 ? plain(value) : compact(value);
};

export function json({ type, isOpen, choices }, text) {
  if (text === '' && isOpen) return 'null';
  if (type === 'string' && choices.length === 0) return JSON.stringify(text);
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

export function sorted(error, fields) {
  const faults = {};
  const others = [];
  for (const fault of error.faults) {
    const [, name, words] = /^[^:]*: \$\.?([^.:[]*)[^:]*: (.*)/s.exec(fault) ?? [];
    const missing = /^found no `([^`]*)`/.exec(words)?.[1];
    const meant = fields.find((field) => field.name === (name || missing));
    if (meant) faults[meant.name] = words;
    else others.push(fault);
  }
  return { faults, other: others.join('\n') || (error.faults.length === 0 && !error.gone && error.message) };
}
