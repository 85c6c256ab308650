// The data of a sandbox and the sandbox itself, used as people use them, against all four providers.

import { readFileSync } from 'node:fs';
import { CALLS, control, make, mock, must, open, sends, until } from './support.mjs';

/** A list of each provider: a text of a row of it, what that may not be, who is referred to, and a new row. */
const ROWS = {
  axero: { list: 'users', id: '1302', text: 'DisplayName', wrong: ['role', 'Nobody'], fresh: { UserID: '77', DisplayName: 'New', role: 'Members' }, fault: 'the name of a role' },
  equals_money: { list: 'teams', text: 'name', wrong: ['accountId', 'F0'], fault: 'account' },
  vijil: { list: 'personas', text: 'name', wrong: ['team_id', 'nobody'], fault: 'UUID' },
  crud: { list: 'projects', text: 'name', wrong: ['owner', 'nobody'], fault: 'UUID' },
};

/** A text that would do harm if it were taken for markup, for a path or for a number. */
const HOSTILE = '<script>document.title="run"</script>"\'\u202e\u0007 ../%2e${1}';

const rows = async (url, provider, list) => (await control(url, `state/${provider}/${list}`)).rows;
const cell = (page, name) => page.getByRole('cell').filter({ has: page.getByLabel(name, { exact: true }) });
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Opens a list, and the first row of it to be edited, or the row of an id. */
async function edit(page, address, provider, list, id) {
  await page.goto(`${address}#/t1/state?list=${provider}.${list}`);
  await page.getByRole('table', { name: `${provider}.${list}` }).waitFor();
  await page.getByRole('button', { name: id === undefined ? /^Edit / : `Edit ${id}` }).first().click();
  await ready(page);
}

/** The page gives the keyboard to the first input of a row; whoever writes before that writes there. */
const ready = (page) => page.locator(':is(input, select, textarea)[form=row]:focus').waitFor();

/** Rows are changed in place and as JSON, what is wrong is told at its field, and all of it can be undone. */
export async function state({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const there = `${url}/_sandbox/t1`;
  // What is refused is what a person wrote, and a row that others refer to.
  const { page, context, clean } = await open(browser, { allowed: /status of 40[09]/ });
  await make(there, CALLS.axero.good);
  for (const [provider, { list, text, wrong: [field, value], fault }] of Object.entries(ROWS)) {
    const [{ id, row: before }] = await rows(there, provider, list);
    const now = async () => (await control(there, `state/${provider}/${list}/${encodeURIComponent(id)}`))[text];
    await edit(page, address, provider, list);
    await page.getByLabel(text, { exact: true }).fill(HOSTILE);
    await page.keyboard.press('Enter');
    await until(`${provider}: the row is saved`, async () => (await now()) === HOSTILE);
    await page.getByRole('cell', { name: '<script>document.title' }).first().waitFor();
    must((await page.title()) !== 'run', `${provider}: a text ran`);
    await until(`${provider}: the keyboard stands where it was`, () => page.evaluate(() => document.activeElement.textContent === 'Edit'));
    await button(page, `Edit ${id}`).click();
    await ready(page);
    await page.getByLabel(field, { exact: true }).fill(value);
    await page.getByLabel(text, { exact: true }).fill('not saved');
    await button(page, 'Save').click();
    await cell(page, field).getByRole('alert').filter({ hasText: fault }).waitFor();
    must((await now()) === HOSTILE, `${provider}: a faulty row is saved`);
    must((await page.getByLabel(text, { exact: true }).inputValue()) === 'not saved', `${provider}: what was written is lost`);
    await page.keyboard.press('Escape');
    await page.getByLabel('Since when').selectOption('the start');
    await page.getByRole('region', { name: 'Changes' }).getByText(JSON.stringify(before[text])).waitFor();
    await button(page, 'Undo the last change').click();
    await until(`${provider}: it is undone`, async () => (await now()) === before[text]);
    await until(`${provider}: the difference is gone`, async () => (await page.locator('td.json', { hasText: '<script>' }).count()) === 0);
    await page.getByLabel('Search the rows').fill(id.toUpperCase());
    await page.keyboard.press('Enter');
    await until(`${provider}: the search finds`, async () => /search=/.test(page.url()) && (await page.getByRole('button', { name: /^Edit / }).count()) >= 1);
    await button(page, `Edit ${id}`).click();
    await ready(page);
    await button(page, 'As JSON').click();
    const json = page.getByLabel('The row', { exact: true });
    const whole = JSON.parse(await json.inputValue());
    must(JSON.stringify(whole) === JSON.stringify(before), `${provider}: the row as JSON is ${JSON.stringify(whole)}`);
    await json.fill(`${JSON.stringify(whole)},`);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByRole('alert').filter({ hasText: 'JSON' }).waitFor();
    await json.fill(JSON.stringify({ ...whole, [text]: 'As JSON' }));
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await until(`${provider}: the JSON is saved`, async () => (await now()) === 'As JSON');
    const [exported] = await Promise.all([page.waitForEvent('download'), button(page, `Export ${provider} as a fixture`).click()]);
    const fixture = JSON.parse(readFileSync(await exported.path(), 'utf8'));
    must(fixture[list].some((row) => row[text] === 'As JSON'), `${provider}: the fixture is not what is there`);
    must(exported.suggestedFilename() === `${provider}.json`, exported.suggestedFilename());
    const loaded = await fetch(`${url}/_mock/sandboxes/loaded`, sends('PUT', { fixtures: { [provider]: fixture } }));
    must(loaded.status === 201, `${provider}: the fixture does not load: ${await loaded.text()}`);
  }
  const { list, id, fresh } = ROWS.axero;
  await edit(page, address, 'axero', list, id);
  await button(page, 'Delete').click();
  await page.getByRole('alert').filter({ hasText: 'refer to this one' }).waitFor();
  await page.keyboard.press('Escape');
  await button(page, 'Add a row').click();
  await ready(page);
  await button(page, 'Save').click();
  await cell(page, 'UserID').getByRole('alert').waitFor();
  for (const [name, value] of Object.entries(fresh)) await page.getByLabel(name, { exact: true }).fill(value);
  await page.keyboard.press('Enter');
  await button(page, `Edit ${fresh.UserID}`).click();
  await ready(page);
  must((await rows(there, 'axero', list)).at(-1).row.DisplayName === 'New', 'the row is added');
  await button(page, 'Delete').click();
  await until('the row is deleted', async () => (await page.getByRole('button', { name: `Edit ${fresh.UserID}` }).count()) === 0);
  await edit(page, address, 'axero', 'tokens', '0');
  await page.getByLabel('revoked', { exact: true }).selectOption('true');
  await button(page, 'Save').click();
  await until('a row without an id is changed', async () => (await rows(there, 'axero', 'tokens'))[0].row.revoked);
  must(!(await rows(url, 'axero', 'tokens'))[0].row.revoked, 'another sandbox was changed');
  clean();
  await context.close();
  await stop();
}

/** Two people change one row: the second is shown the difference, and chooses. */
export async function clash({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const there = `${url}/_sandbox/t1`;
  const people = await Promise.all([open(browser, { allowed: /status of 412/ }), open(browser, { allowed: /status of 412/ })]);
  const [ada, bob] = people.map(({ page }) => page);
  await make(there, CALLS.axero.good);
  const name = async () => (await control(there, 'state/axero/users/1302')).DisplayName;
  const write = (page, text) => page.getByLabel('DisplayName', { exact: true }).fill(text);
  for (const [choice, left] of [['Take theirs', 'Ada 0'], ['Save mine', 'Bob 1']]) {
    const round = left.slice(-1);
    for (const page of [ada, bob]) await edit(page, address, 'axero', 'users', '1302');
    await write(ada, `Ada ${round}`);
    await ada.keyboard.press('Enter');
    await until('the first one saves', async () => (await name()) === `Ada ${round}`);
    await write(bob, `Bob ${round}`);
    await bob.keyboard.press('Enter');
    const dialog = bob.getByRole('dialog', { name: /^Somebody changed this row/ });
    for (const text of [`"Ada ${round}"`, `"Bob ${round}"`]) await dialog.getByRole('cell', { name: text }).waitFor();
    must((await name()) === `Ada ${round}`, 'the second one overwrote the first');
    await dialog.getByRole('button', { name: choice }).click();
    await dialog.waitFor({ state: 'detached' });
    await bob.getByRole('cell', { name: left }).waitFor();
    must((await name()) === left, `${choice} leaves ${await name()}`);
  }
  const dialog = bob.getByRole('dialog', { name: /^Somebody changed this row/ });
  const patch = (id, row) => fetch(`${there}/_mock/state/axero/${id}`, { ...sends('PATCH', row), headers: { 'If-Match': '*', 'Content-Type': 'application/json' } });
  await edit(bob, address, 'axero', 'users', '1302');
  await write(bob, 'Bob 2');
  await patch('users/1302', { DisplayName: 'Ada 2' });
  await bob.keyboard.press('Enter');
  await dialog.getByRole('cell', { name: '"Ada 2"' }).waitFor();
  await patch('users/1302', { DisplayName: 'Ada 3' });
  await button(bob, 'Save mine').click();
  await dialog.getByRole('cell', { name: '"Ada 3"' }).waitFor();
  must((await name()) === 'Ada 3', 'a change that nobody was shown is overwritten');
  await button(bob, 'Take theirs').click();
  // A row that is named by its place may be another one by now, and one that is deleted is not as it was seen.
  await edit(bob, address, 'axero', 'tokens', '1');
  const [first, second] = await rows(there, 'axero', 'tokens');
  const gone = await fetch(`${there}/_mock/state/axero/tokens/0`, { method: 'DELETE', headers: { 'If-Match': first.etag } });
  must(gone.status === 204, `the first row is deleted: ${gone.status}`);
  for (const act of ['Delete', 'Save']) {
    if (act === 'Save') {
      await edit(bob, address, 'axero', 'tokens', '1');
      await bob.getByLabel('revoked', { exact: true }).selectOption('true');
      const { etag, row } = (await rows(there, 'axero', 'tokens'))[0];
      await fetch(`${there}/_mock/state/axero/tokens/0`, { ...sends('PUT', { ...row, revoked: true }), headers: { 'If-Match': etag } });
    }
    await button(bob, act).click();
    await dialog.waitFor();
    must((await dialog.getByRole('button', { name: /mine|Delete/ }).count()) === 0, `${act} offers a row that is another one`);
    await button(bob, 'Take theirs').click();
    await dialog.waitFor({ state: 'detached' });
  }
  must(JSON.stringify((await rows(there, 'axero', 'tokens'))[0].row.token) === JSON.stringify(second.row.token), 'another row is gone');
  for (const { clean, context } of people) {
    clean();
    await context.close();
  }
  await stop();
}

/** A sandbox is made, forked, moved in time, put back and reset. */
export async function world({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const there = `${url}/_sandbox/t1`;
  const { page, context, clean } = await open(browser, { allowed: /status of 40[09]/, permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${address}#/t1/world`);
  await page.getByText('t1 is not there yet').waitFor();
  must((await control(url, 'sandboxes')).sandboxes.length === 1, 'looking made a sandbox');
  await button(page, 'Make t1').click();
  await page.getByText('t1 is not there yet').waitFor({ state: 'detached' });
  await button(page, 'Freeze').click();
  await until('the clock stands', async () => (await control(there, 'clock')).mode === 'frozen');
  for (const [by, days] of [['+14d', 14], ['-1d', -1], ['+1h', 1 / 24], ['-1h', -1 / 24], ['+1d', 1], ['-14d', -14]]) {
    const start = Date.parse((await control(there, 'clock')).now);
    await button(page, by).click();
    await until(`${by} moves the clock`, async () => Date.parse((await control(there, 'clock')).now) === start + days * 86_400_000);
    await page.locator('output', { hasText: new Date(start + days * 86_400_000).toISOString().slice(0, 19).replace('T', ' ') }).waitFor();
  }
  await page.getByLabel('Instant').fill('2026-01-15T12:00:00Z');
  await page.keyboard.press('Enter');
  await page.getByText('2026-01-15 12:00:00, frozen').first().waitFor();
  await page.getByLabel('Instant').fill('soon');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'soon' }).waitFor();
  for (const wrong of ['abc', '-1', '1.5', '18446744073709551616', '{"seed":1}']) {
    await page.getByLabel('Seed').fill(wrong);
    await page.keyboard.press('Enter');
    await page.locator('section', { hasText: 'Seed' }).last().getByRole('alert').filter({ hasText: `A seed is a whole number from 0 to 18446744073709551615, such as 7; found “${wrong}”.` }).waitFor();
  }
  await page.getByLabel('Seed').fill('18446744073709551615');
  await page.keyboard.press('Enter');
  await until('the seed is set', async () => (await (await fetch(`${there}/_mock/seed`)).text()).includes('18446744073709551615'));
  await page.getByLabel('Name of a snapshot').fill('first');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'first', exact: true }).waitFor();
  const read = async () => JSON.stringify(await control(there, 'state'));
  const before = await read();
  for (const { write } of Object.values(CALLS)) await make(there, write);
  const after = await read();
  must(after !== before, 'nothing was written');
  await button(page, 'Read again').click();
  await page.getByRole('cell', { name: /^axero\.update_persona #\d/ }).waitFor();
  must((await page.getByRole('row').filter({ hasText: 't1' }).getByRole('link', { name: '4' }).count()) === 1, 'the calls are counted');
  const steps = (await control(there, 'history')).steps.length;
  await button(page, 'Go to before w-1').click();
  await until('the first step is undone', async () => (await read()) === before);
  await page.getByRole('cell', { name: `w-${steps + 1}`, exact: true }).waitFor();
  await button(page, `Go to after w-${steps}`).click();
  await until('it goes forward again', async () => (await read()) === after);
  await button(page, 'Undo the last change').click();
  await until('that is undone', async () => (await read()) === before);
  await make(there, CALLS.axero.write);
  await button(page, 'Restore first').click();
  await until('the snapshot is restored', async () => (await read()) === before);
  await make(there, CALLS.axero.write);
  const forked = await read();
  await page.getByLabel('Name of a new sandbox').fill('fork');
  await button(page, 'Fork t1').click();
  await page.getByRole('link', { name: 'fork' }).click();
  must(JSON.stringify(await control(`${url}/_sandbox/fork`, 'state')) === forked, 'the fork is what it was made of');
  await page.goto(`${address}#/t1/world`);
  await page.getByLabel('Which credentials pass').selectOption('strict');
  await until('credentials are looked at', async () => (await control(there, 'settings')).auth === 'strict');
  await page.getByLabel('crud zod').fill('9');
  await page.keyboard.press('Tab');
  await page.locator('.field', { hasText: 'crud zod' }).getByRole('alert').filter({ hasText: '9' }).waitFor();
  for (const provider of Object.keys(CALLS)) {
    const listed = page.getByRole('region', { name: `Credentials of ${provider}` });
    await listed.getByRole('button', { name: 'Copy' }).first().click();
    await until(`${provider}: a credential is copied`, async () => /^[\w-]+: ./.test(await page.evaluate(() => navigator.clipboard.readText())));
    const [name, ...value] = (await page.evaluate(() => navigator.clipboard.readText())).split(': ');
    const status = await make(there, [...CALLS[provider].good.slice(0, 2), { [name]: value.join(': ') }]);
    must(status === 200, `${provider}: what was copied is answered ${status}`);
    await page.evaluate(() => navigator.clipboard.writeText(''));
  }
  await button(page, 'Reset…').click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  must((await control(there, 'history')).steps.length > 0, 'it was reset without a word');
  await button(page, 'Reset…').click();
  await page.getByLabel('Save a snapshot first').fill('kept');
  await button(page, 'Reset').click();
  await page.getByText('No step.').waitFor();
  await button(page, 'Undo the last change').click();
  await page.getByRole('alert').filter({ hasText: 'nothing before' }).waitFor();
  await button(page, 'Restore kept').click();
  await until('what was before the reset is back', async () => (await read()) === forked);
  // What has no way back is asked about.
  let answer = 'dismiss';
  page.on('dialog', (dialog) => dialog[answer]());
  await button(page, 'Delete the snapshot first').click();
  await button(page, 'Delete fork').click();
  await page.getByLabel('Name of a new sandbox').fill('fork');
  await button(page, 'Make').click();
  must((await control(there, 'snapshots')).snapshots.length === 2, 'a snapshot is deleted without a word');
  must((await control(url, 'sandboxes')).sandboxes.some(({ name }) => name === 'fork'), 'a sandbox is deleted without a word');
  must(JSON.stringify(await control(`${url}/_sandbox/fork`, 'state')) === forked, 'a sandbox is replaced without a word');
  answer = 'accept';
  for (const name of ['first', 'kept']) await button(page, `Delete the snapshot ${name}`).click();
  await page.getByText('No snapshot.').waitFor();
  await button(page, 'Delete fork').click();
  await until('the fork is gone', async () => (await page.getByRole('link', { name: 'fork' }).count()) === 0);
  await page.goto(`${address}#/*/world`);
  await page.getByRole('link', { name: 't1' }).waitFor();
  clean();
  await context.close();
  await stop();
}

/** A sandbox that expired says so, on both screens. */
export async function gone({ binary, browser }) {
  const { url, page: address, stop } = await mock(binary);
  const { page, context, clean } = await open(browser, { allowed: /status of 404/ });
  await fetch(`${url}/_mock/sandboxes/brief`, sends('PUT', { ttl: '1s' }));
  await make(`${url}/_sandbox/brief`, CALLS.axero.write);
  await until('it expires', async () => !(await control(url, 'sandboxes')).sandboxes.some(({ name }) => name === 'brief'), 20_000);
  for (const screen of ['state', 'world', 'faults']) {
    await page.goto(`${address}#/brief/${screen}`);
    await page.getByRole('alert').filter({ hasText: 'expired' }).waitFor();
    await page.waitForTimeout(500);
    must((await page.getByRole('alert').count()) === 1, `${screen}: it is told twice`);
    must(await button(page, 'Make brief').isVisible(), `${screen}: what to do next is not told`);
  }
  clean();
  await context.close();
  await stop();
}
