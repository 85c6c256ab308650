#!/usr/bin/env bash
# run.sh [SECONDS [TARGET…]]: fuzzes each target of fuzz/, or these, for so many seconds in all (60 unless said), and
# prints how many inputs each had, in this run and in all. As many run at a time as there are cores. 0 seconds only build.
# run.sh costs [TARGET…]: prints what the inputs of each corpus cost at most.
#
# Uses cargo-fuzz without a sanitizer, so that the project's own toolchain will do; installs it beside the tree. What is
# found is an input in fuzz/artifacts/, which the line that says so runs again; mended, it belongs into fuzz/corpus/. New
# inputs that reach new code stay outside the tree: FUZZ_CORPUS says where. So does the file of each target's runs, whose
# lines are date, commit, inputs and seconds: FUZZ_TOTALS says where. FUZZ_BINARY is what runs, and nothing is built.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds="${1:-60}"
shift || true
readonly VERSION=0.13.1
cache="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/fuzz"
corpus="${FUZZ_CORPUS:-$cache/corpus}"
totals="${FUZZ_TOTALS:-$cache/totals}"
binary="${FUZZ_BINARY:-}"
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(ls fuzz/corpus)

build() {
  local tools="$cache/cargo-fuzz-$VERSION" host
  if [ ! -x "$tools/bin/cargo-fuzz" ]; then
    echo "installing cargo-fuzz $VERSION into $tools"
    cargo install --quiet --locked --root "$tools" --version "$VERSION" cargo-fuzz
  fi
  export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"
  host="$(rustc -vV | sed -n 's/^host: //p')"
  # Sixteen units of code a crate keep all cores busy; cargo-fuzz would take one. What overflows or breaks a debug
  # assertion is found by `cargo test`, which replays the corpora.
  PATH="$tools/bin:$PATH" RUSTC_WRAPPER="$PWD/tools/fuzz/rustc.sh" \
    cargo fuzz build -O --sanitizer none --no-trace-compares --codegen-units 16
  binary="$CARGO_TARGET_DIR/$host/release/targets"
}

# The names of the documents and of the fixtures, which an input rarely has by chance.
words() {
  grep -oh '"[A-Za-z_][A-Za-z0-9_]*":' src/providers/*/openapi.json src/providers/*/fixture.schema.json | sort -u |
    sed 's/^"\(.*\)":$/"\\"\1\\""/' >"$1"
}

# One target's run. Its log is printed where something was found. What is new is an edge of the code and not how often it
# is taken, and no input is weighed by how rare its edges are: both cost about what the request does.
fuzz() {
  local target="$1" log code=0 inputs began="$SECONDS"
  mkdir -p "$corpus/$target" "$totals" "fuzz/artifacts/$target"
  log="$(mktemp)"
  FUZZ_TARGET="$target" "$binary" "$corpus/$target" "fuzz/corpus/$target" -max_total_time="$each" -max_len=4096 \
    -dict="$dictionary" -use_counters=0 -entropic=0 -reload=0 -print_final_stats=1 -close_fd_mask=1 \
    -artifact_prefix="fuzz/artifacts/$target/" >"$log" 2>&1 || code=1
  inputs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  printf '%s %s %s %s\n' "$(date -u +%FT%TZ)" "$(git -c safe.directory="$PWD" rev-parse --short HEAD)" "${inputs:-0}" \
    "$((SECONDS - began))" >>"$totals/$target"
  if [ "$code" != 0 ]; then
    grep -v "^ *[0-9]*: \|^ *at " "$log" | tail -40
    echo "again: FUZZ_TARGET=$target $binary fuzz/artifacts/$target/…"
  fi
  rm "$log"
  printf '%-20s %s inputs in %s s; %s\n' "$target" "${inputs:-0}" "$each" \
    "$(awk 'NR == 1 { since = $2 } { inputs += $3 } END { print inputs " since " since }' "$totals/$target")"
  return "$code"
}

# What the corpus of a target costs: the most bytes allocated and the most time, and how long those inputs are.
costs() {
  local target
  printf '%-20s %20s %20s\n' target 'KiB (length)' 'µs (length)'
  for target in "${targets[@]}"; do
    FUZZ_COSTS=1 FUZZ_TARGET="$target" "$binary" -runs=0 "fuzz/corpus/$target" 2>&1 | awk -v target="$target" '
      $1 == "cost" {
        if ($4 > bytes) { bytes = $4; long = $3 }
        if ($5 > time) { time = $5; longest = $3 }
      }
      END { printf "%-20s %20s %20s\n", target, int(bytes / 1024) " (" long ")", time " (" longest ")" }'
  done
}

[ -n "$binary" ] || build
if [ "$seconds" = costs ]; then
  costs
  exit
fi
[ "$seconds" -gt 0 ] || exit 0
each=$((seconds / ${#targets[@]}))
[ "$each" -gt 0 ] || each=1
dictionary="$(mktemp)"
trap 'rm -f "$dictionary"' EXIT
words "$dictionary"
code=0 running=0
for target in "${targets[@]}"; do
  if [ "$running" -ge "$(nproc)" ]; then
    wait -n || code=1
    running=$((running - 1))
  fi
  fuzz "$target" &
  running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
  wait -n || code=1
  running=$((running - 1))
done
[ "$code" = 0 ] || echo "fuzz: FAILED"
exit "$code"
