#!/usr/bin/env bash
# One client a document of the mock at MOCK_URL, as openapi-typescript makes it without a flag.
set -euo pipefail
cd "$(dirname "$0")"

tools="$(realpath ../..)"
installed="$("$tools/npm.sh" "$PWD")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp ./*.ts tsconfig.json package.json "$work"
ln -s "$installed/node_modules" "$work/node_modules"
cd "$work"

mkdir json
"$tools/documents.sh" json
for document in json/*.json; do
  node_modules/.bin/openapi-typescript "$document" -o "documents/$(basename "$document" .json).ts" >/dev/null
done
node_modules/.bin/tsc --project tsconfig.json
node built/main.js "$MOCK_URL"
