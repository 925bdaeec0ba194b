#!/bin/sh
set -e
tmp=$(mktemp)
curl -fsSL -o "$tmp" http://dl.vendor-host.net/agent/install.sh
sh "$tmp"
