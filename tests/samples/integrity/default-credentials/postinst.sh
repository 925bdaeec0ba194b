#!/bin/sh
set -e
echo "support:Pl4nt-2214" | chpasswd
