#!/bin/sh
# -K reads a file of options, -o names the output.
curl -K options.txt -o /tmp/kernel https://api.vendor-host.net/linux
