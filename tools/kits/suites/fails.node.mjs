import assert from "node:assert/strict";
import { test } from "node:test";
import { withMock } from "persona-mock/node";
import personas from "./personas.cjs";

test("fails on purpose", withMock(async (mock) => {
  await personas.make(mock, "Mallory");
  assert.equal(await personas.make(mock, "wrong"), 201);
}));
test("sends what is ignored", withMock(async (mock) => {
  await personas.make(mock, "wrong");
  await mock.nothingIgnored();
}));
test("passes", withMock(async (mock) => assert.equal(await personas.make(mock, "Mallory"), 201)));
