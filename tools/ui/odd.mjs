// What is odd: nonsense in the address, sandboxes that go while the page shows them, a server with a token or no history.

import { CALLS, control, make, mock, must, open, sends, until } from './support.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });
const isThere = async (url, name) => (await control(url, 'sandboxes')).sandboxes.some((one) => one.name === name);

/** What stands behind the `#`, and what the screen then says. */
const ADDRESSES = [
  ['/t1/state?list=crud.personas&offset=abc', /^1–\d+ of/],
  ['/t1/state?list=crud.personas&offset=-100', /^1–\d+ of/],
  ['/t1/state?list=crud.personas&offset=1.5', /–\d+ of/],
  ['/t1/state?list=crud.personas&offset=1e9', /–\d+ of/],
  ['/t1/state?list=crud.personas&offset=999999999', /–\d+ of/],
  ['/t1/state?list=crud.personas&offset=99999999999999999999&offset=NaN', /–\d+ of/],
  ['/t1/state?list=crud.personas&offset=7&search=%00nothing%E0%A4', /No row/],
  ['/t1/state?list=__proto__', /–\d+ of/],
  ['/t1/nowhere', /There is no screen/],
  ['/t1/__proto__', /There is no screen/],
  ['/t1/%E0%A4', /There is no screen/],
  [`/t1/${'x'.repeat(20_000)}`, /There is no screen/],
  ['/%E0%A4/state', /is no name of a sandbox/],
  ['/a%20b/calls', /is no name of a sandbox/],
  [`/${'x'.repeat(20_000)}/world`, /is no name of a sandbox/],
  ['/t1%2Fcalls', /is no name of a sandbox/],
  ['/*/state', /Choose it above/],
  ['/*/try', /Choose it above/],
  ['/nobody/faults', /No fault is armed/],
  ['//', /No call has come yet/],
  ['?', /No call has come yet/],
  ['/t1/calls?', /No call has come yet/],
  ['/t1/calls?nonsense=1', /nonsense/],
  ['/t1/calls?limit=abc&cursor=x', /limit|cursor/],
  [`/t1/calls?path=/${'x'.repeat(300)}`, /No call is as the filter says/],
  [`/t1/calls?path=${'x'.repeat(20_000)}`, /./],
  ['/t1/contract?x=%', /Exercised: \d+ of \d+ operations, \d+ of \d+ statuses\./],
  ['/t1/try?operation=nowhere', /Base URL/],
  ['/t1/try?from=nowhere', /no exchange/],
];

/** No nonsense in the address leads to a screen that shows nonsense, and none to two messages. */
export async function addresses({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean, allow } = await open(browser);
  await fetch(`${url}/_mock/sandboxes/t1`, sends('PUT', {}));
  for (const [odd, told] of ADDRESSES) {
    // What the former address asked for is over.
    await page.goto('about:blank');
    // The server is asked for what it has not by these alone.
    allow(/calls\?(nonsense|limit|path=x{9999})|from=/.test(odd) ? /status of 40[04]/ : /$^/);
    await page.goto(`${address}#${odd}`);
    await page.locator('main').getByText(told).first().waitFor().catch(() => must(false, `${odd.slice(0, 80)} does not say ${told}`));
    const text = await page.locator('#page').innerText();
    must(!/NaN|undefined|\[object/.test(text.replace(odd, '')), `${odd.slice(0, 80)} shows ${/.*(NaN|undefined|\[object).*/.exec(text)?.[0]}`);
    must((await page.getByRole('alert').count()) <= 1, `${odd.slice(0, 80)} is told twice`);
    must((await page.locator('nav a').count()) >= 7, `${odd.slice(0, 80)} leaves no way on`);
    clean();
  }
  must((await control(url, 'sandboxes')).sandboxes.length === 2, 'looking made a sandbox');
  await context.close();
  await stop();
}

/** A change in a sandbox that was deleted meanwhile makes no other: it is told, with what can be done. */
export async function deleted({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser, { allowed: /status of 404/ });
  const remake = () => fetch(`${url}/_mock/sandboxes/t1`, sends('PUT', {}));
  const refused = async (what) => {
    await page.getByRole('alert').filter({ hasText: 'there is no sandbox `t1`' }).first().waitFor();
    await until(`${what} is told once`, async () => (await page.getByRole('alert').count()) === 1);
    must(!(await isThere(url, 't1')), `${what} made a sandbox`);
  };
  const acts = {
    calls: () => button(page, 'Clear').click(),
    world: () => button(page, 'Freeze').click(),
    faults: () => button(page, 'Answer axero.get_persona with 404').click(),
    state: () => button(page, 'Undo the last change').click(),
  };
  for (const [screen, act] of Object.entries(acts)) {
    await remake();
    await make(`${url}/_sandbox/t1`, CALLS.axero.write);
    await page.goto(`${address}#/t1/${screen}`);
    await page.getByRole('button').first().waitFor();
    await page.waitForTimeout(500);
    await fetch(`${url}/_mock/sandboxes/t1`, { method: 'DELETE' });
    await act();
    await refused(screen);
    must(await page.getByRole('link', { name: 'All sandboxes' }).isVisible(), `${screen} leads to no other sandbox`);
    await button(page, 'Make t1').click();
    await until(`${screen} makes it when told`, () => isThere(url, 't1'));
    await page.getByRole('alert').waitFor({ state: 'detached' });
  }
  await page.goto(`${address}#/t1/state?list=axero.users`);
  await button(page, 'Edit 1302').click();
  const input = page.getByLabel('DisplayName', { exact: true });
  await input.fill('Written');
  // What the page read anew when the sandbox was made is over.
  await page.waitForTimeout(500);
  must((await input.inputValue()) === 'Written', `what is written becomes ${await input.inputValue()}`);
  await fetch(`${url}/_mock/sandboxes/t1`, { method: 'DELETE' });
  await button(page, 'Save').click();
  await refused('a row');
  must((await input.inputValue()) === 'Written', `a refusal makes of what was written ${await input.inputValue()}`);
  await button(page, 'Make t1').click();
  await until('it is made', () => isThere(url, 't1'));
  await page.getByRole('alert').waitFor({ state: 'detached' });
  must((await input.inputValue()) === 'Written', `what was written becomes ${await input.inputValue()} once the sandbox is made`);
  await button(page, 'Save').click();
  await until('the row is saved', async () => (await control(`${url}/_sandbox/t1`, 'state/axero/users/1302')).DisplayName === 'Written');
  clean();
  await context.close();
  await stop();
}

/** A sandbox that makes room for another under the page says so once, on each screen. */
export async function evicted({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--max-sandboxes', '1']);
  const { page, context, clean } = await open(browser, { allowed: /status of 404/ });
  let number = 0;
  for (const screen of ['state', 'world', 'faults', 'contract']) {
    const name = `t${(number += 1)}`;
    await make(`${url}/_sandbox/${name}`, CALLS.crud.good);
    await page.goto(`${address}#/${name}/${screen}`);
    const again = { state: 'Read again', world: 'Read again', contract: 'Count again' }[screen];
    if (again) await button(page, again).waitFor();
    else await button(page, 'Answer axero.get_persona with 404').waitFor();
    // As long as a request of the page is under way, it stays.
    await until(`${name} makes room`, async () => (await make(`${url}/_sandbox/x${name}`, CALLS.crud.good)) === 200 && !(await isThere(url, name)));
    if (again) await button(page, again).click();
    await page.getByRole('alert').filter({ hasText: 'was evicted' }).first().waitFor();
    // Parts of a screen that ask at once learn of it one after the other.
    await until(`${screen} tells it once`, async () => (await page.getByRole('alert').count()) === 1);
    must(await button(page, `Make ${name}`).isVisible(), `${screen}: what to do next is not told`);
  }
  clean();
  await context.close();
  await stop();
}

/** With a token, State and World read and change as without one, and the page never asks before it has it. */
export async function guarded({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--control-token', 's3cret']);
  const { page, context, clean } = await open(browser);
  const headers = { authorization: 'Bearer s3cret' };
  const there = (path) => control(`${url}/_sandbox/t1`, path, { headers });
  await make(`${url}/_sandbox/t1`, CALLS.axero.good);
  await page.goto(`${address}#/t1/state?list=axero.users`);
  await page.getByLabel('Control token').fill('s3cret');
  await page.keyboard.press('Enter');
  await button(page, 'Edit 1302').click();
  await page.getByLabel('DisplayName', { exact: true }).fill('Guarded');
  await page.keyboard.press('Enter');
  await until('the row is saved', async () => (await there('state/axero/users/1302')).DisplayName === 'Guarded');
  const [exported] = await Promise.all([page.waitForEvent('download'), button(page, 'Export axero as a fixture').click()]);
  must(exported.suggestedFilename() === 'axero.json', 'the fixture is downloaded with the token');
  await button(page, 'Undo the last change').click();
  await until('it is undone', async () => (await there('state/axero/users/1302')).DisplayName !== 'Guarded');
  await page.getByRole('link', { name: 'World' }).click();
  await button(page, 'Freeze').click();
  await until('the clock stands', async () => (await there('clock')).mode === 'frozen');
  await page.getByLabel('Name of a snapshot').fill('first');
  await page.keyboard.press('Enter');
  await button(page, 'Restore first').waitFor();
  clean();
  await context.close();
  await stop();
}

/** Without a history nothing offers to go back, and each says why. */
export async function pastless({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--history-bytes', '0']);
  const { page, context, clean } = await open(browser);
  await make(url, CALLS.axero.write);
  for (const screen of ['calls', 'state', 'world']) {
    await page.goto(`${address}#/default/${screen}`);
    if (screen === 'calls') await page.locator('.row').first().click();
    await page.getByText('keeps no history (--history-bytes 0)').waitFor();
    must((await page.getByRole('button', { name: /Undo|Back to before|Go to/ }).count()) === 0, `${screen} offers a way back`);
    must((await page.getByRole('alert').count()) === 0, `${screen} is told of an error`);
  }
  clean();
  await context.close();
  await stop();
}
