# probity evidence: what a dossier lacks, named document by document; forms to fill in, which pass once they are filled in and signed.
. tests/tap.sh
export HOME=$scratch/home
mkdir -p "$HOME"
lint() { run "$PROBITY" evidence lint --as-of 2026-11-21 --database "$scratch/db" "$@"; }
# of EXPRESSION: over l, the result of lint -f json; d(): one document by its name, w(): what is wrong with it
of() {
  /usr/bin/python3 -c '
import json, sys
l = json.load(sys.stdin)
def d(n): return next(x for x in l["documents"] if x["name"] == n)
def w(n): return [x["what"] for x in d(n)["wrong"]]
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v, sort_keys=True))' "$1" <<<"$out" 2>&1
}
printf '#!/bin/sh\necho tidy\n' >"$scratch/tidy.sh"
sha=$(sha256sum "$scratch/tidy.sh" | cut -d' ' -f1)
forms=$scratch/forms

# Forms.
status "template without a folder lists what it would write" 0 "$PROBITY" evidence template --policy government
like "... and for whom" "$out" "provenance.intoto.json, role builder"
status "template writes what the policy asks for" 0 "$PROBITY" evidence template --policy government --product "$scratch/tidy.sh" --database "$scratch/db" -o "$scratch/asked"
is "... no more" "$(cd "$scratch/asked" && echo *)" "README.txt data-manifest.json provenance.intoto.json sbom.cdx.json security.txt"
ok "... with the product's digest" grep -q "$sha" "$scratch/asked/provenance.intoto.json"
like "... README.txt says how to sign" "$(<"$scratch/asked/README.txt")" "minisign -S -s KEY.key -m FILE"
echo mine >"$scratch/asked/security.txt"
run "$PROBITY" evidence template --policy government -o "$scratch/asked"
is "what is there stays" "$(<"$scratch/asked/security.txt")" mine
like "... and is told" "$out" "security.txt: was there, left as it is"
status "all forms" 0 "$PROBITY" evidence template --product "$scratch/tidy.sh" --database "$scratch/db" -o "$forms" -f json
is "... nineteen and a README" "$(wc -l <<<"$out")" 20
lint "$forms" -f json
is "unfilled: something is wrong" "$rc" 1
is "... with each of them" "$(of 'sorted({x["what"] for n in l["documents"] for x in n["wrong"]})')" '["unfilled"]'
is "... but for the README" "$(of '[x["name"] for x in l["documents"] if not x["wrong"]]')" '["README.txt"]'
like "... the field is named" "$(of 'd("support-period.json")["wrong"][0]["says"]')" "^issued: no date: YYYY-MM-DD"

# Filled in by somebody who knows nothing but the forms.
fill() { # FORMS OUT
  mkdir -p "$2"
  /usr/bin/python3 - "$1" "$2" <<'P'
import json, os, sys
def fill(key, v):
    if isinstance(v, dict):
        return {k: f for k, x in v.items() for f in [fill(k, x)] if f is not None}
    if isinstance(v, list):
        return [fill(key, x) for x in v]
    if v is None:
        return {"port": 443, "present": False}.get(key)
    if isinstance(v, str):
        if v == "FILL-IN" and ("sha256" in key or "Commit" in key or "fingerprint" in key):
            return "b" * 64
        day = "2027-10-01" if key in ("expires", "until", "support_end") else "2026-10-01"
        v = v.replace("YYYY-MM-DD", day).replace("FILL-IN", "word.example")
        v = v.split("|")[0] if "|" in v else v
        return "word" if "FILL IN" in v else "word" if key == "claims" else v
    return v
for n in os.listdir(sys.argv[1]):
    text = open(os.path.join(sys.argv[1], n)).read()
    if n.endswith(".json"):
        text = json.dumps(fill("", json.loads(text)), indent=1)
    elif n == "security.txt":
        text = text.replace("YYYY-MM-DD", "2027-06-01").replace("FILL-IN", "security@example.org")
    open(os.path.join(sys.argv[2], n), "w").write(text)
P
}
fill "$forms" "$scratch/filled"
lint "$scratch/filled" -f json --trust "$scratch/home"
is "filled in: unsigned is what is left" "$(of 'sorted({x["what"] for n in l["documents"] for x in n["wrong"]})')" '["unsigned"]'
if command -v minisign >/dev/null; then
  signed=$scratch/signed
  cp -r "$scratch/filled" "$signed"
  for role in vendor builder auditor assessor; do
    minisign -G -W -f -p "$scratch/$role.pub" -s "$scratch/$role.key" >/dev/null 2>&1 </dev/null
    run "$PROBITY" trust add "$scratch/$role.pub" --role $role --name $role --trust "$scratch/trust"
  done
  by() { minisign -S -s "$scratch/$1.key" -m "$2" >/dev/null 2>&1 </dev/null; }
  for f in "$signed"/*.json; do
    case $f in
    */provenance* | */rebuild*) by builder "$f" ;;
    */audit* | */penetration*) by auditor "$f" ;;
    *) by vendor "$f" ;;
    esac
  done
  lint "$signed" --trust "$scratch/trust" -f json
  is "filled in and signed: every kind of form is fine" "$rc $(of '[(x["name"], x["wrong"]) for x in l["documents"] if x["wrong"]]')" "0 []"
  is "... all were read" "$(of 'sum(x["state"] == "read" for x in l["documents"])')" 19
  lint "$signed" --trust "$scratch/trust" --policy government
  is "... and the policy misses nothing that can be told without the product" "$rc" 0
  like "... the signature of the package cannot" "$out" "NOT JUDGED"
  lint "$signed" --trust "$scratch/trust" --product "$scratch/tidy.sh" -f json
  is "with the product: an audit by its supplier is contradicted, by the check's name" \
    "$(of '"contradicted" in w("audit.json") and "culture.independence" in d("audit.json")["wrong"][0]["says"]')" true
  is "... a manifest whose region is none is told as a note" "$(of '[w("data-manifest.json"), [x["what"] for x in d("data-manifest.json")["notes"]]]')" '[[], ["claim"]]'

  cp -r "$signed" "$scratch/spoiled"
  s=$scratch/spoiled
  by vendor "$s/audit.json"
  sed -i 's/2026-10-01/2026-10-02/' "$s/source.json"
  rm "$s/response.json.minisig"
  sed -i 's/"expires": "2027-10-01"/"expires": "2026-10-15"/' "$s/support-period.json" && by vendor "$s/support-period.json"
  sed -i 's/"sha256": "./&0/; s/\("sha256": "[0-9a-f]\{64\}\)[0-9a-f]/\1/' "$s/provenance.intoto.json" && by builder "$s/provenance.intoto.json"
  sed -i 's/"purposes"/"purpose"/' "$s/data-manifest.json" && by vendor "$s/data-manifest.json"
  sed -i '/^Expires/d' "$s/security.txt"
  sed -i 's/"word"/"FILL IN: it"/' "$s/transparency.json" && by vendor "$s/transparency.json"
  printf '{"schema":"probity-report/1","product":{"name":"tidy.sh","version":"","sha256":"%s","size":20}}\n' "$sha" >"$scratch/report.json"
  lint "$s" --trust "$scratch/trust" --for "$scratch/report.json" -f json --policy government
  is "spoiled: 1" "$rc" 1
  is "an audit that its vendor signed: role" "$(of 'w("audit.json")')" '["role"]'
  is "changed after signing: unsigned, and the signature is named" "$(of 'sorted(set(w("source.json") + [x["what"] for x in d("source.json")["notes"]]))')" '["signature", "unsigned"]'
  is "no signature: unsigned" "$(of 'w("response.json")')" '["unsigned"]'
  is "expired: stale" "$(of 'w("support-period.json")')" '["stale"]'
  is "of other bytes: other" "$(of 'w("provenance.intoto.json")')" '["other"]'
  is "a field misspelt: refused" "$(of 'w("data-manifest.json")')" '["refused"]'
  like "... by its name" "$(of 'd("data-manifest.json")["wrong"][0]["says"]')" 'purpose'
  is "a security.txt without its end" "$(of '[x for x in w("security.txt") if x in ("stale", "incomplete")][:1] != []')" true
  is "a blank that is left: unfilled" "$(of 'w("transparency.json")')" '["unfilled"]'
  is "what the policy demands and no sound document serves" "$(of '[m["id"] for m in l["missing"]]')" '["provenance", "vulnerability-contact", "residency-declaration"]'
  is "each says what to do" "$(of 'all(x["do"] for n in l["documents"] for x in n["wrong"]) and all(m["do"] for m in l["missing"])')" true

  # With the product, as scan sees it.
  printf '{"schema":"probity-statement/1","type":"data-manifest","issued":"2026-10-01","by":"x","content":{"purposes":[],"categories":[],"recipients":[],"telemetry":{"present":false}}}' >"$scratch/lie.json"
  by vendor "$scratch/lie.json"
  mkdir -p "$scratch/liar" "$scratch/told"
  mv "$scratch/lie.json"* "$scratch/told/"
  cp "$here"/tests/samples/data-care/telemetry-endpoint/* "$scratch/liar/" 2>/dev/null || true
  cp -r "$here"/tests/samples/data-care/residency/outside/. "$scratch/liar/"
  lint "$scratch/told" --trust "$scratch/trust" --product "$scratch/liar" -f json
  is "a statement that the product contradicts" "$rc $(of '"contradicted" in w("lie.json") or "finding" in w("lie.json")')" "1 true"
else
  skip "signed forms" "no minisign here"
fi

# What is not asked rightly.
status "no verb" 2 "$PROBITY" evidence
status "no dossier" 2 "$PROBITY" evidence lint
status "no such dossier" 2 "$PROBITY" evidence lint "$scratch/nothing"
like "... is named" "$err" "nothing"
status "no such verb" 2 "$PROBITY" evidence polish
status "no such policy" 2 "$PROBITY" evidence template --policy nobody
status "a report that is none" 2 "$PROBITY" evidence lint "$forms" --for "$scratch/tidy.sh"
status "--help" 0 "$PROBITY" evidence --help
mkdir -p "$scratch/hostile"
printf '{"a":"\033[31m","schema":"probity-statement/1","type":"\033]0;x\007"}' >"$scratch/hostile/$(printf 'x\033[2Jy').json"
(head -c 200000 /dev/zero | tr '\0' '[') >"$scratch/hostile/deep.json"
lint "$scratch/hostile"
is "hostile documents: told, and no more" "$rc" 1
ok "... without a byte that a terminal obeys" bash -c '! LC_ALL=C grep -q $'"'"'[\x01-\x08\x0b-\x1f\x7f]'"'"' <<<"$1"' _ "$out"
done_testing
