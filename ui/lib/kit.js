import { html, useEffect, useRef, useState } from '../vendor/htm-preact.js';
import { ask, listeners } from './api.js';

const LONGEST = 20_000;

const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const spelled = (char) => `\u27e8${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`;

export function shown(value, most = LONGEST) {
  const text = String(value ?? '');
  const cut = text.length > most ? text.slice(0, most) : text;
  const seen = cut.replace(HIDDEN, spelled);
  return cut.length < text.length ? `${seen}\u2026 (${bytes(text.length - cut.length)} more)` : seen;
}

export const line = (value, most = 300) => shown(`${value ?? ''}`.slice(0, most * 4).replace(/\s+/g, ' '), most);

export function bytes(count) {
  if (count < 10_000) return `${count} B`;
  return count < 10_000_000 ? `${Math.round(count / 1024)} kB` : `${Math.round(count / 1_048_576)} MB`;
}

export const clock = (at) => /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(at)?.[1] ?? line(at, 40);
export const counted = (count, noun) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

export function took(ms) {
  if (ms < 10) return ms.toFixed(1);
  return ms < 10_000 ? String(Math.round(ms)) : `${(ms / 1000).toFixed(1)}k`;
}

export function lasts(s) {
  if (s < 120) return `${Math.ceil(s)} s`;
  return s < 7200 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function here() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [sandbox, screen] = path.split('/');
  return { sandbox: decoded(sandbox) || 'default', screen: decoded(screen || 'calls'), query };
}

export const where = ({ sandbox, screen, query = '' }) => `#/${encodeURIComponent(sandbox)}/${screen}${query && `?${query}`}`;
export const go = (place) => {
  location.hash = where(place);
};

export * from '../vendor/htm-preact.js';

export const useAsked = (ask, deps, every) => {
  const [state, setState] = useState({});
  const [again, setAgain] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let timer;
    const wait = () => {
      timer = setTimeout(() => (document.hidden ? wait() : setAgain((times) => times + 1)), every);
    };
    const keep = (state) => {
      if (stop.signal.aborted) return;
      setState((before) => ({ ...before, error: null, ...state }));
      if (every) wait();
    };
    ask(stop.signal).then(
      (value) => keep({ value }),
      (error) => keep({ error }),
    );
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [...deps, again]);
  return { ...state, again: () => setAgain((times) => times + 1) };
};

export function useChange(after) {
  const [error, setError] = useState(null);
  const { current: all } = useRef([]);
  const change = async (work, key = '') => {
    if (all.some((one) => one.key === key)) return;
    all.push({ work, key });
    if (all.length > 1) return;
    while (all.length > 0) {
      try {
        const done = await all[0].work();
        setError(null);
        after?.(done);
      } catch (error) {
        setError(error);
      }
      all.shift();
    }
  };
  return [error, change];
}

export function Button({ children, ...props }) {
  return html`<button type="button" ...${props}>${children}</button>`;
}

export function Copy({ text, children = 'Copy' }) {
  const [done, setDone] = useState('');
  const copy = async () => {
    setDone((await copied(await text())) ? 'copied' : 'not copied');
    setTimeout(() => setDone(''), 1500);
  };
  return html`<${Button} onClick=${copy}>${done || children}<span class="away" aria-live="polite">${done}</span><//>`;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement('textarea'), { value: text, className: 'away' });
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

export function Field({ label, hint, fault, children, wide }) {
  return html`<label class=${`field${wide ? ' wide' : ''}`}>
    <span>${label}</span>${children} ${hint && html`<small>${hint}</small>`}<${Fault} text=${fault} />
  </label>`;
}

export const Text = ({ label, hint, fault, set, ...rest }) =>
  html`<${Field} label=${label} hint=${hint} fault=${fault}>
    <input spellcheck=${false} onInput=${({ target }) => set(target.value)} ...${rest} />
  <//>`;

export function Entered({ value, set, ...rest }) {
  const input = useRef(null);
  useEffect(() => {
    input.current.value = value;
  }, [value]);
  return html`<input ref=${input} spellcheck=${false} onChange=${({ target }) => set(target.value)} ...${rest} />`;
}

export const said = (work) => (event) => {
  event.preventDefault();
  work(Object.fromEntries(new FormData(event.target)), event.submitter?.value);
};

const Fault = ({ text }) => text && html`<small class="wrong" role="alert">${shown(text, 600)}</small>`;

export function Form({ label, action, work, fault, children, ...rest }) {
  return html`<form class="actions" onSubmit=${said(({ text }, by) => work(text.trim(), by))}>
    <input name="text" aria-label=${label} placeholder=${label} ...${rest} />
    <button type="submit">${action}</button>${children} <${Fault} text=${fault} />
  </form>`;
}

export function Pairs({ title, fields, marked = [], prefix, ...rest }) {
  return html`<details ...${rest}>
    <summary>${title} (${fields.length})</summary>
    <table class="pairs">
      ${fields.map(
        ([name, value]) =>
          html`<tr class=${marked.includes(`${prefix}.${name}`) && 'marked'}>
            <th scope="row">${line(name)}</th>
            <td>${shown(value, 2000)}</td>
          </tr>`,
      )}
    </table>
  </details>`;
}

export function Select({ value, options, onPick, ...rest }) {
  return html`<select value=${value} onChange=${({ target }) => onPick?.(target.value)} ...${rest}>
    ${options.map((option) => {
      const [key, label] = Array.isArray(option) ? option : [option, option];
      return html`<option value=${key} selected=${key === value}>${label}</option>`;
    })}
  </select>`;
}

export function Make({ sandbox, again = listeners.again }) {
  const [error, change] = useChange(again);
  const make = () => change(() => ask('settings', { method: 'PUT', sandbox, body: {}, makes: true }));
  return html`<${Button} onClick=${make}>Make ${sandbox}<//> <a href=${where({ sandbox: '*', screen: 'world' })}>All sandboxes</a> <${Wrong} error=${error} />`;
}

export function Wrong({ error, again, action = 'Try again' }) {
  if (!error) return null;
  return html`<div class="banner wrong" role="alert">
    <p>${shown(error.message ?? error, 2000)}</p>
    ${
      error.faults?.length > 1 &&
      html`<ul>
        ${error.faults.map((fault) => html`<li>${shown(fault, 600)}</li>`)}
      </ul>`
    }
    ${again && html`<${Button} onClick=${again}>${action}<//>`} ${error.gone && html`<${Make} sandbox=${error.gone} again=${again} />`}
  </div>`;
}

export function Dialog({ title, onClose, children }) {
  const dialog = useRef(null);
  useEffect(() => {
    const shown = dialog.current;
    shown.showModal();
    return () => shown.close();
  }, []);
  return html`<dialog ref=${dialog} onClose=${onClose} aria-label=${title}>
    <header>
      <h2>${title}</h2>
      <${Button} class="bare" aria-label="Close" onClick=${onClose}>✕<//>
    </header>
    ${children}
  </dialog>`;
}

export function Table({ columns, rows, caption, empty }) {
  if (rows.length === 0 && empty) return html`<p class="none">${empty}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption class="away">${caption}</caption>
      <thead>
        <tr>${columns.map(([title, , kind]) => html`<th scope="col" class=${kind?.call ? '' : kind}>${title}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map((row, at) => {
          const cells = columns.map(([, cell, kind]) => html`<td class=${kind?.call ? kind(row) : kind}>${cell(row, at)}</td>`);
          return html`<tr key=${row.key ?? at}>${cells}</tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

const CHANGES = 500;

export function Changes({ providers, before = 'Before', after = 'After' }) {
  const all = Object.entries(providers).flatMap(([provider, changes]) => changes.map((change) => ({ ...change, provider })));
  const json = (value) => (value === undefined ? '\u2014' : shown(JSON.stringify(value), 1000));
  const columns = [
    ['Where', ({ provider, path }) => line(`${provider} ${path}`)],
    [before, ({ change, from, value }) => json(change === 'removed' ? value : from), 'json'],
    [after, ({ change, to, value }) => json(change === 'added' ? value : to), 'json'],
  ];
  return html`<${Table} caption="Changes" columns=${columns} rows=${all.slice(0, CHANGES)} empty="Nothing is otherwise." />
    ${all.length > CHANGES && html`<p class="note">${counted(all.length - CHANGES, 'more change')}</p>`}`;
}

export function Status({ code, outcome }) {
  const kind = outcome === 'failed' || code >= 500 ? 'failed' : outcome === 'refused' || code >= 400 ? 'refused' : 'good';
  const sign = { failed: '✕', refused: '!', good: '✓' }[kind];
  return html`<span class=${`status ${kind}`}><i aria-hidden="true">${sign}</i>${code}</span>`;
}

export const Badge = ({ kind, children, title }) => html`<span class=${`badge ${kind}`} title=${title && line(title, 500)}>${children ?? kind}</span>`;
