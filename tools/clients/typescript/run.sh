#!/usr/bin/env bash
# Generates TypeScript clients of the mock's documents, compiles them strictly and calls the mock by them: run.sh BINARY
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../../.."
tools/with-mock.sh "$binary" --auth strict --clock 2026-01-15T12:00:00Z --seed 1 -- tools/clients/typescript/check.sh
