#!/bin/sh
crontab -l
grep -q tool "$HOME/.bashrc" && cat /etc/cron.d/tool
[ -f /etc/rc.local ] && . /etc/profile
systemctl status tool
