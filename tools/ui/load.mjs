// The page while a suite runs: 10,000 calls at speed.

import { Agent, request } from 'node:http';
import { CALLS, mock, must, open, until } from './support.mjs';

const CALLS_AT_SPEED = 10_000;

/** How long script may run between two frames, in ms. */
const MOST_SCRIPT = 50;

/** How much more memory the page may hold after all calls than after the first of them, in bytes. */
const MOST_GROWN = 3_000_000;

/** Makes calls as fast as the server answers them, eight at a time. @param {string} url @param {number} from @param {number} to */
async function burst(url, from, to) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const { hostname, port } = new URL(url);
  let next = from;
  const one = (number) =>
    new Promise((resolve, reject) => {
      const [method, path, headers] = CALLS.crud.good;
      const sent = request({ agent, hostname, port, method, path: `${path}&n=${number}`, headers }, (answer) => {
        answer.resume();
        answer.on('end', resolve);
      });
      sent.on('error', reject);
      sent.end();
    });
  const worker = async () => {
    while (next < to) {
      next += 1;
      await one(next - 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
}

const SCRIPT = ['FunctionCall', 'EvaluateScript', 'RunMicrotasks', 'TimerFire', 'FireAnimationFrame', 'EventDispatch', 'v8.run', 'MinorGC', 'MajorGC'];

/** The most time that script ran between two frames of the page, by its trace, in ms of its thread. */
function longest(trace) {
  const { traceEvents } = JSON.parse(trace);
  const named = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  let most = { script: 0, events: 0 };
  for (const { pid, tid } of named) {
    const own = traceEvents.filter((event) => event.pid === pid && event.tid === tid && (event.ph === 'X' || event.name === 'BeginMainThreadFrame'));
    own.sort((one, other) => one.ts - other.ts);
    let [script, end, events] = [0, 0, 0];
    for (const { name, ts, dur = 0, tdur = dur, ph } of own) {
      if (name === 'BeginMainThreadFrame') script = 0;
      // What runs within another is counted with it.
      if (ph !== 'X' || !SCRIPT.includes(name) || ts < end) continue;
      end = ts + dur;
      script += tdur / 1000;
      events += 1;
      if (script > most.script) most = { ...most, script };
    }
    most.events = Math.max(most.events, events);
  }
  return most;
}

/** Script leaves the browser its frames, and memory stays as it is. */
export async function load({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser);
  const inner = await context.newCDPSession(page);
  await inner.send('Performance.enable');
  const memory = async () => {
    await inner.send('HeapProfiler.collectGarbage');
    const { metrics } = await inner.send('Performance.getMetrics');
    const of = (sought) => metrics.find(({ name }) => name === sought).value;
    return { heap: of('JSHeapUsedSize'), nodes: of('Nodes') };
  };
  const shows = (number) => until(`call ${number} is shown`, () => page.locator('.row', { hasText: `&n=${number}` }).count(), 60_000);
  await page.goto(address);
  await page.getByText('No call has come yet.').waitFor();
  await burst(url, 0, 3000);
  await shows(2999);
  await page.waitForTimeout(500);
  const before = await memory();
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'devtools.timeline.frame', 'disabled-by-default-devtools.timeline.frame', 'v8', '__metadata'] });
  const began = Date.now();
  await burst(url, 3000, 3000 + CALLS_AT_SPEED);
  const took = Date.now() - began;
  await shows(2999 + CALLS_AT_SPEED);
  const trace = (await browser.stopTracing()).toString();
  await page.waitForTimeout(500);
  const after = await memory();
  const { script, events } = longest(trace);
  const count = await page.locator('.bar .count').textContent();
  console.log(`  ${CALLS_AT_SPEED} calls in ${took} ms; most script in a frame ${script.toFixed(1)} ms, of ${events} pieces; ` +
    `heap ${before.heap} -> ${after.heap} bytes, nodes ${before.nodes} -> ${after.nodes}; ${count}`);
  must(events > 20, 'the trace shows the page at work');
  if (process.env.TRACE) (await import('node:fs')).writeFileSync(process.env.TRACE, trace);
  must(script <= MOST_SCRIPT, `script ran ${script.toFixed(1)} ms within a frame, of at most ${MOST_SCRIPT}`);
  must(after.heap - before.heap < MOST_GROWN, `the page holds ${after.heap - before.heap} bytes more`);
  must(after.nodes < before.nodes + 500, `the page has ${after.nodes - before.nodes} nodes more`);
  must(count.startsWith('2,000 calls'), `2,000 rows are kept, found ${count}`);
  must((await page.locator('.row').count()) < 100, 'only rows in sight are drawn');
  clean();
  await context.close();
  await stop();
}
