// The stream of calls: lost and found again, shared by tabs, closed by a hidden one; and what becomes of a sandbox.

import { CALLS, control, make, mock, must, open, until } from './support.mjs';

/** How many streams of events a server has open. */
async function streams(url) {
  const text = await control(url, 'metrics');
  return Number(/^persona_mock_\w*streams?\w* (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

/** A server that goes and comes is told, and followed again. */
export async function lost({ binary, browser }) {
  const first = await mock(binary);
  const { page, context } = await open(browser, { allowed: /./ });
  await page.goto(first.page);
  await make(first.url, CALLS.crud.good);
  await page.locator('.row').waitFor();
  await first.stop();
  await page.getByText('The stream of calls is lost').waitFor();
  const second = await mock(binary, [], new URL(first.url).port);
  await make(second.url, CALLS.crud.good);
  await page.getByText('The stream of calls is lost').waitFor({ state: 'detached', timeout: 15_000 });
  await make(second.url, CALLS.vijil.good);
  await page.locator('.row', { hasText: '/v1/users/me/teams' }).waitFor();
  // A server that is started again gives the same ids, and knows nothing of the calls before.
  await until('its calls stand there, and those before do not', async () => (await page.locator('.row').count()) === 2);
  await page.locator('.row', { hasText: '/crud/personas' }).click();
  await page.getByRole('button', { name: 'Close the call' }).waitFor();
  must((await page.getByText('no exchange').count()) === 0, 'a call of the server before is shown');
  await context.close();
  await second.stop();
}

/** A call that comes between the list and a stream that is slow to open stands in the list. */
export async function between({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser);
  let opens;
  const opened = new Promise((resolve) => (opens = resolve));
  await page.route('**/_mock/events*', async (route) => {
    await opened;
    await route.continue();
  });
  await page.goto(address);
  await page.getByText('No call has come yet.').waitFor();
  await make(url, CALLS.crud.good);
  opens();
  await page.locator('.row', { hasText: '/crud/personas' }).waitFor();
  clean();
  await context.close();
  await stop();
}

/** Calls that the journal no longer keeps are counted. */
export async function missed({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--journal-size', '5']);
  const { page, context, clean } = await open(browser);
  await page.goto(address);
  await make(url, CALLS.crud.good);
  await page.locator('.row').waitFor();
  await hide(page, true);
  for (let number = 0; number < 12; number += 1) await make(url, CALLS.crud.good);
  await hide(page, false);
  await page.getByText(/7 calls went by unseen/).waitFor();
  await page.getByRole('button', { name: 'Hide' }).click();
  await page.getByText(/went by unseen/).waitFor({ state: 'detached' });
  clean();
  await context.close();
  await stop();
}

/** Says to a page whether it is hidden, as a browser does when another tab comes to the front. */
const hide = (page, hidden) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

/** Tabs of one browser share a stream, and hidden ones have none. */
export async function shared({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser);
  const others = [await context.newPage(), await context.newPage(), await context.newPage()];
  const all = [page, ...others];
  for (const one of all) {
    await one.goto(address);
    await one.getByText('No call has come yet.').waitFor();
  }
  await until('one stream is open', async () => (await streams(url)) === 1);
  await make(url, CALLS.crud.good);
  for (const one of all) await one.locator('.row').waitFor();
  // The one that reads goes: another reads on, and nothing is missed.
  await page.close();
  await until('another one reads', async () => (await streams(url)) === 1);
  await make(url, CALLS.vijil.good);
  for (const one of others) await one.locator('.row', { hasText: '/v1/users/me/teams' }).waitFor();
  for (const one of others) await hide(one, true);
  await until('hidden tabs have no stream', async () => (await streams(url)) === 0);
  await make(url, CALLS.axero.good);
  await hide(others[1], false);
  await others[1].locator('.row', { hasText: '/api/personas/8' }).waitFor();
  await until('one that is seen has one', async () => (await streams(url)) === 1);
  clean();
  await context.close();
  await stop();
}

/** A sandbox that expired says so, and not that nothing came. */
export async function expired({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--sandbox-ttl', '1s']);
  const { page, context } = await open(browser, { allowed: /status of 404/ });
  await make(`${url}/_sandbox/t1`, CALLS.crud.good);
  await until('it expires', async () => !(await control(url, 'sandboxes')).sandboxes.some(({ name }) => name === 't1'), 20_000);
  await page.goto(`${address}#/t1/calls`);
  await page.getByRole('alert').filter({ hasText: 'expired' }).waitFor();
  await page.waitForTimeout(1000);
  must((await page.getByRole('alert').count()) === 1, 'it is told twice');
  await make(`${url}/_sandbox/t1`, CALLS.crud.good);
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.locator('.row').waitFor();
  must(await page.locator('.live.live').isVisible(), 'the stream is back');
  await context.close();
  await stop();
}
