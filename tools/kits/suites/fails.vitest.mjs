import { expect, test } from "persona-mock/vitest";
import { make } from "./personas.cjs";

test("fails on purpose", async ({ mock }) => {
  await make(mock, "Mallory");
  expect(await make(mock, "wrong")).toBe(201);
});
test("sends what is ignored", async ({ mock }) => {
  await make(mock, "wrong");
  await mock.nothingIgnored();
});
test("passes", async ({ mock }) => expect(await make(mock, "Mallory")).toBe(201));
test.fails("is to fail", async ({ mock }) => expect(await make(mock, "Mallory")).toBe(500));
