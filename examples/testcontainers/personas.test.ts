import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GenericContainer, type StartedTestContainer, Wait } from "testcontainers";

let mock: StartedTestContainer;
let url: string;

before(async () => {
  mock = await new GenericContainer("persona-mock")
    .withEnvironment({ PERSONA_MOCK_CLOCK: "2026-01-15T12:00:00Z" })
    .withExposedPorts(8080)
    .withWaitStrategy(Wait.forHttp("/_mock/ready", 8080))
    .start();
  url = `http://${mock.getHost()}:${mock.getMappedPort(8080)}`;
});

after(() => mock.stop());

test("a persona has a name", async () => {
  // Each test has a sandbox of its own, which is made by its first use.
  const answer = await fetch(`${url}/_sandbox/a-persona-has-a-name/api/personas/188`, {
    headers: { Authorization: "Bearer anything" },
  });
  const persona = (await answer.json()) as { ResponseData: { Name: string } };
  assert.equal(persona.ResponseData.Name, "Creative Hub");
});
