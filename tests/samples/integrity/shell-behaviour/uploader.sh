#!/bin/bash
# Sends named values, after it said so.
token=${TOKEN:-}
curl -X POST --data-binary @report.json -H "Authorization: bearer $token" "https://reports.a-vendor.net/v2?commit=$CI_COMMIT&branch=$CI_BRANCH"
curl -fsS "https://reports.a-vendor.net/ping?job=$CI_JOB" || exit 1
