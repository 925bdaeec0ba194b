#!/usr/bin/env bash
# bench.sh PROBITY [TREE]: what a scan costs beside the tools that it replaces, all in one run, interleaved, medians of 5.
set -euo pipefail
cd "$(dirname "$0")/.."
exec /usr/bin/python3 tests/bench.py "$1" "${2:-/usr/bin}" "${RUNS:-5}"
