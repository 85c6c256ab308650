"use strict";
// Test kit for Jest: `test` whose function is handed `{ mock }`, a sandbox for each test. In Jest's default mode a test
// file is CommonJS, and so is this.
const { serverOfRun } = require("./lib/run.cjs");

// Jest puts these in place for each test file, with `injectGlobals` or without.
const globals = /** @type {any} */ (require("@jest/globals"));

/** @typedef {import("./lib/mock.cjs").Mock} Mock */
/** @typedef {import("./control.js").components["schemas"]["SandboxStart"]} Start */
/** @typedef {{ mock: Mock }} Fixtures */

// Jest loads this anew for each file, and says neither the project nor how often a test was tried before.
const load = `${process.pid} ${Math.random()}`;
let nth = 0;

/**
 * A test function with a sandbox of its own, for whatever takes a test function: `test.each([1, 2])("…", withMock(…))`
 * hands on what it is handed.
 * @template {unknown[]} A
 * @param {(fixtures: Fixtures, ...args: A) => unknown} body
 * @param {Start} [start] Clock, seed and settings of the sandbox.
 * @returns {(...args: A) => Promise<void>}
 */
function withMock(body, start) {
  return async (...args) => {
    const server = await serverOfRun('globalSetup: "persona-mock/setup", globalTeardown: "persona-mock/teardown"');
    const { currentTestName: title = "", testPath: file } = globals.expect.getState();
    nth += 1;
    const mock = await server.sandbox({ project: load, file, title, retry: nth }, start);
    await mock.during((mock) => body({ mock }, ...args));
  };
}

/** @typedef {(title: string, body: (fixtures: Fixtures) => unknown, timeout?: number) => void} Declare */

/**
 * @param {string} [kind]
 * @returns {Declare}
 */
function declare(kind) {
  return (title, body, timeout) => {
    (kind ? globals.test[kind] : globals.test)(title, withMock(body), timeout);
  };
}

const test = Object.assign(declare(), { only: declare("only"), skip: declare("skip") });

module.exports = { it: test, test, withMock };
