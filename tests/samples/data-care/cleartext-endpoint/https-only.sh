#!/bin/sh
# What it fetches comes over https.
curl -fsSO https://code.vendor-host.net/tool.tar.gz
