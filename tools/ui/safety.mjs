// What a client, a stranger's page and a frame can do with the page: nothing.

import { createServer } from 'node:http';
import { CALLS, control, make, mock, must, open, sends, until } from './support.mjs';

/** Texts that break pages: markup, terminal codes, marks that turn the direction of writing, what is no character. */
const HOSTILE = [
  '<script>document.title="run"</script>',
  '<img src=x onerror=document.title="run">',
  '"><svg onload=document.title="run">',
  "'; document.title='run'; '",
  'javascript:document.title="run"',
  '${document.title="run"}{{constructor.constructor("document.title=1")()}}',
  '</textarea></title></style><script>document.title="run"</script>',
  '&lt;script&gt;&#x3C;b>',
  '\u001b[31mred\u001b]8;;http://evil.example\u0007',
  '\u202egnp.exe\u2066\u200b\ufeff\u00ad',
  '\u0000\u0001\u007f\u0085\u2028\u2029',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031ealgo \u{1f469}\u200d\u{1f469} \u{e0041}\ufdfd',
  '__proto__',
  '%s%n%x ../../../etc/passwd file:///etc/passwd ; rm -rf / || true',
  '0xabad1dea NaN -0 1e999 null undefined',
];

/** Every field of a call holds what a hostile client sends; it is shown, cut and never run. */
export async function hostile({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--journal-body', '2000000', '--max-body', '8000000']);
  const { page, context, clean } = await open(browser, { allowed: /status of 400/ });
  const auth = CALLS.crud.good[2].authorization;
  for (const text of HOSTILE) {
    const one = encodeURIComponent(text);
    const safe = text.replace(/[^\x20-\x7e]/g, '?');
    await make(url, ['POST', `/crud/personas?${one}=${one}`, { authorization: auth, 'x-own': safe }, { name: text, [text]: { [text]: [text] } }]);
    await make(url, ['GET', `/nowhere/${one}`, { 'user-agent': safe }]);
    await make(url, ['PUT', `/v1/personas/${one}`, CALLS.vijil.bad[2], { name: 5, intent: text, [text]: text }]);
  }
  const large = 'x<script>'.repeat(120_000);
  await make(url, ['POST', '/crud/personas', { authorization: auth }, { name: large }]);
  await make(url, ['POST', '/crud/personas', { authorization: auth, 'content-type': 'text/plain' }, large]);
  await page.goto(address);
  await page.locator('.row').first().waitFor();
  const detail = page.getByRole('article', { name: 'The call' });
  for (let number = 0; number < HOSTILE.length * 3 + 2; number += 1) {
    await page.locator('.list').press(number === 0 ? 'Home' : 'ArrowDown');
    await detail.getByText('Answer', { exact: true }).waitFor();
    const { text, nodes, longest } = await page.evaluate(() => {
      for (const one of document.querySelectorAll('details')) one.open = true;
      const shown = document.getElementById('page');
      const texts = [...shown.querySelectorAll('pre, td')].map((one) => one.textContent.length);
      return { text: shown.textContent, nodes: shown.querySelectorAll('script, img, iframe, svg').length, longest: Math.max(...texts) };
    });
    must(nodes === 0, `call ${number} made elements of its text`);
    must(!/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u001b\u200b]/.test(text), `call ${number} shows what hides`);
    must(longest < 60_000, `call ${number} shows ${longest} characters`);
    must((await page.title()) !== 'run', `call ${number} ran`);
  }
  for (const text of HOSTILE) {
    await page.goto(`${address}#/${encodeURIComponent(text)}/calls`);
    await page.goto(`${address}#/default/${encodeURIComponent(text)}?${encodeURIComponent(text)}`);
    await page.goto(`${address}#/default/calls?path=${encodeURIComponent(text)}`);
    await page.waitForTimeout(50);
    must((await page.title()) !== 'run', `the address ${text} ran`);
  }
  clean();
  await context.close();
  await stop();
}

/** A page of a stranger, as his server sends it. */
function stranger(body) {
  const server = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end(body()));
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, url: `http://localhost:${server.address().port}/` })));
}

/** A stranger's page neither frames the page, nor loads a part of it, nor asks the control API; a link alone works. */
export async function foreign({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context } = await open(browser);
  const { server, url: evil } = await stranger(() => `<!doctype html><title>evil</title><a id="link" href="${address}">see</a>
    <iframe id="frame" src="${address}"></iframe><script src="${address}main.js" onload="window.ran = true"></script>
    <link rel="stylesheet" href="${address}style.css"><img src="${address}icon.svg" onload="window.saw = true">`);
  await page.goto(evil);
  await page.waitForTimeout(500);
  const found = await page.evaluate(async (url) => {
    const tried = {};
    for (const [path, options] of [
      ['/_mock/requests', {}],
      ['/_mock/ui/', {}],
      ['/_mock/reset', { method: 'POST' }],
      ['/_mock/reset', { method: 'POST', mode: 'no-cors', body: '{}' }],
      ['/_mock/faults', { method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '{"action":"stale"}' }],
    ]) {
      tried[`${path} ${JSON.stringify(options)}`] = await fetch(url + path, options).then(
        (answer) => answer.text().then((text) => text.length > 0 && answer.type !== 'opaque'), () => false);
    }
    const opened = window.open(url + '/_mock/ui/');
    await new Promise((resolve) => setTimeout(resolve, 500));
    let reached = false;
    try {
      reached = Boolean(opened.document);
    } catch {}
    return { tried, ran: window.ran === true, saw: window.saw === true, reached, frames: frame.contentDocument?.title };
  }, url);
  const read = Object.entries(found.tried).filter(([, did]) => did);
  must(read.length === 0, `a stranger's page read ${read}`);
  must(!found.ran && !found.saw && !found.reached, `a stranger's page reached ${JSON.stringify(found)}`);
  const framed = page.frames().find((frame) => frame.url().startsWith(address));
  must(!framed || !(await framed.content()).includes('persona-mock</title>'), 'a stranger frames the page');
  must((await control(url, 'faults')).faults.length === 0, 'a stranger armed a fault');
  await page.click('#link');
  await page.getByText('No call has come yet.').waitFor();
  server.close();
  await context.close();
  await stop();
}

/** What a client had stored is no page of this origin, whatever a fault calls it. */
export async function garbled({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--auth', 'off']);
  const { page, context } = await open(browser, { allowed: /./ });
  const script = `<script>document.title='run'; fetch('/_mock/reset', { method: 'POST', body: '{}' })</script>`;
  await make(url, ['PUT', '/api/personas/8', CALLS.axero.write[2], { Name: script }]);
  await fetch(`${url}/_mock/faults`, sends('POST', { action: { garble: 'wrong_content_type' } }));
  await page.goto(`${url}/api/personas/8`);
  await page.waitForTimeout(300);
  must((await page.title()) !== 'run', 'what was stored ran in the origin of the page');
  must((await control(url, 'faults')).faults[0].struck === 1, 'the fault did not strike');
  await page.goto(address);
  await page.locator('.row', { hasText: 'fault' }).waitFor();
  await context.close();
  await stop();
}

/** The token is asked for once; a wrong one is told, and asked for again without a loop. */
export async function token({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--control-token', 's3cret']);
  const { page, context, clean, allow } = await open(browser);
  let asked = 0;
  page.on('request', () => (asked += 1));
  await page.goto(address);
  await page.getByLabel('Control token').fill('wrong');
  // Until then nothing was asked for that wants it.
  clean();
  allow(/status of 401/);
  await page.keyboard.press('Enter');
  await page.getByText('the server does not take this token').waitFor();
  const before = asked;
  await page.waitForTimeout(1500);
  must(asked === before, `${asked - before} requests while the token is asked for`);
  must((await page.locator('input').count()) === 1, 'more than one input');
  await page.getByLabel('Control token').fill('s3cret');
  await page.keyboard.press('Enter');
  await make(url, CALLS.crud.good);
  await page.locator('.row', { hasText: '/crud/personas' }).waitFor();
  await page.reload();
  await page.locator('.row', { hasText: '/crud/personas' }).waitFor();
  await page.getByRole('link', { name: 'Contract' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'JUnit' }).click()]);
  must(download.suggestedFilename() === 'coverage.xml', 'the report is downloaded with the token');
  clean();
  await context.close();
  await stop();
}

/** Left out, it is not there. */
export async function off({ binary }) {
  const { url, stop } = await mock(binary, ['--ui', 'off']);
  const asked = await fetch(`${url}/`, { headers: { accept: 'text/html' }, redirect: 'manual' });
  must(asked.status === 200 && (await asked.json()).name === 'persona-mock', '/ is JSON');
  must((await fetch(`${url}/_mock/ui/`)).status === 404, 'the page is there');
  await stop();
  await until('it ends', () => true);
}
