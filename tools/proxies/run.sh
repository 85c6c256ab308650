#!/usr/bin/env bash
# Shows a page behind a real Vite, and clients behind a real nginx, that they stay there: run.sh BINARY. See README.md.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
installed="$(tools/proxies/install.sh)"
export PYTHONDONTWRITEBYTECODE=1
# shellcheck disable=SC2016  # MOCK_URL is with-mock.sh's to say.
check='python3 tools/proxies/check.py --installed "$1" --mock "$MOCK_URL" "${@:2}"'
tools/with-mock.sh "$binary" --trust-proxy -- bash -c "$check" run "$installed" --trusted
tools/with-mock.sh "$binary" -- bash -c "$check" run "$installed"
