import { describe, test } from "persona-mock/vitest";
import { alone } from "./personas.cjs";

// Each file has tests of the same titles; half of them run at once.
const count = Number(process.env.COUNT);
for (let i = 0; i < count / 2; i += 1) {
  test(`writes ${i}`, ({ mock, task }) => alone(mock, `${task.file.name} ${i}`));
}
describe("at once", () => {
  for (let i = 0; i < count / 2; i += 1) {
    test.concurrent(`writes ${i}`, ({ mock, task }) => alone(mock, `${task.file.name} at once ${i}`));
  }
});
// A try that failed leaves nothing to the next one.
let tries = 0;
test("is tried again", { retry: 2 }, async ({ mock }) => {
  await alone(mock, `try ${tries}`);
  tries += 1;
  if (tries < 3) throw new Error("on purpose");
});
