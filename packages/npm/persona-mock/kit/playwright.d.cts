export type Mock = import("./lib/mock.cjs").Mock;
export type Start = import("./control.js").components["schemas"]["SandboxStart"];
export type Fixtures = {
    /**
     * The sandbox of this test.
     */
    mock: Mock;
    /**
     * Clock, seed and settings of the sandbox: `test.use({ mockStart: { seed: 7 } })`.
     */
    mockStart: Start;
};
/** @typedef {import("./lib/mock.cjs").Mock} Mock */
/** @typedef {import("./control.js").components["schemas"]["SandboxStart"]} Start */
/**
 * @typedef {object} Fixtures
 * @property {Mock} mock The sandbox of this test.
 * @property {Start} mockStart Clock, seed and settings of the sandbox: `test.use({ mockStart: { seed: 7 } })`.
 */
/** @type {typeof import("@playwright/test").expect} */
export const expect: typeof import("@playwright/test").expect;
export const test: playwright.TestType<playwright.PlaywrightTestArgs & playwright.PlaywrightTestOptions & Fixtures, playwright.PlaywrightWorkerArgs & playwright.PlaywrightWorkerOptions>;
import playwright = require("@playwright/test");
