"use strict";
// The global setup of Vitest, Jest and Playwright: starts the server of the run. Vitest and Playwright call what it
// answers at the end, Jest wants that named apart (`persona-mock/teardown`).
const { beginRun } = require("./lib/run.cjs");

const END = Symbol.for("persona-mock.end");

/** @returns {Promise<() => Promise<void>>} */
async function setup() {
  const end = await beginRun();
  /** @type {any} */ (globalThis)[END] = end;
  return end;
}

module.exports = setup;
