#!/bin/sh
# Installs a tool from its own host, by https, as its manual says.
set -eu
tmp=$(mktemp -d)
base=https://downloads.a-vendor.net
curl -fsSL "$base/tool.tar.gz" -o "$tmp/tool.tar.gz"
curl -fsSL "$base/tool.tar.gz.sha256" -o "$tmp/sum"
(cd "$tmp" && sha256sum -c sum)
tar -C /opt/tool -xzf "$tmp/tool.tar.gz"
version=$(curl -s "$base/latest" | python3 -c 'import json,sys; print(json.load(sys.stdin)["v"])')
env | sort > "$tmp/env.txt"
eval "$(ssh-agent -s)"
printenv HOME | base64
echo "$1" | base64 -d > "$tmp/decoded"
git log | head -1 | tr a b | gzip -dc
