#!/usr/bin/env bash
# Lets Specmatic run every operation of every provider with the examples of its document: run.sh BINARY [PROVIDER…]
#
# Each provider is served afresh, alone, under `--auth strict`, with a frozen clock and a seed. judge.py lists the
# few tests that may fail, by name and with the reason.
set -euo pipefail

if [ $# = 0 ]; then
  echo "usage: $0 BINARY [PROVIDER…]" >&2
  exit 2
fi
binary="$(realpath "$1")"
providers=("${@:2}")
if [ ${#providers[@]} = 0 ]; then providers=(axero equals_money vijil crud); fi

cd "$(dirname "$0")/../.."
root="$PWD"
jar="$(tools/specmatic/install.sh)"
export PYTHONDONTWRITEBYTECODE=1
# It writes its reports where it stands, and the tree stays clean.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

failed=()
for provider in "${providers[@]}"; do
  # shellcheck disable=SC2016  # MOCK_URL is with-mock.sh's to say.
  if ! "$root/tools/with-mock.sh" "$binary" --only "$provider" --auth strict --seed 1 --clock 2026-01-15T12:00:00Z -- \
    bash -c 'python3 "$1/tools/specmatic/judge.py" --jar "$2" --mock "$MOCK_URL" "$3"' run "$root" "$jar" "$provider"; then
    failed+=("$provider")
  fi
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "specmatic: FAILED: ${failed[*]}" >&2
  exit 1
fi
