#!/usr/bin/env bash
# Checks the page: its types, its form, and what it does in a browser: run.sh BINARY [NAME…]. See README.md.
#
# run.sh BINARY picture draws docs/page.png anew and checks nothing else.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
here=tools/ui
installed="$(tools/npm.sh "$here")"
proxies="$(tools/proxies/install.sh)"
nginx="$(command -v nginx || true)"
[ -n "$nginx" ] || nginx=/usr/sbin/nginx
[ -x "$nginx" ] || nginx="$proxies/nginx/usr/sbin/nginx"

picture="$PWD/docs/page.png"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp -r ui "$work/ui"
rm -r "$work/ui/packed"
cp "$here"/*.mjs "$here"/*.json "$work"
ln -s "$installed/node_modules" "$work/node_modules"
if [ "${2:-}" = picture ]; then
  cd "$work"
  node picture.mjs "$binary" "$picture"
  exit
fi
# Types stand beside what they are of, and are none of the page's own.
cp "$here/types/api.d.ts" "$here/types/kit.d.ts" "$work/ui/lib"
cp "$here/types/htm-preact.d.ts" "$work/ui/vendor"
# shellcheck disable=SC2016  # MOCK_URL is with-mock.sh's to say.
tools/with-mock.sh "$binary" -- bash -c 'curl -sSf "$MOCK_URL/_mock/openapi.json" >"$1"' get "$work/control.json"
cd "$work"
node_modules/.bin/openapi-typescript control.json -o ui/lib/control.d.ts >/dev/null
node_modules/.bin/tsc --project tsconfig.json
node_modules/.bin/eslint --max-warnings 0 ui/main.js ui/lib/*.js ui/screens/*.js
node main.mjs "$binary" "$nginx" "${@:2}"
