#!/usr/bin/env bash
# Lets the vendor's published clients sign in and work with the mock, under `--auth any` and `strict`: run.sh BINARY
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../../.."
venv="$(tools/venv.sh tools/clients/vijil/requirements.txt)"
for auth in any strict; do
  echo "Vijil clients: --auth $auth"
  # shellcheck disable=SC2016  # MOCK_URL is with-mock.sh's to say.
  tools/with-mock.sh "$binary" --only vijil --auth "$auth" -- \
    bash -c '"$1/bin/python" tools/clients/vijil/check.py --url "$MOCK_URL"' run "$venv"
done
