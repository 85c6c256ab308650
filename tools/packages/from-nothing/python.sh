# An empty folder, Python and the packed files: what a user of pip types.
set -eu
python3 -m venv .venv
.venv/bin/pip install --disable-pip-version-check --no-index --find-links "$PACKED" persona-mock pytest
.venv/bin/persona-mock --version
cp "$EXAMPLES/test_first.py" .
.venv/bin/pytest -q
