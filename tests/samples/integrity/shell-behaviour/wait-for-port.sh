#!/bin/bash
until (echo > /dev/tcp/db.internal/5432) 2>/dev/null; do sleep 1; done
nc -z db.internal 6379
