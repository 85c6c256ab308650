"""The name of a test's sandbox."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata

# A sandbox's name has at most 64 characters: 40 for people, and 10 that are another test's never.
LONGEST_SLUG = 40


def sandbox_name(*, project: str = "", file: str = "", title: str, retry: int | str = 0, run: str = "") -> str:
    """A slug of the title, and ten characters that hang on all that makes the test another one."""
    letters = (letter for letter in unicodedata.normalize("NFKD", title) if not unicodedata.category(letter).startswith("M"))
    slug = "-".join(re.findall(r"[a-z0-9]+", "".join(letters).lower()))
    if len(slug) > LONGEST_SLUG:
        # A long title says what it is about at its end.
        slug = re.sub(r"^[a-z0-9]*-(?=[a-z0-9])", "", slug[-LONGEST_SLUG:])
    # As JSON, so that no two lists of texts are one text.
    told = json.dumps([project, file, title, retry, run])
    return f"{slug or 'test'}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"
