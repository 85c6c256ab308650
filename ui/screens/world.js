import { ask, noHistory } from '../lib/api.js';
import { Badge, Button, Copy, Dialog, Field, Form, Make, Select, Table, Wrong, bytes, html } from '../lib/kit.js';
import { counted, lasts, line, said, useAsked, useChange, useState, where } from '../lib/kit.js';

const SANDBOXES = 200;
const BY = ['-14d', '-1d', '-1h', '+1h', '+1d', '+14d'];

const instant = (at) => (at ? line(at, 40).replace(/T(.{8}).*/, ' $1') : '');

const keyed = (rows, name) => rows.map((row) => ({ ...row, key: row[name] }));

const time = ({ now, mode }) => `${instant(now)}, ${mode}`;

const named = (kind, name, more = '') => `${kind}/${encodeURIComponent(name)}${more}`;

function useVerb(all) {
  const { sandbox, again } = all;
  const [error, change] = useChange(again);
  const verb = (method, path, body) => change(() => ask(path, { method, sandbox, body }), JSON.stringify([method, path, body]));
  return { error, wrong: html`<${Wrong} error=${error} />`, verb, change };
}

function seed(text) {
  if (/^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n) return `{"seed":${BigInt(text)}}`;
  throw new Error(`A seed is a whole number from 0 to 18446744073709551615, such as 7; found “${text}”.`);
}

const sure = (what) => confirm(`${what}? There is no way back.`);

function Sandboxes({ all, sandbox, again }) {
  const { verb, wrong } = useVerb({ sandbox, again });
  const link = (name, screen, text) => html`<a href=${where({ sandbox: name, screen })} aria-current=${name === sandbox}>${text}</a>`;
  const columns = [
    ['Name', ({ name }) => link(name, 'world', name)],
    ['Calls', ({ name, calls }) => link(name, 'calls', calls), 'number'],
    ['State', ({ bytes: own, shared_bytes: kept }) => bytes(own + kept), 'number'],
    ['Clock', ({ clock }) => time(clock)],
    ['Seed', ({ seed }) => seed, 'number'],
    ['Unused', ({ idle_s: idle, ttl }) => `${lasts(idle)}${ttl ? ` of ${ttl}` : ''}`],
    [
      'Action',
      ({ name }) =>
        name !== 'default' &&
        html`<${Button} aria-label=${`Delete ${name}`} onClick=${() => sure(`Delete ${name}`) && verb('DELETE', named('sandboxes', name))}>Delete<//>`,
    ],
  ];
  return html`<section>
    <h2>Sandboxes: ${all.length}</h2>
    <${Table} caption="Sandboxes" columns=${columns} rows=${keyed(all.slice(0, SANDBOXES), 'name')} />
    ${all.length > SANDBOXES && html`<p class="note">${SANDBOXES} are shown.</p>`}
    <${Form} label="Name of a new sandbox" key=${all.length} required action="Make"
      work=${(name, from) => {
        if (!all.some((one) => one.name === name) || sure(`Replace ${name}`)) verb('PUT', named('sandboxes', name), from ? { from } : {});
      }}>
      ${sandbox && html`<button type="submit" value=${sandbox}>Fork ${sandbox}</button>`}
    <//>
    ${wrong}
  </section>`;
}

function Clock({ clock, ...rest }) {
  const { verb, wrong } = useVerb(rest);
  const set = (body) => verb('PUT', 'clock', body);
  const change = (body, text) => html`<${Button} onClick=${() => set(body)}>${text}<//>`;
  return html`<section>
    <h2>Clock</h2>
    <p class="actions">
      <output>${time(clock)}</output>
      ${clock.mode === 'frozen' ? change({ run: true }, 'Run on') : change({ freeze: 'now' }, 'Freeze')}
      ${BY.map((by) => change({ advance: by.replace('+', '') }, by))} ${change({ real: true }, 'Real time')}
    </p>
    <${Form} label="Instant" key=${clock.now} defaultValue=${clock.now} action="Set" size="28" work=${(text) => set({ set: text })} />
    ${wrong}
  </section>`;
}

function Seed({ seed: { seed: now }, ...rest }) {
  const { change, wrong } = useVerb(rest);
  const work = (text) => change(async () => ask('seed', { method: 'PUT', sandbox: rest.sandbox, text: seed(text) }));
  return html`<section>
    <h2>Seed</h2>
    <${Form} label="Seed" required key=${now} defaultValue=${now} action="Set" work=${work} />
    ${wrong}
  </section>`;
}

function Setting({ label, value, options, body, ...rest }) {
  const { error, verb, wrong } = useVerb(rest);
  const set = (value) => verb('PUT', 'settings', body(value));
  return html`<${Field} label=${label} fault=${!error?.gone && error?.message}>
    ${
      options
        ? html`<${Select} value=${value} options=${options} onPick=${set} />`
        : html`<input key=${value} defaultValue=${value} onChange=${({ target }) => set(target.value)} />`
    }
    ${error?.gone && wrong}
  <//>`;
}

function Settings({ settings: { auth, documented_only: only, providers }, ...rest }) {
  const input = (provider, key, value) =>
    html`<${Setting} ...${rest} label=${`${provider} ${key}`} value=${value} body=${(value) => ({ providers: { [provider]: { [key]: value } } })} />`;
  const onlyBody = (value) => ({ documented_only: value === 'true' });
  return html`<section>
    <h2>Settings</h2>
    <div class="fields">
      <${Setting} ...${rest} label="Which credentials pass" value=${auth} options=${['any', 'strict', 'off']} body=${(auth) => ({ auth })} />
      <${Setting} ...${rest} label="Documented operations alone" value=${`${only}`} options=${['false', 'true']} body=${onlyBody} />
      ${Object.entries(providers).map(([provider, all]) => Object.entries(all).map(([key, value]) => input(provider, key, value)))}
    </div>
  </section>`;
}

function Snapshots({ snapshots: { snapshots }, ...rest }) {
  const { verb, wrong } = useVerb(rest);
  const columns = [
    ['Name', ({ name }) => name],
    ['Its clock', ({ frozen_at: at }) => instant(at) || 'running'],
    [
      'Action',
      ({ name }) =>
        html`<div class="actions">
          <${Button} aria-label=${`Restore ${name}`} onClick=${() => verb('POST', named('snapshots', name, '/restore'))}>Restore<//>
          <${Button} aria-label=${`Delete the snapshot ${name}`} onClick=${() => sure(`Delete ${name}`) && verb('DELETE', named('snapshots', name))}>Delete<//>
        </div>`,
    ],
  ];
  return html`<section>
    <h2>Snapshots</h2>
    <${Table} caption="Snapshots" columns=${columns} rows=${keyed(snapshots, 'name')} empty="No snapshot." />
    <${Form} label="Name of a snapshot" key=${snapshots.length} required action="Save this moment" work=${(name) => verb('PUT', named('snapshots', name))} />
    ${wrong}
  </section>`;
}

function History({ history: { steps, gone, next }, more, ...rest }) {
  const { verb, wrong } = useVerb(rest);
  const to = (at, step) => html`<${Button} aria-label=${`Go to ${at} ${step}`} onClick=${() => verb('POST', 'rewind', { [at]: step })}>${at}<//>`;
  const columns = [
    ['Step', ({ step }) => step],
    ['Time', ({ at }) => instant(at)],
    ['By', ({ by = 'a call', number, back_to: back }) => `${by}${number ? ` #${number}` : ''}${back ? ` → ${back}` : ''}`],
    ['Changed', ({ providers }) => providers.join(', ')],
    ['Go to', ({ step }) => html`<div class="actions">${to('before', step)} ${to('after', step)}</div>`],
  ];
  return html`<section>
    <h2>History</h2>
    <${Button} onClick=${() => verb('POST', 'undo')}>Undo the last change<//>
    ${wrong}
    <${Table} caption="History, newest first" columns=${columns} rows=${keyed(steps, 'step')} empty="No step." />
    ${next && html`<${Button} onClick=${more}>Older steps<//>`}
    ${gone > 0 && html`<p class="note">${counted(gone, 'older step')} made room for newer ones (--history-bytes).</p>`}
  </section>`;
}

function Credentials({ credentials: { providers } }) {
  const columns = [
    ['Who', ({ who }) => line(who)],
    ['Rights', ({ rights }) => line(rights)],
    [
      'Until',
      ({ expires, expired, revoked }) =>
        html`${instant(expires)} ${(expired || revoked) && html`<${Badge} kind="fault">${revoked ? 'revoked' : 'expired'}<//>`}`,
    ],
    ['Send', ({ send }) => html`<code>${line(send)}</code>`],
    ['Copy', ({ send }) => html`<${Copy} text=${() => send} />`],
  ];
  return html`<section>
    <h2>Credentials</h2>
    ${Object.entries(providers).map(
      ([provider, { auth, others, credentials }]) =>
        html`<h3>${provider} <span class="note">auth ${auth}: ${line(others)}</span></h3>
          <${Table} caption=${`Credentials of ${provider}`} columns=${columns} rows=${credentials} />`,
    )}
  </section>`;
}

function Reset({ sandbox, again }) {
  const { change, wrong } = useVerb({ sandbox, again });
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const reset = ({ name }) => {
    close();
    change(async () => {
      if (name) await ask(named('snapshots', name), { method: 'PUT', sandbox });
      await ask('reset', { method: 'POST', sandbox });
    });
  };
  return html`<${Button} onClick=${() => setOpen(true)}>Reset…<//> ${wrong} ${
      open &&
      html`<${Dialog} title=${`Reset ${sandbox}?`} onClose=${close}>
        <p>All of it goes back to the moment when it was made, and its history is emptied. Only a snapshot brings data, ids and clock back.</p>
        <form class="fields" onSubmit=${said(reset)}>
          <${Field} label="Save a snapshot first" hint="Empty: none"><input name="name" defaultValue="before-reset" /><//>
          <p class="actions"><button type="submit" class="main">Reset</button></p>
        </form>
      <//>`
    }`;
}

const PARTS = ['clock', 'seed', 'settings', 'snapshots', 'credentials'];

export default function World(props) {
  const [limit, setLimit] = useState(30);
  const sandbox = props.sandbox === '*' ? '' : props.sandbox;
  const found = useAsked(
    async (signal) => {
      const get = async (path, query) => [path, await ask(path, { sandbox, query, signal })];
      const none = await noHistory();
      const parts = sandbox ? [...PARTS, ...(none ? [] : ['history'])] : [];
      const query = (path) => path === 'history' && { limit: `${limit}` };
      return { none, ...Object.fromEntries(await Promise.all(['sandboxes', ...parts].map((path) => get(path, query(path))))) };
    },
    [limit],
  );
  const { value, error, again } = found;
  if (!value || error?.gone) return html`<${Wrong} error=${error} again=${again} />`;
  const all = { ...value, sandbox, again };
  const { sandboxes } = value.sandboxes;
  return html`<div class="bar">
      <${Button} onClick=${again}>Read again<//> ${sandbox && html`<${Reset} ...${all} />`}
      ${
        sandbox &&
        !sandboxes.some(({ name }) => name === sandbox) &&
        html`<span class="note">${sandbox} is not there yet: the first call makes it.</span> <${Make} sandbox=${sandbox} again=${again} />`
      }
    </div>
    <${Wrong} error=${error} again=${again} />
    <${Sandboxes} all=${sandboxes} sandbox=${sandbox} again=${again} />
    ${
      sandbox &&
      html`<${Clock} ...${all} /><${Seed} ...${all} /><${Snapshots} ...${all} />
        ${value.none ? html`<p class="note">${value.none}</p>` : html`<${History} ...${all} more=${() => setLimit(1000)} />`}
        <${Settings} ...${all} /><${Credentials} ...${all} />`
    }`;
}
