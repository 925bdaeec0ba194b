# Every check finds what its `hit` samples hold and nothing in its `clean` ones, through the whole pipeline.
. tests/tap.sh
LIMIT=900
bash "$here/tests/samples/make-samples.sh" "$scratch/samples" >"$scratch/make.log" 2>&1 || { flunk "samples are made" "$(cat "$scratch/make.log")"; }
timeout 900 "$PROBITY" check test --samples "$scratch/samples" >"$scratch/samples.log" 2>"$scratch/samples.err"
rc=$?
grep -E '^(ok|not ok) ' "$scratch/samples.log" || true
grep -E '^#' "$scratch/samples.log" | head -n 40
tests=$(grep -cE '^(ok|not ok) ' "$scratch/samples.log")
is "probity check test ends well" "$rc" 0
ok "there were samples" test "$tests" -gt 60
like "it sums up" "$(tail -n 1 "$scratch/samples.log")" "[0-9]+ passed, 0 failed"
done_testing
