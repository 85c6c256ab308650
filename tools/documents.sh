#!/usr/bin/env bash
# documents.sh DIRECTORY: writes the OpenAPI documents of the mock at MOCK_URL there, its own as control.json.
set -euo pipefail

for provider in axero equals_money vijil crud; do
  curl -sS --fail --max-time 10 -o "$1/$provider.json" "$MOCK_URL/_mock/openapi/$provider.json"
done
curl -sS --fail --max-time 10 -o "$1/control.json" "$MOCK_URL/_mock/openapi.json"
