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
command -v curl >/dev/null || fail "curl is not there, by which the server is asked whether it is ready: install it"
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
nohup "$binary" serve ${flags[@]+"${flags[@]}"} >"$kept/server.log" 2>&1 </dev/null &
server=$!
echo "$server" >"$kept/pid"

for ((waited = 0; ; waited += 1)); do
  port="$(cat "$kept/port" 2>/dev/null || true)"
  url="http://127.0.0.1:$port"
  if [ -n "$port" ] && curl --fail --silent --noproxy '*' --max-time 5 --output /dev/null "$url/_mock/ready"; then break; fi
  kill -0 "$server" 2>/dev/null || fail "the server ended before it was ready"
  [ "$waited" -lt $((INPUT_WAIT * 10)) ] || fail "the server was not ready after $INPUT_WAIT s"
  sleep 0.1
done

echo "url=$url" >>"$GITHUB_OUTPUT"
# Where the client of each vendor that is served calls: with the vendor's own prefix, as in the test kits.
{
  echo "PERSONA_MOCK_URL=$url"
  for provider in $(curl --fail --silent --noproxy '*' "$url/_mock/health" | sed 's/.*"providers":\[\([^]]*\)\].*/\1/; s/[",]/ /g'); do
    case "$provider" in
      axero) echo "AXERO_URL=$url/api" ;;
      equals_money) echo "EQUALS_MONEY_URL=$url/v2" ;;
      vijil) echo "VIJIL_URL=$url/v1" ;;
      crud) echo "CRUD_URL=$url/crud" ;;
    esac
  done
} | tee -a "$GITHUB_ENV"
