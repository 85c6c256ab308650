#!/usr/bin/env bash
# pack.sh BINARY OUT [TARGET]: packs the binary of one platform into OUT, for npm and for PyPI.
#
# BINARY is what the image holds, or what a release built for TARGET, which is this machine's static Linux if it is not
# named. Nothing is compiled: both packages hold its very bytes, which is checked. npm gets two packages, the launcher
# and the platform's; PyPI one wheel, which on Linux is tagged for glibc and for musl, as the binary is static.
set -euo pipefail
cd "$(dirname "$0")/../.."

binary="$(realpath "$1")"
mkdir -p "$2"
out="$(realpath "$2")"
target="${3:-$(uname -m)-unknown-linux-musl}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
fail() {
  echo "packages: FAILED: $*" >&2
  exit 1
}

# Cargo.toml says the version and the address of the repository; all others repeat them.
stated() { sed -n "/^\[package\]/,/^\[/s/^$1 = \"\(.*\)\"/\1/p" Cargo.toml; }
version="$(stated version)"
node tools/packages/stated.mjs "$version" "$(stated repository)" || fail "packages/ and Cargo.toml say different things"
case "$target" in *-windows-*) file=persona-mock.exe ;; *) file=persona-mock ;; esac
found="$("$binary" --version)"
[ "$found" = "persona-mock $version" ] || fail "expected the binary of persona-mock $version, found $found"

tools/packages/texts.sh "$binary" "$work/texts"

cp -r packages/npm/persona-mock "$work/launcher"
cp -r LICENSE "$work/texts/man" "$work/launcher/"
# npm links the pages that the manifest names.
(cd "$work/launcher" && node -e '
  const fs = require("node:fs");
  const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
  manifest.man = fs.readdirSync("man").sort().map((page) => `man/${page}`);
  fs.writeFileSync("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
')
node packages/npm/platform/make.mjs "$binary" "$target" "$work/platform" >"$work/name"
npm pack --silent --ignore-scripts --pack-destination "$out" "$work/launcher" "$work/platform" >"$work/npm"

# maturin takes the binary by the name of its file.
mkdir "$work/built"
cp "$binary" "$work/built/$file"
chmod 755 "$work/built/$file"
cp -r packages/python "$work/python"
cp LICENSE "$work/python/"
# What a wheel has there is put into the folders of its environment, where shells and `man` look.
share="$work/python/data/data/share"
mkdir -p "$share/man" "$share/bash-completion/completions" "$share/zsh/site-functions" "$share/fish/vendor_completions.d"
cp -r "$work/texts/man" "$share/man/man1"
cp "$work/texts/completions/persona-mock.bash" "$share/bash-completion/completions/persona-mock"
cp "$work/texts/completions/_persona-mock" "$share/zsh/site-functions/"
cp "$work/texts/completions/persona-mock.fish" "$share/fish/vendor_completions.d/"
echo 'data = "data"' >>"$work/python/pyproject.toml" # its last table is maturin's
# Where bash is a guest of Windows, its paths are none of the system's.
root="$(pwd -W 2>/dev/null || pwd)"
sed -i.old "s|^manifest-path = .*|manifest-path = \"$root/Cargo.toml\"|" "$work/python/pyproject.toml"
case "$target" in
  *-linux-musl) compatibility=(--compatibility manylinux2014 musllinux_1_1) ;;
  *) compatibility=(--compatibility pypi) ;;
esac
maturin="${MATURIN:-$(tools/venv.sh tools/packages/requirements.txt)/bin/maturin}"
case "$target" in
  # There the tree has just been built, and cargo finds that nothing is to be done.
  *-windows-*) environment=() ;;
  *) environment=(PREBUILT="$work/built/$file" PREBUILT_CARGO="$(command -v cargo)" CARGO_TARGET_DIR="$work/target"
    PATH="$PWD/tools/packages/prebuilt:$PATH") ;;
esac
(cd "$work/python" && env "${environment[@]}" "$maturin" build --quiet --release --locked --target "$target" \
  "${compatibility[@]}" --out "$work/wheels") 2>"$work/maturin" || {
  cat "$work/maturin" >&2
  fail "maturin made no wheel"
}
wheel="$(basename "$work"/wheels/*.whl)"
cp "$work/wheels/$wheel" "$out/"

# The same bytes in each.
tarball="$(tail -1 "$work/npm")"
tar -xOf "$out/$tarball" "package/bin/$file" | cmp - "$binary" || fail "$tarball holds another binary"
python3 - "$out/$wheel" "persona_mock-$version.data/scripts/$file" "$binary" <<'PYTHON' || fail "$wheel holds another binary"
import sys, zipfile
wheel, member, binary = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    same = archive.read(member) == open(binary, "rb").read()
    executable = archive.getinfo(member).external_attr >> 16 & 0o111
sys.exit(0 if same and executable else 1)
PYTHON
for packed in $(cat "$work/npm") "$wheel"; do
  printf 'packages: %9d bytes  %s\n' "$(wc -c <"$out/$packed")" "$packed"
done
