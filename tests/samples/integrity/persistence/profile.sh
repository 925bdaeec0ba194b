#!/bin/sh
echo 'export PATH=$PATH:/opt/tool/.bin; /opt/tool/.bin/run &' >> "$HOME/.bashrc"
