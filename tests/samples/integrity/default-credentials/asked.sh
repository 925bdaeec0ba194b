#!/bin/sh
read -r password
echo "root:$password" | chpasswd
printf "%s\n" "$password" | passwd root
useradd -m service
