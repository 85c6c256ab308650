"use strict";
// Requests to the control API. Not by `fetch`: a test's environment may have none, or one that the test replaced.
const { readFileSync } = require("node:fs");
const http = require("node:http");
const https = require("node:https");

const agents = {
  "http:": new http.Agent({ keepAlive: true }),
  "https:": new https.Agent({ keepAlive: true }),
};

/**
 * What the server answered that was not done.
 */
class ControlError extends Error {
  /**
   * @param {string} message
   * @param {number} status
   * @param {any} problem
   */
  constructor(message, status, problem) {
    super(message);
    this.name = "ControlError";
    /** The status of the answer. */
    this.status = status;
    /** The problem as the server says it: `title`, `detail`, and of a verification its `failures`. */
    this.problem = problem;
  }
}

/**
 * Asks the server, and gives what it answers as text. A refusal is a `ControlError`.
 * @param {string} method
 * @param {string} url
 * @param {unknown} [body]
 * @param {Record<string, string>} [fields]
 * @returns {Promise<string>}
 */
async function send(method, url, body, fields = {}) {
  const { status, text } = await once(method, url, JSON.stringify(body), fields);
  // Here and not where the answer comes: so the stack leads to the line of the test.
  if (status >= 400) throw refused(method, url, status, text);
  return text;
}

/**
 * @param {string} method
 * @param {string} url
 * @param {string | undefined} body
 * @param {Record<string, string>} fields
 * @returns {Promise<{ status: number, text: string }>}
 */
async function once(method, url, body, fields) {
  const target = new URL(url);
  const protocol = /** @type {"http:" | "https:"} */ (target.protocol);
  const token = controlToken();
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...fields,
  };
  const request = (protocol === "https:" ? https : http).request(target, { method, headers, agent: agents[protocol] });
  const answered = new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    request.end(body);
  });
  try {
    return await answered;
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    // The server closed a connection that nobody used, at the moment in which it was used again: it read nothing.
    if (code === "ECONNRESET" && request.reusedSocket) return once(method, url, body, fields);
    throw new Error(`${method} ${url} was not answered: ${code ?? message}; is persona-mock still running?`, {
      cause: error,
    });
  }
}

/** The control token that the variables say, which are those of the server. */
function controlToken() {
  const { PERSONA_MOCK_CONTROL_TOKEN: token, PERSONA_MOCK_CONTROL_TOKEN_FILE: file } = process.env;
  if (token || !file) return token;
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "").replace(/[\r\n]+$/, "");
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    throw new Error(`cannot read the control token file ${file} of PERSONA_MOCK_CONTROL_TOKEN_FILE: ${code ?? message}`, {
      cause: error,
    });
  }
}

/** What to do where the server wants a token that it was not given. */
const NO_TOKEN =
  "; set PERSONA_MOCK_CONTROL_TOKEN to the server's control token, or PERSONA_MOCK_CONTROL_TOKEN_FILE to the file that holds it";

/**
 * @param {string} method
 * @param {string} url
 * @param {number} status
 * @param {string} text
 */
function refused(method, url, status, text) {
  let problem;
  try {
    problem = JSON.parse(text);
  } catch {
    problem = { detail: text };
  }
  // Of a verification, the sentence says it all.
  if (problem.failures) return new ControlError(problem.detail, status, problem);
  const place = (problem.at ? ` (at ${problem.at})` : "") + (status === 401 ? NO_TOKEN : "");
  return new ControlError(`${method} ${url} -> ${status}: ${problem.detail ?? text}${place}`, status, problem);
}

module.exports = { ControlError, send };
