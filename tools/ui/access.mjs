// The page for those who use a keyboard, a reader of screens, a small screen, large letters.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CALLS, make, mock, must, open, zooming } from './support.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The screens that the page has, as its own navigation names them. @param {import('playwright-core').Page} page */
export const screens = (page) => page.locator('nav a').evaluateAll((links) => links.map((link) => [link.textContent.trim(), link.getAttribute('href')]));

/** Waits until a screen stands. */
async function settled(page) {
  await page.locator('main > *:not(h1)').first().waitFor();
  await page.waitForTimeout(500);
}

/** Rules of axe that a page breaks. */
async function broken(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join('\n    ')}`);
}

/** A mock that was called, so that each screen has something to show. */
async function called(binary) {
  const started = await mock(binary);
  for (const kinds of Object.values(CALLS)) for (const call of Object.values(kinds)) await make(started.url, call);
  return started;
}

/** axe finds nothing on any screen, light or dark, wide or small, with what can be opened opened. */
export async function axe({ binary, browser }) {
  const { page: address, stop } = await called(binary);
  for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { viewport: { width: 320, height: 640 } }]) {
    const { page, context, clean } = await open(browser, options);
    await page.goto(address);
    await settled(page);
    for (const [name, href] of await screens(page)) {
      await page.goto(address + href);
      await settled(page);
      const found = await broken(page);
      must(found.length === 0, `${name} ${JSON.stringify(options)}\n  ${found.join('\n  ')}`);
    }
    await page.goto(address);
    await page.locator('.row', { hasText: 'invalid' }).first().click();
    await settled(page);
    const opened = await broken(page);
    must(opened.length === 0, `a call ${JSON.stringify(options)}\n  ${opened.join('\n  ')}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Filter…' }).click();
    const filter = await broken(page);
    must(filter.length === 0, `the filter ${JSON.stringify(options)}\n  ${filter.join('\n  ')}`);
    clean();
    await context.close();
  }
  await stop();
}

/** Nothing runs over the edge: at 320 pixels, and at 200 % of 1280, which is 640 at twice the density. */
export async function small({ binary, browser }) {
  const { page: address, stop } = await called(binary);
  for (const options of [{ viewport: { width: 320, height: 640 } }, { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }]) {
    const { page, context, clean } = await open(browser, options);
    await page.goto(address);
    await settled(page);
    const fits = async (what) => {
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      must(wide <= 0, `${what} is ${wide} pixels wider than ${options.viewport.width}`);
    };
    for (const [name, href] of await screens(page)) {
      await page.goto(address + href);
      await settled(page);
      await fits(name);
    }
    await page.goto(address);
    await page.locator('.row', { hasText: 'invalid' }).first().click();
    await settled(page);
    await fits('a call');
    must(await page.getByRole('article', { name: 'The call' }).isVisible(), 'a call is shown');
    await page.getByRole('button', { name: 'Close the call' }).click();
    must(await page.locator('.list').isVisible(), 'the list is back');
    clean();
    await context.close();
  }
  await stop();
}

/** At 200 % as a browser itself zooms: its window stays, each pixel of CSS is two of it, and all of it can be used. */
export async function zoomed({ binary }) {
  const { page: address, stop } = await called(binary);
  const browser = await zooming(200);
  const { page, clean } = await open(browser);
  await page.goto(address);
  await settled(page);
  const { ratio, width } = await page.evaluate(() => ({ ratio: devicePixelRatio, width: innerWidth }));
  must(ratio === 2 && width === 640, `the browser does not zoom: ${ratio}, ${width}`);
  for (const [name, href] of await screens(page)) {
    await page.goto(address + href);
    await settled(page);
    const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    must(wide <= 0, `${name} is ${wide} pixels wider than its window`);
  }
  await page.goto(`${address}#/default/state?list=axero.users`);
  await page.getByRole('button', { name: 'Edit 1302', exact: true }).click();
  await page.getByLabel('DisplayName', { exact: true }).fill('Large');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('cell', { name: 'Large' }).waitFor();
  clean();
  await browser.close();
  await stop();
}

/** Presses Tab until something has the focus, which must then be seen to have it. */
async function tab(page, what, holds) {
  for (let times = 0; times < 60; times += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(holds);
    if (!found) continue;
    const seen = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return outlineStyle !== 'none' && outlineWidth !== '0px';
    });
    must(seen, `${what} has the focus and is not seen to have it`);
    return;
  }
  must(false, `Tab does not reach ${what}`);
}

/** All that the mouse can do the keyboard can. */
export async function keyboard({ binary, browser }) {
  const { page: address, stop } = await called(binary);
  const { page, context, clean } = await open(browser);
  await page.goto(address);
  await page.locator('.row').first().waitFor();
  await tab(page, 'the list', () => document.activeElement.className === 'list');
  const detail = page.getByRole('article', { name: 'The call' });
  await page.keyboard.press('ArrowDown');
  await detail.waitFor();
  const first = await detail.getByRole('heading').first().textContent();
  await page.keyboard.press('End');
  await page.waitForTimeout(300);
  must((await detail.getByRole('heading').first().textContent()) !== first, 'End goes to the last call');
  must(await page.locator('.row.picked').isVisible(), 'the last call is in sight');
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });
  must(await page.evaluate(() => document.activeElement.className === 'list'), 'the list keeps the focus');
  await page.keyboard.press('Home');
  await detail.waitFor();
  await tab(page, 'a copy', () => document.activeElement.textContent === 'fetch');
  await page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });
  await page.waitForTimeout(100);
  must(await page.evaluate(() => document.activeElement.className === 'list'), 'the list has the focus again');
  await page.keyboard.press('Shift+Tab');
  await page.evaluate(() => document.activeElement.blur());
  await tab(page, 'the filter', () => document.activeElement.textContent === 'Filter…');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await tab(page, 'a field of the filter', () => document.activeElement.name === 'status');
  await page.keyboard.type('422');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^status.*remove this filter/ }).waitFor();
  must(await page.evaluate(() => document.activeElement.textContent === 'Filter…'), 'the filter has the focus again');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  for (const [name] of await screens(page)) {
    await page.evaluate(() => document.activeElement.blur());
    await tab(page, name, `document.activeElement.textContent.trim() === ${JSON.stringify(name)}`);
    await page.keyboard.press('Enter');
    await page.locator(`nav a[aria-current="page"]`, { hasText: name }).waitFor();
  }
  clean();
  await context.close();
  await stop();
}
