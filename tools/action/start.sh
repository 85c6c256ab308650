#!/usr/bin/env bash
# The first step of action.yml: starts a server, waits until it is ready, and tells the steps behind it where it is.
#
# What the action was given comes by variables INPUT_…, so nothing of it is read as a part of this script.
set -euo pipefail

kept="$RUNNER_TEMP/persona-mock"
fail() {
  echo "::error title=persona-mock::$*" >&2
  if [ -s "$kept/server.log" ]; then tail -20 "$kept/server.log" >&2; fi
  exit 1
}
if [ -e "$kept/pid" ]; then fail "an earlier step of this job has started a server: end it by a step with 'finish: true'"; fi
case "$INPUT_WAIT" in "" | *[!0-9]*) fail "wait: expected whole seconds, such as 20; found '$INPUT_WAIT'" ;; esac
rm -rf "$kept"
mkdir -p "$kept"

binary="$INPUT_BINARY"
if [ -z "$binary" ]; then
  version="${INPUT_VERSION:-$(sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml")}"
  # Beside the tests, not among their packages.
  npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$kept/npm" "persona-mock@$version" >&2
  binary="$(PACKAGES="$kept/npm/node_modules" node -p 'require(`${process.env.PACKAGES}/persona-mock`).binaryPath()')"
fi

flags=()
while IFS= read -r flag; do
  flag="${flag#"${flag%%[![:space:]]*}"}"
  flag="${flag%"${flag##*[![:space:]]}"}"
  if [ -n "$flag" ]; then flags+=("$flag"); fi
done <<<"$INPUT_FLAGS"

# By variables, so that the flags of whoever uses the action count more. A port of its own is in nothing's way.
export PERSONA_MOCK_PORT=0 PERSONA_MOCK_PORT_FILE="$kept/port" PERSONA_MOCK_RECORD_TO="$kept/record.ndjson"
export PERSONA_MOCK_COVERAGE="$kept/coverage.json,$kept/coverage.md"
began=$SECONDS
nohup "$binary" serve ${flags[@]+"${flags[@]}"} >"$kept/server.log" 2>&1 </dev/null &
server=$!
echo "$server" >"$kept/pid"

# In short waits, so that a server that ends is not waited for.
until "$binary" health --port-file "$kept/port" --wait 500ms >/dev/null 2>&1; do
  kill -0 "$server" 2>/dev/null || fail "the server ended before it was ready"
  [ "$SECONDS" -lt $((began + INPUT_WAIT)) ] || fail "the server was not ready after $INPUT_WAIT s"
  sleep 0.1
done

url="http://127.0.0.1:$(cat "$kept/port")"
echo "url=$url" >>"$GITHUB_OUTPUT"
# Where the client of each vendor that is served calls: with the vendor's own prefix, as in the test kits.
"$binary" env --url "$url" --format github | tee -a "$GITHUB_ENV"
