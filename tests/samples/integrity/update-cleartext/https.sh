#!/bin/sh
curl -fsSL -o tool https://dl.vendor-host.net/agent/install.sh
