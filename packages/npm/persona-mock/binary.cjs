"use strict";
// Where the server's binary is: in the package of this platform, which npm installed beside this one.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { homepage, version } = require("./package.json");

/** The path of the binary. Throws an error that is meant for people where there is none, or one of another version. */
function binaryPath(platform = process.platform, arch = process.arch) {
  const wanted = `@persona-mock/${platform}-${arch}`;
  let manifest;
  try {
    manifest = require.resolve(`${wanted}/package.json`);
  } catch {
    throw new Error(missing(wanted, `${platform} on ${arch}`));
  }
  const found = JSON.parse(readFileSync(manifest, "utf8")).version;
  if (found !== version) {
    throw new Error(
      `persona-mock ${version} found ${wanted} ${found} and needs ${wanted} ${version}: install both in one version, ` +
        `for example by: npm install persona-mock@${version}`,
    );
  }
  return join(manifest, "..", "bin", platform === "win32" ? "persona-mock.exe" : "persona-mock");
}

function missing(wanted, platform) {
  return `persona-mock ${version} has no binary for ${platform}: the package ${wanted} is not installed.
Where that package exists, it is left out by --omit=optional, or by a node_modules that was made on another platform:
install again on this one, without that flag. Elsewhere there are three ways:
  docker     docker build -t persona-mock ${homepage}.git && docker run -p 8080:8080 persona-mock
  cargo      cargo install --locked --git ${homepage} --tag v${version}
  download   ${homepage}/releases/tag/v${version} has binaries with checksums
A test kit uses a server that runs already where PERSONA_MOCK_URL says its URL.`;
}

module.exports = { binaryPath, version };
