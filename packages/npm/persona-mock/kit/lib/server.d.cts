export type Schemas = import("../control.js").components["schemas"];
export type Provider = import("./mock.cjs").Provider;
export type Identity = import("./name.cjs").Identity;
/**
 * How the server of a run is started.
 */
export type Options = {
    /**
     * The binary; that of this package, where absent and `PERSONA_MOCK_BINARY` names none.
     */
    binary?: string | undefined;
    /**
     * Further flags, such as `["--auth", "strict"]`.
     */
    args?: string[] | undefined;
    /**
     * A server that runs already, such as `http://127.0.0.1:8080`; `PERSONA_MOCK_URL` counts more.
     */
    url?: string | undefined;
    /**
     * The directory to which `coverage.json` and `coverage.html` are written at the end;
     * `persona-mock-report` where absent, and `PERSONA_MOCK_REPORT` counts more. `false` or an empty text: nothing is written.
     */
    report?: string | false | undefined;
};
/** A server, and how a test gets its sandbox there. */
export class Server {
    /**
     * @param {string} url
     * @param {Record<Provider, string>} mounts
     * @param {() => Promise<void>} stop
     */
    constructor(url: string, mounts: Record<Provider, string>, stop: () => Promise<void>);
    /** Where it listens. */
    url: string;
    /** @private */
    private mounts;
    /**
     * Ends a server that this process started, once its report is written; of another one, writes the report.
     */
    stop: () => Promise<void>;
    /**
     * Makes the sandbox of a test.
     * @param {Identity} test
     * @param {Schemas["SandboxStart"]} [start] Its clock, seed and settings, where they are others than the server's.
     */
    sandbox(test: Identity, start?: Schemas["SandboxStart"]): Promise<Mock>;
}
/**
 * A server that runs, if it is of this version.
 * @param {string} address
 * @param {() => Promise<void>} [stop]
 * @returns {Promise<Server>}
 */
export function connect(address: string, stop?: () => Promise<void>): Promise<Server>;
/**
 * The server of this run: the one that `PERSONA_MOCK_URL` or `url` names, else a new one, which ends with this process,
 * however that ends.
 * @param {Options} [options]
 * @returns {Promise<Server>}
 */
export function startServer(options?: Options): Promise<Server>;
import { Mock } from "./mock.cjs";
