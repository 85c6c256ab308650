"use strict";
// One server a run: the runner's main process starts it, and its workers learn the address by their environment.
const { randomBytes } = require("node:crypto");
const { connect, startServer } = require("./server.cjs");

/** @typedef {import("./server.cjs").Options} Options */

/** @type {Promise<import("./server.cjs").Server> | undefined} */
let known;

/**
 * Starts the server of a run, and answers what ends it: a global setup of one's own is
 * `export default () => beginRun({ args: ["--auth", "strict"] })`.
 * @param {Options} [options]
 * @returns {Promise<() => Promise<void>>}
 */
async function beginRun(options) {
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
  known ??= connect(url);
  return known;
}

module.exports = { beginRun, serverOfRun };
