// What comes late, twice or in another order than it was asked for: answers are held back, and clicks are doubled.

import { CALLS, control, make, mock, must, open, sends, until } from './support.mjs';

const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Holds back the requests that fit until `go`; how many came. */
async function held(page, pattern, fits) {
  let [go, count] = [() => {}, 0];
  const gone = new Promise((resolve) => (go = () => resolve(null)));
  await page.route(pattern, async (route) => {
    if (fits(route.request(), count)) {
      count += 1;
      await gone;
    }
    await route.continue().catch(() => {});
  });
  return { go, count: () => count };
}

/** A double click, or Enter twice, sends once. */
export async function twice({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const there = `${url}/_sandbox/t1`;
  const { page, context, clean } = await open(browser);
  for (const { write } of [CALLS.axero, CALLS.vijil]) await make(there, write);
  await page.goto(`${address}#/t1/state?list=axero.users`);
  await button(page, 'Add a row').click();
  await page.locator('input[form=row]:focus').first().waitFor();
  for (const [name, value] of Object.entries({ UserID: '77', DisplayName: 'New', role: 'Members' })) await page.getByLabel(name, { exact: true }).fill(value);
  const adds = await held(page, '**/_mock/state/axero/users', (request) => request.method() === 'POST');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(200);
  adds.go();
  await button(page, 'Edit 77').waitFor();
  must(adds.count() === 1, `the row is added ${adds.count()} times`);
  must(await page.evaluate(() => document.activeElement.textContent === 'Add a row'), 'the keyboard does not stand where it was');
  const undone = await held(page, '**/_mock/undo', () => true);
  await button(page, 'Undo the last change').dblclick();
  await page.waitForTimeout(200);
  undone.go();
  await button(page, 'Edit 77').waitFor({ state: 'detached' });
  must(undone.count() === 1, `a double click undoes ${undone.count()} changes`);
  clean();
  await context.close();
  await stop();
}

/** What was asked for last is shown, and what was chosen last is set, whichever is answered first. */
export async function late({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const there = `${url}/_sandbox/t1`;
  const { page, context, clean } = await open(browser);
  await make(there, CALLS.crud.good);
  await page.goto(`${address}#/t1/try`);
  const path = page.getByLabel('Path', { exact: true });
  const send = async (target) => {
    await path.fill(target);
    await button(page, 'Send').click();
  };
  const first = await held(page, /\/crud\/personas\?n=first/, () => true);
  await page.getByLabel('Operation').selectOption('crud.list_personas');
  await send('/crud/personas?n=first');
  await until('the first one is under way', () => first.count() === 1);
  await page.getByLabel('Operation').selectOption('axero.get_persona');
  await send('/api/personas/8');
  const answer = page.locator('main section pre');
  await answer.waitFor();
  const shown = await answer.textContent();
  first.go();
  await until('both are answered', async () => (await control(there, 'requests')).requests.some(({ request }) => request.target.includes('n=first')));
  await page.waitForTimeout(300);
  must((await answer.textContent()) === shown, 'a late answer takes the place of a newer one');
  await page.goto(`${address}#/t1/state?list=axero.users`);
  const search = page.getByLabel('Search the rows');
  const old = await held(page, /state\/axero\/users\?.*search=1302/, () => true);
  await search.fill('1302');
  await search.press('Enter');
  await until('the first search is under way', () => old.count() === 1);
  await search.fill('nobody is called so');
  await search.press('Enter');
  await page.getByText('No row.').waitFor();
  old.go();
  await page.waitForTimeout(300);
  must(await page.getByText('No row.').isVisible(), 'a late answer takes the place of a newer one');
  await page.goto(`${address}#/t1/world`);
  const auth = page.getByLabel('Which credentials pass');
  const settings = await held(page, '**/_mock/settings', (request, count) => request.method() === 'PUT' && count === 0);
  await auth.selectOption('strict');
  await auth.selectOption('any');
  await auth.selectOption('off');
  settings.go();
  await until('what was chosen last is set', async () => (await control(there, 'settings')).auth === 'off');
  await until('what is set is shown', async () => (await auth.inputValue()) === 'off');
  await page.waitForTimeout(300);
  must((await auth.inputValue()) === 'off', 'what is set is shown, and then something else');
  clean();
  await context.close();
  await stop();
}

/** What is being written at the top of a screen stays, whatever is read meanwhile, and counts once it is entered. */
export async function written({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser);
  await make(`${url}/_sandbox/t1`, CALLS.axero.write);
  await make(`${url}/_sandbox/t2`, CALLS.axero.write);
  const rows = await held(page, /state\/axero\/users\?/, (_, count) => count === 0);
  await page.goto(`${address}#/t1/state?list=axero.users`);
  const search = page.getByLabel('Search the rows');
  await search.pressSequentially('nobody is');
  await until('the rows are asked for', () => rows.count() === 1);
  rows.go();
  await page.getByText(/^1–\d/).waitFor();
  must((await search.inputValue()) === 'nobody is', 'what is written is lost as the rows come');
  await search.pressSequentially(' called so');
  await search.press('Enter');
  await page.getByText('No row.').waitFor();
  await page.goBack();
  await page.getByText(/^1–\d/).waitFor();
  must((await search.inputValue()) === '', 'a search that was left is still shown');
  const names = await held(page, '**/_mock/sandboxes', () => true);
  const sandbox = page.getByLabel('Sandbox', { exact: true });
  await sandbox.focus();
  await until('the names are asked for', () => names.count() === 1);
  await sandbox.fill('t');
  names.go();
  await page.locator('#sandboxes option[value=t2]').waitFor({ state: 'attached' });
  must((await sandbox.inputValue()) === 't', 'what is written is lost as the names come');
  await sandbox.pressSequentially('2');
  await sandbox.press('Enter');
  await page.waitForURL(/#\/t2\/state/);
  clean();
  await context.close();
  await stop();
}

/** A server that is slower than the page asks is read all the same, and what was written in a form stays while it fails. */
export async function slow({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context } = await open(browser, { allowed: /status of 503|ERR_FAILED/ });
  await make(`${url}/_sandbox/t1`, CALLS.crud.good);
  await page.goto(`${address}#/t1/faults`);
  await page.getByText('No fault is armed.').waitFor();
  await page.getByLabel('Armed for').fill('7m');
  let fails = false;
  await page.route('**/_mock/faults', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 2500));
    if (fails) await route.abort();
    else await route.continue();
  });
  await fetch(`${url}/_sandbox/t1/_mock/faults`, sends('POST', { id: 'slowly', action: 'stale' }));
  await page.getByRole('cell', { name: 'slowly', exact: true }).waitFor();
  fails = true;
  await page.getByRole('alert').waitFor();
  must((await page.getByLabel('Armed for').inputValue()) === '7m', 'what was written is lost');
  must(await page.getByRole('cell', { name: 'slowly', exact: true }).isVisible(), 'what was there is no longer shown');
  fails = false;
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await context.close();
  await stop();
}

/** A reading again that is refused, however late, leaves what was read and what is written in a row, and is told once. */
export async function reread({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary, ['--max-sandboxes', '1']);
  const { page, context, clean } = await open(browser, { allowed: /status of (404|503)/ });
  const alerts = page.getByRole('alert');
  const difference = page.getByText('Nothing is otherwise.');
  const input = page.getByLabel('DisplayName', { exact: true });
  const stays = async (what) => {
    must((await input.count()) === 1, `${what}: what was written is lost`);
    must((await input.inputValue()) === 'Written', `${what}: what was written becomes ${await input.inputValue()}`);
  };
  const told = async (what) => {
    await alerts.first().waitFor();
    // What else is asked for is refused as well by then.
    await page.waitForTimeout(300);
    must((await alerts.count()) === 1, `${what} is told ${await alerts.count()} times`);
    await stays(what);
    must(await button(page, 'Edit 1245').isVisible(), `${what}: what was read is no longer shown`);
    must(await difference.isVisible(), `${what}: the difference is no longer shown`);
  };
  await make(`${url}/_sandbox/t1`, CALLS.crud.good);
  await page.goto(`${address}#/t1/state?list=axero.users`);
  await page.getByLabel('Since when').selectOption('the start');
  await difference.waitFor();
  await button(page, 'Edit 1302').click();
  await input.fill('Written');
  const late = await held(page, /\/_mock\/(?!ui)/, (request) => request.method() === 'GET');
  await button(page, 'Read again').click();
  await until('it is read again', () => late.count() > 0);
  await until('t1 makes room', async () => {
    await make(`${url}/_sandbox/other`, CALLS.crud.good);
    return (await control(url, 'sandboxes')).sandboxes.every(({ name }) => name !== 't1');
  });
  late.go();
  await told('a sandbox that is evicted meanwhile');
  await button(page, 'Make t1').click();
  await alerts.waitFor({ state: 'detached' });
  await stays('a sandbox that is made again');
  for (const part of [/\/state\/axero\/users\?/, /\/state\/diff/, /\/snapshots/, /\/state\//, /\/_mock\/(?!ui)/]) {
    await page.route(part, (route) => route.fulfill({ status: 503 }));
    await button(page, 'Read again').click();
    await told(`503 for ${part}`);
    await page.unroute(part);
    await button(page, 'Look again').click();
    await alerts.waitFor({ state: 'detached' });
    await stays(`503 for ${part}, and then none`);
  }
  await page.getByLabel('Search the rows').fill('nobody is called so');
  await page.keyboard.press('Enter');
  await button(page, 'Edit 1245').waitFor({ state: 'detached' });
  await stays('a search that finds nothing');
  await button(page, 'Save').click();
  await page.getByText('No row.').waitFor();
  must((await control(`${url}/_sandbox/t1`, 'state/axero/users/1302')).DisplayName === 'Written', 'the row is not saved');
  await page.goto(`${address}#/t1/try`);
  const path = page.getByLabel('Path', { exact: true });
  await path.fill('/written');
  await page.route('**/_mock/routes*', (route) => route.fulfill({ status: 503 }));
  await page.goto(`${address}#/t1/try?operation=crud.list_personas`);
  await alerts.waitFor();
  must((await path.inputValue()) === '/written', 'a request that was written is lost');
  await page.unroute('**/_mock/routes*');
  await button(page, 'Try again').click();
  await until('the request that was asked for is there', async () => (await path.inputValue()) === '/crud/personas');
  must((await alerts.count()) === 0, 'what was refused is told still');
  clean();
  await context.close();
  await stop();
}

/** A row that is opened has the keyboard as soon as it can be written in, and takes it from nobody who writes already. */
export async function opened({ binary, browser }) {
  const { page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser);
  await page.goto(`${address}#/default/state?list=axero.users`);
  await button(page, 'Edit 1302').waitFor();
  const { first, later } = await page.evaluate(async () => {
    const [edit] = [...document.querySelectorAll('button')].filter((one) => one.ariaLabel === 'Edit 1302');
    edit.click();
    const name = () => document.activeElement.getAttribute('name');
    const sought = () => document.querySelector('[name=DisplayName]');
    // What draws the row comes before the next frame, and so does who looks on here.
    while (!sought()) await null;
    const first = name();
    sought().focus();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { first, later: name() };
  });
  must(first === 'UserID', `the keyboard stands at ${first} when the row is drawn`);
  must(later === 'DisplayName', `who writes at DisplayName finds himself at ${later}`);
  clean();
  await context.close();
  await stop();
}
