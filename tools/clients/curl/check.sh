#!/usr/bin/env bash
# What curl makes of each fault, by its exit code: 0 an answer, 28 a time-out, 56 a reset. MOCK_URL is the mock's address.
set -euo pipefail

list="$MOCK_URL/crud/personas?search=founder"
token='Authorization: Bearer vm_anything'
body="$(mktemp)"
trap 'rm -f "$body"' EXIT
wrong=0

# expect NAME EXIT STATUS FIELD…: asks for the list with the fields, and compares curl's exit code and the status it saw.
expect() {
  local name="$1" exit="$2" status="$3" seen code=0 fields=()
  shift 3
  for field in "$@"; do fields+=(-H "$field"); done
  : >"$body"
  seen="$(curl -s --max-time 2 -o "$body" -w '%{http_code}' -H "$token" "${fields[@]}" "$list")" || code=$?
  if [ "$code $seen" = "$exit $status" ]; then
    printf 'ok: %s: exit %s, status %s, %s bytes\n' "$name" "$code" "$seen" "$(wc -c <"$body")"
  else
    printf 'WRONG: %s: exit %s, status %s; expected exit %s, status %s\n' "$name" "$code" "$seen" "$exit" "$status"
    wrong=$((wrong + 1))
  fi
}

# holds NAME COMMAND…
holds() {
  local name="$1"
  shift
  if "$@"; then return; fi
  printf 'WRONG: %s\n' "$name"
  wrong=$((wrong + 1))
}

is_json() { python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$body" 2>/dev/null; }
is_no_json() { ! is_json; }

expect 'no fault' 0 200
holds 'the answer is JSON' is_json
whole="$(wc -c <"$body")"
expect 'refuse' 0 429 'Prefer: code=429'
expect 'delay' 28 000 'X-Mock-Fault: delay=30s'
expect 'delay and refuse' 0 503 'X-Mock-Fault: delay=100ms, refuse=503'
expect 'slow body' 28 200 'X-Mock-Fault: slow-body=30s'
expect 'cut before the answer' 56 000 'X-Mock-Fault: cut'
expect 'cut after the headers' 56 200 'X-Mock-Fault: cut-headers'
expect 'cut in the body' 56 200 'X-Mock-Fault: cut-body'
holds 'half of the body came' test "$(wc -c <"$body")" -eq $(((whole + 1) / 2))
expect 'invalid JSON' 0 200 'X-Mock-Fault: invalid-json'
holds 'the answer is no JSON' is_no_json
expect 'empty body' 0 200 'X-Mock-Fault: empty-body'
holds 'nothing came' test ! -s "$body"
expect 'wrong content type' 0 200 'X-Mock-Fault: wrong-content-type'
curl -sS --fail -o /dev/null -H "$token" -H 'Content-Type: application/json' \
  -d '{"project_id":"3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10","name":"Founder Two"}' "$MOCK_URL/crud/personas"
expect 'stale' 0 200 'X-Mock-Fault: stale'
holds 'the write is not seen' test -z "$(grep -o 'Founder Two' "$body")"
expect 'not stale' 0 200
holds 'the write is seen' test -n "$(grep -o 'Founder Two' "$body")"

# A rule, and curl's own way of trying again: --retry obeys Retry-After.
curl -sS --fail -o /dev/null -X POST -H 'Content-Type: application/json' "$MOCK_URL/_mock/faults" \
  -d '{"match": {"provider": "crud"}, "action": {"refuse": {"status": 503, "retry_after_s": 1}}, "when": {"first": 2}}'
holds 'the third try gets through' curl -sS --fail --retry 3 -o /dev/null -H "$token" "$list"

exit "$((wrong > 0))"
