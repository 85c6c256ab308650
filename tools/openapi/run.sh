#!/usr/bin/env bash
# Lets openapi-spec-validator, Spectral and Prism judge the mock's OpenAPI documents: run.sh BINARY. See README.md.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
installed="$(tools/npm.sh tools/openapi)"
venv="$(tools/venv.sh tools/openapi/requirements.txt)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

failed=()
echo "prism $("$installed/node_modules/.bin/prism" --version)"
node tools/openapi/prism.mjs "$binary" "$installed" "$work" || failed+=(prism)
tools/with-mock.sh "$binary" -- tools/documents.sh "$work"
"$venv/bin/openapi-spec-validator" --version
"$venv/bin/openapi-spec-validator" --validation-errors all "$work"/*.json || failed+=(openapi-spec-validator)
echo "spectral $("$installed/node_modules/.bin/spectral" --version)"
node tools/openapi/lint.mjs "$installed" "$work" || failed+=(spectral)

if [ ${#failed[@]} -gt 0 ]; then
  echo "documents: FAILED: ${failed[*]}" >&2
  exit 1
fi
echo "documents: three tools find nothing"
