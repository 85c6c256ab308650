import { ControlError } from "./lib/http.cjs";
import { Mock } from "./lib/mock.cjs";
import { Server } from "./lib/server.cjs";
import { beginRun } from "./lib/run.cjs";
import { connect } from "./lib/server.cjs";
import { sandboxName } from "./lib/name.cjs";
import { startServer } from "./lib/server.cjs";
/**
 * A test of `node:test` with a sandbox of its own: `test("…", withMock(async (mock, t) => { … }))`. The server is one for
 * this process, which ends with it, or the one that `PERSONA_MOCK_URL` names.
 * @template T
 * @param {(mock: Mock, t: import("node:test").TestContext) => T | Promise<T>} test
 * @returns {(t: import("node:test").TestContext) => Promise<T>}
 */
export function withMock<T>(test: (mock: Mock, t: import("node:test").TestContext) => T | Promise<T>): (t: import("node:test").TestContext) => Promise<T>;
export { ControlError, Mock, Server, beginRun, connect, sandboxName, startServer };
