import { ask, has } from '../lib/api.js';
import { Badge, Button, Copy, Dialog, Field, Form, Select, Table, Wrong, bytes, html } from '../lib/kit.js';
import { lasts, line, said, shown, useAsked, useChange, useState, where } from '../lib/kit.js';

const SANDBOXES = 200;
const BY = ['-14d', '-1d', '-1h', '+1h', '+1d', '+14d'];

const instant = (at) => (at ? line(at, 40).replace(/T(.{8}).*/, ' $1') : '');

const keyed = (rows, name) => rows.map((row) => ({ ...row, key: row[name] }));

const time = ({ now, mode }) => `${instant(now)}, ${mode}`;

const named = (kind, name, more = '') => `${kind}/${encodeURIComponent(name)}${more}`;

const sure = (what) => confirm(`${what}? There is no way back.`);

function Sandboxes({ all, sandbox, verb }) {
  const link = (name, screen, text) => html`<a href=${where({ sandbox: name, screen })} aria-current=${name === sandbox}>${text}</a>`;
  const columns = [
    ['Name', ({ name }) => link(name, 'world', name)],
    ['Calls', ({ name, calls }) => link(name, 'calls', calls), 'number'],
    ['State', ({ bytes: held, shared_bytes: kept }) => bytes(held) + (kept ? ` + ${bytes(kept)} shared` : ''), 'number'],
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
      ${sandbox !== '*' && html`<button type="submit" value=${sandbox}>Fork ${sandbox}</button>`}
    <//>
  </section>`;
}

function Clock({ clock, verb }) {
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
  </section>`;
}

function Settings({ settings: { auth, documented_only: only, providers }, verb }) {
  const set = (body) => verb('PUT', 'settings', body);
  const input = (provider, key, value) =>
    html`<${Field} label=${`${provider} ${key}`}>
      <input key=${value} defaultValue=${value} onChange=${({ target }) => set({ providers: { [provider]: { [key]: target.value } } })} />
    <//>`;
  return html`<section>
    <h2>Settings</h2>
    <div class="fields">
      <${Field} label="Which credentials pass">
        <${Select} value=${auth} options=${['any', 'strict', 'off']} onPick=${(auth) => set({ auth })} />
      <//>
      <${Field} label="Documented operations alone">
        <${Select} value=${`${only}`} options=${['false', 'true']} onPick=${(value) => set({ documented_only: value === 'true' })} />
      <//>
      ${Object.entries(providers).map(([provider, all]) => Object.entries(all).map(([key, value]) => input(provider, key, value)))}
    </div>
  </section>`;
}

function Snapshots({ snapshots, verb }) {
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
  </section>`;
}

function History({ history: { steps, gone, next, message }, verb, more }) {
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
    ${
      message
        ? html`<p class="note">${shown(message)}</p>`
        : html`<${Button} onClick=${() => verb('POST', 'undo')}>Undo the last change<//>
            <${Table} caption="History, newest first" columns=${columns} rows=${keyed(steps, 'step')} empty="No step." />
            ${next && html`<${Button} onClick=${more}>Older steps<//>`}
            ${gone > 0 && html`<p class="note">${gone} older steps made room (--history-bytes).</p>`}`
    }
  </section>`;
}

function Credentials({ providers }) {
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

function Reset({ sandbox, change }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const reset = ({ name }) => {
    close();
    change(async () => {
      if (name) await ask(named('snapshots', name), { method: 'PUT', sandbox });
      await ask('reset', { method: 'POST', sandbox });
    });
  };
  return html`<${Button} onClick=${() => setOpen(true)}>Reset…<//>${
      open &&
      html`<${Dialog} title=${`Reset ${sandbox}?`} onClose=${close}>
        <p>
          Data, ids, clock, seed, settings, faults, limits and calls go back to the moment when it was made. The history is emptied: only a snapshot brings
          data, ids and clock back.
        </p>
        <form class="fields" onSubmit=${said(reset)}>
          <${Field} label="Save a snapshot first" hint="Empty: none"><input name="name" defaultValue="before-reset" /><//>
          <p class="actions"><button type="submit" class="main">Reset</button></p>
        </form>
      <//>`
    }`;
}

export default function World({ sandbox }) {
  const [limit, setLimit] = useState(30);
  const isOne = sandbox !== '*';
  const found = useAsked(
    async (signal) => {
      const get = (path, query) => ask(path, { sandbox: isOne ? sandbox : '', query, signal });
      const parts = isOne ? ['clock', 'seed', 'settings', 'snapshots', 'credentials'] : [];
      const past = isOne && (await has('get /_mock/history')) && get('history', { limit: `${limit}` }).catch((error) => error);
      return Promise.all([get('sandboxes'), past, ...parts.map((path) => get(path))]);
    },
    [limit],
  );
  const [error, change] = useChange(found.again);
  if (!found.value) return html`<${Wrong} error=${found.error} again=${found.again} />`;
  const verb = (method, path, body) => change(() => ask(path, { method, sandbox: isOne ? sandbox : '', ...(body?.trim ? { text: body } : { body }) }));
  const [{ sandboxes }, history, clock, seed, settings, snapshots, credentials] = /** @type {any} */ (found.value);
  return html`<div class="bar">
      <${Button} onClick=${found.again}>Read again<//>${isOne && html`<${Reset} sandbox=${sandbox} change=${change} />`}
      ${isOne && !sandboxes.some(({ name }) => name === sandbox) && html`<span class="note">${sandbox} is not there yet: what you change here makes it.</span>`}
    </div>
    <${Wrong} error=${error ?? found.error} />
    <${Sandboxes} all=${sandboxes} sandbox=${sandbox} verb=${verb} />
    ${
      isOne &&
      html`<${Clock} clock=${clock} verb=${verb} />
        <section>
          <h2>Seed</h2>
          <${Form} label="Seed" required key=${seed.seed} defaultValue=${seed.seed} action="Set" work=${(text) => verb('PUT', 'seed', `{"seed":${text}}`)} />
        </section>
        <${Snapshots} snapshots=${snapshots.snapshots} verb=${verb} />
        ${history && html`<${History} history=${history} verb=${verb} more=${() => setLimit(1000)} />`}
        <${Settings} settings=${settings} verb=${verb} /><${Credentials} providers=${credentials.providers} />`
    }`;
}
