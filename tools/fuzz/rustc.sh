#!/usr/bin/env bash
# rustc.sh RUSTC ARGUMENT…: compiles a crate; of all of them the mock alone tells the fuzzer which code an input reaches.
# What the crates below it do says little of the mock, and the fuzzer looks at all of it after each input.
set -euo pipefail

arguments=() crate=''
for argument in "$@"; do
  [ "${last:-}" != --crate-name ] || crate="$argument"
  last="$argument"
done
for argument in "$@"; do
  case "$argument" in
    -Cpasses=sancov-module | -Cllvm-args=-sanitizer-coverage-*)
      [ "$crate" = persona_mock ] || continue
      # Edges, without where calls through a pointer lead.
      argument="${argument/coverage-level=4/coverage-level=3}"
      ;;
  esac
  arguments+=("$argument")
done
exec "${arguments[@]}"
