const { test, withMock } = require("persona-mock/jest");
const { alone } = require("./personas.cjs");

const numbers = Array.from({ length: Number(process.env.COUNT) }, (_, i) => i);
const here = () => require("node:path").basename(expect.getState().testPath);
for (const i of numbers.filter((i) => i % 2)) test(`writes ${i}`, ({ mock }) => alone(mock, `${here()} ${i}`));
globalThis.test.each(numbers.filter((i) => i % 2 === 0))(
  "writes %i",
  withMock(({ mock }, i) => alone(mock, `${here()} ${i}`)),
);
jest.retryTimes(2);
let tries = 0;
test("is tried again", async ({ mock }) => {
  await alone(mock, `try ${tries}`);
  tries += 1;
  if (tries < 3) throw new Error("on purpose");
});
