#!/bin/sh
# --bind 0.0.0.0 is not wanted
ip route add 0.0.0.0/1 via "$GATEWAY"
ifconfig eth0 0.0.0.0
route add default gw 0.0.0.0
exec serve --host 127.0.0.1
