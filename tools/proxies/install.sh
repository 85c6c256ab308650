#!/usr/bin/env bash
# Prints the path of a directory outside the tree that holds Vite and, where the machine has none, nginx; fills it once.
# nginx is unpacked and not installed, so that no service starts. It needs the libraries that every Debian has.
set -euo pipefail
cd "$(dirname "$0")"

directory="${XDG_CACHE_HOME:-$HOME/.cache}/persona-mock/proxies-$(sha256sum package-lock.json | cut -c1-16)"
if [ ! -e "$directory/complete" ]; then
  echo "installing Vite and nginx into $directory" >&2
  rm -rf "$directory"
  mkdir -p "$directory"
  cp package.json package-lock.json "$directory"
  cd "$directory"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  if ! command -v nginx >/dev/null && ! [ -x /usr/sbin/nginx ]; then
    apt-get download -qq nginx >&2 || { apt-get update -qq >&2 && apt-get download -qq nginx >&2; }
    dpkg-deb -x nginx_*.deb nginx
  fi
  touch complete
fi
echo "$directory"
