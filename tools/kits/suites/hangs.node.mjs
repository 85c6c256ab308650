import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { withMock } from "persona-mock/node";

test("hangs", withMock(async (mock) => {
  writeFileSync("hangs", mock.server);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}));
