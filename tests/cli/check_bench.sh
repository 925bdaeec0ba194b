#!/usr/bin/env bash
# `probity check bench`: what each check costs on a corpus.
. "$(dirname "$0")/../tap.sh"
cd "$scratch" || exit 1

mkdir -p rules/integrity corpus
make_check() { # NAME WORD BODY
  cat >"rules/integrity/$1.lua" <<L
return {
  title = "Check $1", why = "A check of this test, which somebody reads only here.",
  claim = "credentials", severity = "low", reliability = "exact", maps = { "paris:P6" },
  looks = [[ rule r { strings: \$w = "$2" condition: \$w } ]],
  findings = { word = { says = "It is there", fix = "Take it out." } },
  object = function(object, found) $3 found.word { key = "k" } end,
  samples = { hit = { "hit.txt" }, clean = { "clean.txt" } },
}
L
  mkdir -p "rules/integrity/$1.samples"
  echo "$2" >"rules/integrity/$1.samples/hit.txt"
  echo "not" >"rules/integrity/$1.samples/clean.txt"
}
make_check quick quick-word ''
make_check slow slow-word 'local n = 0 for i = 1, 3000000 do n = n + i end'
make_check dead dead-word ''
for i in 1 2 3; do echo "quick-word quick-word in $i" >"corpus/quick$i.txt"; done
echo "the slow-word" >corpus/slow.txt
echo "nothing at all" >corpus/none.txt

status "bench" 0 "$PROBITY" check bench rules corpus
text=$out
like "what there was" "$text" "^5 objects, [0-9]+ bytes; 3 checks"
like "the slowest check comes first" "$text" "times.integrity.slow "
like "dead checks are named" "$text" "Raised nothing on this corpus: 1.  integrity.dead +no rule matched"
like "the slowest object, and who took it" "$text" "Slowest objects.  [0-9.]+ m?s, of which integrity.slow [0-9.]+ m?s: corpus > slow.txt"
is "no line is wider than 100 columns" "$(awk 'length > 100' <<<"$text")" ""
is "no progress where nobody sits" "$err" ""

run "$PROBITY" check bench -f json -n 2 rules corpus
is "checks by id" "$(get '[c["id"] for c in r["checks"]]')" '["integrity.dead", "integrity.quick", "integrity.slow"]'
is "calls, rules that matched, hits, findings" "$(get '[[c["calls"], c["matched"], c["hits"], c["findings"]] for c in r["checks"]]')" "[[0, 0, 0, 0], [3, 3, 6, 3], [1, 1, 1, 1]]"
is "instructions" "$(get 'r["checks"][2]["instructions"] >= 3000000 > r["checks"][1]["instructions"]')" true
is "time and memory" "$(get 'r["checks"][2]["nanoseconds_most"] > 0 and r["checks"][2]["memory_most"] > 0')" true
is "each pattern saw every object" "$(get '[c["pattern_bytes"] == r["bytes"] for c in r["checks"]]')" "[true, true, true]"
is "so many of the slowest" "$(get 'len(r["slowest"])')" 2
is "the slowest of all" "$(get '[r["slowest"][0]["path"], r["slowest"][0]["check"]]')" '[["corpus", "slow.txt"], "integrity.slow"]'
steady='[[c["id"], c["calls"], c["instructions"], c["matched"], c["hits"], c["findings"], c["dead"]] for c in r["checks"]], r["bytes"]'
first=$(get "$steady")
run "$PROBITY" check bench -f json rules corpus
is "twice the same but for times and memory" "$(get "$steady")" "$first"

like "one check" "$("$PROBITY" check bench rules/integrity/quick.lua corpus)" "^[0-9]+ objects, [0-9]+ bytes; 1 check"$'\n'
run "$PROBITY" check bench -f json rules/integrity/quick.lua corpus
is "one check by its file" "$(get '[c["id"] for c in r["checks"]]')" '["integrity.quick"]'
run "$PROBITY" check bench -f json "$here/scripts" corpus
is "Probity's own" "$(get 'len(r["checks"]) > 20')" true
status "help" 0 "$PROBITY" check bench --help
like "its usage" "$out" "^Usage: probity check bench "
status "a corpus is missing" 2 "$PROBITY" check bench rules
status "no such corpus" 2 "$PROBITY" check bench rules no/such
status "no such checks" 2 "$PROBITY" check bench no/such corpus
status "-n is a number" 2 "$PROBITY" check bench -n many rules corpus
done_testing
