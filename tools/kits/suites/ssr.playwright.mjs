import { expect, test } from "persona-mock/playwright";

const url = process.env.APP_URL;
test.describe.configure({ mode: "parallel" });
for (const [way, left] of ["cookie", "baggage", "cookie"].entries()) {
  test(`a page that a server renders, by ${left} ${way}`, async ({ mock, context, page }) => {
    // As many personas as no other test leaves.
    const { rows } = await mock.state.rows("crud", "personas", { limit: way + 1 });
    for (const { id } of rows) await mock.state.delete("crud", "personas", id);
    const { total } = await mock.state.rows("crud", "personas");
    if (left === "cookie") await context.addCookies([{ ...mock.cookie, url }]);
    else await context.setExtraHTTPHeaders(mock.baggage);
    await page.goto(url);
    await expect(page.locator("output")).toHaveText(`200 ${total}`);
    await mock.verify({ calls: [{ call: { operation: "crud.list_personas" }, exactly: 1 }] });
  });
}
