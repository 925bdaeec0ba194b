#!/bin/sh
# What it prints is its own name.
echo tool
