"use strict";
// One server a run: the runner's main process starts it, and its workers learn the address by their environment.
const { randomBytes } = require("node:crypto");
const { connect, startServer } = require("./server.cjs");

/** @typedef {import("./server.cjs").Options} Options */

/**
 * What a process has begun. A runner with several projects calls the global setup of each.
 * @type {{ users: number, end?: Promise<() => Promise<void>> }}
 */
const begun = (/** @type {any} */ (globalThis)[Symbol.for("persona-mock.run")] ??= { users: 0 });

/**
 * Starts the server of a run, and answers what ends it: a global setup of one's own is
 * `export default () => beginRun({ args: ["--auth", "strict"] })`. Whoever comes later shares it, and the last one ends it.
 * @param {Options} [options]
 * @returns {Promise<() => Promise<void>>}
 */
async function beginRun(options) {
  begun.end ??= begin(options);
  begun.users += 1;
  const end = await begun.end.catch((error) => {
    Object.assign(begun, { users: 0, end: undefined });
    throw error;
  });
  let uses = true;
  return async () => {
    if (!uses) return;
    uses = false;
    begun.users -= 1;
    if (begun.users > 0) return;
    begun.end = undefined;
    await end();
  };
}

/** @param {Options} [options] */
async function begin(options) {
  const server = await startServer(options);
  const before = { PERSONA_MOCK_URL: process.env.PERSONA_MOCK_URL, PERSONA_MOCK_RUN: process.env.PERSONA_MOCK_RUN };
  process.env.PERSONA_MOCK_URL = server.url;
  process.env.PERSONA_MOCK_RUN ??= randomBytes(8).toString("hex");
  return async () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await server.stop();
  };
}

/** @type {Map<string, Promise<import("./server.cjs").Server>>} */
const known = new Map();

/**
 * The server of this run, in any of its processes.
 * @param {string} setup What the runner's configuration lacks, where nothing started one.
 */
function serverOfRun(setup) {
  const url = process.env.PERSONA_MOCK_URL;
  if (!url) {
    throw new Error(
      `no persona-mock runs for these tests: add ${setup} to the runner's configuration, which starts one for the run, ` +
        "or name one that runs by the variable PERSONA_MOCK_URL, such as http://127.0.0.1:8080",
    );
  }
  const server = known.get(url) ?? connect(url);
  known.set(url, server);
  return server;
}

module.exports = { beginRun, serverOfRun };
