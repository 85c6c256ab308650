export const test: import("vitest").TestAPI<Fixtures>;
export const it: import("vitest").TestAPI<Fixtures>;
export type Mock = import("./lib/mock.cjs").Mock;
export type Start = import("./control.js").components["schemas"]["SandboxStart"];
export type Fixtures = {
    /**
     * The sandbox of this test.
     */
    mock: Mock;
    /**
     * Clock, seed and settings of the sandbox: `test.extend({ mockStart: { seed: 7 } })`.
     */
    mockStart: Start;
};
export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from "vitest";
