#!/usr/bin/env bash
# Shows each fault to curl and looks at what it makes of it: run.sh BINARY
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../../.."
tools/with-mock.sh "$binary" --only crud --clock 2026-01-15T12:00:00Z --seed 1 -- tools/clients/curl/check.sh
