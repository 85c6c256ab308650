import { ask, baseUrl, exampleBody, operations, resolved, send, server } from '../lib/api.js';
import { pretty, read, sent } from '../lib/forms.js';
import { Copy, Field, Pairs, Select, Status, Text, Wrong, html, line, shown, took, useAsked, useEffect, useRef, useState } from '../lib/kit.js';

const PLACES = {
  'Base URL': (url) => url,
  Vite: (url) => `VITE_API_URL=${url} npm run dev`,
  Next: (url) => `NEXT_PUBLIC_API_URL=${url} npm run dev`,
  curl: (url) => `curl -sS ${url}/`,
  axios: (url) => `axios.create({ baseURL: ${JSON.stringify(url)} })`,
};

function draft(operation) {
  const values = {};
  for (const { name, in: place, required, example, examples, schema, document = operation.document } of operation.parameters) {
    const known = example ?? Object.values(examples ?? {})[0]?.value ?? resolved(document, schema)?.example;
    values[`${place} ${name}`] = required && known !== undefined ? String(known) : '';
  }
  return { values, body: ['GET', 'HEAD', 'DELETE'].includes(operation.method) ? '' : exampleBody(operation) };
}

async function credentials(sandbox, signal) {
  const { providers } = await ask('credentials', { sandbox, signal });
  const all = {};
  for (const [provider, { credentials }] of Object.entries(providers)) {
    all[provider] = credentials.filter(({ send }) => /^[\w-]+: /.test(send) && !/^cookie: /i.test(send));
  }
  return all;
}

function request({ method, path, values, body, credential, headers }, sandbox) {
  const query = new URLSearchParams();
  const fields = new Headers();
  const said = new URLSearchParams(path.split('?')[1]);
  let target = path;
  for (const [key, value] of Object.entries(values)) {
    const [place, name] = key.split(/ (.*)/s);
    if (place === 'path') target = target.replaceAll(`{${name}}`, encodeURIComponent(value));
    else if (value === '' || said.has(name)) continue;
    else if (place === 'query') query.append(name, value);
    else if (place === 'header') fields.set(name, value);
  }
  for (const text of [credential, ...headers.split('\n')]) {
    const [name, value] = text.split(/:(.*)/s);
    if (name?.trim()) fields.set(name.trim(), (value ?? '').trim());
  }
  if (body && !fields.has('content-type')) fields.set('Content-Type', 'application/json');
  const isDots = /^\.{1,2}$/.test(sandbox);
  if (isDots) fields.set('X-Mock-Sandbox', sandbox);
  const url = (isDots ? server.href.replace(/\/$/, '') : baseUrl(sandbox)) + target + (String(query) && (target.includes('?') ? '&' : '?') + query);
  return { url, options: { method, headers: fields, body: body || undefined } };
}

function Answer({ answer }) {
  if (answer instanceof Error) return html`<${Wrong} error=${`No answer: ${answer.message}. The mock may have cut it, or a header field is none.`} />`;
  const { status, headers, text, ms } = answer;
  const hint = headers.find(([name]) => name === 'x-mock-hint')?.[1];
  return html`<section aria-live="polite">
    <h2>Answer</h2>
    <p class="facts"><${Status} code=${status} /><span>${took(ms)} ms</span></p>
    ${hint && html`<p class="hint">${shown(hint, 600)}</p>`}
    <pre tabindex="0">${shown(readable(text)) || 'No body.'}</pre>
    <${Pairs} title="Header fields" fields=${headers} />
  </section>`;
}

const readable = (text) => {
  try {
    return pretty(read(text.slice(0, 200_000)));
  } catch {
    return text;
  }
};

async function start(query, sandbox, all, known) {
  const asked = new URLSearchParams(query);
  const named = all.find(({ name }) => name === asked.get('operation')) ?? all[0];
  const id = asked.get('from');
  if (!id) return of(named, known);
  const text = await (await send(`requests/${encodeURIComponent(id)}`, { sandbox })).text();
  const entry = JSON.parse(text);
  const call = sent(entry, read(text));
  const hidden = call.headers.some(([, value]) => value.includes('[redacted]'));
  return {
    operation: entry.operation ?? named.name,
    method: call.method,
    path: call.target,
    values: {},
    body: call.body ?? '',
    credential: hidden ? (known[entry.provider]?.[0]?.send ?? '') : '',
    headers: call.headers
      .filter(([, value]) => !value.includes('[redacted]'))
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  };
}

const of = (operation, known) => ({
  operation: operation.name,
  method: operation.method,
  path: operation.path,
  ...draft(operation),
  headers: '',
  credential: known[operation.provider]?.[0]?.send ?? '',
});

export default function Try({ sandbox, query }) {
  const found = useAsked(
    async (signal) => {
      const [all, known] = await Promise.all([operations(sandbox, signal), credentials(sandbox, signal)]);
      try {
        return { all, known, first: await start(query, sandbox, all, known) };
      } catch (error) {
        return { all, known, first: of(all[0], known), error };
      }
    },
    [sandbox, query],
  );
  const [call, setCall] = useState(null);
  const [answer, setAnswer] = useState(null);
  const turn = useRef(0);
  useEffect(() => {
    if (found.value) setCall(found.value.first);
  }, [found.value]);
  const wrong = html`<${Wrong} error=${found.error ?? found.value?.error} again=${found.error && found.again} />`;
  if (!call) return wrong;
  const { all, known } = found.value;
  const operation = all.find(({ name }) => name === call.operation) ?? all[0];
  const set = (change) => setCall({ ...call, ...change });
  const pick = (name) => set(of(all.find((one) => one.name === name), known));
  const choice = ({ send, who, expired, revoked }) => [send, `${who}${expired ? ', expired' : ''}${revoked ? ', revoked' : ''}`];
  const text = (name) => (event) => set({ [name]: event.target.value });
  const submit = async (event) => {
    event.preventDefault();
    const began = performance.now();
    const mine = (turn.current += 1);
    const keep = (answer) => mine === turn.current && setAnswer(answer);
    try {
      const { url, options } = request(call, sandbox);
      const answer = await fetch(url, { ...options, credentials: 'omit', redirect: 'manual', cache: 'no-store' });
      const body = await answer.text();
      keep({ status: answer.status, headers: [...answer.headers], text: body, ms: performance.now() - began });
    } catch (error) {
      keep(error);
    }
  };
  const listed = known[operation.provider] ?? [];
  const inputs = operation.parameters.filter((one) => `${one.in} ${one.name}` in call.values && one.in !== 'cookie');
  return html`${wrong}
    <div class="bar">
      <span>Copy for</span>${Object.entries(PLACES).map(([title, form]) => html`<${Copy} text=${() => form(baseUrl(sandbox))}>${title}<//>`)}
      <code>${baseUrl(sandbox)}</code>
    </div>
    <form class="fields" onSubmit=${submit}>
      <${Field} label="Operation" hint=${operation.summary}>
        <${Select} value=${call.operation} onPick=${pick} options=${all.map(({ name }) => name)} />
      <//>
      <${Field} label="Credential" hint=${listed.find((one) => one.send === call.credential)?.rights}>
        <${Select} value=${call.credential} onPick=${(credential) => set({ credential })} options=${[['', 'none'], ...listed.map(choice)]} />
      <//>
      <${Text} label="Method" required value=${call.method} set=${(method) => set({ method })} />
      <${Text} label="Path" required pattern="/.*" class="path" value=${call.path} set=${(path) => set({ path })} />
      ${inputs.map(({ name, in: place, required, description }) => {
        const key = `${place} ${name}`;
        const label = `${name} (${place}${required ? '' : ', optional'})`;
        const change = (value) => set({ values: { ...call.values, [key]: value } });
        return html`<${Text} key=${key} label=${label} hint=${description && line(description, 160)} value=${call.values[key]} set=${change} />`;
      })}
      <${Field} wide label="Header fields" hint="Name: value, one a line">
        <textarea class="code" rows="2" spellcheck=${false} value=${call.headers} onInput=${text('headers')} />
      <//>
      <${Field} wide label="Body">
        <textarea class="code" rows=${call.body ? 10 : 2} spellcheck=${false} value=${call.body} onInput=${text('body')} />
      <//>
      <p class="actions">
        <button type="submit" class="main">Send</button>
        <span class="note">Without cookies, and with header fields that a page may set.</span>
      </p>
    </form>
    ${answer && html`<${Answer} answer=${answer} />`}`;
}
