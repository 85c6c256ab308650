#!/usr/bin/env bash
# archive.sh BINARY OUT TARGET: puts what a release has for one platform beside the packages in OUT: an archive by the name
# under which `cargo binstall` looks for it, and the SBOM of the binary, which the wheel in OUT holds.
set -euo pipefail
cd "$(dirname "$0")/../.."

binary="$1" target="$3"
out="$(realpath "$2")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

stated() { sed -n "/^\[$1\]/,/^\[/s/^$2 = \"\(.*\)\"/\1/p" Cargo.toml; }
version="$(stated package version)"
# What Cargo.toml says to `cargo binstall`, with the names of this release.
rendered() { sed "s/{ version }/$version/g; s/{ target }/$target/g; s/{ bin }/persona-mock/g"; }
case "$target" in
  *-windows-*) suffix=.zip extension=.exe ;;
  *) suffix=.tgz extension="" ;;
esac
name="$(stated package.metadata.binstall pkg-url | rendered | sed "s|.*/||; s/{ archive-suffix }/$suffix/")"
inside="$(stated package.metadata.binstall bin-dir | rendered | sed "s/{ binary-ext }/$extension/")"

mkdir -p "$work/$(dirname "$inside")"
cp "$binary" "$work/$inside"
chmod 755 "$work/$inside"
cp LICENSE README.md CHANGELOG.md "$work/$(dirname "$inside")/"
tools/packages/texts.sh "$binary" "$work/$(dirname "$inside")"
case "$suffix" in
  .zip) (cd "$work" && python -m zipfile -c "$name" "$(dirname "$inside")") ;;
  *) (cd "$work" && tar -czf "$name" "$(dirname "$inside")") ;;
esac
cp "$work/$name" "$out/"

python="$(command -v python3 || command -v python)"
"$python" - "$out/${name%"$suffix"}.cdx.json" "$out"/*.whl <<'PYTHON'
import sys, zipfile
sbom, wheel = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    [found] = [name for name in archive.namelist() if name.endswith(".cyclonedx.json")]
    open(sbom, "wb").write(archive.read(found))
PYTHON
printf 'packages: %9d bytes  %s\n' "$(wc -c <"$out/$name")" "$name"
