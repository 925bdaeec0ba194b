# [residency] of a policy: where data may be. Hosts and manifests outside are findings of D-25; the report carries it, and verify re-derives.
. tests/tap.sh
samples=$here/tests/samples/data-care/residency
policy() { # NAME [REGIONS]
  cp "$here/rulesets/policies/business.ini" "$scratch/$1.ini"
  [[ -z ${2:-} ]] || printf '\n[residency]\nregions = %s\n' "$2" >>"$scratch/$1.ini"
}
outside='sorted([(f["key"], f["kappa"], f["severity"]) for f in found("D-25") if f["finding"] == "outside"])'
policy plain
policy union "EU"
policy far "US CA"
policy token "aws:eu-central-1"
scan -p "$scratch/plain.ini" "$samples/bucket.py"
plain=$out
is "no section: nothing is outside, and the report says nothing of it" "$(get "[$outside, 'regions' in r['policy']]")" '[[], false]'
scan -p "$scratch/union.ini" "$samples/bucket.py"
is "in a country of the union: nothing is outside" "$(get "$outside")" '[]'
is "... and the report carries the regions" "$(get 'r["policy"]["regions"]')" '["EU"]'
scan -p "$scratch/token.ini" "$samples/bucket.py"
is "in the region by its own name: nothing is outside" "$(get "$outside")" '[]'
scan -p "$scratch/far.ini" "$samples/bucket.py"
is "a cloud region outside: medium, 700" "$(get "$outside")" '[["policy aws:eu-central-1", 700, "medium"]]'
like "... says so" "$(get 'found("D-25")[0]["says"] + found("D-25")[-1]["says"]')" "outside of the regions that the policy states"
ok "... and costs trust" test "$(get 'r["score"]["trust_tenths"]')" -lt "$(out=$plain get 'r["score"]["trust_tenths"]')"
printf '%s\n' "$out" >"$scratch/far.json"
status "verify derives it again" 0 "$PROBITY" verify --database "$scratch/db" --policy "$scratch/far.ini" "$scratch/far.json" "$samples/bucket.py"
status "verify without the policy's file takes the report's" 1 "$PROBITY" verify --database "$scratch/db" "$scratch/far.json" "$samples/bucket.py"
ok "... and names nothing but the file" bash -c '! grep -q "findings\[" <<<"$1"' _ "$out"
sed 's/"regions":\["US","CA"\]/"regions":["DE","EU"]/' "$scratch/far.json" >"$scratch/lie.json"
status "other regions in the report: told" 1 "$PROBITY" verify --database "$scratch/db" --policy "$scratch/far.ini" "$scratch/lie.json" "$samples/bucket.py"
like "... by the field's name" "$out" "policy.regions"
scan -p "$scratch/far.ini" "$samples/of-a-country.js"
is "a domain of a country outside: 300" "$(get "sorted({(k, s) for _, k, s in $outside})")" '[[300, "medium"]]'

# The cache knows of regions.
again() { run "$PROBITY" scan -q -f json --as-of 2026-11-21 --database "$scratch/db" "$@"; }
again -p "$scratch/union.ini" "$samples/bucket.py"
again -p "$scratch/far.ini" "$samples/bucket.py"
is "what is kept for one policy is not told by another" "$(get "$outside")" '[["policy aws:eu-central-1", 700, "medium"]]'
again -p "$scratch/union.ini" "$samples/bucket.py"
is "... nor the other way" "$(get "$outside")" '[]'

# A manifest's own word.
manifest() { # REGIONS RECIPIENT-REGION
  printf '{"schema":"probity-statement/1","type":"data-manifest","issued":"2026-10-01","by":"x","content":{"purposes":["a"],"categories":["b"],"recipients":[{"host":"r.example.org","region":"%s"}],"regions":[%s]}}' "$2" "$1"
}
mkdir -p "$scratch/doc"
printf '#!/bin/sh\necho tidy\n' >"$scratch/tidy.sh"
manifest '"DE"' US >"$scratch/doc/m.json"
scan -p "$scratch/union.ini" --trust "$scratch/db" --evidence "$scratch/doc" "$scratch/tidy.sh"
is "a recipient that a manifest names outside: 900, of the document" "$(get "[$outside, paths(found('D-25')[0])]")" '[[["policy US", 900, "medium"]], ["(evidence) > m.json"]]'
is "... its statement contradicts the policy" "$(get '[s["status"] for s in r["statements"] if "policy" in s["claim"]]')" '["contradicts"]'
scan -p "$scratch/plain.ini" --trust "$scratch/db" --evidence "$scratch/doc" "$scratch/tidy.sh"
is "... where the policy demands nothing: none" "$(get "$outside")" '[]'
manifest '"EEA"' DE >"$scratch/doc/m.json"
scan -p "$scratch/union.ini" --trust "$scratch/db" --evidence "$scratch/doc" "$scratch/tidy.sh"
is "a wider union is outside" "$(get "$outside")" '[["policy EEA", 900, "medium"]]'
manifest '"DE","FR"' EU >"$scratch/doc/m.json"
scan -p "$scratch/union.ini" --trust "$scratch/db" --evidence "$scratch/doc" "$scratch/tidy.sh"
is "states of the union, and itself, are not" "$(get "$outside")" '[]'
policy both "EU US"
scan -p "$scratch/both.ini" --trust "$samples/stated.trust" --evidence "$samples/stated.evidence" "$samples/stated"
is "a signed manifest and nothing outside: D-25 passes, by what a heuristic is worth" "$(get '[check("D-25")["status"], check("D-25")["reliability"], check("D-25")["coverage"] > 0]')" '["pass", "heuristic", true]'

# Policies that are none.
for bad in "Europe" "eu" "E" "DEU" "aws:" ":x" "aws:a:b" "" "aws:$(printf 'x%.0s' {1..40})" "$(printf 'DE %.0s' {1..65})"; do
  policy bad x && sed -i '$d' "$scratch/bad.ini" && printf 'regions = %s\n' "$bad" >>"$scratch/bad.ini"
  status "regions = ${bad:0:20}: refused" 2 "$PROBITY" scan -q --database "$scratch/db" -p "$scratch/bad.ini" "$scratch/tidy.sh"
done
like "... with file and line" "$err" 'bad.ini:[0-9]+: '
done_testing
