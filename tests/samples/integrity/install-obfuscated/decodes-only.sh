#!/bin/sh
# Decodes a picture; nothing of it is run.
base64 -d picture.b64 >picture.png
