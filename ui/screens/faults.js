import { ask, operations } from '../lib/api.js';
import { Button, Field, Form, Select, Status, Table, Text, Wrong, html, lasts, line, useAsked, useChange, useState } from '../lib/kit.js';

const EVERY = 2000;

const STATUS = 'answer with a status of the operation';

const OTHERS = {
  'answer late': (time) => ({ delay: { fixed: time } }),
  'trickle the body': (time) => ({ slow_body: { over: time } }),
  'cut before the answer': () => ({ cut: 'before_answer' }),
  'cut after the header fields': () => ({ cut: 'after_headers' }),
  'cut in the middle of the body': () => ({ cut: 'half_body' }),
  'break the JSON': () => ({ garble: 'invalid_json' }),
  'empty the body': () => ({ garble: 'empty_body' }),
  'call the body text/html': () => ({ garble: 'wrong_content_type' }),
  'read what was before the last write': () => 'stale',
};

const WHEN = {
  'the next call': { first: 1 },
  'the next 3 calls': { first: 3 },
  'every second call': { every: 2 },
  'half of the calls, by chance': { probability: 0.5 },
  'every call': undefined,
};

function words(value) {
  if (value === null || typeof value !== 'object') return line(value, 80);
  return Object.entries(value)
    .map(([name, inner]) => `${name.replaceAll('_', ' ')} ${words(inner)}`)
    .join(', ');
}

function Armed({ faults, again, sandbox }) {
  const remove = (id) => change(() => ask(`faults/${encodeURIComponent(id)}`, { method: 'DELETE', sandbox }), id);
  const [error, change] = useChange(again);
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
    <${Wrong} error=${error} />
  </section>`;
}

function Arm({ sandbox, again }) {
  const [error, change] = useChange(again);
  const at = (place) => error?.problem?.at?.startsWith(place) && error.message;
  const [late, old] = [at('$.action'), at('$.ttl')];
  const known = useAsked((signal) => operations(sandbox, signal), [sandbox]);
  const [sought, setSought] = useState('');
  const [what, setWhat] = useState(STATUS);
  const [time, setTime] = useState('2s');
  const [when, setWhen] = useState('the next call');
  const [ttl, setTtl] = useState('10m');
  const arm = (match, action) => {
    const body = { match, action, when: WHEN[when], ttl };
    change(() => ask('faults', { method: 'POST', sandbox, body }), JSON.stringify(body));
  };
  const other = OTHERS[what];
  const fits = (known.value ?? []).filter(({ name, method, path }) => `${name} ${method} ${path}`.toLowerCase().includes(sought.toLowerCase()));
  const buttons = ({ name, statuses }) =>
    other
      ? html`<${Button} aria-label=${`Arm: ${what}, ${name}`} onClick=${() => arm({ operation: name }, other(time))}>Arm<//>`
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
      <${Field} label="What happens"><${Select} value=${what} onPick=${setWhat} options=${[STATUS, ...Object.keys(OTHERS)]} /><//>
      ${other?.length > 0 && html`<${Text} label="How long" fault=${late} value=${time} set=${setTime} />`}
      <${Field} label="To"><${Select} value=${when} onPick=${setWhen} options=${Object.keys(WHEN)} /><//>
      <${Text} label="Armed for" fault=${old} value=${ttl} set=${setTtl} />
      <${Text} label="Search the operations" type="search" value=${sought} set=${setSought} />
    </div>
    <${Wrong} error=${known.error} again=${known.again} />
    <${Wrong} error=${!late && !old && error} />
    ${other && html`<p><${Button} onClick=${() => arm(undefined, other(time))}>Arm for every operation<//></p>`}
    <${Table} caption="Operations and what can be armed" columns=${columns} rows=${fits} empty=${known.value && 'No operation is like this.'} />
  </section>`;
}

function Limits({ limits, again, sandbox }) {
  const [error, change] = useChange(again);
  const fault = (provider) => error?.problem?.at === `$.limits.${provider}` && error.message;
  const set = (provider, limit) => change(() => ask('limits', { method: 'PUT', sandbox, body: { limits: { [provider]: limit } } }), provider + limit);
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
          fault=${fault(provider)}
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
    <${Wrong} error=${!Object.keys(limits).some(fault) && error} />
  </section>`;
}

export default function Faults({ sandbox }) {
  const now = useAsked(
    async (signal) => {
      const [{ faults }, { limits }] = await Promise.all([ask('faults', { sandbox, signal }), ask('limits', { sandbox, signal })]);
      return { faults, limits };
    },
    [sandbox],
    EVERY,
  );
  const { value, error, again } = now;
  const wrong = html`<${Wrong} error=${error} again=${again} />`;
  const all = { ...value, again, sandbox };
  if (!value || error?.gone) return wrong;
  return html`${wrong}<${Armed} ...${all} /><${Limits} ...${all} /><${Arm} ...${all} />`;
}
