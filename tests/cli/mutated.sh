# 3,000 mutated archives, seeded: no crash, no hang, one report each. MUTANTS=n for another number.
. tests/tap.sh
n=${MUTANTS:-3000}
/usr/bin/python3 "$here/tests/mutate.py" "$scratch/m" "$n" 20261121
ls "$scratch/m" | wc -l >"$scratch/count"
is "as many mutants as asked for" "$(cat "$scratch/count")" "$n"
LIMIT=${MUTANT_SECONDS:-1200}
export LIMIT
: >"$scratch/out.jsonl"
(cd "$scratch/m" && printf '%s\0' * | LC_ALL=C sort -z | timeout "$LIMIT" xargs -0 -n 500 "$PROBITY" scan -q -f json --as-of 2026-11-21 \
  --database "$scratch/db") >"$scratch/out.jsonl" 2>"$scratch/err"
rc=$?
ok "the runs end by themselves" test "$rc" != 124 -a "$rc" != 137
is "one report a mutant" "$(wc -l <"$scratch/out.jsonl")" "$n"
is "no process died, none was killed" "$(grep -cE 'died: signal|took longer|ended early' "$scratch/out.jsonl")" 0
is "no errors" "$(head -n 5 "$scratch/err")" ""
ok "every report follows the schema" /usr/bin/python3 "$here/tests/validate-report.py" "$scratch/out.jsonl"
ok "every score can be recomputed" bash -c "/usr/bin/python3 '$here/tests/recompute.py' <'$scratch/out.jsonl'"
done_testing
