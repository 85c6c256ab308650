import { ask, operations } from '../lib/api.js';
import { Button, Field, Form, Select, Status, Table, Wrong, html, lasts, line, useAsked, useChange, useEffect, useState } from '../lib/kit.js';

const EVERY = 2000;

/** @type {[string, string, (value: string) => any][]} */
const OTHERS = [
  ['delay', 'answer late', (value) => ({ delay: { fixed: value || '2s' } })],
  ['slow', 'trickle the body', (value) => ({ slow_body: { over: value || '5s' } })],
  ['before_answer', 'cut before the answer', () => ({ cut: 'before_answer' })],
  ['after_headers', 'cut after the header fields', () => ({ cut: 'after_headers' })],
  ['half_body', 'cut in the middle of the body', () => ({ cut: 'half_body' })],
  ['invalid_json', 'break the JSON', () => ({ garble: 'invalid_json' })],
  ['empty_body', 'empty the body', () => ({ garble: 'empty_body' })],
  ['wrong_content_type', 'call the body text/html', () => ({ garble: 'wrong_content_type' })],
  ['stale', 'read what was before the last write', () => 'stale'],
];

const WHEN = [
  { name: 'the next call', when: { first: 1 } },
  { name: 'the next 3 calls', when: { first: 3 } },
  { name: 'every second call', when: { every: 2 } },
  { name: 'half of the calls, by chance', when: { probability: 0.5 } },
  { name: 'every call' },
];

function words(value) {
  if (value === null || typeof value !== 'object') return line(value, 80);
  return Object.entries(value)
    .map(([name, inner]) => `${name.replaceAll('_', ' ')} ${words(inner)}`)
    .join(', ');
}

function Armed({ faults, change, sandbox }) {
  const remove = (id) => change(() => ask(`faults/${encodeURIComponent(id)}`, { method: 'DELETE', sandbox }));
  const columns = [
    ['Name', ({ id }) => line(id)],
    ['What happens', ({ action }) => words(action)],
    ['To which calls', ({ match }) => (match ? words(match) : 'all that mean an operation')],
    ['Which of them', ({ when }) => (when ? words(when) : 'each')],
    ['Hits', ({ struck, fitted }) => `${struck} of ${fitted}`, 'number'],
    ['Time left', ({ expires_in_s: left }) => lasts(left), 'number'],
    ['Action', ({ id }) => html`<${Button} aria-label=${`Remove ${id}`} onClick=${() => remove(id)}>Remove<//>`],
  ];
  return html`<section>
    <h2>Armed</h2>
    <${Table} caption="Faults that are armed" columns=${columns} rows=${faults} empty="No fault is armed." />
    ${faults.length > 0 && html`<${Button} onClick=${() => change(() => ask('faults', { method: 'DELETE', sandbox }))}>Remove all<//>`}
  </section>`;
}

function Arm({ sandbox, change }) {
  const known = useAsked((signal) => operations(sandbox, signal), [sandbox]);
  const [sought, setSought] = useState('');
  const [what, setWhat] = useState('status');
  const [value, setValue] = useState('');
  const [when, setWhen] = useState(WHEN[0].name);
  const [ttl, setTtl] = useState('10m');
  const arm = (match, action) =>
    change(() => ask('faults', { method: 'POST', sandbox, body: { match, action, when: WHEN.find(({ name }) => name === when).when, ttl } }));
  const other = OTHERS.find(([name]) => name === what);
  const text = (set) => (event) => set(event.target.value);
  const fits = (known.value ?? []).filter(({ name, method, path }) => `${name} ${method} ${path}`.toLowerCase().includes(sought.toLowerCase()));
  const buttons = ({ name, statuses }) =>
    other
      ? html`<${Button} aria-label=${`Arm: ${other[1]}, ${name}`} onClick=${() => arm({ operation: name }, other[2](value))}>Arm<//>`
      : statuses.map(
          (status) =>
            html`<${Button}
              aria-label=${`Answer ${name} with ${status}`}
              class="bare"
              onClick=${() => arm({ operation: name }, { refuse: { status: Number(status) } })}
              ><${Status} code=${Number(status)}
            /><//>`,
        );
  const columns = [
    ['Operation', ({ name }) => html`<span class="operation">${name}</span>`],
    ['Call', ({ method, path }) => html`<span class="path">${method} ${path}</span>`],
    [other ? '' : 'Answer it with', buttons],
  ];
  return html`<section>
    <h2>Arm</h2>
    <div class="fields">
      <${Field} label="What happens">
        <${Select} value=${what} onPick=${setWhat} options=${[['status', 'answer with a status of the operation'], ...OTHERS]} />
      <//>
      ${
        (what === 'delay' || what === 'slow') &&
        html`<${Field} label="How long"><input value=${value} placeholder=${what === 'delay' ? '2s' : '5s'} onInput=${text(setValue)} /><//>`
      }
      <${Field} label="To"><${Select} value=${when} onPick=${setWhen} options=${WHEN.map(({ name }) => name)} /><//>
      <${Field} label="Armed for"><input value=${ttl} onInput=${text(setTtl)} /><//>
      <${Field} label="Search the operations"><input type="search" value=${sought} onInput=${text(setSought)} /><//>
    </div>
    <${Wrong} error=${known.error} again=${known.again} />
    ${other && html`<p><${Button} onClick=${() => arm(undefined, other[2](value))}>Arm for every operation<//></p>`}
    <${Table} caption="Operations and what can be armed" columns=${columns} rows=${fits} empty=${known.value && 'No operation is like this.'} />
  </section>`;
}

function Limits({ limits, change, sandbox }) {
  const set = (provider, limit) => change(() => ask('limits', { method: 'PUT', sandbox, body: { limits: { [provider]: limit } } }));
  const columns = [
    ['Provider', ([provider]) => provider],
    ['Now', ([, limit]) => (limit ? `${limit.limit} (${limit.provenance})` : 'no limit')],
    ['Callers', ([, limit]) => limit?.callers ?? '', 'number'],
    [
      'Set',
      ([provider, limit]) =>
        html`<${Form}
          key=${limit?.limit}
          aria-label=${`Limit of ${provider}`}
          placeholder="100/1m"
          size="8"
          action="Limit"
          work=${(text) => set(provider, text || 'on')}
        >
          <${Button} onClick=${() => set(provider, 'off')} aria-label=${`Off: no limit for ${provider}`}>Off<//>
        <//>`,
    ],
  ];
  return html`<section>
    <h2>Limits</h2>
    <p class="note">So many calls of one caller in a time, such as 100/1m; without a number, the vendor’s own.</p>
    <${Table} caption="Limits" columns=${columns} rows=${Object.entries(limits)} />
  </section>`;
}

export default function Faults({ sandbox }) {
  const now = useAsked(
    async (signal) => {
      const [{ faults }, { limits }] = await Promise.all([ask('faults', { sandbox, signal }), ask('limits', { sandbox, signal })]);
      return { faults, limits };
    },
    [sandbox],
  );
  const [error, change] = useChange(now.again);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || now.again(), EVERY);
    return () => clearInterval(timer);
  }, [sandbox]);
  if (!now.value) return html`<${Wrong} error=${now.error} again=${now.again} />`;
  return html`<${Wrong} error=${error ?? now.error} />
    <${Armed} faults=${now.value.faults} change=${change} sandbox=${sandbox} />
    <${Limits} limits=${now.value.limits} change=${change} sandbox=${sandbox} />
    <${Arm} sandbox=${sandbox} change=${change} />`;
}
