import assert from "node:assert/strict";
import { test } from "node:test";
import { withMock } from "persona-mock/node";

test("a trial ends after 14 days", withMock(async (mock) => {
  await mock.clock.freeze("2026-01-15T12:00:00Z");
  const answer = await fetch(`${mock.urls.axero}/personas/188`, { headers: { Authorization: "Bearer anything" } });
  assert.equal((await answer.json()).ResponseData.Name, "Creative Hub");
  await mock.clock.advance("14d");
  assert.equal((await mock.clock.now()).now, "2026-01-29T12:00:00Z");
  await mock.verify({ calls: [{ call: { operation: "axero.get_persona" }, exactly: 1 }] });
}));
