#!/usr/bin/env bash
# npm.sh DIRECTORY: prints the path of a directory outside the tree with the packages of DIRECTORY/package-lock.json;
# fills it once.
set -euo pipefail

installed="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/npm-$(sha256sum "$1/package-lock.json" | cut -c1-16)"
if [ ! -e "$installed/complete" ]; then
  echo "installing $1/package-lock.json into $installed" >&2
  rm -rf "$installed"
  mkdir -p "$installed"
  cp "$1/package.json" "$1/package-lock.json" "$installed"
  (cd "$installed" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  touch "$installed/complete"
fi
echo "$installed"
