"use strict";
// A test's sandbox: where it is called, and how it is steered.
const { send } = require("./http.cjs");
const { explain, report } = require("./report.cjs");
const { State } = require("./state.cjs");

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
class Clock {
  /** @param {Mock} mock */
  constructor(mock) {
    /** @private */
    this.mock = mock;
  }

  /**
   * Stands still: now, or at an instant such as `2026-01-15T12:00:00Z`.
   * @param {string | Date} [at]
   */
  freeze(at = "now") {
    return this.mock.control("/_mock/clock", "put", { body: { freeze: instant(at) } });
  }

  /**
   * Goes on by a duration such as `14d` or `90s`; `-1h` goes back.
   * @param {string} by
   */
  advance(by) {
    return this.mock.control("/_mock/clock", "put", { body: { advance: by } });
  }

  /**
   * Shows another instant. A clock that stood still stands still there, one that ran runs on.
   * @param {string | Date} to
   */
  set(to) {
    return this.mock.control("/_mock/clock", "put", { body: { set: instant(to) } });
  }

  /** Runs on from where it stands. */
  run() {
    return this.mock.control("/_mock/clock", "put", { body: { run: true } });
  }

  /** What it shows. */
  now() {
    return this.mock.control("/_mock/clock", "get");
  }
}

/** @param {string | Date} at */
function instant(at) {
  return typeof at === "string" ? at : at.toISOString();
}

/** @type {Provider[]} */
const PROVIDERS = ["axero", "crud", "equals_money", "vijil"];

/**
 * The base URLs of what is served. To read another one is an error, so that no test calls a URL that leads nowhere.
 * @param {string} base
 * @param {Partial<Record<Provider, string>>} mounts
 */
function urlsOf(base, mounts) {
  const urls = /** @type {Record<Provider, string>} */ ({});
  for (const provider of PROVIDERS) {
    const mount = mounts[provider];
    if (mount !== undefined) {
      urls[provider] = base + mount;
      continue;
    }
    const get = () => {
      throw new Error(`the server does not serve ${provider}; it serves ${Object.keys(mounts).join(", ")}`);
    };
    Object.defineProperty(urls, provider, { get });
  }
  return urls;
}

/** A sandbox of one test. What another test does is not seen in it. */
class Mock {
  /**
   * @param {string} server
   * @param {string} name
   * @param {Record<Provider, string>} mounts
   */
  constructor(server, name, mounts) {
    /** The sandbox's name. */
    this.name = name;
    /** The server's address. */
    this.server = server;
    /** The sandbox's base URL, for a client that appends `/api`, `/v2` and so on itself. */
    this.url = `${server}/_sandbox/${name}`;
    /**
     * The base URL of each vendor in this sandbox, with the vendor's own prefix such as `/v1`.
     * @type {{ axero: string, crud: string, equals_money: string, vijil: string }}
     */
    this.urls = urlsOf(this.url, mounts);
    /** Where people see what happened in this sandbox. */
    this.page = `${server}/_mock/ui/#/${name}/calls`;
    /** The header fields that name this sandbox, for a client whose base URL stays the server's. */
    this.headers = { "X-Mock-Sandbox": name };
    /** The header field by which tracing passes this sandbox on to other servers, such as one that renders pages. */
    this.baggage = { baggage: `mock.sandbox=${name}` };
    /** The cookie that names this sandbox to a page's server: `context.addCookies([{ ...mock.cookie, url }])`. */
    this.cookie = { name: "mock_sandbox", value: name };
    this.clock = new Clock(this);
    this.state = new State(this);
  }

  /**
   * Asks a verb of the control API, as `/_mock/openapi.json` states it. The other methods are short forms of this.
   * @template {import("./asked.js").Path} P
   * @template {import("./asked.js").Method<P>} M
   * @param {P} path
   * @param {M} method
   * @param {Asked<P, M>} [asked]
   * @returns {Promise<Answer<P, M>>}
   */
  async control(path, method, asked = {}) {
    const at = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(asked.at?.[name] ?? ""));
    const text = await send(method.toUpperCase(), this.url + at + query(asked.query), asked.body, asked.fields);
    return /** @type {Answer<P, M>} */ (text === "" ? undefined : JSON.parse(text));
  }

  /**
   * Adds a fault rule, such as `{ match: { operation: "vijil.list_teams" }, action: { refuse: { status: 503 } } }`.
   * @param {Schemas["Fault"]} rule
   */
  async fault(rule) {
    const made = await this.control("/_mock/faults", "post", { body: rule });
    /** Takes the rule away. */
    const remove = () => this.control("/_mock/faults/{id}", "delete", { at: { id: made.id } });
    return Object.assign(made, { remove });
  }

  /**
   * Limits each caller of a provider to so many requests in a period, such as `"2/1m"`; `"off"` ends that.
   * @param {Provider} provider
   * @param {string} limit
   */
  limit(provider, limit) {
    return this.control("/_mock/limits", "put", { body: { limits: { [provider]: limit } } });
  }

  /**
   * Goes back to before a call or a step, or behind one, such as `{ before: 3 }`.
   * @param {{ before: string | number } | { after: string | number }} to
   */
  rewind(to) {
    const body = "before" in to ? { before: String(to.before) } : { after: String(to.after) };
    return this.control("/_mock/rewind", "post", { body });
  }

  /** Goes one step back: data, ids and clock are as before the last change. */
  undo() {
    return this.control("/_mock/undo", "post");
  }

  /** Puts the sandbox back to the moment in which the test began. */
  reset() {
    return this.control("/_mock/reset", "post");
  }

  /**
   * The calls that were made, the oldest first: 100 at most, if `limit` does not say otherwise.
   * @param {import("./asked.js").Query<"/_mock/requests", "get">} [filter]
   */
  requests(filter) {
    return this.control("/_mock/requests", "get", { query: filter });
  }

  /**
   * Throws where the calls are not as expected, with a message that shows the nearest call.
   * @param {Schemas["VerifyRequest"]} expected
   */
  verify(expected) {
    return this.control("/_mock/verify", "post", { body: expected });
  }

  /** Throws where a client sent what the vendor ignores, such as a misspelt member. */
  nothingIgnored() {
    return this.verify({ nothing_ignored: true });
  }

  /** What a failing test is told: the calls with their hints, what they changed, and the page's address. */
  report() {
    return report(this);
  }

  /** Takes the sandbox away. */
  async remove() {
    await send("DELETE", `${this.server}/_mock/sandboxes/${this.name}`);
  }

  /**
   * Runs a test. If it passes the sandbox goes; if it fails the sandbox stays, and the failure says what happened there.
   * @template T
   * @param {(mock: Mock) => T | Promise<T>} test
   * @returns {Promise<T>}
   */
  async during(test) {
    let outcome;
    try {
      outcome = await test(this);
    } catch (error) {
      throw explain(error, await this.report());
    }
    await this.remove();
    return outcome;
  }
}

/** @param {unknown} wanted */
function query(wanted) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) pairs.append(name, String(one));
    }
  }
  return pairs.size ? `?${pairs}` : "";
}

module.exports = { Mock };
