import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { binaryPath } from "persona-mock";

test("a persona is read", async () => {
  const server = spawn(binaryPath(), ["--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const [line] = await server.stdout.setEncoding("utf8").take(1).toArray();
    const url = line.match(/http:\S+/)[0];
    const answer = await fetch(`${url}/api/personas/188`, { headers: { Authorization: "Bearer anything" } });
    assert.equal((await answer.json()).ResponseData.Name, "Creative Hub");
  } finally {
    server.kill();
  }
});
