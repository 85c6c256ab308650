import { ask, noHistory, send } from '../lib/api.js';
import { curl, expectation, httpCase, lines, member, read, script, sent } from '../lib/forms.js';
import { Badge, Button, Changes, Copy, Pairs, Status, Table, Wrong, bytes } from '../lib/kit.js';
import { html, line, shown, took, useAsked, useChange, useEffect, useRef, useState, where } from '../lib/kit.js';

function marks(places, rows) {
  const there = new Set(rows.map(({ path }) => path));
  return new Set(places.map((place) => (there.has(place) ? place : place.replace(/(\.[^.[]*|\[\d+\])$/, ''))));
}

function Body({ side, tree, marked = [] }) {
  const [all, setAll] = useState(false);
  if (side.size === 0) return html`<p class="none">No body.</p>`;
  const json = member(tree, 'json');
  const note = `${bytes(side.size)}${side.cut ? ', of which the start is kept' : ''}`;
  if (!json)
    return html`<pre tabindex="0">${shown(side.text ?? `${line(side.base64, 400)} (base64)`)}</pre>
      <p class="note">${note}</p>`;
  const rows = lines(json, all ? 20_000 : 400);
  const places = marks(marked, rows);
  return html`<pre tabindex="0" class="json">
${rows.map(
        ({ path, depth, text }) =>
          html`<span class=${path && places.has(path) ? 'marked' : ''}>${'  '.repeat(Math.min(depth, 40))}${shown(text, 4000)} </span>`,
      )}</pre>
    <p class="note">${note}${!all && rows.length === 400 && html` <${Button} onClick=${() => setAll(true)}>Show all lines<//>`}</p>`;
}

function Hint({ entry }) {
  const { hint, ignored, fault, delivery } = entry;
  const side = { client: 'The client is probably wrong.', mock: 'The mock made this happen.' }[hint?.likely_wrong];
  return html`${
    hint &&
    html`<section class="hint">
      <h3>${hint.reason.replace('_', ' ')}</h3>
      <p>${shown(hint.message, 1000)}</p>
      ${
        hint.fields?.length > 0 &&
        html`<${Table}
          caption="Fields"
          columns=${[
            ['Where', ({ field }) => html`<b>${line(field, 200)}</b>`],
            ['Found', ({ found }) => (found === undefined ? html`<i>nothing</i>` : shown(found, 400))],
            ['Expected', ({ expected }) => shown(expected, 400)],
          ]}
          rows=${hint.fields}
        />`
      }
      ${
        hint.nearest &&
        html`<p>
          The nearest operation is
          <code>${line(`${hint.nearest.method} ${hint.nearest.path}`)}</code> (${line(hint.nearest.operation)}).
        </p>`
      }
      ${side && html`<p class="note">${side}</p>`}
    </section>`
  }
  ${
    ignored.length > 0 &&
    html`<section class="hint">
      <h3>ignored by the vendor</h3>
      <ul>
        ${ignored.map(
          (field) =>
            html`<li>
              <code>${line(field.at, 200)}</code>${field.nearest && html`: <code>${line(field.nearest, 100)}</code> was probably meant`}
              ${field.taken_by && html`: ${line(field.taken_by.join(', '))} takes it`}
            </li>`,
        )}
      </ul>
    </section>`
  }
  ${fault && html`<p class="note">The fault <a href=${where({ sandbox: entry.sandbox, screen: 'faults' })}>${line(fault, 80)}</a> struck.</p>`}
  ${delivery && html`<p class="note">The answer is ${line(delivery.state.replace('_', ' '))}: ${bytes(delivery.body_bytes)} of its body left.</p>`}`;
}

function Changed({ entry }) {
  const path = `requests/${encodeURIComponent(entry.id)}/diff`;
  const found = useAsked((signal) => ask(path, { sandbox: entry.sandbox, signal }), [entry.id]);
  return found.value ? html`<${Changes} providers=${found.value.providers} />` : html`<${Wrong} error=${found.error} />`;
}

function Back({ entry }) {
  const [done, setDone] = useState(false);
  const [error, change] = useChange(() => setDone(true));
  const back = () => change(() => ask('rewind', { method: 'POST', sandbox: entry.sandbox, body: { before: entry.id } }));
  if (done) return html`<p class="note" role="status">Data, ids and clock are as they were before this call. To go forward again, undo it in World.</p>`;
  return error ? html`<${Wrong} error=${error} again=${back} />` : html`<${Button} onClick=${back}>Back to before this call<//>`;
}

export function Detail({ row, onClose }) {
  const head = useRef(null);
  const found = useAsked(
    async (signal) => {
      const answer = await send(`requests/${encodeURIComponent(row.id)}`, { sandbox: row.sandbox, signal });
      const text = await answer.text();
      return { entry: JSON.parse(text), tree: read(text) };
    },
    [row.key, row.delivery],
  );
  const { value: none } = useAsked(noHistory, []);
  useEffect(() => {
    if (matchMedia('(max-width: 900px)').matches) head.current?.focus();
  }, [row.key]);
  const { entry, tree } = found.value ?? {};
  return html`<article class="detail" aria-label="The call">
    <header>
      <h2 tabindex="-1" ref=${head}>${row.method} <span class="path">${row.target}</span></h2>
      <${Button} class="bare" aria-label="Close the call" onClick=${onClose}>✕<//>
    </header>
    <p class="facts">
      <${Status} code=${row.status} outcome=${row.outcome} /><span>${row.operation ?? 'no operation'}</span> <span>${took(row.ms)} ms</span
      ><time>${line(row.at, 40)}</time><span>sandbox ${row.sandbox}</span>
      ${row.badges.map(([kind, why]) => html`<${Badge} kind=${kind} title=${why} />`)}
    </p>
    <${Wrong} error=${found.error} /> ${entry && html`<${Whole} entry=${entry} tree=${tree} none=${none} />`}
  </article>`;
}

function Whole({ entry, tree, none }) {
  const { request, answer, hint, ignored } = entry;
  const marked = [...(hint?.fields ?? []).map(({ field }) => field), ...ignored.map(({ at }) => at)];
  const call = sent(entry, tree);
  const query = [...new URLSearchParams(request.target.split('?')[1] ?? '')];
  return html`<${Hint} entry=${entry} />
    <p class="actions" role="group" aria-label="Copy the call">
      Copy as <${Copy} text=${() => curl(call)}>curl<//><${Copy} text=${() => script(call)}>fetch<//><${Copy} text=${() => httpCase(call)}>.http case<//>
      <${Copy} text=${() => expectation(call)}>verify expectation<//>
      <a href=${where({ sandbox: entry.sandbox, screen: 'try', query: `from=${entry.id}` })}>Send it again…</a>
    </p>
    ${none === '' && html`<${Back} entry=${entry} />`} ${none && html`<p class="note">${none}</p>`}
    ${
      entry.step &&
      html`<section>
        <h3>What it changed</h3>
        <${Changed} entry=${entry} />
      </section>`
    }
    <section>
      <h3>Request</h3>
      ${query.length > 0 && html`<${Pairs} open title="Query" fields=${query} marked=${marked} prefix="query" />`}
      <${Body} side=${request} tree=${member(tree, 'request')} marked=${marked} />
      <${Pairs} open=${marked.some((place) => place.startsWith('header.'))} title="Header fields" fields=${request.headers} marked=${marked} prefix="header" />
    </section>
    <section>
      <h3>Answer</h3>
      <${Body} side=${answer} tree=${member(tree, 'answer')} />
      <${Pairs} title="Header fields" fields=${answer.headers} />
    </section>`;
}
