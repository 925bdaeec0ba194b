#!/bin/sh
cp tool.service /etc/systemd/system/tool.service
