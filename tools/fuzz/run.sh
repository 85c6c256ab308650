#!/usr/bin/env bash
# run.sh [SECONDS [TARGET…]]: fuzzes each target of fuzz/, or these, for so many seconds in all (60 unless said), and
# prints how many inputs each had.
#
# Uses cargo-fuzz without a sanitizer, so that the project's own toolchain will do; installs it beside the tree. What is
# found is an input in fuzz/artifacts/, which `cargo fuzz run --sanitizer none TARGET FILE` runs again; mended, it
# belongs into fuzz/corpus/. New inputs that reach new code stay outside the tree: FUZZ_CORPUS says where.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds="${1:-60}"
shift || true
readonly VERSION=0.13.1
cache="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/fuzz"
tools="$cache/cargo-fuzz-$VERSION"
if [ ! -x "$tools/bin/cargo-fuzz" ]; then
  echo "installing cargo-fuzz $VERSION into $tools"
  cargo install --quiet --locked --root "$tools" --version "$VERSION" cargo-fuzz
fi
export PATH="$tools/bin:$PATH"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"

targets=("$@")
if [ ${#targets[@]} = 0 ]; then mapfile -t targets < <(cargo fuzz list); fi
each=$((seconds / ${#targets[@]}))
[ "$each" -gt 0 ] || each=1
cargo fuzz build --sanitizer none
failed=()
for target in "${targets[@]}"; do
  found="${FUZZ_CORPUS:-$cache/corpus}/$target"
  mkdir -p "$found"
  log="$(mktemp)"
  if ! cargo fuzz run --sanitizer none "$target" "$found" "fuzz/corpus/$target" -- \
    -max_total_time="$each" -max_len=4096 -print_final_stats=1 -close_fd_mask=1 >"$log" 2>&1; then
    failed+=("$target")
    grep -v "^ *[0-9]*: \|^ *at " "$log" | tail -40
  fi
  printf '%-20s %s inputs in %s s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$each"
  rm "$log"
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz: FAILED: ${failed[*]}"
  exit 1
fi
