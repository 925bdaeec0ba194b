# Signatures and documents across tools: minisign, gpg and gpgv, openssl on one side, ours on the other, both ways; bills of materials by two generators
# against the bytes that they describe. Without a network what needs one is skipped.
. tests/tap.sh
. tests/npm.sh
export HOME=$scratch/home
mkdir -p "$HOME" "$scratch/product" "$scratch/keys" "$scratch/nobody"
printf 'some words\n' >"$scratch/product/words.txt"
keys=$scratch/keys
# signed_by FOLDER TRUST NAME [DAY]: what a scan says of the signatures of a document: verified, root, why
signed_by() {
  run "$PROBITY" scan -q -f json --no-cache --as-of "${4:-2026-11-21}" --database "$scratch/db" --trust "$2" --evidence "$1" "$scratch/product"
  get "[[s['verified'], s['root'], s['why']] for e in r['evidence'] if e['name'] == '$3' for s in e['signatures']]"
}
statement() { printf '{"schema":"probity-statement/1","type":"support-period","issued":"2026-11-01","by":"X","content":{"until":"2031-12-31"}}\n' >"$1"; }

# --- a signed report: the envelope by openssl alone
scan "$scratch/product" && printf '%s\n' "$out" >"$scratch/report.json"
"$PROBITY" pack key new -W -s "$keys/ours.key" -p "$keys/ours.pub" >/dev/null
ok "a report is signed" "$PROBITY" sign "$scratch/report.json" --key "$keys/ours.key" -o "$scratch/signed.json"
"$PROBITY" trust add "$keys/ours.pub" --role assessor --name ours --trust "$scratch/trust"
"$PROBITY" trust show ours --pem --trust "$scratch/trust" >"$keys/ours.pem"
apart() { # ENVELOPE: what was signed into pae, its signature into sig, as the DSSE specification says
  /usr/bin/python3 - "$1" "$scratch" <<'P'
import base64, json, sys
e = json.load(open(sys.argv[1]))
kind, payload = e["payloadType"].encode(), base64.b64decode(e["payload"])
open(sys.argv[2] + "/pae", "wb").write(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
open(sys.argv[2] + "/sig", "wb").write(base64.b64decode(e["signatures"][0]["sig"]))
open(sys.argv[2] + "/payload", "wb").write(payload)
P
}
holds() { openssl pkeyutl -verify -rawin -pubin -inkey "$keys/ours.pem" -sigfile "$scratch/sig" -in "$1" >/dev/null 2>&1; }
apart "$scratch/signed.json"
ok "openssl verifies the envelope" holds "$scratch/pae"
printf x >>"$scratch/pae"
is "... and no other bytes" "$(holds "$scratch/pae"; echo $?)" 1
is "what is in it is the report, to the byte" "$(/usr/bin/python3 -c '
import json, sys
s = json.load(open(sys.argv[1]))
print(json.dumps(s["predicate"], sort_keys=True, separators=(",", ":"), ensure_ascii=False))' "$scratch/payload")" "$(<"$scratch/report.json")"
is "... of the product's digest" "$(/usr/bin/python3 -c '
import json, sys
s, r = (json.load(open(f)) for f in sys.argv[1:])
print(s["subject"][0]["digest"]["sha256"] == r["product"]["sha256"])' "$scratch/payload" "$scratch/report.json")" True

# --- an envelope by openssl, verified by ours: Ed25519, ECDSA, RSA
mkdir "$scratch/envelopes" && made=$scratch/envelopes
payload='{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","subject":[{"name":"words.txt","digest":{"sha256":"'$(sha256sum <"$scratch/product/words.txt" | cut -d ' ' -f 1)'"}}],"predicate":{"buildDefinition":{"buildType":"x"},"runDetails":{"builder":{"id":"b"}}}}'
printf 'DSSEv1 28 application/vnd.in-toto+json %d %s' "${#payload}" "$payload" >"$scratch/pae"
for kind in ed25519 ec rsa; do
  case $kind in
  ed25519) openssl genpkey -algorithm ed25519 -out "$keys/$kind.key" && openssl pkeyutl -sign -rawin -inkey "$keys/$kind.key" -in "$scratch/pae" -out "$scratch/sig" ;;
  ec) openssl ecparam -name prime256v1 -genkey -noout -out "$keys/$kind.key" && openssl dgst -sha256 -sign "$keys/$kind.key" -out "$scratch/sig" "$scratch/pae" ;;
  rsa) openssl genrsa -out "$keys/$kind.key" 3072 && openssl dgst -sha256 -sign "$keys/$kind.key" -out "$scratch/sig" "$scratch/pae" ;;
  esac 2>/dev/null
  openssl pkey -in "$keys/$kind.key" -pubout -out "$keys/$kind.pem" 2>/dev/null
  "$PROBITY" trust add "$keys/$kind.pem" --role builder --name $kind --trust "$scratch/trust"
  printf '{"payloadType":"application/vnd.in-toto+json","payload":"%s","signatures":[{"sig":"%s"}]}\n' "$(printf %s "$payload" | base64 -w 0)" "$(base64 -w 0 "$scratch/sig")" >"$made/$kind.json"
  is "openssl signs ($kind), we verify" "$(signed_by "$made/$kind.json" "$scratch/trust" $kind.json)" "[[true, \"$kind\", \"\"]]"
done
sed -i 's|"payload":"ey|"payload":"eg|' "$made/rsa.json"
like "... and not what was changed" "$(signed_by "$made/rsa.json" "$scratch/trust" rsa.json)" '^\[\[false, "", '

# --- minisign, both ways
if command -v minisign >/dev/null; then
  minisign -G -W -p "$keys/m.pub" -s "$keys/m.key" >/dev/null 2>&1
  "$PROBITY" trust add "$keys/m.pub" --role vendor --name m --trust "$scratch/trust"
  mkdir "$scratch/mini" && statement "$scratch/mini/s.json"
  minisign -S -s "$keys/m.key" -m "$scratch/mini/s.json" >/dev/null 2>&1
  is "minisign signs, we verify" "$(signed_by "$scratch/mini" "$scratch/trust" s.json)" '[[true, "m", ""]]'
  minisign -S -l -s "$keys/m.key" -m "$scratch/mini/s.json" >/dev/null 2>&1
  like "... its older format is named, and does not count" "$(signed_by "$scratch/mini" "$scratch/trust" s.json)" '^\[\[false, "", "a signature of minisign.s old form'
  printf ' ' >>"$scratch/mini/s.json"
  like "... and not one byte more" "$(signed_by "$scratch/mini" "$scratch/trust" s.json)" '^\[\[false, '
  mkdir -p "$scratch/pack"
  printf '[pack]\nname = mine\nversion = 1.0.0\nauthor = A. Author\nlicence = MIT\n' >"$scratch/pack/pack.ini"
  printf 'rule own { strings: $a = "a rare word" condition: $a }\n' >"$scratch/pack/own.yar"
  "$PROBITY" pack sign "$scratch/pack" -s "$keys/ours.key" >"$scratch/said" 2>&1
  signature=$(find "$scratch/pack" -name '*.minisig' 2>/dev/null | head -n 1)
  if [[ -n $signature ]]; then
    ok "we sign (a pack), minisign verifies" minisign -V -p "$keys/ours.pub" -m "${signature%.minisig}"
    printf ' ' >>"${signature%.minisig}"
    status "... and not one byte more" 1 minisign -V -p "$keys/ours.pub" -m "${signature%.minisig}"
  else
    flunk "we sign (a pack), minisign verifies" "$(<"$scratch/said")"
  fi
else
  skip "minisign" "not installed"
fi

# --- gpg signs; gpgv and we say the same: good, changed, expired, another key
if command -v gpgv >/dev/null && command -v gpg >/dev/null; then
  export GNUPGHOME=$scratch/gpg
  mkdir -m 700 "$GNUPGHOME"
  gpg() { command gpg --batch --yes --quiet --pinentry-mode loopback --passphrase '' --faked-system-time "$@" 2>/dev/null; }
  gpg '20260101T000000!' --quick-gen-key 'Good <good@example.org>' ed25519 sign never
  gpg '20260101T000000!' --quick-gen-key 'Late <late@example.org>' rsa3072 sign 2026-06-01
  for who in good late; do
    gpg '20260102T000000!' -o "$keys/$who.gpg" --export $who@example.org
    "$PROBITY" trust add "$keys/$who.gpg" --role vendor --name $who --trust "$scratch/trust"
    mkdir "$scratch/$who" && statement "$scratch/$who/s.json"
    gpg '20260201T000000!' -u $who@example.org -o "$scratch/$who/s.json.asc" --armor --detach-sign "$scratch/$who/s.json"
  done
  gpgv_says() { # KEY FOLDER: what gpgv --status-fd says of it
    gpgv --status-fd 1 --keyring "$keys/$1.gpg" "$2/s.json.asc" "$2/s.json" 2>/dev/null | grep -oE 'GOODSIG|BADSIG|EXPKEYSIG|NO_PUBKEY' | head -n 1
  }
  is "gpg: good, says gpgv and say we" "$(gpgv_says good "$scratch/good") $(signed_by "$scratch/good" "$scratch/trust" s.json)" 'GOODSIG [[true, "good", ""]]'
  like "gpg: the key has expired since" "$(gpgv_says late "$scratch/late") $(signed_by "$scratch/late" "$scratch/trust" s.json)" '^EXPKEYSIG \[\[(true|false), "", ".*valid until 2026-06-01'
  like "... which it had not on the day before" "$(signed_by "$scratch/late" "$scratch/trust" s.json 2026-05-30)" '^\[\[true, "late", ""'
  cp "$scratch/good/s.json.asc" "$scratch/late/"
  is "gpg: another key" "$(gpgv_says late "$scratch/late") $("$PROBITY" trust remove good --trust "$scratch/trust" >/dev/null; signed_by "$scratch/late" "$scratch/trust" s.json | grep -o 'no trust root has this key')" \
    'NO_PUBKEY no trust root has this key'
  "$PROBITY" trust add "$keys/good.gpg" --role vendor --name good --trust "$scratch/trust"
  printf ' ' >>"$scratch/good/s.json"
  like "gpg: one byte more" "$(gpgv_says good "$scratch/good") $(signed_by "$scratch/good" "$scratch/trust" s.json)" '^BADSIG \[\[false, "", '
  gpgconf --kill all 2>/dev/null
else
  skip "gpg and gpgv" "not installed"
fi

# --- bills of materials by two generators, held against the bytes (V-02)
project=$scratch/project
mkdir "$project"
printf '{"name":"small","version":"1.0.0","dependencies":{"ms":"2.1.3","@scarf/scarf":"1.4.0","debug":"4.3.4"}}\n' >"$project/package.json"
if (cd "$project" && timeout 200 npm install --ignore-scripts --no-audit --no-fund) >"$scratch/npm.log" 2>&1; then
  mkdir "$scratch/bills"
  { npm_sbom "$project" cyclonedx >"$scratch/bills/npm.cdx.json" && npm_sbom "$project" spdx >"$scratch/bills/npm.spdx.json"; } 2>"$scratch/npm.log" ||
    rm -f "$scratch"/bills/npm.*
  (cd "$project" && timeout 300 npx --yes --ignore-scripts --package @cyclonedx/cyclonedx-npm@4.2.1 cyclonedx-npm --spec-version 1.6 -o "$scratch/bills/cyclonedx-npm.json") >>"$scratch/npm.log" 2>&1
  against='[check("V-02")["status"], sorted({s["status"] for s in r["statements"] if s["check"] == check("V-02")["id"]}), sorted({f["finding"] for f in found("V-02")})]'
  bills=0
  today=$(date -u +%Y-%m-%d) # generators write when they ran
  for bill in "$scratch"/bills/*; do
    [[ -s $bill ]] || continue
    bills=$((bills + 1))
    name=$(basename "$bill")
    scan --as-of "$today" --trust "$scratch/nobody" --evidence "$bill" "$project"
    like "$name: fits what it describes" "$(get "$against")" '^\["pass", \["(agrees|unsigned)"\], \[\]\]$'
    sed -i 's/"version": *"2.1.3"/"version": "2.1.4"/' "$project/node_modules/ms/package.json"
    scan --as-of "$today" --trust "$scratch/nobody" --evidence "$bill" "$project"
    is "$name: another version of one component" "$(get "$against")" '["fail", ["contradicts"], ["undeclared"]]'
    sed -i 's/"version": *"2.1.4"/"version": "2.1.3"/' "$project/node_modules/ms/package.json"
  done
  ((bills >= 2)) || skip "two generators" "$bills run here: $(tail -n 1 "$scratch/npm.log")"
else
  skip "bills of materials by npm" "no registry: $(tail -n 1 "$scratch/npm.log")"
fi

# --- digests of files: SPDX tag-value as Debian's own tools' users write it, of files that lie there; one byte changed
tree=$scratch/tree
mkdir -p "$tree/bin" && cp /bin/true "$tree/bin/one" && printf 'two words\n' >"$tree/two.txt" && : >"$tree/bin/empty"
{
  printf 'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: tree\nDocumentNamespace: https://x.example/1\n'
  printf 'Creator: Tool: sha256sum\nCreated: 2026-11-01T00:00:00Z\n'
  for f in bin/one two.txt bin/empty; do
    printf '\nFileName: ./%s\nSPDXID: SPDXRef-%s\nFileChecksum: SHA1: %s\nFileChecksum: SHA256: %s\n' "$f" "${f//\//-}" "$(sha1sum <"$tree/$f" | cut -d ' ' -f 1)" "$(sha256sum <"$tree/$f" | cut -d ' ' -f 1)"
  done
} >"$scratch/tree.spdx"
scan --trust "$scratch/nobody" --evidence "$scratch/tree.spdx" "$tree"
is "digests of files: they fit" "$(get '[check("V-02")["status"], [f["finding"] for f in found("V-02")]]')" '["pass", []]'
printf x >>"$tree/two.txt"
scan --trust "$scratch/nobody" --evidence "$scratch/tree.spdx" "$tree"
is "one byte more of one of them" "$(get '[check("V-02")["status"], [[f["finding"], f["severity"]] for f in found("V-02")]]')" '["fail", [["differs", "high"]]]'
done_testing
