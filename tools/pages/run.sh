#!/usr/bin/env bash
# Runs the shell commands that README.md and docs/ show: run.sh BINARY [PAGE…]. See README.md.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
exec python3 tools/pages/check.py --binary "$binary" \
  --clients "$(tools/npm.sh tools/clients/typescript)" --pages "${@:2}"
