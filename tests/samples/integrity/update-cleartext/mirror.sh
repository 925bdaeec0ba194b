#!/bin/sh
echo "deb http://deb.vendor-host.net/debian/dists/bookworm-updates main" >/etc/apt/sources.list.d/x.list
