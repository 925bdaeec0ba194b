#!/bin/sh
curl -sk https://api.vendor-host.net/tool.tar.gz | tar xz
