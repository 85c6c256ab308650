#!/usr/bin/env bash
# texts.sh BINARY OUT: writes what the packages hold beside the binary into OUT: man/, a manual page for each subcommand, and
# completions/, a script for each shell by the name under which that shell looks for it.
set -euo pipefail

binary="$1" out="$2"
mkdir -p "$out/completions"
"$binary" man --output "$out/man" >/dev/null
"$binary" completions bash >"$out/completions/persona-mock.bash"
"$binary" completions zsh >"$out/completions/_persona-mock"
"$binary" completions fish >"$out/completions/persona-mock.fish"
"$binary" completions powershell >"$out/completions/_persona-mock.ps1"
"$binary" completions elvish >"$out/completions/persona-mock.elv"
