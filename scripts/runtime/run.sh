#!/bin/sh
# Runs a file of this tree, or one of its tools, on a Node that can run it, and says clearly when there is none.
#
#   run.sh FILE [argument…]         a file, by its path from the root of the tree
#   run.sh --tool NAME [argument…]  a tool from node_modules/.bin
#
# The runtime that `npm ci` brings (an optional package, pinned by package-lock.json) is used unless the system's own is
# at least as new. This is a shell script because it must work where no usable Node exists, and because `exec` leaves no
# process in between: signals and the exit code are the program's own.
set -u

NODE_MAJOR_MIN=24
root=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/../.." && pwd)

refuse() {
  printf 'holdfast: %s: %s\n' "$1" "$2" >&2
  exit 1
}

# "v24.21.0" as a number that compares; nothing where the program is missing or cannot run here
version_number() {
  if [ -n "$1" ] && [ -x "$1" ]; then
    "$1" --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\.\([0-9]*\)\.\([0-9]*\).*$/\1 \2 \3/p' | {
      read -r major minor patch && echo $((major * 1000000 + minor * 1000 + patch))
    }
  fi
}

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  *) platform='' ;;
esac
pinned=${platform:+$root/node_modules/node-$platform/bin/node}
# npm names the Node it runs on itself; node_modules/.bin/node, first in a script's PATH, is the pinned one again
system=${npm_node_execpath:-$(command -v node || true)}

pinned_number=$(version_number "$pinned")
system_number=$(version_number "$system")

if [ "${system_number:-0}" -ge $((NODE_MAJOR_MIN * 1000000)) ] && [ "${system_number:-0}" -ge "${pinned_number:-0}" ]; then
  node=$system
elif [ -n "$pinned_number" ]; then
  node=$pinned
  PATH=$(dirname -- "$pinned"):$PATH
  export PATH
else
  if [ -n "$system_number" ]; then found="this system has $("$system" --version)"; else found='this system has none'; fi
  install="install Node $NODE_MAJOR_MIN or newer"
  if [ -z "$platform" ]; then
    refuse RUNTIME_PLATFORM "Node $NODE_MAJOR_MIN or newer is needed and $found. A pinned runtime exists for Linux on x64 and arm64 only, not for $(uname -s) on $(uname -m): $install."
  elif [ -x "$pinned" ]; then
    refuse RUNTIME_UNUSABLE "Node $NODE_MAJOR_MIN or newer is needed and $found. The pinned runtime is there and does not start: it needs glibc 2.28 or newer, which systems with musl (Alpine) or an old glibc lack. Here, $install."
  else
    refuse RUNTIME_MISSING "Node $NODE_MAJOR_MIN or newer is needed and $found. The pinned runtime node-$platform is not installed: run 'npm ci' without --omit=optional, or $install."
  fi
fi

if [ "${1-}" = --tool ]; then
  [ -n "${2-}" ] || refuse RUNTIME_USAGE 'which tool? run.sh --tool NAME'
  file=$root/node_modules/.bin/$2
  [ -e "$file" ] || refuse RUNTIME_NO_TOOL "$2 is not installed: run 'npm ci'."
  shift 2
else
  [ -n "${1-}" ] || refuse RUNTIME_USAGE 'which file? run.sh FILE'
  file=$root/$1
  [ -e "$file" ] || refuse RUNTIME_NO_FILE "there is no $1 in $root."
  shift
fi
exec "$node" "$file" "$@"
