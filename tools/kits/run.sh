#!/usr/bin/env bash
# Checks the test kits with each runner: run.sh BINARY [full]. See README.md.
#
# With PERSONA_MOCK_WRITE_TYPES set, writes the kits' types in place of comparing them.
set -euo pipefail

binary="$(realpath "$1")"
write="${PERSONA_MOCK_WRITE_TYPES:-}"
cd "$(dirname "$0")/../.."
here=tools/kits
kit="$PWD/packages/npm/persona-mock/kit"
installed="$(tools/npm.sh "$here")"
venv="$(tools/venv.sh "$here/requirements.txt")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# The types are made of the server's document and of the sources, so that kit and server cannot part.
mkdir "$work/types" "$work/run"
cp -r "$kit" packages/npm/persona-mock/*.* "$here"/tsconfig.json "$work/types"
find "$work/types/kit" -name '*.d.*ts' ! -name asked.d.ts -delete
ln -s "$installed/node_modules" "$work/types/node_modules"
# shellcheck disable=SC2016  # MOCK_URL is with-mock.sh's to say.
tools/with-mock.sh "$binary" -- bash -c 'curl -sSf "$MOCK_URL/_mock/openapi.json" >"$1"' get "$work/control.json"
(
  cd "$work/types"
  node_modules/.bin/openapi-typescript "$work/control.json" --default-non-nullable=false -o kit/control.d.ts >/dev/null
  node_modules/.bin/tsc --project tsconfig.json
)
if [ -n "$write" ]; then
  cp -r "$work/types/kit/." "$kit"
elif ! diff -r "$kit" "$work/types/kit" >"$work/diff"; then
  head -40 "$work/diff"
  echo "the kits' types are not those of their sources and of the server's document; PERSONA_MOCK_WRITE_TYPES=1 $0 $1 writes them"
  exit 1
fi
# As a user's project sees them.
mkdir "$work/types/user"
cp "$here/user.ts" "$here/user.json" "$work/types/user"
mkdir "$work/types/user/node_modules"
for module in "$installed"/node_modules/*; do ln -s "$module" "$work/types/user/node_modules"; done
cp -r packages/npm/persona-mock "$work/types/user/node_modules"
(cd "$work/types" && node_modules/.bin/tsc --project user/user.json)

full=()
[ "${2:-}" != full ] || full=(--full)
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/check.py" "$binary" --modules "$installed/node_modules" --venv "$venv" \
  --work "$work/run" "${full[@]}"
