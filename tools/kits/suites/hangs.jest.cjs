const { writeFileSync } = require("node:fs");
const { test } = require("persona-mock/jest");

test("hangs", async ({ mock }) => {
  writeFileSync("hangs", mock.server);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
