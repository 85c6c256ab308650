import { test } from "persona-mock/playwright";
import { alone } from "./personas.cjs";

test.describe.configure({ mode: "parallel", retries: 1 });
for (let i = 0; i < Number(process.env.COUNT); i += 1) {
  test(`writes ${i}`, ({ mock }, info) => alone(mock, `${info.file} ${i}`));
}
test("is tried again", async ({ mock }, info) => {
  await alone(mock, `try ${info.retry}`);
  if (info.retry < 1) throw new Error("on purpose");
});
