// Lets Spectral lint the documents of a directory by `spectral:oas`: lint.mjs INSTALLED DIRECTORY
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { judge } from "./exceptions.mjs";

const [installed, directory] = process.argv.slice(2);
const ruleset = fileURLToPath(new URL("spectral.yaml", import.meta.url));
const documents = readdirSync(directory).filter((file) => file.endsWith(".json")).sort();
const spectral = join(installed, "node_modules/.bin/spectral");
const files = documents.map((file) => join(directory, file));
const ran = spawnSync(spectral, ["lint", "--ruleset", ruleset, "--format", "json", "--quiet", ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
// 0: nothing found, 1: something was; anything else is no verdict.
if (ran.error || ran.status > 1) throw ran.error ?? new Error(`spectral ended with ${ran.status}: ${ran.stderr}`);

const found = JSON.parse(ran.stdout).map(({ source, code, path, message }) => ({
  // The name of a file is the provider's, and after a blank the options under which it serves this document.
  document: basename(source, ".json").split(" ")[0],
  text: `${code}: ${basename(source)}: ${path.join(".")}: ${message}`,
}));
const wrong = judge("spectral", found);
console.log(`spectral: ${documents.length} documents, ${found.length} findings, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
