#!/usr/bin/env node
// Runs the binary of this platform as if it had been called itself: same input, output, signals and exit code.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import binary from "../binary.cjs";

// The verbs that do not serve. They get this program's own standard input.
const VERBS = new Set(
  ("check clock completions config coverage credentials diff doctor env fault fixtures health help history limits man metrics " +
    "openapi requests reset rewind routes row sandboxes seed settings snapshot state undo verify").split(" "),
);
const HELD = "PERSONA_MOCK_UNTIL_STDIN_CLOSES";
const windows = process.platform === "win32";

let path;
try {
  path = binary.binaryPath();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const given = process.argv.slice(2);
// A server reads nothing of its standard input. So it gets a pipe that this program holds, and stops at its end: the
// system closes the pipe however this program ends, by SIGKILL too. Whoever says himself what input is for, is obeyed.
const held =
  !(HELD in process.env) && !given.some((word) => VERBS.has(word) || word.startsWith("--until-stdin-closes"));
const server = spawn(path, given, {
  stdio: [held ? "pipe" : "inherit", "inherit", "inherit"],
  env: held ? { ...process.env, [HELD]: "on" } : process.env,
  // A group of its own: a terminal sends its Ctrl-C to a whole group, and the server would get it twice with the one
  // that is passed on, which ends requests that are under way. A console of Windows is left with its window.
  detached: held && !windows,
});
server.stdin?.on("error", () => {}); // it ended first

// On Windows the console tells both of them, and no program can send the other a signal: the end of input stops it.
const signals = windows ? ["SIGINT", "SIGBREAK", "SIGHUP"] : ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR2"];
for (const signal of signals) {
  process.on(signal, () => {
    if (!windows) server.kill(signal);
    else if (signal === "SIGHUP") server.stdin?.end();
  });
}

// npx runs a shell, which runs this program. It passes a signal on to that shell, which ends and tells nobody; and where
// npx is killed the shell stays, and has another parent. Where there is no /proc, as on macOS, sh is bash: that runs this
// program in its own place, so that npx itself is the parent.
function above() {
  let shell = "";
  try {
    shell = readFileSync(`/proc/${process.ppid}/stat`, "latin1").replace(/^.*\) \S+ (\d+) .*$/s, "$1");
  } catch {
    // There is no /proc, or the shell has ended.
  }
  return `${process.ppid} ${shell}`;
}
if (held && !windows && process.env.npm_lifecycle_event === "npx") {
  const before = above();
  setInterval(() => above() === before || server.kill("SIGTERM"), 200).unref();
}

server.on("error", (error) => {
  console.error(`persona-mock cannot start ${path}: ${error.message}`);
  process.exit(1);
});
server.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  // Ends by the same signal, so that a shell sees what it would have seen.
  for (const name of signals) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});
