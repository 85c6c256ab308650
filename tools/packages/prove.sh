#!/usr/bin/env bash
# prove.sh BINARY: packs the image's binary for npm and for PyPI, installs the packed files offline, and uses them.
#
# At its end a project begins in an empty folder, once with Node.js alone and once with Python alone: from the packed
# files to a green test of a user's. README.md says more. Needs network once, for maturin and pytest.
set -euo pipefail

binary="$(realpath "$1")"
cd "$(dirname "$0")/../.."
here=tools/packages
# Seconds: what is wished for, and what a machine that has much else to do may take.
readonly GOAL=60 LIMIT=150 COMMANDS=8

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
say() { printf 'packages: %s\n' "$*"; }
fail() {
  say "FAILED: $*" >&2
  exit 1
}

"$here/pack.sh" "$binary" "$work/packed"
version="$("$binary" --version)"

# What `cargo binstall` would download, by the name and with the path inside that Cargo.toml says.
mkdir "$work/archive"
cp "$work"/packed/*.whl "$work/archive/"
"$here/archive.sh" "$binary" "$work/archive" "$(uname -m)-unknown-linux-musl"
tar -xzf "$work"/archive/*.tgz -C "$work/archive" --strip-components 1
cmp "$work/archive/persona-mock" "$binary" || fail "the archive holds another binary"
"$binary" man --output "$work/man" >/dev/null
pages="$(ls "$work/man" | wc -l)"
[ "$pages" -gt 40 ] || fail "expected a manual page for each subcommand, found $pages"
diff -r "$work/man" "$work/archive/man" || fail "the archive holds other manual pages"
for shell in bash:persona-mock.bash zsh:_persona-mock fish:persona-mock.fish powershell:_persona-mock.ps1 elvish:persona-mock.elv; do
  "$binary" completions "${shell%%:*}" | cmp - "$work/archive/completions/${shell#*:}" || fail "the archive completes otherwise: $shell"
done
python3 -c 'import json, sys; assert len(json.load(open(sys.argv[1]))["components"]) > 50' "$work"/archive/*.cdx.json ||
  fail "the SBOM lists too little"

PACKED="$work/packed" timeout 6m node --test --test-reporter=spec "$here/launcher.mjs"

# A global installation links the manual pages where `man` looks.
npm install --silent --global --prefix "$work/global" --offline --ignore-scripts "$work"/packed/*.tgz
diff -r "$work/man" "$work/global/share/man/man1" || fail "npm links other manual pages"
"$work/global/bin/persona-mock" --version >/dev/null

# One wheel for both C libraries, and nothing that it needs.
wheel="$(basename "$work"/packed/*.whl)"
case "$wheel" in
  *-py3-none-*manylinux*.musllinux*.whl) ;;
  *) fail "expected a wheel for manylinux and musllinux and any Python 3, found $wheel" ;;
esac
python3 -m venv "$work/venv"
quiet=(--quiet --disable-pip-version-check --no-cache-dir)
"$work/venv/bin/pip" install "${quiet[@]}" --no-index --find-links "$work/packed" persona-mock
for command in "$work/venv/bin/persona-mock" "$work/venv/bin/python -m persona_mock"; do
  found="$($command --version)"
  [ "$found" = "$version" ] || fail "$command --version: expected $version, found $found"
  code=0
  $command --no-such-flag 2>/dev/null || code=$?
  [ "$code" = 2 ] || fail "$command --no-such-flag: expected exit code 2, found $code"
done
# Where shells and `man` look in an environment.
diff -r "$work/man" "$work/venv/share/man/man1" || fail "the wheel holds other manual pages"
"$binary" completions bash | cmp - "$work/venv/share/bash-completion/completions/persona-mock"
"$binary" completions zsh | cmp - "$work/venv/share/zsh/site-functions/_persona-mock"
"$binary" completions fish | cmp - "$work/venv/share/fish/vendor_completions.d/persona-mock.fish"
where=(-c 'import persona_mock; print(persona_mock.binary())')
cmp "$("$work/venv/bin/python" "${where[@]}")" "$binary"
# Beside other packages in a directory, as functions in a cloud are packed.
"$work/venv/bin/pip" install "${quiet[@]}" --no-index --find-links "$work/packed" --target "$work/target" persona-mock
found="$(PYTHONPATH="$work/target" python3 "${where[@]}")"
case "$found" in "$work/target/"*) cmp "$found" "$binary" ;; *) fail "expected a binary below $work/target, found $found" ;; esac
rm "$found"
code=0
PYTHONPATH="$work/target" python3 -m persona_mock --version >"$work/said" 2>&1 || code=$?
grep -q "does not find its binary: expected $work/" "$work/said" || fail "without a binary it says: $(cat "$work/said")"
[ "$code" = 1 ] || fail "without a binary: expected exit code 1, found $code"
pip="$("$work/venv/bin/pip" --version | cut -d' ' -f1,2)"
say "$wheel is installed by $pip and runs"

# What a user of the plugin has beside it comes from elsewhere: it is laid there before.
wheels="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/wheels-$(sha256sum "$here/pytest.txt" | cut -c1-16)"
if [ ! -e "$wheels/complete" ]; then
  "$work/venv/bin/pip" download "${quiet[@]}" --require-hashes --only-binary :all: --requirement "$here/pytest.txt" --dest "$wheels"
  touch "$wheels/complete"
fi
cp "$wheels"/*.whl "$work/packed/"

# from_nothing LANGUAGE NAME=PATH…: runs from-nothing/LANGUAGE.sh in an empty folder, where there are these programs alone.
from_nothing() {
  local language="$1" script="$here/from-nothing/$1.sh" commands began took program
  shift
  commands="$(grep -cvE '^(#|set |$)' "$script")"
  [ "$commands" -le "$COMMANDS" ] || fail "$script has $commands commands, of at most $COMMANDS"
  mkdir -p "$work/$language/bin" "$work/$language/home" "$work/$language/project"
  for program in sh="$(command -v sh)" cp="$(command -v cp)" "$@"; do
    ln -s "${program#*=}" "$work/$language/bin/${program%%=*}"
  done
  for program in cc gcc clang cargo rustc; do
    if [ -e "$work/$language/bin/$program" ]; then fail "a compiler is there: $program"; fi
  done
  began="$(date +%s%N)"
  (
    cd "$work/$language/project"
    # The addresses of the registries lead nowhere, so whoever asks one is found out.
    env -i PATH="$work/$language/bin" HOME="$work/$language/home" PACKED="$work/packed" EXAMPLES="$OLDPWD/$here/from-nothing" \
      npm_config_registry=http://127.0.0.1:9 PIP_INDEX_URL=http://127.0.0.1:9 sh "$OLDPWD/$script"
  ) >"$work/$language/log" 2>&1 || {
    sed 's/^/  | /' "$work/$language/log" >&2
    fail "$script"
  }
  took="$(((($(date +%s%N) - began) / 100000000)))"
  sed 's/^/  | /' "$work/$language/log"
  say "$language alone, from an empty folder to a green test: $commands commands, $((took / 10)).$((took % 10)) s (the goal is $GOAL)"
  [ "$took" -le $((LIMIT * 10)) ] || fail "that took longer than $LIMIT s"
}
from_nothing node node="$(command -v node)" npm="$(command -v npm)" npx="$(command -v npx)"
from_nothing python python3="$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')"
