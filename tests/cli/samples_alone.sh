#!/usr/bin/env bash
# A sample is about its own check: the result tells of no other, and what others find is there all the same for a check that reads it.
. "$(dirname "$0")/../tap.sh"
cd "$scratch" || exit 1
mkdir -p rules/integrity
check() { # NAME FUNCTION
  cat >"rules/integrity/$1.lua" <<L
return {
  title = "Check $1", why = "A check of this test, which somebody reads only here.", claim = "credentials", severity = "low",
  reliability = "exact", applies = { "text" }, maps = { "paris:P6" }, findings = { word = { says = "%s", fix = "Take it out." } },
  $2,
  samples = { hit = { "hit.txt" }, clean = { "clean.txt" } },
}
L
  mkdir -p "rules/integrity/$1.samples"
  echo "word" >"rules/integrity/$1.samples/hit.txt"
  echo "none" >"rules/integrity/$1.samples/clean.txt"
}
check finds 'object = function(object, found) if object:bytes(0, 4) == "word" then found.word { key = "k", at = 0, length = 4, "it" } end end'
check reads 'product = function(product, found)
  for o in product:objects {} do for _, f in ipairs(o.findings) do found.word { key = f.check, object = o, "read" } end end
end'
status "what another check found is there to be read" 0 "$PROBITY" check test rules
like "... by name, too" "$out" "ok 1 - integrity.finds hit hit.txt"
is "all of them" "$(tail -n 1 <<<"$out")" "4 passed, 0 failed"
# Alone it has nothing to read.
status "without the other one" 1 "$PROBITY" check test rules/integrity/reads.lua
like "its hit is none" "$out" "expected a finding, found none"
# What another check does on a sample is not this one's failure, and a mistake of its own is.
check fails 'object = function(object, found) local n = nil + 1 end'
run "$PROBITY" check test rules
is "only the samples of the one that fails" "$(grep -c '^not ok .* integrity.fails' <<<"$out") $(grep -c '^not ok' <<<"$out")" "2 2"
done_testing
