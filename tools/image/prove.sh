#!/usr/bin/env bash
# Proves what a container engine would show: that the image's one file is enough.
#
# Builds the static binary from exactly the files that .dockerignore lets through, puts it alone into an
# empty directory, and uses it there under chroot as the image's user: it serves, answers `health`, answers
# for every provider by both families of addresses, serves where there is no IPv6, and stops cleanly. Needs root (for
# chroot) and Python. Prints the binary's size, how much of it is pulled, and the ten crates that take most of it; the
# two sizes have limits.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Fixtures are checked by this project's own code (`src/world/schema`): neither the jsonschema crate nor a reader of YAML
# is in it.
readonly LIMIT=14000000
# What a user pulls: the image's one layer.
readonly COMPRESSED=6500000
readonly NOBODY=65534:65534
readonly PROVIDERS=4
target="$(uname -m)-unknown-linux-musl"
target_dir="${CARGO_TARGET_DIR:-$PWD/target}"
binary="$target_dir/$target/release/persona-mock"

work="$(mktemp -d)"
server=""
cleanup() {
  if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf 'image: %s\n' "$*"; }
fail() {
  say "FAILED: $*" >&2
  for log in "$work"/out "$work"/err; do if [ -s "$log" ]; then sed 's/^/  | /' "$log" >&2; fi; done
  exit 1
}

if ! rustup target list --installed | grep -qx "$target"; then
  say "installing the target $target"
  rustup target add "$target"
fi

# In one place, with the files' times, so that a second proof builds only what changed.
context="$target_dir/image-context"
rm -rf "$context"
mkdir -p "$context" "$work/root"
sed -n 's/^!//p' .dockerignore | xargs -I{} cp -rp --parents {} "$context/"
say "building for $target from: $(find "$context" -mindepth 1 -maxdepth 1 -printf '%f ')"
# As the Dockerfile does. The linker says beside it what it put where; the binary is the same.
map="$target_dir/$target/release/persona-mock.map"
(cd "$context" && CARGO_TARGET_DIR="$target_dir" cargo rustc --release --locked --target "$target" --bin persona-mock \
  -- -C link-arg="-Wl,-Map=$map")

# ldd fails on a static binary of the old kind and says so of a static-pie one.
linkage="$(ldd "$binary" 2>&1 || true)"
case "$linkage" in
  *"statically linked"* | *"not a dynamic executable"*) say "static: $(echo "$linkage" | xargs)" ;;
  *) fail "the binary is not static: $linkage" ;;
esac
size="$(stat -c %s "$binary")"
say "size: $size bytes ($(awk "BEGIN { printf \"%.2f\", $size / 1000000 }") MB)"
compressed="$(tar --create --directory "$(dirname "$binary")" persona-mock | gzip -9 | wc -c)"
say "what is pulled: $compressed bytes ($(awk "BEGIN { printf \"%.2f\", $compressed / 1000000 }") MB)"
say "the ten dearest crates:"
tools/image/crates.py "$map" || fail "the linker's map cannot be read"
[ "$size" -le "$LIMIT" ] || fail "the binary is larger than $LIMIT bytes"
[ "$compressed" -le "$COMPRESSED" ] || fail "what is pulled is larger than $COMPRESSED bytes"

cp "$binary" "$work/root/persona-mock"
chmod 755 "$work" "$work/root" "$work/root/persona-mock"
# A program that runs the binary, where it is to find another machine than this one.
machine=""
# inside ENVIRONMENT… -- ARGUMENTS…: runs the binary as the image does, with the image's environment.
inside() {
  local environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
  mapfile -t -O 1 environment < <(sed -n 's/^ENV //p' Dockerfile)
  while [ "$1" != -- ]; do environment+=("$1") && shift; done
  exec ${machine:+"$machine"} env -i "${environment[@]}" chroot --userspec="$NOBODY" "$work/root" /persona-mock "${@:2}"
}

[ "$(find "$work/root" -mindepth 1 | wc -l)" = 1 ] || fail "the directory holds more than the binary"
version="$(inside -- --version)"
say "$version runs in an empty directory as $NOBODY"

# Starts the server; its port is then in $port.
serve() {
  : >"$work/out"
  inside PERSONA_MOCK_PORT=0 -- >"$work/out" 2>"$work/err" </dev/null &
  server=$!
  for _ in $(seq 100); do
    grep -q '^persona-mock listening on ' "$work/out" && break
    kill -0 "$server" 2>/dev/null || fail "the server ended before it was ready"
    sleep 0.1
  done
  port="$(sed -n 's/^persona-mock listening on .*:\([0-9]*\)$/\1/p' "$work/out")"
  [ -n "$port" ] || fail "the server did not say where it listens"
  say "$(cat "$work/out")"
}
stop() {
  local code=0
  kill -TERM "$server"
  wait "$server" || code=$?
  server=""
  [ "$code" = 0 ] || fail "SIGTERM ended the server with exit code $code"
}

serve
(inside PERSONA_MOCK_PORT="$port" -- health) >"$work/health" || fail "health says no"
say "health: $(cat "$work/health")"
if (inside PERSONA_MOCK_PORT=1 -- health) >/dev/null 2>&1; then fail "health says yes of no server"; fi

# The server prints one curl a provider when it is ready: those that a new user would paste.
mapfile -t curls < <(grep '^curl ' "$work/err")
case "${curls[*]}" in *" 'http://localhost:$port/"*) ;; *) fail "the greeting does not say http://localhost:$port" ;; esac
grep -q "port $port of a container" "$work/err" || fail "the greeting does not say that this is a container"
[ "${#curls[@]}" = "$PROVIDERS" ] || fail "$PROVIDERS providers, and ${#curls[@]} of them show a curl"
for line in "${curls[@]}"; do
  status="$(eval "$line --max-time 5 -o /dev/null -w '%{http_code}'")"
  say "$status  $line"
  [ "$status" = 200 ] || fail "expected 200"
done

hosts=(127.0.0.1)
if grep -qs '^0*1 .* lo$' /proc/net/if_inet6; then hosts+=('[::1]'); else say "this machine has no IPv6"; fi
for host in "${hosts[@]}"; do
  curl -gsS --noproxy '*' --max-time 5 -o /dev/null "http://$host:$port/_mock/health" || fail "$host does not answer"
  say "answers on $host"
done
stop

machine=tools/image/without_ipv6.py
serve
grep -q 'http://0\.0\.0\.0:' "$work/out" || fail "without IPv6 it listens elsewhere than on IPv4"
(inside PERSONA_MOCK_PORT="$port" -- health) >/dev/null || fail "health says no without IPv6"
stop
[ "$(find "$work/root" -mindepth 1 | wc -l)" = 1 ] || fail "the server left files behind"
say "SIGTERM ended it with exit code 0; it left no file"
