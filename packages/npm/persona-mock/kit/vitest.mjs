// Test kit for Vitest: `test` with the fixture `mock`, a sandbox for each test.
import { test as base } from "vitest";
import report from "./lib/report.cjs";
import run from "./lib/run.cjs";

/** @typedef {import("./lib/mock.cjs").Mock} Mock */
/** @typedef {import("./control.js").components["schemas"]["SandboxStart"]} Start */
/**
 * @typedef {object} Fixtures
 * @property {Mock} mock The sandbox of this test.
 * @property {Start} mockStart Clock, seed and settings of the sandbox: `test.extend({ mockStart: { seed: 7 } })`.
 */

/** @param {import("vitest").RunnerTestCase} task */
function identity(task) {
  const titles = [];
  /** @type {any} */
  let at = task;
  for (; at && at !== task.file; at = at.suite) titles.unshift(at.name);
  const { filepath: file, projectName: project } = task.file;
  const retry = `${task.result?.retryCount ?? 0}.${task.result?.repeatCount ?? 0}.${task.id}`;
  return { project, file, title: titles.join(" "), retry };
}

const fixtures = {
  mockStart: {},
  /**
   * @param {any} context
   * @param {(mock: Mock) => Promise<void>} use
   */
  mock: async ({ task, mockStart }, use) => {
    const server = await run.serverOfRun('globalSetup: ["persona-mock/setup"]');
    const mock = await server.sandbox(identity(task), mockStart);
    // Errors of earlier tries stand before those of this one.
    const before = task.result?.errors?.length ?? 0;
    await use(mock);
    const errors = (task.result?.errors ?? []).slice(before);
    if (errors.length === 0 || task.fails) await mock.remove();
    else report.explain(errors[0], await mock.report());
  },
};

export const test = /** @type {import("vitest").TestAPI<Fixtures>} */ (base.extend(/** @type {any} */ (fixtures)));
export const it = test;
export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from "vitest";
