#!/usr/bin/env bash
# `probity check explain`: every step of one check on one product.
. "$(dirname "$0")/../tap.sh"
cd "$scratch" || exit 1
explain() { run "$PROBITY" check explain --as-of 2026-11-21 --database "$scratch/db" "$@"; }

mkdir -p rules/integrity product/tests
cat >rules/integrity/word.lua <<'L'
return {
  title = "A word", why = "Somebody may need to know that it is there, for this test.",
  claim = "credentials", severity = "high", reliability = "exact", applies = { "text" },
  maps = { "paris:P6" },
  looks = [[
    rule both { strings: $one = "word-one" $two = "word-two" condition: $one and $two }
    rule three { strings: $three = "word-three" condition: $three }
  ]],
  findings = { word = { says = "The word %s is there", fix = "Take it out." } },
  object = function(object, found)
    if object:matched("three") then
      if object.size > 1000 then found.unknown("too large to tell") end
      return
    end
    for at, length in object:hits("$two") do
      found.word { key = "k", at = at, length = length, object:bytes(at, length) }
    end
  end,
  samples = { hit = { "hit.txt" }, clean = { "clean.txt" } },
}
L
mkdir -p rules/integrity/word.samples
printf 'word-one word-two\n' >rules/integrity/word.samples/hit.txt
printf 'word-one\n' >rules/integrity/word.samples/clean.txt
printf 'here is word-one, and word-two word-two\n' >product/both.txt
printf 'here is word-one, and word-two word-two\n' >product/tests/both.txt
printf 'only word-one here\n' >product/one.txt
printf 'a word-three\n' >product/three.txt
{ printf 'word-three'; head -c 2000 /dev/zero | tr '\0' 'x'; printf '\n'; } >product/large.txt
printf 'nothing of it\n' >product/none.txt
printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0\37\25\304\211' >product/image.png

status "the rules of this test are sound" 0 "$PROBITY" check test rules
explain --rules rules integrity.word product
is "status" "$rc" 0
is "nothing on stderr" "$err" ""
text=$out
like "which check, which product" "$text" "^integrity.word: A word"
like "left out, by kind" "$text" "1 left out by applies = \{ text \}; their kinds: image 1"
like "how many matched" "$text" "4 with a rule that matches"
like "how many ran" "$text" "4 on which the function ran"
like "how many raised" "$text" "2 on which it raised something"
like "a copy is looked at once" "$text" "product > tests/both.txt \(text, 40 bytes\), a copy"
like "a rule that holds" "$text" "rule both: its condition holds"
like "where its strings are" "$text" '\$two  2 places: at 22, 31'
like "a rule that does not hold, and why" "$text" "rule both: its condition does not hold: some strings are missing"
like "which string is missing" "$text" '\$two  nowhere'
like "the function did not run" "$text" "function: did not run: no rule's condition holds"
like "it ran and raised nothing" "$text" "ran to its end and raised nothing"
like "found.unknown" "$text" "unknown: too large to tell"
like "budgets" "$text" "used: instructions [0-9,]+ of 50,000,000; memory [0-9.]+ [KM]iB of 256 MiB; match steps 0 of 50,000,000"
like "what was raised" "$text" 'raised: found.word, key "k", severity high, kappa [0-9]+, at 22, length 8'
like "grouped" "$text" 'found.word, key "k": severity high, kappa [0-9]+, 4 places'
like "the place that weighs less" "$text" "in product > tests/both.txt: counts as at most 200"
like "the score" "$text" "demerit of the check: [0-9.]+, over 1 distinct key"
like "quiet objects are counted" "$text" "2 more on which nothing happened \(-v shows them\)"
is "no line is wider than 100 columns" "$(awk 'length > 100' <<<"$text")" ""
explain -v --rules rules product product
is "no such check" "$rc" 2
explain -v --rules rules integrity.word product
like "-v: also what was left out" "$out" "product > image.png \(image, [0-9]+ bytes\).    left out: applies names"
like "-v: also what holds nothing" "$out" "rule three: its condition does not hold: none of its strings is there"

# Where a finding weighs less is the reducer's word, place by place: the same bytes in test/ and in src/.
mkdir -p places/src places/test
printf 'word-one word-two\n' | tee places/src/same.txt >places/test/same.txt
explain --rules rules integrity.word places
like "the place that weighs less" "$out" "in places > test/same.txt: counts as at most 200"
is "... and no other" "$(grep -c 'counts as at most' <<<"$out")" 1
explain -f json --rules rules integrity.word places
is "per merged finding, per place" "$(get '[[f["places"], sorted([" > ".join(e["path"]), e["discounted"]] for e in f["raised"])] for f in r["merged"]]')" \
  '[[2, [["places > src/same.txt", false], ["places > test/same.txt", true]]]]'
is "... as the score has it: the best of them counts" "$(get '[f["kappa"] > 200 for f in r["merged"]]')" "[true]"
rm -r places/src
explain -f json --rules rules integrity.word places
is "alone it weighs less" "$(get '[f["kappa"] for f in r["merged"]]')" "[200]"

# The same in JSON; its demerit is the report's.
explain -f json --rules rules integrity.word product
is "one line" "$(wc -l <<<"$out")" 1
is "counts" "$(get '[r["objects"][k] for k in ("considered", "left_out", "copies", "patterns_hit", "ran", "raised", "unknown")]')" "[7, 1, 1, 4, 4, 2, 1]"
is "steps are sorted" "$(get '[s["path"] for s in r["steps"]] == sorted(s["path"] for s in r["steps"])')" true
steady=$(get '[[(k, v) for k, v in s["trace"].items() if k not in ("call", "patterns")] for s in r["steps"]], r["merged"], r["score"], r["objects"]')
demerit=$(get 'r["score"]["check"]["demerit_milli"]')
explain -f json --rules rules integrity.word product
is "twice the same" "$(get '[[(k, v) for k, v in s["trace"].items() if k not in ("call", "patterns")] for s in r["steps"]], r["merged"], r["score"], r["objects"]')" "$steady"
scan --rules rules product
is "the report's own demerit" "$(get 'check("integrity.word")["demerit_milli"]')" "$demerit"
ok "a report holds no trace" bash -c '! grep -q "\"trace\"" <<<"$1"' _ "$out"

# Limits by name; a check of the product as a whole; the check by its file.
sed 's/object:matched("three")/(function() while true do end end)()/; s/A word/Endless/' rules/integrity/word.lua >rules/integrity/endless.lua
sed -i 's/samples = {.*/limits = { instructions = 5000 }, samples = { hit = { "hit.txt" }, clean = { "clean.txt" } },/' rules/integrity/endless.lua
cp -r rules/integrity/word.samples rules/integrity/endless.samples
explain --rules rules rules/integrity/endless.lua product/both.txt
like "a limit by name" "$out" "unknown: limit instructions"
like "its own limit" "$out" "instructions [0-9],[0-9]+ of 5,000"
explain rules/integrity/endless.lua product/both.txt
like "a file that nothing else brings is loaded by itself" "$rc $out" "^0 integrity.endless: Endless"
sed 's/severity/serverity/' rules/integrity/endless.lua >rules/integrity/broken.lua
explain rules/integrity/broken.lua product/both.txt
like "a file that does not load" "$rc $err" '^2 .*did you mean "severity".*broken.lua does not load: `probity check lint` says why'
rm rules/integrity/broken.lua
explain integrity.install-network product
like "a product check that had nothing to do" "$out" "function: did not run: no object of the product has a tag"
like "no function object" "$out" "the check has no function object"

# Mistakes.
status "help" 0 "$PROBITY" check explain --help
like "its usage" "$out" "^Usage: probity check explain "
explain integrity.privat-key product
is "no such check" "$rc" 2
like "the nearest" "$err" "did you mean integrity.private-key"
explain integrity.private-key
is "a product is missing" "$rc" 2
explain integrity.private-key no/such
is "no such product" "$rc" 2
like "it is named" "$err" "no/such"
# Hostile names do not reach the terminal.
printf 'word-one word-two\n' >"product/$(printf 'evil\033[31m.txt')"
explain --rules rules integrity.word product
ok "no escape comes through" bash -c '! grep -q $'"'\\033'"' <<<"$1"' _ "$out"
done_testing
