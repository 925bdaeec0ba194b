#!/usr/bin/env bash
# deps.sh PACKAGE...: installs those of Debian's packages that are missing. Quiet where nothing is.
set -euo pipefail
missing=()
for p in "$@"; do
  dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null | grep -qx installed || missing+=("$p")
done
((${#missing[@]})) || exit 0
# A newer node from elsewhere brings npm without Debian's package of that name: do not fight it.
keep=()
for p in "${missing[@]}"; do
  [[ $p == npm ]] && command -v npm >/dev/null && continue
  keep+=("$p")
done
((${#keep[@]})) || exit 0
root=()
if [[ $(id -u) != 0 ]]; then
  command -v sudo >/dev/null || { echo "deps: need root to install: ${keep[*]}" >&2; exit 1; }
  root=(sudo)
fi
echo "deps: installing ${keep[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { "${root[@]}" apt-get update -q && "${root[@]}" apt-get install -qy --no-install-recommends "${keep[@]}"; } >"$log" 2>&1; then
  tail -n 15 "$log" >&2
  echo "deps: apt-get could not install: ${keep[*]}" >&2
  exit 1
fi
