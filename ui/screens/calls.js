import { ask, baseUrl, contract } from '../lib/api.js';
import { ROWS, journal } from '../lib/journal.js';
import { Badge, Button, Dialog, Field, Select, Status, Wrong, clock, counted, go } from '../lib/kit.js';
import { html, line, shown, took, useAsked, useChange, useEffect, useMemo, useRef, useState } from '../lib/kit.js';
import { Detail } from './call.js';

const HEIGHT = matchMedia('(max-width: 700px)').matches ? 44 : 26;

function Row({ row, at, count, isPicked, pick, names }) {
  const top = `${at * HEIGHT}px`;
  return html`<div
    class=${`row${isPicked ? ' picked' : ''}`}
    role="option"
    id=${`call-${row.key}`}
    aria-selected=${isPicked}
    aria-setsize=${count}
    aria-posinset=${at + 1}
    style=${{ top }}
    onClick=${pick}
  >
    <span class="time">${clock(row.at)}</span><span class="method">${line(row.method, 12)}</span>
    <${Status} code=${row.status} outcome=${row.outcome} />
    <span class="path">${names && html`<b>${row.sandbox}</b> `}${row.target}</span>
    <span class="operation">${row.operation ?? 'no operation'}</span>
    <span class="badges">${row.badges.map(([kind, title]) => html`<${Badge} kind=${kind} title=${title} />`)}</span>
    <span class="ms">${took(row.ms)} ms</span>
  </div>`;
}

function List({ rows, total, picked, onPick, names }) {
  const box = useRef(null);
  const before = useRef(total);
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  const look = () => box.current && setSeen({ top: box.current.scrollTop, height: box.current.clientHeight });
  useEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const added = total - before.current;
    before.current = total;
    if (added > 0 && box.current.scrollTop > HEIGHT) box.current.scrollTop += added * HEIGHT;
  }, [total]);
  const count = rows.length;
  const place = picked ? rows.findIndex((row) => row.key === picked) : -1;
  const at = place < 0 ? -1 : count - 1 - place;
  const move = (event) => {
    const page = Math.max(1, Math.floor(seen.height / HEIGHT) - 1);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 }[event.key];
    if (to === undefined || count === 0) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), count - 1);
    const top = next * HEIGHT;
    if (top < box.current.scrollTop) box.current.scrollTop = top;
    if (top + HEIGHT > box.current.scrollTop + seen.height) box.current.scrollTop = top + HEIGHT - seen.height;
    onPick(rows[count - 1 - next]);
  };
  const first = Math.max(0, Math.floor(seen.top / HEIGHT) - 5);
  const last = Math.min(count, Math.ceil((seen.top + seen.height) / HEIGHT) + 5);
  const sight = [];
  for (let index = first; index < last; index += 1) {
    const row = rows[count - 1 - index];
    sight.push(html`<${Row} key=${row.key} row=${row} at=${index} count=${count} isPicked=${index === at} names=${names} pick=${() => onPick(row)} />`);
  }
  return html`<div
    class="list"
    id="calls"
    ref=${box}
    role="listbox"
    tabindex="0"
    aria-label="Calls, newest first"
    onScroll=${look}
    onKeyDown=${move}
    aria-activedescendant=${at >= first && at < last ? `call-${picked}` : null}
  >
    <div class="rows" style=${{ height: `${count * HEIGHT}px` }}>${sight}</div>
  </div>`;
}

function Banner({ news: { state, why, missed, forgetMissed } }) {
  const note = (text, button) =>
    html`<div class="banner" role="status">
      <p>${text}</p>
      ${button}
    </div>`;
  return html`${state === 'lost' && note(`The stream of calls is lost${why && `: ${shown(why, 300)}`}. It comes back by itself.`)}
  ${
    missed > 0 &&
    note(
      `${counted(missed, 'call')} went by unseen: the journal keeps ${missed === 1 ? 'it' : 'them'} no longer.`,
      html`<${Button} onClick=${forgetMissed}>Hide<//>`,
    )
  }`;
}

const OTHERS = ['sandbox', 'order', 'limit', 'cursor'];

function Filter({ query, onQuery }) {
  const [open, setOpen] = useState(false);
  const set = [...new URLSearchParams(query)];
  const without = (index) => onQuery(String(new URLSearchParams(set.filter((_, at) => at !== index))));
  return html`<${Button} onClick=${() => setOpen(true)}>Filter…<//> ${set.map(
      ([name, value], index) =>
        html`<${Button} class="chip" onClick=${() => without(index)} aria-label=${`${line(`${name}: ${value}`, 60)}, remove this filter`}
          >${line(`${name}: ${value}`, 60)} <span aria-hidden="true">✕</span><//
        >`,
    )}
    ${open && html`<${Form} query=${query} onClose=${() => setOpen(false)} onQuery=${onQuery} />`}`;
}

function Form({ query, onClose, onQuery }) {
  const known = useAsked(contract, []);
  const submit = (event) => {
    event.preventDefault();
    const lines = [...new FormData(event.target)].flatMap(([name, value]) => `${value}`.split('\n').map((text) => [name, text.trim()]));
    onQuery(`${new URLSearchParams(lines.filter(([, text]) => text))}`);
    onClose();
  };
  const fields = known.value?.paths['/_mock/requests'].get.parameters ?? [];
  const now = new URLSearchParams(query);
  return html`<${Dialog} title="Filter the calls" onClose=${onClose}>
    <form class="fields" onSubmit=${submit}>
      ${fields
        .filter(({ in: place, name }) => place === 'query' && !OTHERS.includes(name))
        .map(({ name, description, schema: { enum: all, type } }) => {
          const choices = type === 'boolean' ? ['true', 'false'] : all;
          const Input = type === 'array' ? 'textarea' : 'input';
          return html`<${Field} key=${name} label=${name} hint=${description.replaceAll('`', '')}>
            ${
              choices
                ? html`<${Select} name=${name} value=${now.get(name)} options=${[['', 'any'], ...choices]} />`
                : html`<${Input} name=${name} rows="1" spellcheck=${false} defaultValue=${now.getAll(name).join('\n')} />`
            }
          <//>`;
        })}
      <p class="actions">
        <button type="submit" class="main">Show these calls</button>
        <${Button} onClick=${() => [onQuery(''), onClose()]}>Show all<//>
      </p>
    </form><//
  >`;
}

export default function Calls({ sandbox, query }) {
  const [, draw] = useState(0);
  const [picked, setPicked] = useState(null);
  const [frozen, setFrozen] = useState(null);
  const [again, setAgain] = useState(0);
  const news = useMemo(() => journal(sandbox, query, () => draw((times) => times + 1)), [sandbox, query, again]);
  useEffect(() => {
    setFrozen(null);
    return news.start();
  }, [news]);
  const { rows, total } = frozen ?? news;
  const row = picked && (rows.find(({ key }) => key === picked.key) ?? picked);
  const close = () => {
    setPicked(null);
    requestAnimationFrame(() => document.getElementById('calls')?.focus());
  };
  const [error, change] = useChange(() => setPicked(null));
  const clear = () => change(() => ask('reset', { method: 'POST', sandbox, body: { only: 'journal' } }));
  const waiting = frozen ? news.total - frozen.total : 0;
  return html`<section class="bar" aria-label="What is shown">
      <span class=${`live ${frozen ? 'paused' : news.state}`} role="status"
        >${frozen ? 'paused' : news.state === 'hidden' ? 'paused while hidden' : news.state}</span
      >
      <${Button} aria-pressed=${frozen !== null} onClick=${() => setFrozen(frozen ? null : { rows: [...news.rows], total: news.total })}>
        ${frozen ? `Go on${waiting ? ` (${waiting} new)` : ''}` : 'Pause'}<//
      >
      <${Filter} query=${query} onQuery=${(query) => go({ sandbox, screen: 'calls', query })} />
      <span class="count">${counted(rows.length, 'call')}${rows.length >= ROWS ? ', the newest' : ''}</span>
      ${sandbox !== '*' && html`<${Button} disabled=${rows.length === 0} onClick=${clear} title="Forgets the calls and nothing else">Clear<//>`}
    </section>
    <${Banner} news=${news} />
    <${Wrong} error=${news.error ?? error} again=${() => [change(async () => {}), setAgain(again + 1)]} action="Look again" />
    <div class=${`split${row ? ' open' : ''}`} onKeyDown=${({ key }) => key === 'Escape' && close()}>
      ${
        rows.length === 0 && !news.error
          ? html`<${Nothing} sandbox=${sandbox} query=${query} elsewhere=${news.elsewhere} />`
          : html`<${List} rows=${rows} total=${total} picked=${picked?.key} onPick=${setPicked} names=${sandbox === '*'} />`
      }
      ${row && html`<${Detail} key=${row.key} row=${row} onClose=${close} />`}
    </div>`;
}

function Nothing({ sandbox, query, elsewhere }) {
  return html`<div class="none">
    <p>${query ? 'No call is as the filter says.' : 'No call has come yet.'}</p>
    ${
      elsewhere.length > 0 &&
      html`<p>Calls went to other sandboxes:</p>
        <ul>
          ${elsewhere.map(
            (other) =>
              html`<li>
                <a href=${`#/${encodeURIComponent(other.sandbox)}/calls`}>${shown(other.sandbox)}</a>: ${counted(other.requests, 'call')}, the last
                ${line(other.last, 120)}
              </li>`,
          )}
        </ul>`
    }
    ${!query && sandbox !== '*' && html`<p>A client calls this sandbox by the base URL <code>${baseUrl(sandbox)}</code>.</p>`}
  </div>`;
}
