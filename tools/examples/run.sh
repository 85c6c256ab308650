#!/usr/bin/env bash
# run.sh BINARY: reads what runs elsewhere, which are the workflows, action.yml and examples/, and runs what can be run here.
#
# Each is held against the schema or the types of what reads it. The steps of action.yml are run by bash. No engine for
# containers is here, no cluster and no runner: what a release does is seen at a release.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
here=tools/examples
venv="$(tools/venv.sh "$here/requirements.txt")"
installed="$(tools/npm.sh "$here")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# schema NAME FILE…
schema() { "$venv/bin/check-jsonschema" --quiet --builtin-schema "vendor.$1" "${@:2}" && echo "$1: ${*:2}"; }
schema github-workflows .github/workflows/*.yml examples/github/*.yml
schema github-actions action.yml
schema gitlab-ci examples/gitlab/*.yml
schema compose-spec examples/compose/compose.yaml
"$venv/bin/kubernetes-validate" --strict examples/kubernetes/*.yaml
# Of the examples, that is: a user pins the action to a commit of it.
"$venv/bin/zizmor" --quiet --offline --no-progress .github/workflows action.yml
"$venv/bin/zizmor" --version

cp examples/testcontainers/personas.test.ts "$here/tsconfig.json" "$work/"
cp "$here/package.json" "$work/"
ln -s "$installed/node_modules" "$work/node_modules"
"$installed/node_modules/.bin/tsc" --project "$work"
"$venv/bin/mypy" --strict --cache-dir "$work/mypy" examples/testcontainers/test_personas.py
if command -v javac >/dev/null; then
  javac -XDshould-stop.ifNoError=PARSE -d "$work" examples/testcontainers/PersonasTest.java
else
  echo "there is no javac: the example in Java is not read"
fi

# Address and version are those of Cargo.toml, wherever they are shown.
stated() { sed -n "/^\[package\]/,/^\[/s/^$1 = \"\(.*\)\"/\1/p" Cargo.toml; }
address="$(stated repository)"
version="$(stated version)"
hold() { # hold PATTERN EXPECTED FILE…
  local found
  for found in $(grep -hoE "$1" "${@:3}"); do
    [ "$found" = "$2" ] || { echo "${*:3}: expected $2, found $found" >&2 && return 1; }
  done
  [ -n "${found:-}" ] || { echo "${*:3}: expected $2, found nothing" >&2 && return 1; }
}
hold '[^ ]+/persona-mock@[^ ]+' "${address#https://*/}@v$version" docs/ci.md examples/github/tests.yml
hold 'https:[^ ]+\.git' "$address.git" docs/ci.md examples/compose/compose.yaml
hold 'persona-mock:[0-9][^ ]*' "persona-mock:$version" examples/kubernetes/persona-mock.yaml

"$venv/bin/python" tools/action/check.py "$binary"
