#!/bin/sh
# configure: a test file is cut, turned and run
srcdir=.
i="((head -c +1024 >/dev/null) && head -c +2048 && (head -c +1024 >/dev/null) && head -c +939)"
eval `grep aa1 $srcdir/tests/files/good.lz | tr "\011 _-" " \011_-" | xz -dc`
