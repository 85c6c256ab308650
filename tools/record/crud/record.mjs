// node record.mjs --zod 4 --seed 1 --count 2600 --out ../../../tests/recordings/crud.jsonl
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Cases } from "./cases.mjs";
import { answer } from "./route.mjs";
import { schemasOf } from "./schemas.mjs";
import { State } from "./state.mjs";

const { values } = parseArgs({
  options: {
    zod: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "2600" },
    out: { type: "string" },
  },
});
const fixturePath = new URL("../../../fixtures/crud.json", import.meta.url);
const zodPath = new URL(`node_modules/zod${values.zod}/package.json`, import.meta.url);
const zodVersion = JSON.parse(readFileSync(zodPath, "utf8")).version;
const schemas = schemasOf((await import(`zod${values.zod}`)).z);

const cases = new Cases(Number(values.seed), JSON.parse(readFileSync(fixturePath, "utf8"))).systematic();
while (cases.list.length < Number(values.count)) cases.chance();

const fresh = State.reader(fixturePath);
const lines = [JSON.stringify({ recorded_with: { zod: zodVersion, node: process.versions.node }, seed: Number(values.seed) })];
for (const { name, request } of cases.list) {
  const body = request.body_base64 === undefined ? request.body : Buffer.from(request.body_base64, "base64");
  const headers = new Headers(request.headers);
  const response = await answer(new Request(`http://mock.test${request.target}`, { method: request.method, headers, body }), fresh(), schemas);
  const kept = ["content-type", "allow", "location", "refresh"].filter((header) => response.headers.has(header));
  lines.push(JSON.stringify({
    name,
    request,
    response: {
      status: response.status,
      headers: kept.map((header) => [header, response.headers.get(header)]),
      body: await response.text(),
    },
  }));
}
if (values.out) writeFileSync(values.out, `${lines.join("\n")}\n`);
else process.stdout.write(`${lines.join("\n")}\n`);
