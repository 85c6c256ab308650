#!/usr/bin/env bash
# with-mock.sh BINARY FLAG… -- COMMAND…: runs a command beside a mock of its own, whose address is in MOCK_URL.
#
# Ends as the command does; also fails if a handler crashed meanwhile behind its well-dressed 500, or if the mock
# does not stop cleanly.
set -euo pipefail

flags=()
while [ "$1" != -- ]; do
  flags+=("$1")
  shift
done
shift

work="$(mktemp -d)"
"${flags[0]}" serve --port 0 --port-file "$work/port" --log error "${flags[@]:1}" >/dev/null 2>"$work/log" </dev/null &
mock=$!
trap 'kill -KILL "$mock" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do
  if [ -e "$work/port" ] || ! kill -0 "$mock" 2>/dev/null; then break; fi
  sleep 0.1
done
if [ ! -e "$work/port" ]; then
  cat "$work/log" >&2
  exit 1
fi

code=0
MOCK_URL="http://127.0.0.1:$(cat "$work/port")" "$@" || code=$?
kill -TERM "$mock"
if ! wait "$mock"; then
  echo "the mock did not stop cleanly" >&2
  code=1
fi
if grep -E 'crashed|panicked' "$work/log" >&2; then code=1; fi
exit "$code"
