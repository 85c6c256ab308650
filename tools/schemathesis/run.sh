#!/usr/bin/env bash
# Lets schemathesis hold every provider against its own document: run.sh BINARY [PROVIDER…]
#
# Each provider is served afresh, alone, under `--auth strict`, with a frozen clock and a seed, and asked with
# a credential of its fixture. schemathesis.toml names the credentials and the few findings that are the vendor's
# own behaviour. Same seed, same requests: SCHEMATHESIS_SEED=7 tries others.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ $# = 0 ]; then
  echo "usage: $0 BINARY [PROVIDER…]" >&2
  exit 2
fi
binary="$(realpath "$1")"
shift
providers=("$@")
if [ ${#providers[@]} = 0 ]; then providers=(axero equals_money vijil crud); fi
seed="${SCHEMATHESIS_SEED:-1}"

requirements="tools/schemathesis/requirements.txt"
venv="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/schemathesis-$(sha256sum "$requirements" | cut -c1-12)"
if [ ! -e "$venv/complete" ]; then
  echo "schemathesis: installing into $venv"
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --no-deps --requirement "$requirements"
  touch "$venv/complete"
fi
"$venv/bin/schemathesis" --version

work="$(mktemp -d)"
server=""
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

failed=()
for provider in "${providers[@]}"; do
  rm -f "$work/port"
  "$binary" serve --only "$provider" --auth strict --seed 1 --clock 2026-01-15T12:00:00Z \
    --port 0 --port-file "$work/port" --log error >"$work/out" 2>"$work/err" </dev/null &
  server=$!
  for _ in $(seq 100); do
    [ -e "$work/port" ] && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  if [ ! -e "$work/port" ]; then
    cat "$work/err" >&2
    exit 1
  fi
  echo "schemathesis: $provider, seed $seed"
  # It writes its caches where it stands, and the tree stays clean.
  config="$PWD/schemathesis.toml"
  hooks="$PWD/tools/schemathesis/exceptions.py"
  if ! (cd "$work" && SCHEMATHESIS_HOOKS="$hooks" "$venv/bin/schemathesis" --config-file "$config" --no-color run --seed "$seed" \
    "http://127.0.0.1:$(cat "$work/port")/_mock/openapi/$provider.json" </dev/null); then
    failed+=("$provider")
  fi
  # Still alive, and no handler has crashed behind a well-dressed 500.
  if ! kill "$server" || ! wait "$server"; then failed+=("$provider (its end)"); fi
  server=""
  if grep -E 'crashed|panicked' "$work/err" >&2; then failed+=("$provider (its log)"); fi
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "schemathesis: FAILED: ${failed[*]}" >&2
  exit 1
fi
echo "schemathesis: ${#providers[@]} providers hold to their documents"
