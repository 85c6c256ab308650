"use strict";
// Test kit for any runner of Node, such as `node --test`.
const { join, relative } = require("node:path");
const { ControlError } = require("./lib/http.cjs");
const { Mock } = require("./lib/mock.cjs");
const { beginRun } = require("./lib/run.cjs");
const { sandboxName } = require("./lib/name.cjs");
const { Server, connect, startServer } = require("./lib/server.cjs");

/** @type {Promise<Server> | undefined} */
let started;

/**
 * A test of `node:test` with a sandbox of its own: `test("…", withMock(async (mock, t) => { … }))`. The server is one for
 * this process, which ends with it, or the one that `PERSONA_MOCK_URL` names.
 * @template T
 * @param {(mock: Mock, t: import("node:test").TestContext) => T | Promise<T>} test
 * @returns {(t: import("node:test").TestContext) => Promise<T>}
 */
function withMock(test) {
  return async (t) => {
    // Node 22 names a test with those that it stands in.
    const { fullName = t.name, filePath = process.argv[1] } = /** @type {any} */ (t);
    started ??= begin(filePath);
    const server = await started;
    const mock = await server.sandbox({ file: filePath, title: fullName, retry: nth(filePath, fullName) });
    return mock.during((mock) => test(mock, t));
  };
}

/** @param {string} file */
async function begin(file) {
  const server = await startServer({ report: reportOf(file) });
  // Nothing is left to do but to write the report.
  process.once("beforeExit", () => void server.stop());
  return server;
}

/**
 * `node --test` runs each file in a process of its own, at the same time. So each has a report of its own, which
 * `persona-mock coverage merge` adds up.
 * @param {string} file
 */
function reportOf(file) {
  return join("persona-mock-report", relative(process.cwd(), file).replace(/[^\w.-]+/g, "-"));
}

/** @type {Map<string, number>} */
const seen = new Map();

/**
 * How often a test of this name ran in this process before.
 * @param {string} file
 * @param {string} title
 */
function nth(file, title) {
  const key = JSON.stringify([file, title]);
  const before = seen.get(key) ?? 0;
  seen.set(key, before + 1);
  return before;
}

module.exports = { ControlError, Mock, Server, beginRun, connect, sandboxName, startServer, withMock };
