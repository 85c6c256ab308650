#!/usr/bin/env bash
# Reads what runs elsewhere: the workflows of this repository. Their forms are held against their schemas, and zizmor looks
# for what makes a workflow unsafe. Neither runs a step: what a release does is seen at a release.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv="$(tools/venv.sh tools/workflows/requirements.txt)"
"$venv/bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
"$venv/bin/zizmor" --version
"$venv/bin/zizmor" --offline --no-progress .github/workflows
