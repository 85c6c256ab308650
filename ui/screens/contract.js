import { ask, download } from '../lib/api.js';
import { Button, Copy, Select, Table, Wrong, counted, html, line, useAsked, useState } from '../lib/kit.js';

const GAPS = 100;
const REPORTS = [
  ['coverage.html', 'page'],
  ['coverage.md', 'Markdown'],
  ['coverage.xml', 'JUnit'],
  ['coverage.ctrf.json', 'CTRF'],
];

// A call of any kind counts, and a fault's answer alone does not.
const isHit = ({ exercised, refused }) => exercised + refused > 0;
const kind = (cell) => (isHit(cell) ? 'hit' : cell.injected > 0 ? 'injected' : 'missed');
const isGuess = ({ provenance }) => provenance === 'inferred' || provenance === 'extension';
const share = (cells) => `${cells.filter(isHit).length} of ${cells.length}`;

function Map({ document }) {
  const statuses = ({ cells }) => cells.filter(({ axis }) => axis === 'statuses' || axis === 'transport');
  const all = [...new Set(document.operations.flatMap((one) => statuses(one).map(({ name }) => name)))].sort();
  const cell = (operation, status) => {
    const found = statuses(operation).find(({ name }) => name === status);
    if (!found) return html`<td></td>`;
    const times = found.exercised + found.refused || found.injected;
    const told = { hit: counted(times, 'time'), injected: `${counted(times, 'time')}, by a fault`, missed: 'never' }[kind(found)];
    return html`<td class=${`cell ${kind(found)}${isGuess(found) ? ' guess' : ''}`} title=${`${operation.operation} ${status}: ${told}, ${found.provenance}`}>
      ${times || '·'}
    </td>`;
  };
  return html`<section>
    <h2>${document.provider}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label=${`Statuses of ${document.provider}`}>
      <table class="heat">
        <caption class="away">
          Operations of ${document.provider} and their statuses
        </caption>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            ${all.map((status) => html`<th scope="col">${status}</th>`)}
            <th scope="col">Fields</th>
          </tr>
        </thead>
        <tbody>
          ${document.operations.map(
            (operation) =>
              html`<tr>
                <th scope="row" class="operation">${operation.method} ${operation.operation.split('.').pop()}</th>
                ${all.map((status) => cell(operation, status))}
                <td><${Fields} operation=${operation} /></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function Fields({ operation }) {
  const cells = operation.cells.filter(({ axis }) => !['operations', 'statuses', 'transport'].includes(axis));
  if (cells.length === 0) return null;
  return html`<details>
    <summary>${share(cells)}</summary>
    <ul>
      ${cells.map(
        (cell) =>
          html`<li class=${isGuess(cell) ? 'note' : ''}>${isHit(cell) ? '✓' : '·'} <code>${line(cell.name, 120)}</code> ${cell.axis.replace('_', ' ')}</li>`,
      )}
    </ul>
  </details>`;
}

function Gaps({ sandbox, documents }) {
  const [provider, setProvider] = useState('');
  const [open, setOpen] = useState(false);
  const query = { limit: String(GAPS), ...(provider && { provider }) };
  const found = useAsked(async (signal) => open && ask('coverage/gaps', { sandbox, query, signal }), [sandbox, provider, open]);
  const columns = [
    ['Operation', ({ operation }) => html`<span class="operation">${operation}</span>`],
    ['Lacks', ({ axis, cell }) => html`${axis.replace('_', ' ')} <code>${line(cell, 120)}</code>`],
    ['Covered by', ({ command, reason }) => (command ? html`<code>${line(command, 160)}</code>` : line(reason, 200))],
    ['', ({ command }) => command && html`<${Copy} text=${() => command}>Copy curl<//>`],
  ];
  return html`<section>
    <h2>Gaps</h2>
    <p class="actions">
      ${!open && html`<${Button} onClick=${() => setOpen(true)}>Find the gaps<//>`}
      ${
        open &&
        html`<${Select}
          aria-label="Provider"
          value=${provider}
          onPick=${setProvider}
          options=${[['', 'all providers'], ...documents.map((one) => one.provider)]}
        />`
      }
      ${found.value && html`<span class="note">${counted(found.value.empty, 'gap')}, the most useful first</span>`}
    </p>
    <${Wrong} error=${found.error} again=${found.again} />
    ${found.value && html`<${Table} caption="Gaps" columns=${columns} rows=${found.value.gaps} empty="There is no gap." />`}
  </section>`;
}

export default function Contract({ sandbox }) {
  const [run, setRun] = useState(sandbox === '*');
  const [error, setError] = useState(null);
  const whose = run ? '*' : sandbox;
  const found = useAsked((signal) => ask('coverage', { sandbox: whose, signal }), [whose]);
  const { documents, level } = found.value ?? {};
  const operations = documents?.flatMap((one) => one.operations) ?? [];
  const cells = operations.flatMap((one) => one.cells);
  const of = (axis) => cells.filter((cell) => cell.axis === axis);
  return html`<p class="bar">
      <${Select}
        aria-label="Whose calls"
        value=${run ? '*' : ''}
        onPick=${(value) => setRun(value === '*')}
        options=${[...(sandbox === '*' ? [] : [['', `the sandbox ${sandbox}`]]), ['*', 'the whole run']]}
      />
      <${Button} onClick=${found.again}>Count again<//>
      <span>Download as</span>${REPORTS.map(([file, title]) => html`<${Button} onClick=${() => download(file, whose).catch(setError)}>${title}<//>`)}
    </p>
    <${Wrong} error=${error ?? found.error} again=${found.again} /> ${
      documents &&
      html`<p>
          Exercised: ${share(of('operations'))} operations, ${share(of('statuses'))}
          statuses${level === 'operations' && html`; <span class="note"> fields are counted with <code>--coverage-level fields</code></span>`}.
        </p>
        <p class="note key">
          <span class="cell hit">3</span> exercised <span class="cell injected">3</span> by a fault alone <span class="cell missed">·</span> never
          <span class="cell missed guess">·</span> a guess of this project, or an extension
        </p>
        ${documents.map((one) => html`<${Map} key=${one.provider + one.sha256} document=${one} />`)}
        <${Gaps} sandbox=${whose} documents=${documents} />`
    }`;
}
