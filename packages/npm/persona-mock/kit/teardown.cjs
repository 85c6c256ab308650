"use strict";
// Jest's global teardown: ends the server that `persona-mock/setup` started, once its report is written.
const END = Symbol.for("persona-mock.end");

/** @returns {Promise<void>} */
async function teardown() {
  await (/** @type {any} */ (globalThis)[END]?.());
}

module.exports = teardown;
