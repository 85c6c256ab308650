#!/usr/bin/env bash
# One client a document of the mock at MOCK_URL, as openapi-python-client makes it. It warns of what it could not read
# and leaves that out.
set -euo pipefail
cd "$(dirname "$0")"

venv="$(../../venv.sh requirements.txt)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
# It runs ruff over what it made.
export PATH="$venv/bin:$PATH"

../../documents.sh "$work"
failed=0
for document in "$work"/*.json; do
  generate=(openapi-python-client generate --path "$document" --output-path "${document%.json}_client" --meta none)
  if ! "${generate[@]}" --config config.yaml --fail-on-warning >"$work/log" 2>&1; then
    cat "$work/log"
    failed=1
  fi
done
PYTHONPATH="$work" python main.py "$MOCK_URL" || failed=1
exit "$failed"
