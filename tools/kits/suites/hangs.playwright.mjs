import { writeFileSync } from "node:fs";
import { test } from "persona-mock/playwright";

test("hangs", async ({ mock }) => {
  writeFileSync("hangs", mock.server);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
