import { send } from '../lib/api.js';
import { Wrong, counted, html, line, useAsked, useRef } from '../lib/kit.js';

const EVERY = 2000;
const READINGS = 60;
const KINDS = [
  ['good', '2xx and 3xx', '23'],
  ['refused', '4xx', '4'],
  ['failed', '5xx', '5'],
];

function samples(text) {
  const all = [];
  for (const [, name, labels = '', value] of text.matchAll(/^([a-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/gim)) {
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, value]) => [key, value.replace(/\\(.)/g, '$1')]);
    all.push({ name, labels: Object.fromEntries(pairs), value: Number(value) });
  }
  return all;
}

function answers(all) {
  const counts = KINDS.map(() => 0);
  for (const { name, labels, value } of all) {
    if (name !== 'persona_mock_requests_total') continue;
    const kind = KINDS.findIndex(([, , digits]) => digits.includes(labels.status?.[0]));
    if (kind >= 0) counts[kind] += value;
  }
  return counts;
}

function histograms(all) {
  const found = new Map();
  for (const { name, labels, value } of all) {
    if (!name.endsWith('_bucket') || !labels.operation) continue;
    const le = labels.le === '+Inf' ? Infinity : Number(labels.le);
    const sums = found.get(labels.operation) ?? new Map();
    found.set(labels.operation, sums.set(le, (sums.get(le) ?? 0) + value));
  }
  return [...found]
    .map(([operation, counts]) => {
      const sums = [...counts].sort(([one], [other]) => one - other);
      const bars = sums.map(([le, count], at) => ({ le, count: count - (sums[at - 1]?.[1] ?? 0) }));
      return { operation, bars, all: sums[sums.length - 1][1] };
    })
    .filter(({ all }) => all > 0)
    .sort((one, other) => other.all - one.all);
}

const WIDTH = 480;
const HEIGHT = 120;

function Rates({ readings }) {
  const most = Math.max(1, ...readings.map((kinds) => kinds.reduce((sum, count) => sum + count, 0)));
  const step = WIDTH / READINGS;
  return html`<svg class="chart" viewBox=${`0 0 ${WIDTH} ${HEIGHT + 14}`} role="img" aria-label="Answers a second, the last two minutes">
    ${readings.map((kinds, at) => {
      let y = HEIGHT + 12;
      return kinds.map((count, kind) => {
        const height = (count / most) * HEIGHT;
        y -= height;
        return height > 0 && html`<rect class=${KINDS[kind][0]} x=${(READINGS - readings.length + at) * step} y=${y} width=${step - 1} height=${height} />`;
      });
    })}
    <text x="4" y="10">${most.toLocaleString('en', { maximumFractionDigits: 1 })} a second</text>
  </svg>`;
}

const time = (s) => (s === Infinity ? 'more' : s < 1 ? `${+(s * 1000).toPrecision(3)} ms` : `${s} s`);

function below(bars, all, part) {
  let sum = 0;
  return bars.find(({ count }) => (sum += count) >= all * part)?.le ?? Infinity;
}

function Histogram({ operation, bars, all }) {
  const most = Math.max(...bars.map(({ count }) => count));
  const step = WIDTH / bars.length;
  const told = `${counted(all, 'call')}, half below ${time(below(bars, all, 0.5))}, 99 of 100 below ${time(below(bars, all, 0.99))}`;
  return html`<figure>
    <figcaption>${line(operation, 100)}</figcaption>
    <p class="note">${told}</p>
    <svg class="chart" viewBox=${`0 0 ${WIDTH} ${HEIGHT + 14}`} role="img" aria-label=${`${line(operation, 100)}: ${told}`}>
      ${bars.map(
        ({ le, count }, at) =>
          html`<rect class="other" x=${at * step} width=${step - 1} y=${HEIGHT - (count / most) * HEIGHT} height=${(count / most) * HEIGHT}
              ><title>${counted(count, 'call')} up to ${time(le)}</title></rect
            >
            ${(at % Math.ceil(bars.length / 7) === 0 || le === Infinity) && html`<text x=${at * step + 1} y=${HEIGHT + 11}>${time(le)}</text>`}`,
      )}
    </svg>
  </figure>`;
}

export default function Numbers() {
  const before = useRef(null);
  const found = useAsked(
    async (signal) => {
      const all = samples(await (await send('metrics', { signal })).text());
      const [at, counts, last] = [performance.now(), answers(all), before.current];
      const rates = last && counts.map((count, kind) => Math.max(0, count - last.counts[kind]) / ((at - last.at) / 1000));
      before.current = { at, counts, times: histograms(all), readings: rates ? [...last.readings, rates].slice(-READINGS) : [] };
      return before.current;
    },
    [],
    EVERY,
  );
  const wrong = html`<${Wrong} error=${found.error} again=${found.again} />`;
  if (!found.value) return wrong;
  const { counts, times, readings } = found.value;
  return html`${wrong}
    <p class="note">Of the whole server, whichever sandbox was called.</p>
    <div class="charts">
      <figure>
        <figcaption>Answers a second</figcaption>
        <p class="note key">
          ${KINDS.map(([kind, title], at) => html`<span class=${`status ${kind}`}>■ ${title}</span>: ${counts[at].toLocaleString('en')} in all `)}
        </p>
        <${Rates} readings=${readings} />
      </figure>
      ${times.map((one) => html`<${Histogram} key=${one.operation} ...${one} />`)}
    </div>
    ${times.length === 0 && html`<p class="none">How long operations take is shown once one was called.</p>`}`;
}
