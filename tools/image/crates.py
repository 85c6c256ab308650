#!/usr/bin/env python3
"""crates.py MAP: the ten crates that take most of a binary, as the linker's map tells it.

A function or a table counts for the crate that defines it, whoever had it made for which type. What has no name (texts and
other constants) counts for no crate: each of its sections is a row of its own.
"""

import re
import sys
from collections import Counter
from pathlib import Path

# ` .text._RNv…  0x1000  0x1a file.o`; a long name stands on a line of its own.
SECTION = re.compile(r"^ (\.\S+)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$")
# Names are mangled in two forms: std's in the newer one, those of other crates in the older one. In the newer one the
# first crate is the one that defines the function.
NEWER = re.compile(r"_R\w*?Cs[0-9a-zA-Z]*_(\d+)_?")
# In the older one it is the first word, or, of an implementation, the crate of the type.
OLDER = re.compile(r"_ZN(\d+)(.*)")
# What is in the file, and is no note for a debugger.
KEPT = (".text", ".rodata", ".data", ".gcc_except_table", ".eh_frame", ".tdata", ".init_array")
SHOWN = 10


def crate(name: str, file: str) -> str:
    found = NEWER.search(name)
    if found:
        return name[found.end() :][: int(found.group(1))]
    found = OLDER.search(name)
    if found and not file.endswith(")"):
        first = found.group(2)[: int(found.group(1))]
        inside = re.search(r"([A-Za-z_]\w*)\.\.", first)
        return inside.group(1) if inside else first
    library = re.search(r"([^/]+?)(-[0-9a-f]+)?\.(a|rlib)\(", file)
    if library:
        return library.group(1)
    kind = next(kept for kept in sorted(KEPT, key=len, reverse=True) if name.startswith(kept))
    return f"({kind} without a name)"


def sizes(text: str) -> Counter:
    kept = text.split("Linker script and memory map", 1)[1]
    # A name and what belongs to it on one line.
    lines = re.sub(r"^( \.\S+)\n\s+0x", r"\1 0x", kept, flags=re.MULTILINE).splitlines()
    counted = Counter()
    for name, address, size, file in (found.groups() for found in map(SECTION.match, lines) if found):
        if int(address, 16) and name.startswith(KEPT):
            counted[crate(name, file)] += int(size, 16)
    return counted


def main() -> int:
    counted = sizes(Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace"))
    whole = sum(counted.values())
    crates = [(name, size) for name, size in counted.most_common() if not name.startswith("(")]
    if len(crates) < SHOWN:
        print(f"expected {SHOWN} crates and more in the map, found {len(crates)}", file=sys.stderr)
        return 1
    for name, size in counted.most_common():
        if name.startswith("(") and size * 50 > whole:
            print(f"{size:>10}  {size / whole:6.1%}  {name}")
    for name, size in crates[:SHOWN]:
        print(f"{size:>10}  {size / whole:6.1%}  {name}")
    print(f"{whole:>10}  100.0%  in all, of {len(crates)} crates")
    return 0


sys.exit(main())
