#!/usr/bin/env bash
# venv.sh REQUIREMENTS: prints the path of a virtual environment with these packages, outside the tree; makes it once.
set -euo pipefail

venv="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/venv-$(sha256sum "$1" | cut -c1-16)"
if [ ! -e "$venv/complete" ]; then
  echo "installing $1 into $venv" >&2
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$1" >&2
  touch "$venv/complete"
fi
echo "$venv"
