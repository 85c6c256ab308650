#!/usr/bin/env bash
# run.sh BINARY: runs the client of each recipe of docs/recipes/ beside a mock of its own, and holds what it prints against
# the page. See README.md.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# Of each page: the block of JavaScript, and the block of text behind it.
block() { awk -v fence="\`\`\`$2" '$1 == fence {on = 1; next} $0 == "```" {on = 0} on' "$1"; }

failed=0
count=0
for page in docs/recipes/*.md; do
  name="$(basename "$page" .md)"
  if [ "$name" = README ]; then continue; fi
  block "$page" js >"$work/$name.mjs"
  block "$page" text >"$work/$name.expected"
  if ! [ -s "$work/$name.mjs" ] || ! [ -s "$work/$name.expected" ]; then
    echo "$page: expected a block of js and a block of text, which shows what it prints" >&2
    failed=1
    continue
  fi
  if ! tools/with-mock.sh "$binary" --clock 2026-01-15T12:00:00Z --seed 1 -- \
    timeout 60 node "$work/$name.mjs" >"$work/$name.printed"; then
    echo "$page: its client fails" >&2
    failed=1
  fi
  if ! diff -u --label "$page" --label printed "$work/$name.expected" "$work/$name.printed"; then failed=1; fi
  count=$((count + 1))
done
echo "$count recipes"
[ "$count" -gt 0 ] && [ "$failed" = 0 ]
