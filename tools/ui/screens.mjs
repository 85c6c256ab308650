// Every screen, used as people use it, against all four providers.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CALLS, control, make, mock, must, open, sends, until } from './support.mjs';

const row = (page, text) => page.locator('.row', { hasText: text });
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Copies what a button copies. */
async function copied(page, name) {
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await page.getByRole('button', { name, exact: true }).click();
  await until(`${name} is copied`, async () => (await clipboard(page)) !== '');
  return clipboard(page);
}

/** Calls come as they happen, each says what is wrong with it, and can be copied. */
export async function calls({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  // The browser itself complains of what the copied `fetch` is refused.
  const { page, context, clean } = await open(browser, { permissions: ['clipboard-read', 'clipboard-write'], allowed: /status of 4\d\d/ });
  await page.goto(`${url}/`);
  must(page.url() === address, `/ leads to ${page.url()}`);
  await page.getByText('No call has come yet.').waitFor();
  for (const [provider, kinds] of Object.entries(CALLS)) {
    const statuses = {};
    for (const [kind, call] of Object.entries(kinds)) statuses[kind] = await make(url, call);
    await page.locator('.row', { hasText: kinds.missed[1] }).filter({ hasText: 'near miss' }).first().waitFor();
    await page.locator('.row', { hasText: kinds.bad[1].slice(0, 40) }).filter({ hasText: 'invalid' }).first().click();
    const detail = page.getByRole('article', { name: 'The call' });
    await detail.locator('.hint').first().waitFor();
    must((await detail.locator('.marked').count()) > 0, `${provider}: no field is marked`);
    const curl = await copied(page, 'curl');
    const status = execFileSync('bash', ['-c', `${curl} -o /dev/null -w '%{http_code}'`], { encoding: 'utf8' });
    must(Number(status) === statuses.bad, `${provider}: ${curl} is answered ${status}, not ${statuses.bad}`);
    const script = await copied(page, 'fetch');
    const fetched = await page.evaluate(`(async () => { const a = ${script.replace(/;$/, '')}; return a.status; })()`);
    must(fetched === statuses.bad, `${provider}: ${script} is answered ${fetched}`);
    const verified = await fetch(`${url}/_mock/verify`, sends('POST', JSON.parse(await copied(page, 'verify expectation'))));
    must([200, 409].includes(verified.status), `${provider}: the expectation is no expectation: ${await verified.text()}`);
    must(/^[A-Z]+ \/[^]*\nHTTP \d{3}\n/.test(await copied(page, '.http case')), `${provider}: no case`);
    await page.keyboard.press('Escape');
  }
  const count = page.locator('.bar .count');
  const before = await count.textContent();
  await page.getByRole('button', { name: 'Pause' }).click();
  await make(url, CALLS.crud.good);
  await page.getByRole('button', { name: /Go on \(1 new\)/ }).click();
  await until('the list goes on', async () => (await count.textContent()) !== before);
  await page.getByRole('button', { name: 'Filter…' }).click();
  await page.getByLabel('status', { exact: false }).first().fill('4xx');
  await page.getByLabel('provider', { exact: false }).first().fill('vijil');
  await page.getByRole('button', { name: 'Show these calls' }).click();
  await row(page, '/v1/persona/').waitFor();
  must((await row(page, '/crud/').count()) === 0, 'the filter keeps calls of another provider');
  await make(url, CALLS.vijil.missed);
  await until('a call that fits comes', async () => (await row(page, '/v1/persona/').count()) === 2);
  must(page.url().includes('provider=vijil'), 'the filter stands in the address');
  await page.getByRole('button', { name: /^provider.*remove this filter/ }).click();
  await page.getByRole('button', { name: /^status.*remove this filter/ }).click();
  await row(page, '/crud/').first().waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('No call has come yet.').waitFor();
  await make(`${url}/_sandbox/other`, CALLS.crud.good);
  await page.goto(`${address}#/third/calls`);
  await page.getByRole('link', { name: 'other' }).click();
  await row(page, '/crud/personas').waitFor();
  await page.goto(`${address}#/*/calls`);
  await row(page, 'other').waitFor();
  const { sandboxes } = await control(url, 'sandboxes');
  must(!sandboxes.some(({ name }) => name === 'third'), 'opening a link made a sandbox');
  clean();
  await context.close();
  await stop();
}

/** Faults are armed by a click, strike, and go; limits are set. */
export async function faults({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser, { allowed: /status of 400/ });
  await make(`${url}/_sandbox/t1`, CALLS.crud.good);
  await page.goto(`${address}#/t1/faults`);
  for (const [provider, { good }] of Object.entries(CALLS)) {
    const { requests } = await control(`${url}`, 'requests?order=newest&limit=1');
    must(requests.length === 0, 'the default sandbox was called');
    await make(`${url}/_sandbox/t1`, good);
    const [{ operation }] = (await control(`${url}/_sandbox/t1`, 'requests?order=newest&limit=1')).requests;
    await page.getByRole('button', { name: `Answer ${operation} with 503`, exact: true }).first().click();
    await page.getByRole('cell', { name: `operation ${operation}` }).waitFor();
    must((await make(`${url}/_sandbox/t1`, good)) === 503, `${provider}: the fault does not strike`);
    must((await make(`${url}/_sandbox/t1`, good)) === 200, `${provider}: the fault strikes twice`);
    await page.getByRole('cell', { name: '1 of 2' }).waitFor();
    await page.getByRole('button', { name: /^Remove fault/ }).click();
    await page.getByText('No fault is armed.').waitFor();
    await page.getByLabel(`Limit of ${provider}`).fill('1/1h');
    await page.getByLabel(`Limit of ${provider}`).press('Enter');
    await page.getByRole('cell', { name: /^1\/1h \(/ }).waitFor();
    await make(`${url}/_sandbox/t1`, good);
    must((await make(`${url}/_sandbox/t1`, good)) === 429, `${provider}: the limit does not limit`);
    await page.getByRole('button', { name: `Off: no limit for ${provider}` }).click();
    await until('the limit goes', async () => (await page.getByRole('cell', { name: /^1\/1h \(/ }).count()) === 0);
  }
  await page.getByLabel('What happens').selectOption('cut before the answer');
  await page.getByRole('button', { name: 'Arm for every operation' }).click();
  await page.getByRole('cell', { name: 'cut before_answer' }).waitFor();
  await page.getByLabel('Armed for').fill('soon');
  await page.getByRole('button', { name: 'Arm for every operation' }).click();
  await page.getByRole('alert').filter({ hasText: 'soon' }).waitFor();
  clean();
  await context.close();
  await stop();
}

/** What was exercised is shown, with what is left, and can be taken away. */
export async function contract({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--coverage-level', 'fields']);
  const { page, context, clean } = await open(browser);
  for (const kinds of Object.values(CALLS)) for (const call of Object.values(kinds)) await make(url, call);
  await page.goto(`${address}#/default/contract`);
  for (const provider of Object.keys(CALLS)) {
    const map = page.getByRole('region', { name: `Statuses of ${provider}` });
    await map.waitFor();
    must((await map.locator('td.hit').count()) > 0, `${provider}: nothing is exercised`);
    must((await map.locator('td.guess').count()) > 0, `${provider}: nothing is guessed`);
  }
  await page.getByRole('button', { name: 'Find the gaps' }).click();
  await page.getByRole('button', { name: 'Copy curl' }).first().waitFor({ timeout: 60_000 });
  for (const [name, start] of [['JUnit', '<?xml'], ['Markdown', '#'], ['CTRF', '{'], ['page', '<!']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
    const text = readFileSync(await download.path(), 'utf8');
    must(text.trimStart().toLowerCase().startsWith(start), `${name}: ${text.slice(0, 40)}`);
  }
  await page.getByLabel('Whose calls').selectOption('the whole run');
  await page.getByText(/^Exercised:/).waitFor();
  clean();
  await context.close();
  await stop();
}

/** Answers are counted as they come. */
export async function numbers({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser);
  await page.goto(`${address}#/default/numbers`);
  await page.getByText('Answers a second').waitFor();
  for (const kinds of Object.values(CALLS)) for (const call of Object.values(kinds)) await make(url, call);
  await until('bars are drawn', async () => (await page.locator('svg.chart rect').count()) > 0);
  clean();
  await context.close();
  await stop();
}

/** A request of any vendor is composed and sent, without a cookie. */
export async function tries({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await context.addCookies([{ name: 'session', value: 'app', url }]);
  await page.goto(`${address}#/t1/try`);
  for (const [provider, { good }] of Object.entries(CALLS)) {
    const { routes } = await control(url, 'routes');
    const path = good[1].split('?')[0];
    const route = routes.find((one) => one.provider === provider && one.method === 'GET' && new RegExp(`^${one.path.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(path));
    await page.getByLabel('Operation').selectOption(route.operation);
    await page.getByLabel('Path', { exact: true }).fill(good[1]);
    await page.getByRole('button', { name: 'Send' }).click();
    await until(`${provider} answers`, async () => {
      const { requests } = await control(`${url}/_sandbox/t1`, 'requests?order=newest&limit=1');
      return requests[0]?.provider === provider && requests[0].answer.status === 200;
    });
  }
  const { requests } = await control(`${url}/_sandbox/t1`, 'requests');
  must(!requests.some(({ request }) => request.headers.some(([name]) => name === 'cookie')), 'a cookie was sent');
  must((await copied(page, 'Base URL')) === `${url}/_sandbox/t1`, 'the base URL');
  must((await copied(page, 'axios')).includes(`${url}/_sandbox/t1`), 'the base URL for axios');
  clean();
  await context.close();
  await stop();
}
