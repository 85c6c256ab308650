import { ask, send, Refused } from './api.js';
import { line } from './kit.js';

const WAITS = [500, 1000, 2000];
const SLICE = 8;
const LONGEST = 4e6;
const PATIENCE = 300;
const drawn = () => new Promise((resolve) => setTimeout(resolve));

async function read(body, tell) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    let started = performance.now();
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      let [name, id, data] = ['message', '', ''];
      for (const field of rest.slice(0, end).split('\n')) {
        if (field.startsWith('data: ')) data += (data && '\n') + field.slice(6);
        else if (field.startsWith('event: ')) name = field.slice(7);
        else if (field.startsWith('id: ')) id = field.slice(4);
      }
      rest = rest.slice(end + 2);
      if (data) tell(name, id, data);
      if (performance.now() - started > SLICE) {
        await drawn();
        started = performance.now();
      }
    }
    if (rest.length > LONGEST) throw new Error('an event is too long to be read');
  }
}

function follow({ sandbox, query, signal, summary, tell, last }) {
  const name = `persona-mock ${new URL('.', import.meta.url).pathname} ${sandbox} ${query}`;
  const channel = new BroadcastChannel(name);
  let isLeader = false;
  let state = { kind: 'connecting' };
  const both = (news) => {
    if (signal.aborted) return;
    if (['live', 'lost', 'ended'].includes(news.kind)) state = news;
    tell(news);
    channel.postMessage({ news, id: last.id });
  };
  channel.addEventListener('message', ({ data }) => {
    if (data === 'hello') {
      if (isLeader) channel.postMessage({ news: state, id: last.id });
      return;
    }
    if (isLeader) return;
    last.id = data.id || last.id;
    tell(data.news);
  });
  signal.addEventListener('abort', () => channel.close());
  const lead = async () => {
    isLeader = true;
    for (let tries = 0; !signal.aborted;) {
      try {
        const headers = last.id ? { 'Last-Event-ID': last.id } : {};
        const answer = await send('events', { sandbox, query, signal, headers });
        both({ kind: 'live' });
        tries = 0;
        const why = await events(answer, both);
        if (signal.aborted) return;
        both({ kind: 'lost', why });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refused && error.status < 500 && error.status !== 429) {
          both({ kind: 'ended', error: { message: error.message, gone: error.gone } });
          return;
        }
        both({ kind: 'lost', why: error instanceof Refused ? error.message : undefined });
      }
      const wait = WAITS[tries] ?? 5000;
      tries += 1;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
  const events = async (answer, both) => {
    let rows = [];
    let why;
    const flush = () => {
      if (rows.length > 0) both({ kind: 'rows', rows });
      rows = [];
    };
    const timer = setInterval(flush, 60);
    try {
      await read(answer.body, (name, id, data) => {
        last.id = id || last.id;
        const value = JSON.parse(data);
        if (name === 'exchange') {
          rows.push(summary(value));
          return;
        }
        flush();
        if (name === 'lost') both({ kind: 'missed', lost: value.lost });
        if (name === 'reset') both({ kind: 'reset', sandbox: value.sandbox });
        if (name === 'end') why = value.reason;
      });
    } finally {
      clearInterval(timer);
      flush();
    }
    return why;
  };
  if (navigator.locks) {
    channel.postMessage('hello');
    navigator.locks.request(name, { signal }, lead).catch(() => {});
  } else {
    lead();
  }
}

export const ROWS = 2000;
const FIRST = 500;

export const keyOf = (entry) => `${entry.sandbox} ${entry.id} ${entry.at}`;

function badges({ ignored, hint, fault, provenance, answer, changed }) {
  const all = [];
  const header = (name) => answer.headers.find(([known]) => known === name)?.[1];
  const message = hint?.message;
  if (ignored.length > 0 || hint?.reason === 'ignored') all.push(['ignored', message]);
  if (hint?.reason === 'invalid') all.push(['invalid', message]);
  if (hint?.reason === 'no_route' || hint?.reason === 'wrong_method') all.push(['near miss', message]);
  if (fault) all.push(['fault', `struck by ${fault}`]);
  if (header('x-mock-limit')) all.push(['limit', `a limit of ${header('x-mock-limit')}`]);
  if (provenance === 'inferred' || header('x-mock-provenance') === 'inferred') {
    all.push(['inferred', 'this answer is this project\u2019s choice and not the vendor\u2019s word']);
  }
  if (changed) all.push(['wrote', 'the state was written']);
  return all;
}

function summary(entry) {
  return {
    key: keyOf(entry),
    id: entry.id,
    number: entry.number,
    sandbox: entry.sandbox,
    at: entry.at,
    ms: entry.took_ms,
    method: line(entry.request.method, 20),
    target: line(entry.request.target, 300),
    operation: entry.operation && line(entry.operation, 80),
    status: entry.answer.status,
    outcome: entry.outcome,
    delivery: entry.delivery?.state,
    badges: badges(entry).map(([kind, why]) => [kind, line(why, 300)]),
  };
}

export function journal(sandbox, query, draw) {
  const byKey = new Map();
  const last = { id: '' };
  let turn = 0;
  let frame = 0;
  let soon = 0;
  let stop;
  const changed = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
  const news = { rows: [], total: 0, state: 'connecting', why: '', missed: 0, elsewhere: [], error: null };
  const add = (rows) => {
    for (const row of rows) {
      const known = byKey.get(row.key);
      if (known) {
        Object.assign(known, row);
        continue;
      }
      byKey.set(row.key, row);
      news.rows.push(row);
      news.total += 1;
    }
    for (const row of news.rows.splice(0, Math.max(0, news.rows.length - ROWS))) byKey.delete(row.key);
  };
  const empty = () => {
    byKey.clear();
    news.rows = [];
  };
  const load = async (signal) => {
    const mine = (turn += 1);
    const before = new Set(news.rows);
    const newest = news.rows[news.rows.length - 1];
    const counts = !last.id && !query && sandbox !== '*';
    try {
      const asked = new URLSearchParams(query);
      asked.set('order', 'newest');
      asked.set('limit', String(FIRST));
      const page = await ask('requests', { sandbox, query: asked, signal });
      if (mine !== turn) return;
      const rows = page.requests.reverse().map(summary);
      const keys = new Set(rows.map((row) => row.key));
      const joins = [...before].some((row) => keys.has(row.key));
      const rest = news.rows.filter((row) => !keys.has(row.key) && (joins || !before.has(row)));
      if (counts && !joins && newest?.number < rows[0]?.number) news.missed += rows[0].number - newest.number - 1;
      const isOlder = (row) => before.has(row) || (sandbox !== '*' && row.number < rows[0]?.number);
      empty();
      add([...rest.filter(isOlder), ...rows, ...rest.filter((row) => !isOlder(row))]);
      news.elsewhere = page.elsewhere ?? [];
      news.error = null;
    } catch (error) {
      if (!signal.aborted && mine === turn) news.error = error;
    }
    changed();
  };
  news.forgetMissed = () => {
    news.missed = 0;
    draw();
  };
  const tell = (told) => {
    if (told.kind === 'rows') add(told.rows);
    else if (told.kind === 'missed') news.missed += told.lost;
    else if (told.kind === 'reset') {
      if (sandbox === told.sandbox) empty();
      else news.rows = news.rows.filter((row) => row.sandbox !== told.sandbox || !byKey.delete(row.key));
    } else {
      if (told.kind === 'live' && news.state !== 'live') {
        clearTimeout(soon);
        load(stop.signal);
      }
      if (told.kind === 'ended') {
        clearTimeout(soon);
        turn += 1;
        news.error = told.error;
      }
      news.state = told.kind;
      news.why = told.why ?? '';
    }
    changed();
  };
  const end = () => {
    clearTimeout(soon);
    stop?.abort();
  };
  news.start = () => {
    const show = () => {
      end();
      if (document.hidden) {
        news.state = 'hidden';
        draw();
        return;
      }
      const { signal } = (stop = new AbortController());
      news.state = 'connecting';
      follow({ sandbox, query, signal, summary, tell, last });
      soon = setTimeout(load, PATIENCE, signal);
    };
    show();
    document.addEventListener('visibilitychange', show);
    return () => {
      document.removeEventListener('visibilitychange', show);
      end();
    };
  };
  return news;
}
