export type Schemas = import("../control.js").components["schemas"];
export type Provider = "axero" | "crud" | "equals_money" | "vijil";
export type Asked<P extends import("./asked.js").Path, M extends import("./asked.js").Method<P>> = import("./asked.js").Asked<P, M>;
export type Answer<P extends import("./asked.js").Path, M extends import("./asked.js").Method<P>> = import("./asked.js").Answer<P, M>;
/** A sandbox of one test. What another test does is not seen in it. */
export class Mock {
    /**
     * @param {string} server
     * @param {string} name
     * @param {Record<Provider, string>} mounts
     */
    constructor(server: string, name: string, mounts: Record<Provider, string>);
    /** The sandbox's name. */
    name: string;
    /** The server's address. */
    server: string;
    /** The sandbox's base URL, for a client that appends `/api`, `/v2` and so on itself. */
    url: string;
    /**
     * The base URL of each vendor in this sandbox, with the vendor's own prefix such as `/v1`.
     * @type {{ axero: string, crud: string, equals_money: string, vijil: string }}
     */
    urls: {
        axero: string;
        crud: string;
        equals_money: string;
        vijil: string;
    };
    /** Where people see what happened in this sandbox. */
    page: string;
    /** The header fields that name this sandbox, for a client whose base URL stays the server's. */
    headers: {
        "X-Mock-Sandbox": string;
    };
    /** The header field by which tracing passes this sandbox on to other servers, such as one that renders pages. */
    baggage: {
        baggage: string;
    };
    /** The cookie that names this sandbox to a page's server: `context.addCookies([{ ...mock.cookie, url }])`. */
    cookie: {
        name: string;
        value: string;
    };
    clock: Clock;
    state: State;
    /**
     * Asks a verb of the control API, as `/_mock/openapi.json` states it. The other methods are short forms of this.
     * @template {import("./asked.js").Path} P
     * @template {import("./asked.js").Method<P>} M
     * @param {P} path
     * @param {M} method
     * @param {Asked<P, M>} [asked]
     * @returns {Promise<Answer<P, M>>}
     */
    control<P extends import("./asked.js").Path, M extends import("./asked.js").Method<P>>(path: P, method: M, asked?: Asked<P, M>): Promise<Answer<P, M>>;
    /**
     * Adds a fault rule, such as `{ match: { operation: "vijil.list_teams" }, action: { refuse: { status: 503 } } }`.
     * @param {Schemas["Fault"]} rule
     */
    fault(rule: Schemas["Fault"]): Promise<{
        id: string;
        match?: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Pattern"];
        action: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["FaultAction"];
        when?: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["FaultWhen"];
        ttl: string;
        expires_in_s: number;
        fitted: number;
        struck: number;
    } & {
        remove: () => Promise<never>;
    }>;
    /**
     * Limits each caller of a provider to so many requests in a period, such as `"2/1m"`; `"off"` ends that.
     * @param {Provider} provider
     * @param {string} limit
     */
    limit(provider: Provider, limit: string): Promise<{
        limits: {
            [key: string]: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Limit"] | null;
        };
    }>;
    /**
     * Goes back to before a call or a step, or behind one, such as `{ before: 3 }`.
     * @param {{ before: string | number } | { after: string | number }} to
     */
    rewind(to: {
        before: string | number;
    } | {
        after: string | number;
    }): Promise<{
        sandbox: string;
        step: string;
        back_to: string;
        clock: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["ClockState"];
    }>;
    /** Goes one step back: data, ids and clock are as before the last change. */
    undo(): Promise<{
        sandbox: string;
        step: string;
        back_to: string;
        clock: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["ClockState"];
    }>;
    /** Puts the sandbox back to the moment in which the test began. */
    reset(): Promise<{
        sandbox: string;
        reset: string;
    }>;
    /**
     * The calls that were made, the oldest first: 100 at most, if `limit` does not say otherwise.
     * @param {import("./asked.js").Query<"/_mock/requests", "get">} [filter]
     */
    requests(filter?: import("./asked.js").Query<"/_mock/requests", "get">): Promise<{
        requests: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Exchange"][];
        next?: string;
        written: number;
        gone: number;
        elsewhere?: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Traffic"][];
    }>;
    /**
     * Throws where the calls are not as expected, with a message that shows the nearest call.
     * @param {Schemas["VerifyRequest"]} expected
     */
    verify(expected: Schemas["VerifyRequest"]): Promise<{
        verified: boolean;
        found: number[];
        claims?: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Claim"][];
        gone?: number;
        unused?: string;
    }>;
    /** Throws where a client sent what the vendor ignores, such as a misspelt member. */
    nothingIgnored(): Promise<{
        verified: boolean;
        found: number[];
        claims?: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["Claim"][];
        gone?: number;
        unused?: string;
    }>;
    /** What a failing test is told: the calls with their hints, what they changed, and the page's address. */
    report(): Promise<string>;
    /** Takes the sandbox away. */
    remove(): Promise<void>;
    /**
     * Runs a test. If it passes the sandbox goes; if it fails the sandbox stays, and the failure says what happened there.
     * @template T
     * @param {(mock: Mock) => T | Promise<T>} test
     * @returns {Promise<T>}
     */
    during<T>(test: (mock: Mock) => T | Promise<T>): Promise<T>;
}
/** @typedef {import("../control.js").components["schemas"]} Schemas */
/** @typedef {"axero" | "crud" | "equals_money" | "vijil"} Provider */
/**
 * @template {import("./asked.js").Path} P
 * @template {import("./asked.js").Method<P>} M
 * @typedef {import("./asked.js").Asked<P, M>} Asked
 */
/**
 * @template {import("./asked.js").Path} P
 * @template {import("./asked.js").Method<P>} M
 * @typedef {import("./asked.js").Answer<P, M>} Answer
 */
/** The clock of a sandbox. */
declare class Clock {
    /** @param {Mock} mock */
    constructor(mock: Mock);
    /** @private */
    private mock;
    /**
     * Stands still: now, or at an instant such as `2026-01-15T12:00:00Z`.
     * @param {string | Date} [at]
     */
    freeze(at?: string | Date): Promise<{
        mode: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["ClockMode"];
        now: string;
    }>;
    /**
     * Goes on by a duration such as `14d` or `90s`; `-1h` goes back.
     * @param {string} by
     */
    advance(by: string): Promise<{
        mode: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["ClockMode"];
        now: string;
    }>;
    /**
     * Shows another instant. A clock that stood still stands still there, one that ran runs on.
     * @param {string | Date} to
     */
    set(to: string | Date): Promise<{
        mode: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["ClockMode"];
        now: string;
    }>;
    /** Runs on from where it stands. */
    run(): Promise<{
        mode: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["ClockMode"];
        now: string;
    }>;
    /** What it shows. */
    now(): Promise<{
        mode: import("../control.js", { with: { "resolution-mode": "import" } }).components["schemas"]["ClockMode"];
        now: string;
    }>;
}
import { State } from "./state.cjs";
export {};
