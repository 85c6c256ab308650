// Every method once, against a server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlError, withMock } from "persona-mock/node";
import personas from "./personas.cjs";

test("clock, fault and limit", withMock(async (mock) => {
  assert.equal((await mock.clock.freeze(new Date("2026-01-15T12:00:00Z"))).now, "2026-01-15T12:00:00Z");
  assert.equal((await mock.clock.advance("1h")).now, "2026-01-15T13:00:00Z");
  assert.equal((await mock.clock.set("2026-02-01T00:00:00Z")).mode, "frozen");
  assert.notEqual((await mock.clock.run()).mode, "frozen");
  const fault = await mock.fault({ match: { provider: "vijil" }, action: { refuse: { status: 503, force: true } } });
  assert.equal(await personas.make(mock, "a"), 503);
  await fault.remove();
  assert.equal(await personas.make(mock, "a"), 201);
  await mock.limit("vijil", "1/1h");
  assert.deepEqual([await personas.make(mock, "b"), await personas.make(mock, "c")], [201, 429]);
  await mock.limit("vijil", "off");
  assert.equal(await personas.make(mock, "c"), 201);
}));
test("state", withMock(async (mock) => {
  const before = await mock.state.get("crud");
  const row = (await mock.state.rows("crud", "projects", { limit: 1 })).rows[0];
  const other = { ...row.row, id: "11111111-2222-4333-8444-555555555555", name: "Another" };
  await mock.state.add("crud", "projects", other);
  await mock.state.patch("crud", "projects", other.id, { name: "Patched" });
  assert.equal((await mock.state.row("crud", "projects", other.id)).name, "Patched");
  await mock.state.replace("crud", "projects", other.id, other);
  assert.equal((await mock.state.diff()).providers.crud.length, 1);
  await mock.undo();
  assert.equal((await mock.state.row("crud", "projects", other.id)).name, "Patched");
  await mock.state.delete("crud", "projects", other.id);
  await mock.state.put("crud", before);
  assert.deepEqual((await mock.state.diff()).providers, {});
  await assert.rejects(mock.state.row("crud", "projects", "a/b"), (error) => error instanceof ControlError && error.status === 404);
}));
test("requests, rewind and reset", withMock(async (mock) => {
  await personas.make(mock, "a");
  await personas.make(mock, "b");
  const { requests } = await mock.requests({ changed: true, limit: 5 });
  await mock.rewind({ before: requests[1].number });
  assert.deepEqual(await personas.made(mock), ["a"]);
  await mock.rewind({ after: requests[1].id });
  assert.equal((await personas.made(mock)).length, 2);
  await mock.verify({ calls: [{ call: { operation: "vijil.create_persona" }, exactly: 2 }] });
  await mock.nothingIgnored();
  const { steps } = await mock.control("/_mock/history", "get", { query: { limit: 1 } });
  assert.equal(steps.length, 1);
  await mock.reset();
  assert.deepEqual(await personas.made(mock), []);
}));
