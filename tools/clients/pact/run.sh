#!/usr/bin/env bash
# Lets Pact's own verifier hold the pacts of all providers against the mock: run.sh BINARY
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../../.."
venv="$(tools/venv.sh tools/clients/pact/requirements.txt)"
# It tells its makers of each use.
export PACT_DO_NOT_TRACK=true
for part in "0 2026-01-15T12:00:00Z" "1 real"; do
  read -r number clock <<<"$part"
  echo "Pact: --clock $clock"
  # shellcheck disable=SC2016  # MOCK_URL is with-mock.sh's to say.
  tools/with-mock.sh "$binary" --clock "$clock" --provider-states tools/clients/pact/states.json -- \
    bash -c '"$1/bin/python" tools/clients/pact/check.py "$MOCK_URL" "$2"' run "$venv" "$number"
done
