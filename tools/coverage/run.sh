#!/usr/bin/env bash
# Lets others read each form of the coverage report: run.sh BINARY. See README.md.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
here=tools/coverage
installed="$(tools/npm.sh "$here")"
venv="$(tools/venv.sh "$here/requirements.txt")"

# The schema is in pytest's source package, and in no wheel.
schema="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/junit-$(sha256sum "$here/schema.txt" | cut -c1-16).xsd"
if [ ! -e "$schema" ]; then
  package="$(mktemp -d)"
  trap 'rm -rf "$package"' EXIT
  "$venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --no-binary pytest --require-hashes \
    --requirement "$here/schema.txt" --dest "$package"
  tar -xzf "$package"/pytest-*.tar.gz -C "$package" --wildcards '*/junit-10.xsd'
  cp "$package"/*/testing/example_scripts/junit-10.xsd "$schema.part"
  mv "$schema.part" "$schema"
fi

cp "$here/ctrf.mjs" "$installed/ctrf.mjs"
exec "$venv/bin/python" "$here/check.py" "$binary" --schema "$schema" --ctrf "$installed/ctrf.mjs"
