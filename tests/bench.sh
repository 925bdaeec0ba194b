#!/usr/bin/env bash
# bench.sh PROBITY [TREE [PART...]]: what a scan costs beside the tools that it replaces, and what the plugin costs
# ClamAV. Interleaved, medians of RUNS (default 5) runs. Parts: cli clamscan clamd hand-over cache rules checks catalogue site; else all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
corpus=${PROBITY_TEST_CACHE:-$(dirname "$1")/test-cache}/corpus
tests/corpus.sh "$corpus"
exec /usr/bin/python3 -B tests/bench.py "$1" "${2:-/usr/bin}" "$(realpath "$corpus")" "${RUNS:-5}" "${@:3}"
