"use strict";
// Test kit for Playwright: `test` with the fixture `mock`, a sandbox for each test.
const playwright = require("@playwright/test");
const { explain } = require("./lib/report.cjs");
const { serverOfRun } = require("./lib/run.cjs");

/** @typedef {import("./lib/mock.cjs").Mock} Mock */
/** @typedef {import("./control.js").components["schemas"]["SandboxStart"]} Start */
/**
 * @typedef {object} Fixtures
 * @property {Mock} mock The sandbox of this test.
 * @property {Start} mockStart Clock, seed and settings of the sandbox: `test.use({ mockStart: { seed: 7 } })`.
 */

/** @type {typeof import("@playwright/test").expect} */
const expect = playwright.expect;

const test = playwright.test.extend(
  /** @type {import("@playwright/test").Fixtures<Fixtures, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    mockStart: [{}, { option: true }],
    mock: async ({ mockStart }, use, info) => {
      const server = await serverOfRun('globalSetup: require.resolve("persona-mock/setup")');
      const identity = {
        project: info.project.name,
        file: info.file,
        // The first is the file.
        title: info.titlePath.slice(1).join(" "),
        // The same test may run several times at once (`repeatEach`).
        retry: [info.retry, info.repeatEachIndex, info.testId].join("."),
      };
      const mock = await server.sandbox(identity, mockStart);
      await use(mock);
      if (info.status === info.expectedStatus) return mock.remove();
      const text = await mock.report();
      // Who failed by passing has no error.
      if (info.errors.length > 0) explain(info.errors[0], text);
      else await info.attach("persona-mock", { body: text, contentType: "text/plain" });
    },
  }),
);

module.exports = { expect, test };
