# A complete dossier for a product of our own, built and signed here: trust stays, confidence and floor rise. Then everything that may be wrong with one,
# each with what has to come of it; nothing raises trust. Then the reports are held against product and dossier (`probity verify`), and changed.
. tests/tap.sh
for tool in minisign gpg openssl gcc dpkg-deb; do
  command -v $tool >/dev/null || { skip "a complete dossier" "no $tool"; done_testing; exit; }
done
export HOME=$scratch/home
made=$scratch/made
mkdir -p "$made" "$HOME"
relay < <(timeout 1200 /usr/bin/python3 "$here/tests/dossier/run.py" "$PROBITY" "$scratch/db" "$made" 2>&1)
[[ -s $made/reports.jsonl ]] || { flunk "reports" "there are none"; done_testing; exit; }
cp "$made/reports.jsonl" "$scratch/every-report.jsonl"
tidy=$made/tidy
deb=$(echo "$tidy"/*.deb)
with=(--trust "$tidy/trust" --evidence "$tidy/dossier")
scan "${with[@]}" "$deb"
printf '%s\n' "$out" >"$scratch/full.json"

# --- once more, from somewhere else, in another order
mkdir "$scratch/other"
(cd "$tidy/dossier" && for f in $(ls -r); do cp "$f" "$scratch/other/"; done)
full=$out
scan --trust "$tidy/trust" --evidence "$scratch/other" "$deb"
is "a copy of the dossier: the same report to the byte" "$out" "$full"
(cd "$tidy/dossier" && zip -qr "$scratch/other.zip" .)
scan --trust "$tidy/trust" --evidence "$scratch/other.zip" "$deb"
is "as a zip: the same report to the byte" "$out" "$full"

# --- the report, held against all that it rests on
check() { run "$PROBITY" verify -f json --as-of 2026-11-21 --database "$scratch/db" "$@"; }
check "${with[@]}" "$scratch/full.json" "$deb"
is "verify: holds with product and dossier" "$rc $(get 'r["problems"]')" "0 []"
check "$scratch/full.json"
is "verify: holds by itself" "$rc $(get 'r["problems"]')" "0 []"
ok "signed" "$PROBITY" sign "$scratch/full.json" --key "$tidy/keys/assessor.sec" -o "$scratch/signed.json"
check "${with[@]}" "$scratch/signed.json" "$deb"
is "verify: the signed one holds" "$rc $(get 'r["problems"]')" "0 []"
printf ' ' >>"$scratch/other/audit.json"
check --trust "$tidy/trust" --evidence "$scratch/other" "$scratch/full.json" "$deb"
like "verify: another byte in a document of the dossier is named" "$rc $(get '[p["field"] for p in r["problems"]]')" "1 .*evidence_digest"
cp "$tidy/dossier/audit.json" "$scratch/other/" && rm "$scratch/other/osv.json"
check --trust "$tidy/trust" --evidence "$scratch/other" "$scratch/full.json" "$deb"
like "verify: a document that is left out is named" "$rc $(get '[p["field"] for p in r["problems"]]')" "1 .*evidence_digest"
mkdir "$scratch/nobody"
check --trust "$scratch/nobody" --evidence "$tidy/dossier" "$scratch/full.json" "$deb"
like "verify: other trust roots are named" "$rc $(get '[p["field"] for p in r["problems"]]')" "1 .*trust_digest"
relay < <(timeout 900 /usr/bin/python3 "$here/tests/verify_mutations.py" "$PROBITY" "$scratch/db" "$scratch/full.json" "$deb" 180 20 26 "${with[@]}")
relay < <(timeout 300 /usr/bin/python3 "$here/tests/verify_envelopes.py" "$PROBITY" "$tidy/trust" "$scratch/signed.json" 40 26)

# --- an opinion of it counts once
ok "an assessor's opinion" "$PROBITY" opinion export "$scratch/full.json" --key "$tidy/keys/assessor.sec" --folder "$scratch/given" -o "$scratch/opinion.json"
take() { run "$PROBITY" opinion import "$scratch/opinion.json" --trust "$tidy/trust" --folder "$scratch/kept" --as-of 2026-11-21; }
take
is "... is taken" "$rc" 0
take
is "... and is not taken twice" "$rc $(grep -o 'a replay' <<<"$err")" "2 a replay"
done_testing
