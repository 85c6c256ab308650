declare namespace _exports {
    export { Declare, Mock, Start, Fixtures };
}
declare namespace _exports {
    export { test as it };
    export { test };
    export { withMock };
}
export = _exports;
type Declare = (title: string, body: (fixtures: Fixtures) => unknown, timeout?: number) => void;
type Mock = import("./lib/mock.cjs").Mock;
type Start = import("./control.js").components["schemas"]["SandboxStart"];
type Fixtures = {
    mock: Mock;
};
declare const test: Declare & {
    only: Declare;
    skip: Declare;
};
/**
 * A test function with a sandbox of its own, for whatever takes a test function: `test.each([1, 2])("…", withMock(…))`
 * hands on what it is handed.
 * @template {unknown[]} A
 * @param {(fixtures: Fixtures, ...args: A) => unknown} body
 * @param {Start} [start] Clock, seed and settings of the sandbox.
 * @returns {(...args: A) => Promise<void>}
 */
declare function withMock<A extends unknown[]>(body: (fixtures: Fixtures, ...args: A) => unknown, start?: Start): (...args: A) => Promise<void>;
