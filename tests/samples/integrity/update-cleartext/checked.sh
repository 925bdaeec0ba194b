#!/bin/sh
set -e
wget -q http://dl.vendor-host.net/twin.deb
echo "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945  twin.deb" | sha256sum -c
dpkg -x twin.deb out
