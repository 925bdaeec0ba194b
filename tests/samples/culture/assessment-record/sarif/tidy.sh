#!/bin/sh
echo "nothing to tidy"
