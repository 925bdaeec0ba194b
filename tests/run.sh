#!/usr/bin/env bash
# run.sh BUILD: runs every test program (unit tests, the corpora of the fuzzers, samples of the checks, shell tests), all of which speak TAP, and sums up.
# The last line is "N passed, N failed" (", N skipped"). TESTS="name ..." runs only those.
set -uo pipefail
cd "$(dirname "$0")/.."
build=${1:-build}
export PROBITY=$PWD/$build/probity PROBITY_DATA=$PWD CMOCKA_MESSAGE_OUTPUT=tap
export PROBITY_TEST_CACHE=$PWD/$build/test-cache
[[ -x $build/clang/probity ]] && export PROBITY_OTHER=$PWD/$build/clang/probity
mkdir -p "$PROBITY_TEST_CACHE"
logs=$build/test-logs
rm -rf "$logs"
mkdir -p "$logs"
passed=0 failed=0 skipped=0
one() { # NAME COMMAND...
  local name=$1 log=$logs/$1.log start=$SECONDS status good bad skip
  shift
  [[ -z ${TESTS:-} || " $TESTS " == *" $name "* ]] || return 0
  timeout "${TEST_SECONDS:-1500}" "$@" >"$log" 2>&1 </dev/null
  status=$?
  # (cmocka says "not ok" of what was skipped)
  skip=$(grep -ciE '^(not )?ok .*# skip' "$log")
  good=$(grep -E '^ok ' "$log" | grep -vciE '# skip')
  bad=$(grep -E '^not ok ' "$log" | grep -vciE '# skip')
  # A program that ends badly without saying which test failed has failed all the same; so has one that ran nothing.
  ((status != 0 && bad == 0)) && bad=1 && echo "# $name ended with status $status" >>"$log"
  ((good + bad + skip == 0)) && bad=1 && echo "# $name ran no test" >>"$log"
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + skip))
  printf '%-28s %5d passed %3d failed %3d skipped %4d s\n' "$name" "$good" "$bad" "$skip" "$((SECONDS - start))"
  if ((bad)); then
    grep -nE -A12 '^not ok |ERROR: |runtime error|AddressSanitizer|LeakSanitizer|^# .* ended with|ran no test' "$log" | head -n 60 | sed 's/^/    /'
    ((status != 0)) && tail -n 5 "$log" | sed 's/^/    /'
  fi
  grep -iE '^(not )?ok .*# skip' "$log" | sed 's/^/    /' | head -n 10
}
for t in "$build"/tests/test_*; do
  [[ -x $t && -f $t && $t != *.d ]] && one "$(basename "$t")" "$t"
done
for t in "$build"/replay/*; do # the corpus of each fuzzer
  [[ -x $t && -f $t && $t != *.d ]] && one "fuzz_$(basename "$t")" "$t" tests/fuzz/corpus/"$(basename "$t")"/*
done
one arrows bash -c 'if tests/arrows.sh; then echo "ok 1 - include laws"; else echo "not ok 1 - include laws"; fi'
for t in tests/cli/*.sh; do
  one "$(basename "$t" .sh)" bash "$t"
done
((passed + failed + skipped == 0)) && failed=1 && echo "no test is called: ${TESTS:-}"
if ((skipped)); then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
((failed == 0))
