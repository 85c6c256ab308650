// Draws the picture of the page that README shows: picture.mjs BINARY FILE

import { CALLS, browser, make, mock, open, sends } from './support.mjs';

const [binary, file] = process.argv.slice(2);
const { axero, crud, equals_money: equals, vijil } = CALLS;
const { url, page: address, stop } = await mock(binary, ['--clock', '2026-01-15T12:00:00Z']);

const odd = { name: 'Insider', intent: 'benignn', tags: ['finance', 5] };
const ignored = { marketingEmailsPreference: true, nickname: 'Robin' };

/** The calls that are shown, and what a test arms and limits between them. @param {string} base */
async function calls(base) {
  for (const call of [axero.good, crud.good, equals.good, axero.write, crud.bad, equals.write]) await make(base, call);
  for (const { missed } of [axero, crud, equals]) await make(base, missed);
  await make(base, [...equals.write.slice(0, 3), ignored]);
  const fault = { action: { refuse: { status: 503 } }, match: { operation: 'axero.get_persona' }, when: { first: 1 } };
  await fetch(`${base}/_mock/faults`, sends('POST', fault));
  await make(base, axero.good);
  await fetch(`${base}/_mock/limits`, sends('PUT', { limits: { crud: '3/1h' } }));
  for (let number = 0; number < 5; number += 1) await make(base, crud.good);
  await make(base, vijil.good);
  await make(base, [...vijil.bad.slice(0, 3), odd]);
}

// What a first call of its kind takes longer is not shown.
await calls(`${url}/_sandbox/before`);
await calls(url);
const started = await browser();
const { page, clean } = await open(started, { viewport: { width: 1200, height: 640 } });
await page.goto(address);
await page.locator('.row', { hasText: 'invalid' }).first().click();
await page.getByText('Answer', { exact: true }).waitFor();
await page.mouse.move(0, 639);
await page.screenshot({ path: file });
clean();
await started.close();
await stop();
