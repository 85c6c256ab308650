"use strict";
// The server of a run: one that this process starts and holds, or one that runs already.
const { spawn } = require("node:child_process");
const { mkdirSync } = require("node:fs");
const { writeFile } = require("node:fs/promises");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
const { send } = require("./http.cjs");
const { Mock } = require("./mock.cjs");
const { sandboxName } = require("./name.cjs");

/** @typedef {import("../control.js").components["schemas"]} Schemas */
/** @typedef {import("./mock.cjs").Provider} Provider */
/** @typedef {import("./name.cjs").Identity} Identity */
/**
 * How the server of a run is started.
 * @typedef {object} Options
 * @property {string} [binary] The binary; that of this package, where absent and `PERSONA_MOCK_BINARY` names none.
 * @property {string[]} [args] Further flags, such as `["--auth", "strict"]`.
 * @property {string} [url] A server that runs already, such as `http://127.0.0.1:8080`; `PERSONA_MOCK_URL` counts more.
 * @property {string | false} [report] The directory to which `coverage.json` and `coverage.html` are written at the end;
 *   `persona-mock-report` where absent, and `PERSONA_MOCK_REPORT` counts more. `false` or an empty text: nothing is written.
 */

const READY = /^persona-mock listening on (http\S+)$/m;
const START_MS = 30_000;
const STOP_MS = 15_000;
/** Variables of the kits, which the server does not know. */
const OURS = ["PERSONA_MOCK_BINARY", "PERSONA_MOCK_REPORT", "PERSONA_MOCK_RUN", "PERSONA_MOCK_URL"];

/** A server, and how a test gets its sandbox there. */
class Server {
  /**
   * @param {string} url
   * @param {Record<Provider, string>} mounts
   * @param {() => Promise<void>} stop
   */
  constructor(url, mounts, stop) {
    /** Where it listens. */
    this.url = url;
    /** @private */
    this.mounts = mounts;
    /**
     * Ends a server that this process started, once its report is written; of another one, writes the report.
     */
    this.stop = stop;
  }

  /**
   * Makes the sandbox of a test.
   * @param {Identity} test
   * @param {Schemas["SandboxStart"]} [start] Its clock, seed and settings, where they are others than the server's.
   */
  async sandbox(test, start = {}) {
    const name = sandboxName({ run: process.env.PERSONA_MOCK_RUN ?? RUN, ...test });
    await send("PUT", `${this.url}/_mock/sandboxes/${name}`, start);
    return new Mock(this.url, name, this.mounts);
  }
}

/** The run of a process that was told none. */
const RUN = `${process.pid}-${Date.now()}-${Math.random()}`;

/**
 * The server of this run: the one that `PERSONA_MOCK_URL` or `url` names, else a new one, which ends with this process,
 * however that ends.
 * @param {Options} [options]
 * @returns {Promise<Server>}
 */
async function startServer(options = {}) {
  const report = directory(process.env.PERSONA_MOCK_REPORT ?? options.report ?? "persona-mock-report");
  const url = process.env.PERSONA_MOCK_URL || options.url;
  if (url) return connect(url, () => writeReport(url.replace(/\/+$/, ""), report));
  const child = await spawned(options, report);
  return connect(child.url, child.stop).catch(async (error) => {
    await child.stop();
    throw error;
  });
}

/**
 * A server that runs, if it is of this version.
 * @param {string} address
 * @param {() => Promise<void>} [stop]
 * @returns {Promise<Server>}
 */
async function connect(address, stop = async () => {}) {
  const url = address.replace(/\/+$/, "");
  const health = JSON.parse(await send("GET", `${url}/_mock/health`));
  const kit = /** @type {string} */ (require("../../package.json").version);
  const minor = (/** @type {string} */ version) => version.split(".").slice(0, 2).join(".");
  if (minor(String(health.version)) !== minor(kit)) {
    throw new Error(
      `the server at ${url} is persona-mock ${health.version} and this test kit is of persona-mock ${kit}: ` +
        `both must be ${minor(kit)}.x or both ${minor(String(health.version))}.x; ` +
        `npm install persona-mock@${health.version} takes the server's`,
    );
  }
  const { mounts } = /** @type {Schemas["Mounts"]} */ (JSON.parse(await send("GET", `${url}/`)));
  // Of several mounts the first is the vendor's own.
  const first = new Map([...mounts].reverse().map(({ provider, mount }) => [provider, mount]));
  return new Server(url, /** @type {Record<Provider, string>} */ (Object.fromEntries(first)), stop);
}

/** @param {string | false} named */
function directory(named) {
  if (!named) return undefined;
  mkdirSync(named, { recursive: true });
  return named;
}

/**
 * @param {string} url
 * @param {string | undefined} report
 */
async function writeReport(url, report) {
  if (report === undefined) return;
  for (const [file, page] of [["coverage.json", "coverage"], ["coverage.html", "coverage.html"]]) {
    await writeFile(join(report, file), await send("GET", `${url}/_mock/${page}?sandbox=*`));
  }
}

/**
 * @param {Options} options
 * @param {string | undefined} report
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
function spawned(options, report) {
  const binary = options.binary ?? process.env.PERSONA_MOCK_BINARY ?? require("../../binary.cjs").binaryPath();
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.includes(name)));
  const written = env.PERSONA_MOCK_COVERAGE === undefined && report !== undefined;
  const files = ["coverage.json", "coverage.html"].flatMap((file) => ["--coverage", join(report ?? "", file)]);
  const args = ["serve", "--host", "127.0.0.1", "--port", "0", "--until-stdin-closes", "--require-sandbox", "--drain", "1s"];
  const log = ["--log", "error", "--log-format", "json"];
  const server = spawn(binary, [...args, ...log, ...(written ? files : []), ...(options.args ?? [])], {
    env,
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
    // A Ctrl-C in the terminal is for the runner: its last tests still need the server. Its end ends the server.
    detached: process.platform !== "win32",
  });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = async () => {
    server.stdin.end();
    const late = setTimeout(() => server.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(late);
  };
  return new Promise((resolve, reject) => {
    let [out, said] = ["", ""];
    const fail = (/** @type {string} */ why) => {
      clearTimeout(timer);
      server.kill("SIGKILL");
      reject(new Error(`persona-mock does not start (${binary}): ${why}:${plain(said)}`));
    };
    const timer = setTimeout(() => fail(`it was not ready within ${START_MS / 1000} s`), START_MS);
    const early = (/** @type {number | null} */ code, /** @type {string | null} */ signal) =>
      fail(`it ended with ${signal ?? code}`);
    server.once("error", (error) => fail(error.message));
    server.once("close", early);
    server.stdin.on("error", () => {}); // It ended first.
    server.stderr.setEncoding("utf8").on("data", (part) => (said += part));
    server.stdout.setEncoding("utf8").on("data", (part) => {
      out += part;
      const ready = READY.exec(out);
      if (!ready) return;
      clearTimeout(timer);
      server.off("close", early).stdout.removeAllListeners("data").resume();
      server.stderr.removeAllListeners("data");
      // Crashes, and nothing that was said before.
      createInterface(server.stderr).on("line", (line) => {
        const text = plain(line);
        if (text) process.stderr.write(`persona-mock:${text}\n`);
      });
      // None of them keeps this process alive.
      server.unref();
      for (const pipe of [server.stdin, server.stdout, server.stderr]) /** @type {any} */ (pipe).unref();
      resolve({ url: ready[1], stop });
    });
  });
}

/**
 * What the server said, without the greeting.
 * @param {string} lines
 */
function plain(lines) {
  const texts = lines.split("\n").map((line) => {
    try {
      const { message } = JSON.parse(line);
      return message === "ready" ? "" : message;
    } catch {
      return line;
    }
  });
  return texts.filter(Boolean).map((text) => ` ${text}`).join("\n");
}

module.exports = { Server, connect, startServer };
