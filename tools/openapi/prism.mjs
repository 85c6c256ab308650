// Replays tests/cases/ through Prism as a validating proxy: prism.mjs BINARY INSTALLED DIRECTORY
//
// A case's requests go through the proxy to a mock of their own. Every answer must be as the document says, and so must
// every request that was taken; a case marked `# beyond the document:` asks for what the vendor takes beyond it. The
// documents are written into DIRECTORY, one for each set of options that makes another.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { METHODS, request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cases, flags } from "./cases.mjs";
import { judge } from "./exceptions.mjs";

const [binary, installed, directory] = process.argv.slice(2);
const prismCli = createRequire(join(installed, "node_modules/@stoplight/prism-cli/package.json"));
const { getHttpOperationsFromSpec } = prismCli("@stoplight/prism-http");
const { createServer } = prismCli("@stoplight/prism-http-server");
const root = fileURLToPath(new URL("../../tests/cases/", import.meta.url));
// A request that gets no answer is a finding, soon.
const PATIENCE_MS = 10_000;
const MEDIA_TYPE = /^[\w-]+\/[\w.+-]+( *; *[\w-]+=("[^"]*"|[\w-]+))*$/;

const logger = { child: () => logger };
for (const level of ["trace", "debug", "info", "success", "start", "warn", "error", "fatal"]) logger[level] = () => {};
// What Prism cannot read it answers with 500, and says so here for each.
console.error = () => {};

function send(port, { method, target, fields, body }) {
  return new Promise((resolve) => {
    const lost = (error) => resolve({ status: 0, headers: {}, body: String(error) });
    const options = { host: "127.0.0.1", port, method, path: target, agent: false, timeout: PATIENCE_MS };
    const asked = request(options, (answer) => {
      const { statusCode: status, headers } = answer;
      const parts = [];
      const whole = () => resolve({ status, headers, body: Buffer.concat(parts).toString() });
      answer.on("data", (part) => parts.push(part));
      answer.on("end", whole);
      // Under Node.js 18 Prism's 204 does not end as a client expects.
      answer.on("error", status === 204 ? whole : lost);
    });
    for (const [name, value] of fields) asked.appendHeader(name, value);
    if (body !== "" && !asked.hasHeader("content-length")) asked.setHeader("Content-Length", Buffer.byteLength(body));
    asked.on("timeout", () => asked.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)));
    asked.on("error", lost);
    asked.end(body);
  });
}

const ask = (method, target) => ({ method, target, fields: [], body: "" });

async function serve(options, port_file) {
  rmSync(port_file, { force: true });
  const serve = ["serve", "--port", "0", "--port-file", port_file, "--log", "error", ...flags(options)];
  const mock = spawn(binary, serve, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  mock.stderr.on("data", (part) => (log += part));
  for (let tries = 0; tries < 400 && !existsSync(port_file) && mock.exitCode === null; tries += 1) await sleep(25);
  if (!existsSync(port_file)) throw new Error(`persona-mock ${serve.join(" ")}: ${log}`);
  const stop = async () => {
    const ended = once(mock, "exit");
    mock.kill("SIGTERM");
    const [code] = await ended;
    if (code !== 0 || /crashed|panicked/.test(log)) found.push({ document: "mock", text: `ended with ${code}: ${log}` });
  };
  return { port: Number(readFileSync(port_file, "utf8")), stop };
}

async function proxy(document, port, options) {
  const config = {
    isProxy: true,
    upstream: new URL(`http://127.0.0.1:${port}`),
    validateRequest: true,
    validateResponse: true,
    checkSecurity: !options.includes("auth=off"),
    // Violations are told in a header field of the answer, which comes all the same.
    errors: false,
    mock: { dynamic: false },
  };
  const server = createServer(await getHttpOperationsFromSpec(document), { cors: false, config, components: { logger } });
  const address = await server.listen(0, "127.0.0.1");
  return { port: Number(new URL(address).port), stop: () => server.close() };
}

// Why Prism cannot pass a request on as it is; such a one is sent to the mock itself.
function unfit({ method, target, fields, body, status }, servers) {
  const type = fields.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const length = fields.some(([name]) => name.toLowerCase() === "content-length");
  if (servers.slice(1).some(({ url }) => target.startsWith(`${url}/`))) return "Prism knows the document's first server alone";
  if (status === 307 || status === 308) return "Prism follows redirects itself";
  if (!METHODS.includes(method)) return "Node.js reads no such method";
  if (method === "HEAD") return "Prism answers HEAD with 500";
  if (method === "GET" && body !== "") return "Prism takes no GET with a body";
  if (body === "" && !length) return undefined;
  if (type !== undefined && !MEDIA_TYPE.test(type)) return "Prism wants a media type by the letter";
  if (/^text\/json\b/i.test(type)) return "Prism reads text/json as text";
  if (!/^application\/(json|[\w.-]+\+json)\b/i.test(type)) return undefined;
  try {
    if (!JSON.parse(body)) return "Prism takes false, 0, null and an empty string for no body";
  } catch {
    return "Prism wants JSON";
  }
  if (/\d{100}/.test(body)) return "Prism rounds numbers";
  if (body.includes("[".repeat(1000))) return "Prism follows nested lists on its stack";
  return undefined;
}

function violations(answer) {
  const told = answer.headers["sl-violations"];
  if (told === undefined) return [];
  try {
    return JSON.parse(told);
  } catch {
    // Prism cuts what is too long for a header field.
    return [{ location: ["response"], message: told }];
  }
}

const found = [];
const documents = new Set();
let exchanges = 0;
const unfits = new Map();

for (const provider of ["axero", "equals_money", "vijil", "crud"]) {
  const all = cases(join(root, provider));
  for (const options of new Set(all.map((one) => one.options))) {
    await replay(provider, options, all.filter((one) => one.options === options));
  }
}

// Replays the cases that have these options.
async function replay(provider, options, group) {
  const mock = await serve(options, join(directory, "port"));
  try {
    const text = (await send(mock.port, ask("GET", `/_mock/openapi/${provider}.json`))).body;
    if (!documents.has(text)) writeFileSync(join(directory, `${[provider, options].join(" ").replaceAll("/", "_").trim()}.json`), text);
    documents.add(text);
    const document = JSON.parse(text);
    const prism = await proxy(document, mock.port, options);
    for (const one of group) await hold(provider, one, document, mock.port, prism.port);
    await prism.stop();
  } finally {
    await mock.stop();
  }
}

// Replays one case on a mock as it started.
async function hold(provider, { name, beyond, exchanges: asked }, document, mock, prism) {
  const reset = await send(mock, ask("POST", "/_mock/reset"));
  if (reset.status !== 200) throw new Error(`reset: ${reset.status} ${reset.body}`);
  let passed_over = 0;
  for (const [index, exchange] of asked.entries()) {
    exchanges += 1;
    const why = unfit(exchange, document.servers ?? []);
    if (why !== undefined) unfits.set(why, (unfits.get(why) ?? 0) + 1);
    const answer = await send(why === undefined ? prism : mock, exchange);
    const say = (text) => found.push({ document: provider, text: `${name} ${index + 1}: ${exchange.method} ${exchange.target}: ${text}` });
    const shown = `${answer.status} ${answer.body.slice(0, 200)}`;
    if (answer.status !== exchange.status) say(`expected ${exchange.status}, found ${shown}`);
    if (why === undefined && answer.headers["x-mock-sandbox"] === undefined) say(`expected an answer of the mock, found Prism's own: ${shown}`);
    const taken = answer.status < 300 && answer.status !== 207 && !exchange.refuses;
    for (const { location, message } of violations(answer)) {
      if (location[0] === "request" && !taken) continue;
      if (location[0] === "request" && beyond) passed_over += 1;
      else say(`${location.join(".")}: ${message}`);
    }
  }
  if (beyond && passed_over === 0) found.push({ document: provider, text: `${name}: is marked as beyond the document, and nothing in it is` });
}

rmSync(join(directory, "port"), { force: true });
let sent = exchanges;
for (const [why, times] of unfits) {
  sent -= times;
  console.log(`prism: ${times} x sent to the mock itself: ${why}`);
}
if (sent < exchanges * 0.8) found.push({ document: "all", text: `expected four of five exchanges to go through Prism, found ${sent} of ${exchanges}` });
const wrong = judge("prism", found);
console.log(`prism: ${sent} of ${exchanges} exchanges went through the proxy, ${found.length} findings, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
