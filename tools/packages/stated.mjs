// stated.mjs VERSION REPOSITORY: holds the packages' manifests against what Cargo.toml says. Prints each difference.
import { existsSync, readFileSync } from "node:fs";

const [version, repository] = process.argv.slice(2);
const launcher = JSON.parse(readFileSync("packages/npm/persona-mock/package.json", "utf8"));
const differences = [];
const hold = (place, found, expected) => {
  if (found !== expected) differences.push(`${place}: expected ${expected}, found ${found}`);
};

const npm = "packages/npm/persona-mock/package.json";
hold(`${npm}: version`, launcher.version, version);
hold(`${npm}: homepage`, launcher.homepage, repository);
hold(`${npm}: repository.url`, launcher.repository.url, `git+${repository}.git`);
for (const [name, found] of Object.entries(launcher.optionalDependencies)) {
  hold(`${npm}: optionalDependencies[${name}]`, found, version);
}
for (const script of Object.keys(launcher.scripts ?? {})) {
  differences.push(`${npm}: scripts.${script}: expected no script, as npm runs none while it installs`);
}
// Whatever a user may import is there.
const files = [launcher.bin, ...Object.values(launcher.exports)].flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry)));
for (const file of files) {
  if (!existsSync(`packages/npm/persona-mock/${file}`)) differences.push(`${npm}: ${file} is not there`);
}
const [, image] = readFileSync("Dockerfile", "utf8").match(/^ARG VERSION=(.*)$/m) ?? [];
hold("Dockerfile: ARG VERSION", image, version);
// Each address of the repository that people are shown.
const address = /https:\/\/github\.com\/[\w.-]+\/persona-mock\b/g;
for (const file of ["README.md", "packages/npm/persona-mock/README.md", "packages/python/README.md", "packages/python/pyproject.toml", "Dockerfile"]) {
  for (const [found] of readFileSync(file, "utf8").matchAll(address)) hold(file, found, repository);
}

for (const difference of differences) console.error(difference);
process.exit(differences.length === 0 ? 0 : 1);
