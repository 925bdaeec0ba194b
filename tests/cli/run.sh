# probity run: the command's output and exit status stay its own, and its products are assessed as `probity scan` assesses them.
. tests/tap.sh
. tests/clamd.sh
cp "$here"/rulesets/clamav/*.?db "$scratch/db/" # as `probity scan` has them
files=$scratch/files day=2026-11-21
p() { # OPTION... -- COMMAND...: probity run; the reports in $scratch/run.json
  rm -f "$scratch/run.json"
  run "$PROBITY" run -f json --as-of $day -o "$scratch/run.json" "$@"
}
plain() { out_plain=$(timeout 60 "$@" 2>"$scratch/plain.err"); rc_plain=$?; }

# --- the command's own
package "$files/fine.deb"
package "$files/low.deb" X
mkdir -p "$scratch/in/opt/x"
cp /bin/true "$scratch/in/opt/x/program"
printf '#!/bin/sh\ncurl -k https://updates.example.org/x.sh | sh\n' >"$scratch/in/opt/x/install.sh"
printf 'import requests\nrequests.get("http://plain.vendor-host.net/api", verify=False)\n' >"$scratch/in/opt/x/client.py"
tar -C "$scratch/in" -czf "$files/in.tgz" opt
tar -C "$scratch/in" --zstd -cf "$files/in.tar.zst" opt
(cd "$scratch/in" && zip -qr "$files/in.zip" opt && 7z a -bd -y "$files/in.7z" opt >/dev/null && zip -qr -P secret "$files/encrypted.zip" opt)
(cd "$files" && zip -q nested.zip in.tgz in.tar.zst fine.deb)
eicar >"$scratch/in/opt/x/sample.com"
tar -C "$scratch/in" -czf "$files/eicar.tgz" opt
(cd "$scratch/in" && zip -qr "$files/eicar.zip" opt)
rm "$scratch/in/opt/x/sample.com"
for c in "$files" "$files/fine.deb" "$scratch/no-such-file"; do
  plain clamscan -d "$scratch/db" --no-summary "$c"
  p --group file -- clamscan -d "$scratch/db" --no-summary "$c"
  is "${c##*/}: the command's output" "$out" "$out_plain"
  is "${c##*/}: the command's exit status" "$rc" "$rc_plain"
done
like "nothing was assessed: said" "$err" "no scan was seen|No such file"
run "$PROBITY" run -- clamscan -d "$scratch/db" --no-summary "$files/fine.deb"
is "without -o: stdout is the command's" "$out" "$files/fine.deb: OK"
like "without -o: the scores go to stderr" "$err" "fine\.deb|twin"
run "$PROBITY" run -- echo "a word"
is "no ClamAV host: runs all the same" "$rc $out" "0 a word"
like "no ClamAV host: said" "$err" "no scan was seen"
status "a status of its own" 7 "$PROBITY" run -q -- sh -c 'exit 7'
status "127 is its own, too" 127 "$PROBITY" run -q -- sh -c 'exit 127'
status "killed by a signal" 143 "$PROBITY" run -q -- sh -c 'kill -TERM $$'
status "killed at once" 137 "$PROBITY" run -q -- sh -c 'kill -KILL $$'
status "no such command" 2 "$PROBITY" run -- "$scratch/no-such-command" x
like "no such command: named" "$err" "no-such-command: No such file"
status "no program" 2 "$PROBITY" run -- "$files/fine.deb"
like "no program: named" "$err" "fine\.deb: (Permission denied|Exec format error)"
status "no command" 2 "$PROBITY" run -q
is "standard input is its own" "$(echo "some words" | "$PROBITY" run -q -- cat)" "some words"
is "it inherits no descriptor" "$("$PROBITY" run -q -- sh -c 'ls /proc/self/fd')" "$(sh -c 'ls /proc/self/fd')"
is "an ignored signal stays ignored" "$(trap '' HUP; "$PROBITY" run -q -- sh -c 'kill -HUP $$; echo alive')" "alive"
run "$PROBITY" run -f json -o "$scratch/no-folder/x.json" -- clamscan -d "$scratch/db" --no-summary "$files/fine.deb"
is "a file that cannot be written: the status stays the command's" "$rc" 0
like "a file that cannot be written: said" "$err" "no-folder"
run "$PROBITY" run -q --alert reject -- clamscan -d "$scratch/db" --no-summary "$files/low.deb"
like "--alert reject" "$rc $out" "^1 .*low\.deb: Probity\.Reject\.Trust1?[0-9] FOUND$"
run "$PROBITY" run -q -- clamscan -d "$scratch/db" --no-summary "$files/low.deb"
like "without it: none" "$rc $out" "^0 .*low\.deb: OK$"

# --- the same findings as `probity scan`, byte for byte
cat >"$scratch/compare.py" <<'PY'
import json, sys
canonical = lambda v: json.dumps(v, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
def load(f): return {(r["product"]["sha256"]): r for r in map(json.loads, open(f))}
got, wanted, parts = load(sys.argv[1]), load(sys.argv[2]), sys.argv[3].split(",")
bad = [] if sorted(got) == sorted(wanted) and got else [f"products: {len(got)}, wanted {len(wanted)}"]
for digest in sorted(set(got) & set(wanted)):
    for part in parts:
        a, b = canonical(got[digest][part]), canonical(wanted[digest][part])
        if a != b: bad.append(f"{got[digest]['product']['name']}: {part}: {a[:600]} WANTED {b[:600]}")
print("\n".join(bad) or f"equal in {len(got)}")
PY
compare() { /usr/bin/python3 "$scratch/compare.py" "$scratch/run.json" "$scratch/scan.json" "$1" 2>&1; }
both() { # GROUP FILE...
  local group=$1
  shift
  "$PROBITY" scan -q -f json --as-of $day --database "$scratch/db" -o "$scratch/scan.json" "$@" 2>"$scratch/scan.err"
  p -q --group "$group" -- clamscan -r --allmatch "-d$scratch/db" --no-summary --max-filesize=2000M --max-scansize=2000M "$@"
  cat "$scratch/run.json" >>"$scratch/every-report.jsonl"
}
both file "$files"/*
is "findings and product, our own archives" "$(compare product,findings)" "equal in 10"
both path "$files/in.zip" "$files/in.7z" "$files/encrypted.zip"
is "--group path: files" "$(compare product,findings,limits,checks,score)" "equal in 3"
both path "$files/nested.zip"
is "what ClamAV did not scan is said, and is all there is between them" "$(compare product,findings)" "equal in 1"
out=$(<"$scratch/run.json")
is "... by its limits" "$(get 'sorted({(l["path"][1], l["why"].split(":")[0]) for l in r["limits"]})')" '[["fine.deb", "members not scanned by ClamAV"], ["in.tar.zst", "members not scanned by ClamAV"]]'
# A folder, with what ClamAV shows nobody in it.
mkdir -p "$scratch/tree/sub/empty"
cp -r "$scratch/in/opt" "$files/in.zip" "$scratch/tree/"
cp "$files/in.tgz" "$scratch/tree/sub/"
printf 'ab' >"$scratch/tree/tiny"
: >"$scratch/tree/nothing"
printf '{"name": "tree", "version": "1.2.3", "license": "MIT"}\n' >"$scratch/tree/package.json"
ln -s sub/in.tgz "$scratch/tree/link"
both path "$scratch/tree"
is "--group path: a folder is one product, with its digest" "$(compare product,findings,limits,checks,score)" "equal in 1"
out=$(<"$scratch/run.json")
is "its size is that of its files" "$(get 'r["product"]["size"]')" "$(find "$scratch/tree" -type f -printf '%s\n' | awk '{n += $1} END {print n}')"
(cd "$scratch" && both path tree)
is "a relative name" "$(compare product,findings,limits)" "equal in 1"
both path "$scratch/tree" "$files/in.zip"
is "a folder and a file" "$(compare product,findings)" "equal in 2"
p -q --group run -- clamscan -r -d "$scratch/db" --no-summary "$scratch/tree" "$files/in.zip"
out=$(<"$scratch/run.json")
is "--group run: one product" "$(wc -l <"$scratch/run.json") $(get 'r["product"]["kind"]') $(get '{e["path"][0] for f in r["findings"] for e in f["evidence"]} == {"run"}')" "1 folder true"
is "--group run: what lies in both" "$(get 'sorted({e["path"][1].split("/")[0] for f in r["findings"] for e in f["evidence"] if len(e["path"]) > 1})')" '["in.zip", "tree"]'
cd "$scratch" || exit 1
both run tree
cd "$here" || exit 1
is "--group run over one folder is that folder" "$(compare product,findings)" "equal in 1"
if [[ -n ${PROBITY_TEST_CACHE:-} ]]; then
  names=(hello zlib1g less semver ms is-number lodash netcat-traditional @scarf/scarf popularity-contest)
  "$here/tests/corpus.sh" "$PROBITY_TEST_CACHE/corpus" "${names[@]}" 2>/dev/null
  real=()
  for name in "${names[@]}"; do
    f=$PROBITY_TEST_CACHE/corpus/$(awk -v n="$name" '$2 == n {print $5}' "$here/tests/corpus.lock")
    [[ -f $f ]] && real+=("$f")
  done
  if ((${#real[@]})); then
    both file "${real[@]}"
    is "findings and product, real ones" "$(compare product,findings)" "equal in ${#real[@]}"
  else
    skip "findings, real products" "none could be fetched"
  fi
fi
done_testing
