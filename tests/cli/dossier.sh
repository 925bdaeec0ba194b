# scan --evidence: what a dossier may do to a report (raise confidence and floor, never trust), and what it may not do to us.
. tests/tap.sh
doc=$scratch/dossier
mkdir -p "$scratch/tidy" "$doc" "$scratch/nobody"
printf '#!/bin/sh\necho tidy\n' >"$scratch/tidy/tidy.sh"
sbom() { # NAME COMPONENTS
  printf '{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"metadata":{"timestamp":"2026-10-01T00:00:00Z","component":{"type":"application","name":"%s"}},"components":[%s]}\n' "$1" "$2"
}
zlib='{"type":"library","name":"zlib","version":"1.2.13"}'
numbers='[r["score"]["trust_tenths"], r["score"]["floor_tenths"], r["score"]["confidence_permille"]]'
with() { scan --trust "$scratch/nobody" --evidence "$@" "$scratch/tidy"; }

scan "$scratch/tidy"
plain=$out
read -r t0 l0 c0 <<<"$(get "' '.join(map(str, $numbers))")"
is "without a dossier: nothing of evidence in the report" "$(get '[k for k in ("evidence","statements") if k in r] + [k for k in r["assessment"] if k == "trust_digest"]')" "[]"
is "... and no digest of it" "$(get 'r["assessment"]["evidence_digest"]')" ""

sbom tidy "$zlib" >"$doc/tidy.cdx.json"
printf 'Contact: mailto:security@example.org\nExpires: 2027-06-01T00:00:00Z\n' >"$doc/security.txt"
with "$doc"
folder=$out
read -r t l c <<<"$(get "' '.join(map(str, $numbers))")"
is "a bill of materials and a security.txt: trust as without" "$t" "$t0"
ok "... confidence above $c0" test "$c" -gt "$c0"
ok "... floor not below $l0" test "$l" -ge "$l0"
is "... both documents are read" "$(get '[(d["name"],d["kind"],d["state"]) for d in r["evidence"]]')" '[["security.txt", "security-txt", "read"], ["tidy.cdx.json", "sbom", "read"]]'
is "... the checks pass, and count as what nobody signed" "$(get '[(check(i)["status"], check(i)["reliability"]) for i in ("V-01","V-06")]')" '[["pass", "self-declared"], ["pass", "self-declared"]]'
is "... each claim has a status" "$(get '[s["status"] for s in r["statements"] if s["check"] in ("verification.sbom", "verification.contact")]')" '["unsigned", "unsigned"]'
like "... and a digest" "$(get 'r["assessment"]["evidence_digest"]')" '^[0-9a-f]{64}$'
run "$PROBITY" scan -q --no-cache --as-of 2026-11-21 --database "$scratch/db" --trust "$scratch/nobody" --evidence "$doc" "$scratch/tidy"
like "the text names them" "$out" "EVIDENCE .*security.txt  security-txt, unsigned"

for form in tar.gz tar.xz zip tar; do
  case $form in
  zip) (cd "$doc" && zip -qr "$scratch/d.zip" .) ;;
  *) tar -C "$doc" -caf "$scratch/d.$form" . ;;
  esac
  with "$scratch/d.$form"
  is "as $form: the same report to the byte" "$out" "$folder"
done
with "$doc/tidy.cdx.json" --evidence "$doc/security.txt"
is "named one by one: the same report to the byte" "$out" "$folder"
with "$doc" --evidence "$scratch/d.zip"
is "handed in twice: the same report to the byte" "$out" "$folder"

# Signed by a key that has a role.
if command -v minisign >/dev/null; then
  minisign -G -W -f -p "$scratch/vendor.pub" -s "$scratch/vendor.key" >/dev/null 2>&1 </dev/null
  ok "a key becomes a trust root" "$PROBITY" trust add "$scratch/vendor.pub" --role vendor --name acme --trust "$scratch/trust"
  cp -r "$doc" "$scratch/signed"
  minisign -S -s "$scratch/vendor.key" -m "$scratch/signed/tidy.cdx.json" >/dev/null 2>&1 </dev/null
  scan --trust "$scratch/trust" --evidence "$scratch/signed" "$scratch/tidy"
  is "signed by the vendor: it counts as that" "$(get 'check("V-01")["reliability"]')" vendor-signed
  is "... and agrees" "$(get '[s["status"] for s in r["statements"] if s["document"] == "tidy.cdx.json" and s["check"] == "verification.sbom"]')" '["agrees"]'
  is "... trust as without" "$(get 'r["score"]["trust_tenths"]')" "$t0"
  scan --trust "$scratch/nobody" --evidence "$scratch/signed" "$scratch/tidy"
  is "where nobody knows the key it is unsigned" "$(get 'check("V-01")["reliability"]')" self-declared
  printf ' ' >>"$scratch/signed/tidy.cdx.json"
  scan --trust "$scratch/trust" --evidence "$scratch/signed" "$scratch/tidy"
  is "one byte more: unsigned" "$(get 'check("V-01")["reliability"]')" self-declared
else
  skip "signatures" "no minisign here"
fi

# What does not count.
mkdir -p "$scratch/other" "$scratch/late"
sbom another "$zlib" >"$scratch/other/bom.json"
with "$scratch/other"
is "of another product: unknown as before" "$(get 'check("V-01")["status"]')" unknown
is "... and said so" "$(get 'r["statements"][0]["status"]')" none
printf 'Contact: mailto:security@example.org\nExpires: 2026-11-20T00:00:00Z\n' >"$scratch/late/security.txt"
with "$scratch/late"
is "expired: unknown as before" "$(get 'check("V-06")["status"]')" unknown
is "... and stale" "$(get 'r["statements"][0]["status"]')" stale

# Hostile ones.
mkdir -p "$scratch/bad/in"
bad=$scratch/bad
ln -s /etc/passwd "$bad/link"
ln -s "$doc" "$bad/folder-link"
mkfifo "$bad/pipe"
head -c 100000000 /dev/zero | tr '\0' '[' >"$bad/huge.json"
printf '{"bomFormat":"CycloneDX","bomFormat":"CycloneDX"}' >"$bad/twice.json"
head -c 100 "$doc/tidy.cdx.json" >"$bad/cut.json"
(printf '{"bomFormat":"CycloneDX","a":'; head -c 100000 /dev/zero | tr '\0' '[') >"$bad/deep.json"
printf 'x' >"$bad/in/$(printf 'a\033[31mb')"
with "$bad"
is "links, FIFO, 100 MB, depth, a key twice: status as without" "$(get "$numbers")" "[$t0, $l0, $c0]"
why() { get "[d['why'] for d in r['evidence'] if d['name'] == '$1'][0]"; }
like "a link is named" "$(why link)" "symbolic link"
like "a link to a folder is" "$(why folder-link)" "symbolic link"
like "a FIFO is" "$(why pipe)" FIFO
like "100 MB are" "$(why huge.json)" "larger than 64 MiB"
is "what is broken is refused" "$(get '[d["state"] for d in r["evidence"] if d["name"] in ("twice.json","cut.json","deep.json")]')" '["refused", "refused", "refused"]'
is "a name is shown, not obeyed" "$(get '[d["name"] for d in r["evidence"] if d["name"].startswith("in/")]')" '["in/a\\x1b[31mb"]'
is "nothing of the linked file is read" "$(get 'sum(d["size"] for d in r["evidence"] if "link" in d["name"])')" 0
tar -C "$bad" --exclude=huge.json -cf "$scratch/bad.tar" .
with "$scratch/bad.tar"
like "a link in an archive is not followed" "$(why link)" "not followed"
is "... and the numbers are as without" "$(get "$numbers")" "[$t0, $l0, $c0]"
head -c 3000 "$scratch/d.tar.gz" | head -c 200 >"$scratch/cut.tar.gz"
with "$scratch/cut.tar.gz"
is "a damaged archive: the numbers are as without" "$(get "$numbers")" "[$t0, $l0, $c0]"
head -c 300000000 /dev/zero | gzip -1 >"$scratch/zeros.json.gz"
(cd "$scratch" && mkdir bomb && for i in 1 2 3 4 5 6 7; do head -c 60000000 /dev/zero >"bomb/$i.json"; done && tar -czf bomb.tar.gz bomb && rm -r bomb)
with "$scratch/bomb.tar.gz"
like "an archive that unpacks to 420 MB" "$(get '[d["why"] for d in r["evidence"]]')" "more than 256 MiB"

mkdir -p "$scratch/many/$(printf 'x/%.0s' {1..20})"
(cd "$scratch/many" && for i in {1..2100}; do echo "{\"a\":$i}" >"$i.json"; done && cp "$doc/security.txt" 0-security.txt)
with "$scratch/many"
is "2,101 documents in a folder: the first 2,000 are read" "$(get 'len(r["evidence"]), [d["state"] for d in r["evidence"] if d["name"] == "0-security.txt"]')" '[2000, ["read"]]'
is "... and a limit says what is not" "$(get '[l for l in r["limits"] if "2000" in l["why"]]')" \
  '[{"path": ["(evidence)", "908.json"], "why": "more than 2000 documents: this and what follows is left out"}]'
rm "$scratch/many"/*.json
with "$scratch/many"
like "folders that lie too deep are not looked into" "$(get '[d["why"] for d in r["evidence"]]')" "more than 16 deep"
with tests/fuzz/corpus/dossier/tar-without-name
is "a file without a name in an archive has one in the report" "$(get '[(d["name"], d["state"]) for d in r["evidence"]]')" '[["(without a name)", "unknown"]]'

status "a FIFO by name" 2 "$PROBITY" scan -q --no-cache --database "$scratch/db" --evidence "$bad/pipe" "$scratch/tidy"
like "... is refused" "$err" "--evidence .*/pipe: is a FIFO"
status "one that is not there" 2 "$PROBITY" scan -q --no-cache --database "$scratch/db" --evidence "$scratch/none" "$scratch/tidy"
status "trust roots that are not there" 2 "$PROBITY" scan -q --no-cache --database "$scratch/db" --evidence "$doc" --trust "$scratch/none" "$scratch/tidy"
like "... are named" "$err" "--trust .*/none: there is no such folder"

# The process that reads them.
faulty=$(dirname "$(realpath "$PROBITY")")/faults/probity
if [[ -x $faulty ]]; then
  for fault in crash abort hang eat; do
    mkdir -p "$scratch/$fault"
    cp "$doc"/* "$scratch/$fault/"
    printf 'PB-FAULT:document:%s;' "$fault" >"$scratch/$fault/evil.txt"
    run "$faulty" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" --object-seconds 2 --trust "$scratch/nobody" --evidence "$scratch/$fault" "$scratch/tidy"
    is "$fault: the numbers are as without" "$(get "$numbers")" "[$t0, $l0, $c0]"
    like "$fault: each document says why" "$(get '[d["why"] for d in r["evidence"]][0]')" "the process that reads evidence (died|took|failed)"
    like "$fault: and the limits do" "$(get '[l["why"] for l in r["limits"]]')" "the process that reads evidence"
  done
else
  skip "faults" "no $faulty"
fi

# What is known from before.
cached() { run "$PROBITY" scan -q -f json --as-of 2026-11-21 --database "$scratch/db" --trust "$scratch/nobody" "$@" "$scratch/tidy.tar"; }
tar -C "$scratch" --mtime=@0 --sort=name -cf "$scratch/tidy.tar" tidy
cached
bare=$out
cached --evidence "$doc"
first=$out
ok "with a dossier it is another report" test "$first" != "$bare"
cached --evidence "$doc"
is "... and the same the next time" "$out" "$first"
cached
is "... and without it the one of before" "$out" "$bare"
printf 'Contact: mailto:security@example.org\nExpires: 2027-07-01T00:00:00Z\n' >"$doc/security.txt"
cached --evidence "$doc"
ok "a changed document is read" test "$out" != "$first"

# The whole of it, held against its report later: product, documents, what was signed, this program's own reports and opinions, and archives.
whole=$scratch/whole roots=$scratch/whole.trust
mkdir -p "$whole/papers"
cp "$doc"/* "$whole/"
printf '%s\n' "$plain" >"$whole/papers/report.json"
printf '{"schema":"probity-statement/1","type":"support-period","issued":"2026-01-15","by":"Acme","subjects":[{"name":"tidy"}],"content":{"until":"2031-12-31"}}\n' >"$whole/papers/support.json"
(cd "$whole/papers" && zip -q "$whole/more.zip" support.json && rm support.json)
for who in vendor assessor; do
  "$PROBITY" pack key new -W -s "$scratch/$who.secret" -p "$scratch/$who.public" >/dev/null
  "$PROBITY" trust add "$scratch/$who.public" --role "$who" --name "$who" --trust "$roots" >/dev/null
done
"$PROBITY" opinion export "$whole/papers/report.json" --key "$scratch/assessor.secret" --folder "$scratch/own" -o "$whole/papers/opinion.json"
"$PROBITY" sign "$whole/papers/report.json" --key "$scratch/assessor.secret" -o "$whole/papers/report.dsse" 2>/dev/null
scan --trust "$roots" --evidence "$whole" "$scratch/tidy"
printf '%s\n' "$out" >"$scratch/whole.json"
is "a whole dossier: our own documents are read, too" "$(get 'sorted((d["kind"], d["by"], d["reliability"]) for d in r["evidence"] if d["kind"] in ("report", "opinion"))' | tr -d '0-9A-F')" \
  '[["opinion", "", "third-party"], ["report", "", "self-declared"], ["report", "", "third-party"]]'
again() { run "$PROBITY" verify -f json --database "$scratch/db" "$@" "$scratch/whole.json" "$scratch/tidy"; }
again --trust "$roots" --evidence "$whole"
is "with all that was handed in, its report holds" "$rc $(get 'r["problems"]')" "0 []"
tar -C "$whole" -cf "$scratch/whole.tar" .
again --trust "$roots" --evidence "$scratch/whole.tar"
is "... also where it comes as an archive" "$rc $(get 'r["problems"]')" "0 []"
again --trust "$scratch/nobody" --evidence "$whole"
like "other trust roots: named" "$rc $(get '[p["field"] for p in r["problems"]]')" '^1 .*assessment.trust_digest'
again --trust "$roots"
like "without it: named" "$rc $(get '[p["field"] for p in r["problems"]]')" '^1 .*assessment.evidence_digest'
printf ' ' >>"$whole/security.txt"
again --trust "$roots" --evidence "$whole"
like "one document changed: named" "$rc $(get '[p["field"] for p in r["problems"]]')" '^1 .*assessment.evidence_digest'
done_testing
