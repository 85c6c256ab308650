// A mock and a browser, and what both must not do.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** What a check did not find. */
export class Failure extends Error {}

/** @param {unknown} holds @param {string} what */
export function must(holds, what) {
  if (!holds) throw new Failure(what);
}

/** Waits until something holds. @param {string} what @param {() => unknown} holds */
export async function until(what, holds, patience = 10_000) {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Failure(`waited in vain: ${what}`);
    await wait(30);
  }
}

/** What runs for a check, which ends with it whatever became of it. */
const running = new Set();
export const endAll = () => running.forEach((child) => child.kill('SIGKILL'));

/** A mock with these flags, until its `stop`. @param {string} binary @param {string[]} flags */
export async function mock(binary, flags = [], port = '0') {
  const work = mkdtempSync(join(tmpdir(), 'persona-mock-'));
  const file = join(work, 'port');
  const args = ['serve', '--port', port, '--port-file', file, '--log', 'error', ...flags];
  const child = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await until('the mock starts', () => existsSync(file) || child.exitCode !== null);
  must(existsSync(file), `the mock does not start: ${log}`);
  const url = `http://127.0.0.1:${readFileSync(file, 'utf8').trim()}`;
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    running.delete(child);
    rmSync(work, { recursive: true });
    must(!/crashed|panicked/.test(log), `the mock crashed: ${log}`);
  };
  return { url, stop, page: `${url}/_mock/ui/` };
}

const OPTIONS = {
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
};

/** A browser that reaches this machine and no other. */
export const browser = () => chromium.launch(OPTIONS);

/** One that zooms by itself, as its settings say: 200 % is the level log(2) / log(1.2). */
export async function zooming(percent) {
  const work = mkdtempSync(join(tmpdir(), 'chromium-'));
  mkdirSync(join(work, 'Default'));
  const level = Math.log(percent / 100) / Math.log(1.2);
  writeFileSync(join(work, 'Default', 'Preferences'), JSON.stringify({ partition: { default_zoom_level: { x: level } } }));
  const { args, ...options } = OPTIONS;
  const context = await chromium.launchPersistentContext(work, { ...options, args: [...args, '--window-size=1280,1000'], viewport: null });
  const close = async () => {
    await context.close();
    rmSync(work, { recursive: true, force: true });
  };
  return { newContext: async () => context, close };
}

/**
 * A page of a new context, which tells what it must not do: asks elsewhere, complains on its console, crashes.
 * @param {import('playwright-core').Browser} browser @param {any} options
 */
export async function open(browser, { allowed = /$^/, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const wrong = [];
  let permitted = allowed;
  const allow = (pattern) => (permitted = pattern);
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && !['127.0.0.1', 'localhost'].includes(hostname)) wrong.push(`asks ${request.url()}`);
  });
  context.on('console', (message) => {
    const text = `${message.text()} ${message.location().url}`;
    if (['error', 'warning'].includes(message.type()) && !permitted.test(text)) wrong.push(`console: ${text}`);
  });
  context.on('weberror', (error) => wrong.push(`script: ${error.error().stack}`));
  const page = await context.newPage();
  const clean = () => must(wrong.length === 0, wrong.join('\n'));
  return { context, page, wrong, clean, allow };
}

/** One request of each kind that a frontend makes: a good one, a refused one and one that is nearly right, of each vendor. */
export const CALLS = {
  axero: {
    good: ['GET', '/api/personas/8', { authorization: 'Bearer axero-owner-alice' }],
    bad: ['PUT', '/api/personas/8', { authorization: 'Bearer axero-owner-alice' }, { Name: [5] }],
    missed: ['GET', '/api/persona/8', { authorization: 'Bearer axero-owner-alice' }],
    write: ['PUT', '/api/personas/8', { authorization: 'Bearer axero-owner-alice' }, { Name: 'Power user' }],
  },
  equals_money: {
    good: ['GET', '/v2/people?accountId=F50091', { authorization: 'ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a' }],
    bad: ['GET', '/v2/people?accountId=F50091&limit=x', { authorization: 'ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a' }],
    missed: ['GET', '/v2/peoples', { authorization: 'ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a' }],
    write: [
      'PATCH',
      '/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091',
      { authorization: 'ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a' },
      { marketingEmailsPreference: true },
    ],
  },
  vijil: {
    good: ['GET', '/v1/users/me/teams', { authorization: 'Bearer vijil-owner-token' }],
    bad: ['PUT', '/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb', { authorization: 'Bearer vijil-owner-token' }, { name: 5 }],
    missed: ['GET', '/v1/persona/', { authorization: 'Bearer vijil-owner-token' }],
    write: ['PUT', '/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb', { authorization: 'Bearer vijil-owner-token' }, { name: 'New' }],
  },
  crud: {
    good: ['GET', '/crud/personas?limit=1', { authorization: 'Bearer vm_RobinOwnsDevflow000000000001' }],
    bad: ['POST', '/crud/personas', { authorization: 'Bearer vm_RobinOwnsDevflow000000000001' }, { name: 5 }],
    missed: ['GET', '/crud/persona', { authorization: 'Bearer vm_RobinOwnsDevflow000000000001' }],
    write: ['POST', '/crud/personas', { authorization: 'Bearer vm_RobinOwnsDevflow000000000001' }, { name: 'New' }],
  },
};

/** Makes a call; the status of its answer. @param {string} base @param {any[]} call */
export async function make(base, [method, target, headers, body]) {
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type = sent === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(base + target, { method, headers: { ...type, ...headers }, body: sent });
  await answer.arrayBuffer();
  return answer.status;
}

/** Asks the control API. @param {string} url @param {string} path @param {any} options */
export async function control(url, path, options = {}) {
  const answer = await fetch(`${url}/_mock/${path}`, options);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : answer.text();
}

/** What JSON a control request sends. @param {string} method @param {unknown} body */
export const sends = (method, body) => ({ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
