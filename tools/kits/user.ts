// A user's tests in TypeScript: what is right has a type, and what is wrong has none.
import { test as jest, withMock as jestWithMock } from "persona-mock/jest";
import { beginRun, startServer, withMock, type Mock } from "persona-mock/node";
import { expect, test as playwright } from "persona-mock/playwright";
import setup from "persona-mock/setup";
import teardown from "persona-mock/teardown";
import { test as vitest } from "persona-mock/vitest";

async function all(mock: Mock): Promise<void> {
  const url: string = mock.urls.equals_money;
  const now: string = (await mock.clock.freeze(new Date(url))).now;
  const fault = await mock.fault({
    match: { operation: now },
    action: { refuse: { status: 503 } },
  });
  await fault.remove();
  const page = await mock.requests({ hint: "invalid", limit: 1 });
  const hint: string | undefined = page.requests[0]?.hint?.message;
  await mock.verify({ calls: [{ call: { provider: hint }, exactly: 1 }], nothing_ignored: true });
  const rows: number = (await mock.state.rows("crud", "personas", { search: "x" })).total;
  await mock.rewind({ before: rows });
  const steps = await mock.control("/_mock/history", "get", { query: { limit: 1 } });
  steps.steps.at(0);

  // @ts-expect-error no vendor has this name
  mock.urls.acme;
  // @ts-expect-error the document has no such path
  await mock.control("/_mock/clocks", "get");
  // @ts-expect-error nor such a verb of one
  await mock.control("/_mock/clock", "delete");
  // @ts-expect-error nor such a member
  await mock.verify({ nothing_ignord: true });
  // @ts-expect-error one of the two
  await mock.rewind({});
}

vitest("vitest", async ({ mock, expect }) => expect(await all(mock)).toBe(undefined));
vitest.extend({ mockStart: { seed: 7 } })("vitest", ({ mock }) => all(mock));
jest("jest", ({ mock }) => all(mock));
jestWithMock(({ mock }, n: number) => all(mock).then(() => n.toFixed()))(1);
playwright.use({ mockStart: { seed: 7 } });
playwright("playwright", async ({ mock, page }) => {
  await all(mock);
  await expect(page).toHaveTitle(mock.name);
});
withMock(async (mock, t) => {
  await all(mock);
  t.diagnostic(mock.page);
});
export default async function begin() {
  const server = await startServer({ args: ["--auth", "strict"] });
  await all(await server.sandbox({ title: "x" }, { clock: "2026-01-15T12:00:00Z" }));
  await server.stop();
  await (await setup())();
  await teardown();
  return beginRun();
}
