#!/usr/bin/env bash
# fuzz.sh BUILD SECONDS TARGET...: runs each fuzzer of BUILD/fuzzers, one after the other, at the lowest priority, from the corpus in
# the tree and what earlier runs added in BUILD/corpus. What fails is left in BUILD/found/TARGET; exit 1 then.
# (-detect_leaks=0: not after each input, which is slow and blames the garbage that Lua keeps, but at the end.)
set -uo pipefail
cd "$(dirname "$0")/../.."
build=$1 seconds=$2
shift 2
bad=0
for target; do
  fuzzer=$build/fuzzers/$target grown=$build/corpus/$target found=$build/found/$target own=tests/fuzz/corpus/$target
  log=$build/$target.log extra=() more=()
  mkdir -p "$grown" "$found"
  [[ -f $own.dict ]] && extra=("-dict=$own.dict")
  [[ -d $own ]] && more=("$own")
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
    LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0 \
    nice -n 19 "$fuzzer" "-max_total_time=$seconds" -detect_leaks=0 -timeout=20 -rss_limit_mb=3000 -max_len="${MAX_LEN:-16384}" -print_final_stats=1 \
    "-artifact_prefix=$found/" "${extra[@]}" "$grown" "${more[@]}" >"$log" 2>&1
  status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$log")
  cover=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
  if ((status == 0)); then
    echo "ok - $target: ${runs:-0} inputs in $seconds s, ${cover:-0} places reached"
  else
    bad=1
    echo "not ok - $target: status $status, see $log and $found"
    grep -m 3 -E 'ERROR: |runtime error|SUMMARY|^fuzz.lua' "$log" | sed 's/^/    /'
  fi
done
exit $bad
