"use strict";
// What the suites do at the vendor: one persona is made, and those that suites made are listed.
const team = "c58aea71-3861-4f28-b8c4-20832a2f22ee";
const headers = { Authorization: "Bearer vijil-owner-token", "Content-Type": "application/json" };

/** Makes a persona, and answers the status. A text that begins with `wrong` is sent under a misspelt name. */
async function make(mock, name) {
  const member = name.startsWith("wrong") ? "nam" : "name";
  const body = JSON.stringify({ team_id: team, [member]: name, role: "suite" });
  const answer = await fetch(`${mock.urls.vijil}/personas/`, { method: "POST", headers, body });
  return answer.status;
}

/** The names of the personas that suites made in the sandbox. */
async function made(mock) {
  const answer = await fetch(`${mock.urls.vijil}/personas/?team_id=${team}&limit=100`, { headers });
  const rows = await answer.json();
  return (rows.results ?? rows).filter((row) => row.role === "suite").map((row) => row.name);
}

/** What a test writes, it alone must see. Throws otherwise. */
async function alone(mock, name) {
  if ((await made(mock)).length > 0) throw new Error(`${mock.name} is not new`);
  const status = await make(mock, name);
  if (status !== 201) throw new Error(`${mock.name}: ${status}`);
  const found = await made(mock);
  if (found.length !== 1 || found[0] !== name) throw new Error(`${mock.name} shows ${found}`);
  const { written } = await mock.requests();
  if (written !== 3) throw new Error(`${mock.name} was called ${written} times`);
}

module.exports = { alone, made, make };
