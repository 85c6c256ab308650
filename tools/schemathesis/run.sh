#!/usr/bin/env bash
# Lets schemathesis hold every provider against its own document: run.sh BINARY [PROVIDER…]
#
# Each provider is served afresh, alone, under `--auth strict`, with a frozen clock and a seed, and asked with
# a credential of its fixture. schemathesis.toml names the credentials and the few findings that are right
# answers. Same seed, same requests: SCHEMATHESIS_SEED=7 tries others.
set -euo pipefail

if [ $# = 0 ]; then
  echo "usage: $0 BINARY [PROVIDER…]" >&2
  exit 2
fi
binary="$(realpath "$1")"
providers=("${@:2}")
if [ ${#providers[@]} = 0 ]; then providers=(axero equals_money vijil crud); fi
seed="${SCHEMATHESIS_SEED:-1}"

cd "$(dirname "$0")/../.."
root="$PWD"
venv="$(tools/venv.sh tools/schemathesis/requirements.txt)"
export PYTHONDONTWRITEBYTECODE=1
export SCHEMATHESIS_HOOKS="$root/tools/schemathesis/exceptions.py"
# It writes its caches where it stands, and the tree stays clean.
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

failed=()
for provider in "${providers[@]}"; do
  echo "schemathesis: $provider, seed $seed"
  # shellcheck disable=SC2016  # MOCK_URL is with-mock.sh's to say.
  if ! "$root/tools/with-mock.sh" "$binary" --only "$provider" --auth strict --seed 1 --clock 2026-01-15T12:00:00Z -- \
    bash -c '"$1/bin/schemathesis" --config-file "$2/schemathesis.toml" --no-color run --seed "$3" \
      "$MOCK_URL/_mock/openapi/$4.json"' run "$venv" "$root" "$seed" "$provider"; then
    failed+=("$provider")
  fi
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "schemathesis: FAILED: ${failed[*]}" >&2
  exit 1
fi
echo "schemathesis: ${#providers[@]} providers hold to their documents"
