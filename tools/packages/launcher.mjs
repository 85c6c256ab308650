// Installs the packages for npm offline into a fresh folder, and uses what is there as a user does. PACKED is
// the directory of the packed files.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test as nodeTest } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

const packed = resolve(process.env.PACKED);
const tarballs = readdirSync(packed).filter((name) => name.endsWith(".tgz"));
const work = mkdtempSync(join(tmpdir(), "persona-mock-npm-"));
const folder = join(work, "project");
const running = new Set();
after(() => {
  for (const server of running) server.kill("SIGKILL");
  // Whatever a test that failed has left: all that runs out of this folder.
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/exe`).startsWith(work)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It is none of ours, or it has ended.
    }
  }
  rmSync(work, { recursive: true, force: true });
});

// An empty home and cache, no registry, and nothing of the npm that runs this script.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm_|PERSONA_MOCK_|NODE_TEST)/i.test(name)),
);
Object.assign(env, { HOME: join(work, "home"), npm_config_registry: "http://127.0.0.1:9" });
mkdirSync(folder);
mkdirSync(env.HOME);

const call = (program, args, more = {}) => spawnSync(program, args, { cwd: folder, env, encoding: "utf8", timeout: 60_000, ...more });
const done = (program, args, more) => {
  const { status, stdout, stderr } = call(program, args, more);
  assert.equal(status, 0, `${program} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
};
const npx = (...args) => call("npx", ["--offline", "--no", "--", "persona-mock", ...args]);
const launcher = join(folder, "node_modules/persona-mock/bin/persona-mock.js");
const run = (args, more) => call(process.execPath, [launcher, ...args], more);

const test = (claim, body) => nodeTest(claim, { timeout: 90_000 }, body);

let serial = 0;
// A server behind `program`, or behind the launcher; its port is known and it is ready.
async function serve(program = process.execPath, args = [launcher], more = {}) {
  serial += 1;
  const file = join(work, `port-${serial}`);
  const flags = ["serve", "--port", "0", "--port-file", file, "--log", "error"];
  const server = spawn(program, [...args, ...flags], { cwd: folder, env, stdio: "ignore", ...more });
  running.add(server);
  server.ended = new Promise((told) => {
    server.once("exit", (code, signal) => {
      running.delete(server);
      told({ code, signal });
    });
  });
  for (let waited = 0; !existsSync(file); waited += 20) {
    assert.ok(waited < 20_000 && server.exitCode === null, "the server did not become ready");
    await sleep(20);
  }
  server.url = `http://127.0.0.1:${readFileSync(file, "utf8").trim()}`;
  return server;
}
const answers = (url) => fetch(`${url}/_mock/health`).then((answer) => answer.ok, () => false);
async function gone(url) {
  for (let waited = 0; await answers(url); waited += 50) {
    assert.ok(waited < 10_000, "the server is still there after 10 s");
    await sleep(50);
  }
}

test("npm installs the packed files offline, and runs no script", () => {
  done("npm", ["init", "--yes"]);
  const files = tarballs.map((name) => join(packed, name));
  done("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", ...files]);
  // What is installed is what was packed, and nothing was fetched beside it.
  assert.deepEqual(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith(".")), ["@persona-mock", "persona-mock"]);
});

test("npx runs it", () => {
  const { version } = JSON.parse(readFileSync(join(folder, "node_modules/persona-mock/package.json"), "utf8"));
  const { status, stdout, stderr } = npx("--version");
  assert.deepEqual([status, stdout], [0, `persona-mock ${version}\n`], stderr);
});

test("exit codes are the binary's", () => {
  const broken = join(work, "broken");
  mkdirSync(broken);
  writeFileSync(join(broken, "vijil.json"), '{"personas": 7}');
  for (const [code, ...args] of [[0, "routes"], [1, "health", "--port", "1"], [2, "--no-such-flag"], [3, "check", broken]]) {
    for (const { status, stderr } of [run(args), npx(...args)]) assert.equal(status, code, `${args}: ${stderr}`);
  }
});

test("a server is used through npx, and stops with it", async () => {
  const server = await serve("npx", ["--offline", "--no", "--", "persona-mock"]);
  done("curl", ["--fail", "--silent", "--show-error", `${server.url}/_mock/ready`]);
  assert.equal(npx("health", "--url", server.url).status, 0);
  const stopped = spawn("kill", ["-TERM", String(server.pid)]);
  await new Promise((told) => stopped.once("exit", told));
  await server.ended;
  await gone(server.url);
});

test("standard input and output are passed through", async () => {
  const server = await serve();
  const state = done(process.execPath, [launcher, "state", "get", "vijil", "--url", server.url]);
  assert.ok(JSON.parse(state).personas.length > 0);
  const args = ["state", "put", "-", "--provider", "vijil", "--url", server.url];
  const { status, stderr } = run(args, { input: state.replace(/"name": ?"[^"]+"/, '"name":"Written by standard input"') });
  assert.equal(status, 0, stderr);
  assert.match(run(["state", "get", "vijil", "--url", server.url]).stdout, /Written by standard input/);
  server.kill("SIGTERM");
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  test(`${signal} is passed on, and its clean end comes back`, async () => {
    const server = await serve();
    server.kill(signal);
    assert.deepEqual(await server.ended, { code: 0, signal: null });
    assert.equal(await answers(server.url), false);
  });
}

test("Ctrl-C, which a terminal sends to all of a group, lets a request under way end", async () => {
  const server = await serve(process.execPath, [launcher], { detached: true });
  const slow = fetch(`${server.url}/v1/users/me/teams`, {
    headers: { Authorization: "Bearer anything", "X-Mock-Fault": "delay=1500ms" },
  });
  await sleep(500);
  process.kill(-server.pid, "SIGINT");
  assert.equal((await slow).status, 200);
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test("a launcher that is killed leaves no server", async () => {
  const server = await serve();
  server.kill("SIGKILL");
  await server.ended;
  await gone(server.url);
});

test("npx that is killed leaves no server, and no launcher", async () => {
  const server = await serve("npx", ["--offline", "--no", "--", "persona-mock"]);
  // What runs below npx, by the system's own word: the shell, the launcher, the server.
  const below = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).flatMap((child) => [child, ...below(child)]);
  const family = below(server.pid);
  assert.ok(family.length >= 2, `${family}`);
  server.kill("SIGKILL");
  await server.ended;
  await gone(server.url);
  const runs = (pid) => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  for (let waited = 0; family.some(runs); waited += 50) {
    assert.ok(waited < 10_000, `${family.filter(runs)} still run after 10 s`);
    await sleep(50);
  }
});

test("a server whose own standard input ends stays, unless it was asked not to", async () => {
  const server = await serve(); // its input is /dev/null
  await sleep(300);
  assert.ok(await answers(server.url));
  server.kill("SIGTERM");
  await server.ended;
  const asked = await serve(process.execPath, [launcher], { stdio: ["pipe", "ignore", "ignore"], env: { ...env, PERSONA_MOCK_UNTIL_STDIN_CLOSES: "on" } });
  asked.stdin.end();
  assert.deepEqual(await asked.ended, { code: 0, signal: null });
});

test("a server that is killed ends the launcher by the same signal", async () => {
  const server = await serve();
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim();
  process.kill(Number(children), "SIGKILL");
  assert.deepEqual(await server.ended, { code: null, signal: "SIGKILL" });
});

test("the launcher knows every verb that does not serve", () => {
  const listed = run(["--help"]).stdout.match(/^Commands:\n((?: {2}.*\n)+)/m)[1];
  const verbs = [...listed.matchAll(/^ {2}([a-z-]+) /gm)].map(([, verb]) => verb).filter((verb) => verb !== "serve");
  const known = readFileSync(launcher, "utf8").match(/VERBS = new Set\(([^]*?)\.split/)[1].match(/[a-z-]+/g);
  assert.deepEqual(known.sort(), verbs.sort());
});

test("a binary of another version is refused, and both are named", () => {
  const [scope] = readdirSync(join(folder, "node_modules/@persona-mock"));
  const manifest = join(folder, "node_modules/@persona-mock", scope, "package.json");
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace(/"version": "[^"]+"/, '"version": "0.0.7"'));
  const { status, stderr } = run(["--version"]);
  writeFileSync(manifest, text);
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`^persona-mock (\\S+) found @persona-mock/${scope} 0\\.0\\.7 and needs @persona-mock/${scope} \\1`));
});

test("each platform's binary is looked for where its package has it", () => {
  const script = (platform, arch) =>
    `try { console.log(require("persona-mock").binaryPath("${platform}", "${arch}")) } catch (error) { console.log(error.message) }`;
  const { platform, arch } = process;
  const here = done(process.execPath, ["-e", script(platform, arch)]).trim();
  assert.ok(statSync(here).mode & 0o111, here);
  const windows = join(folder, "node_modules/@persona-mock/win32-x64");
  const { version } = JSON.parse(readFileSync(join(folder, "node_modules/persona-mock/package.json"), "utf8"));
  mkdirSync(windows);
  writeFileSync(join(windows, "package.json"), JSON.stringify({ name: "@persona-mock/win32-x64", version }));
  assert.equal(done(process.execPath, ["-e", script("win32", "x64")]).trim(), join(windows, "bin/persona-mock.exe"));
  rmSync(windows, { recursive: true });
});

test("where there is no package for the platform, three ways out are named", () => {
  rmSync(join(folder, "node_modules/@persona-mock"), { recursive: true });
  const { status, stdout, stderr } = run(["--port", "0"]);
  assert.deepEqual([status, stdout], [1, ""]);
  for (const way of [/^ {2}docker .*docker run/m, /^ {2}cargo .*cargo install/m, /^ {2}download .*https:/m]) assert.match(stderr, way);
});
