#!/usr/bin/env node
// make.mjs BINARY TARGET DIRECTORY: makes the npm package of one platform in DIRECTORY, and prints its name.
//
// TARGET is the platform as Rust names it, such as x86_64-unknown-linux-musl. Version, licence and addresses are those of
// the launcher, so that they stand in one place; which platforms there are, it says too.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const launcher = JSON.parse(readFileSync(new URL("../persona-mock/package.json", import.meta.url), "utf8"));
const OS = { linux: "linux", darwin: "darwin", windows: "win32" };
const CPU = { x86_64: "x64", aarch64: "arm64" };

const [binary, target, directory] = process.argv.slice(2);
const words = target.split("-");
const cpu = CPU[words[0]];
const os = OS[words[2]];
const name = `@persona-mock/${os}-${cpu}`;
if (!(name in launcher.optionalDependencies)) {
  console.error(`${target} is ${name}, which is none of the launcher's: ${Object.keys(launcher.optionalDependencies)}`);
  process.exit(2);
}
// One package serves every Linux, so the binary has to be static.
if (os === "linux" && !target.endsWith("-musl")) {
  console.error(`the package ${name} takes the static binary: expected ${words[0]}-unknown-linux-musl, found ${target}`);
  process.exit(2);
}

const file = os === "win32" ? "persona-mock.exe" : "persona-mock";
mkdirSync(join(directory, "bin"), { recursive: true });
copyFileSync(binary, join(directory, "bin", file));
chmodSync(join(directory, "bin", file), 0o755);
copyFileSync(new URL("../../../LICENSE", import.meta.url), join(directory, "LICENSE"));
const { version, license, homepage, repository } = launcher;
const manifest = {
  name,
  version,
  description: `The binary of persona-mock for ${os} on ${cpu}`,
  homepage,
  repository: { ...repository, directory: "packages/npm/platform" },
  license,
  // Yarn's Plug'n'Play keeps packages in archives, from which nothing can be run.
  preferUnplugged: true,
  files: ["bin"],
  os: [os],
  cpu: [cpu],
};
writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
writeFileSync(
  join(directory, "README.md"),
  `# ${name}\n\nThe binary of persona-mock for ${os} on ${cpu}. Install \`persona-mock\`, which takes it along.\n`,
);
console.log(name);
