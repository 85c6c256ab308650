#!/usr/bin/env bash
# Prints the path of Specmatic's jar, outside the tree; installs it once, and Java where the machine has none.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v java >/dev/null; then
  echo "installing Java" >&2
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes --no-install-recommends default-jre-headless >&2
fi
directory="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/specmatic-$(sha256sum package-lock.json | cut -c1-16)"
if [ ! -e "$directory/complete" ]; then
  echo "installing Specmatic into $directory" >&2
  rm -rf "$directory"
  mkdir -p "$directory"
  cp package.json package-lock.json "$directory"
  cd "$directory"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  touch complete
fi
echo "$directory/node_modules/specmatic/specmatic.jar"
