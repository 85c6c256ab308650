import { ask, download } from '../lib/api.js';
import { Button, Copy, Select, Table, Wrong, counted, html, line, useAsked, useState } from '../lib/kit.js';

const GAPS = 100;
const REPORTS = [
  ['coverage.html', 'page'],
  ['coverage.md', 'Markdown'],
  ['coverage.xml', 'JUnit'],
  ['coverage.ctrf.json', 'CTRF'],
];

const isHit = ({ exercised, refused }) => exercised + refused > 0;
const kind = (cell) => (isHit(cell) ? 'hit' : cell.injected > 0 ? 'injected' : 'missed');
const isGuess = ({ provenance }) => provenance === 'inferred' || provenance === 'extension';
const share = (cells) => `${cells.filter(isHit).length} of ${cells.length}`;

function Map({ document: { provider, operations } }) {
  const statuses = ({ cells }) => cells.filter(({ axis }) => axis === 'statuses' || axis === 'transport');
  const all = [...new Set(operations.flatMap((one) => statuses(one).map(({ name }) => name)))].sort();
  const found = (operation, status) => statuses(operation).find(({ name }) => name === status);
  const cell = (status) => (operation) => {
    const cell = found(operation, status);
    if (!cell) return '';
    const times = cell.exercised + cell.refused || cell.injected;
    const told = { hit: counted(times, 'time'), injected: `${counted(times, 'time')}, by a fault`, missed: 'never' }[kind(cell)];
    return html`<span title=${`${operation.operation} ${status}: ${told}, ${cell.provenance}`}>${times || '·'}</span>`;
  };
  const look = (status) => (operation) => {
    const cell = found(operation, status);
    return cell && `cell ${kind(cell)}${isGuess(cell) ? ' guess' : ''}`;
  };
  const columns = [
    ['Operation', ({ method, operation }) => `${method} ${operation.split('.').pop()}`, 'operation'],
    ...all.map((status) => [status, cell(status), look(status)]),
    ['Fields', (operation) => html`<${Fields} operation=${operation} />`],
  ];
  return html`<section>
    <h2>${provider}</h2>
    <${Table} caption=${`Statuses of ${provider}`} columns=${columns} rows=${operations} />
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
  const value = !found.error && found.value;
  const columns = [
    ['Operation', ({ operation }) => html`<span class="operation">${operation}</span>`],
    ['Lacks', ({ axis, cell }) => html`${axis.replace('_', ' ')} <code>${line(cell, 120)}</code>`],
    ['Covered by', ({ command, reason }) => (command ? html`<code>${line(command, 160)}</code>` : line(reason, 200))],
    ['Copy', ({ command }) => command && html`<${Copy} text=${() => command}>Copy curl<//>`],
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
      ${value && html`<span class="note">${counted(value.empty, 'gap')}, the most useful first</span>`}
    </p>
    <${Wrong} error=${found.error} again=${found.again} />
    ${value && html`<${Table} caption="Gaps" columns=${columns} rows=${value.gaps} empty="There is no gap." />`}
  </section>`;
}

export default function Contract({ sandbox }) {
  const [run, setRun] = useState(sandbox === '*');
  const [error, setError] = useState(null);
  const whose = run ? '*' : sandbox;
  const found = useAsked((signal) => ask('coverage', { sandbox: whose, signal }), [whose]);
  const { documents, level } = (!found.error && found.value) || {};
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
          ${`Exercised: ${share(of('operations'))} operations, ${share(of('statuses'))} statuses.`}
          ${level === 'operations' && html` <span class="note">Fields are counted with <code>--coverage-level fields</code>.</span>`}
        </p>
        <p class="note key">
          <span class="cell hit">3</span> exercised <span class="cell injected">3</span> by a fault alone <span class="cell missed">·</span> ${'never '}
          <span class="cell missed guess">·</span> a guess of this project, or an extension
        </p>
        ${documents.map((one) => html`<${Map} key=${one.provider + one.sha256} document=${one} />`)}
        <${Gaps} sandbox=${whose} documents=${documents} />`
    }`;
}
