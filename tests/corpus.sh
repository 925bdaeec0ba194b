#!/usr/bin/env bash
# corpus.sh DIR [NAME...]: fetches the products of tests/corpus.lock (or those named) into DIR and checks their digests. Data
# only: nothing is installed, no script of theirs runs. What cannot be had is named on stderr; the exit status is 0 all the same.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
shift
mkdir -p "$dir" && cd "$dir" || exit 2
updated=0
fetch() { # SOURCE NAME VERSION
  case $1 in
  apt)
    timeout 300 apt-get -q download "$2=$3" && return
    ((updated)) && return 1
    updated=1
    timeout 300 apt-get -q update && timeout 300 apt-get -q download "$2=$3" ;;
  npm) command -v npm && timeout 300 npm pack --ignore-scripts --silent "$2@$3" ;;
  esac
}
while read -r source name version sha file; do
  [[ $source == '#'* || -z $source ]] && continue
  [[ $# == 0 || " $* " == *" $name "* ]] || continue
  good() { [[ -f $file && $(sha256sum <"$file") == "$sha "* ]]; }
  good && continue
  fetch "$source" "$name" "$version" >/dev/null 2>&1
  good || { rm -f "$file"; echo "corpus: $name $version: not to be had from $source" >&2; }
done <"$here/corpus.lock"
exit 0
