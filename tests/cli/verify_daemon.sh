# probity verify of reports that a probityd made while clamd and clamscan scanned, against the products' files: the same but for the host's own limits, which are told.
. tests/tap.sh
. tests/clamd.sh
files=$scratch/files
package "$files/twin.deb"
mkdir -p "$scratch/in/opt"
for i in $(seq 30); do printf 'a file of its own, %s\n%.0s' "$i" {1..40} >"$scratch/in/opt/$i.txt"; done
printf "require('https').get('http://collect.vendor-host.net/v1?' + process.env.HOME);\n" >"$scratch/in/opt/index.js"
printf '{"name":"twin","version":"1.0.1","scripts":{"postinstall":"node index.js"}}\n' >"$scratch/in/opt/package.json"
(cd "$scratch/in" && zip -qr "$files/twin.zip" opt && tar -czf "$files/twin.tgz" opt && zip -q "$files/nested.zip" "$files/twin.tgz")
chmod -R a+rX "$files"
kept() { # HOST FILE TO: the last report of that host on the file
  "$PROBITY" show "$(stored | /usr/bin/python3 -c '
import json, sys
print(max(a["id"] for a in map(json.loads, sys.stdin) if a["sha256"] == sys.argv[2] and a["host"] == sys.argv[1]))' "$1" "$(sha "$2")")" \
    -f json --store "$scratch/keeper/probity.db" >"$3"
}
held() { # REPORT PRODUCT [OPTION...]
  run "$PROBITY" verify -f json --database "$scratch/db" "${@:3}" "$1" "$2"
  problems=$(get '[(p["part"], p["field"]) for p in r["problems"]]')
}
start_probityd
start_clamd with
clamdscan -c "$scratch/clamd.conf" --no-summary --fdpass "$files" >/dev/null 2>&1
settled
for name in twin.tgz nested.zip twin.zip; do
  kept clamd "$files/$name" "$scratch/report"
  held "$scratch/report" "$files/$name"
  is "clamd, $name: its report holds" "$rc $problems" "0 []"
  like "... and what it cannot say is told" "$(get 'r["notes"]')" '^\["a host .* which database that had is not in it'
done
kept clamd "$files/twin.deb" "$scratch/deb"
held "$scratch/deb" "$files/twin.deb"
is "a .deb that ClamAV did not open: that is a circumstance" "$rc $problems" '1 [["circumstance", "limits"]]'
sed 's/collect.vendor-host.net/collect.vendor-host.org/' "$scratch/report" >"$scratch/changed"
held "$scratch/changed" "$files/twin.zip"
is "... one that was changed does not" "$rc" 1
held "$scratch/report" "$files/twin.tgz"
like "... nor of another product's bytes" "$rc $problems" '^1 .*"product", "product.sha256"'
clamdscan -c "$scratch/clamd.conf" --no-summary --stream "$files/twin.zip" >/dev/null 2>&1
settled
kept clamd "$files/twin.zip" "$scratch/streamed"
like "clamd, streamed: the paths begin with the host's word" "$(<"$scratch/streamed")" '"path":\["instream\(local\)"'
held "$scratch/streamed" "$files/twin.zip"
is "... its report holds" "$rc $problems" "0 []"
like "... and the name is told" "$(get 'r["notes"][1]')" 'the host called them instream\(local\)'
cat "$scratch/streamed" "$scratch/report" >"$scratch/both"
run "$PROBITY" verify --database "$scratch/db" --product "$files/twin.zip" "$scratch/both"
is "both in one file: each under its own name" "$rc $(grep -c HOLDS <<<"$out")" "0 2"
sed 's/"instream(local)"/"instream(other)"/' "$scratch/streamed" >"$scratch/changed"
held "$scratch/changed" "$files/twin.zip"
is "... not with two names in one report" "$rc" 1
hooked clamscan -d "$scratch/db" --no-summary --max-files=5 "$files/twin.zip" >/dev/null 2>&1
settled
kept clamscan "$files/twin.zip" "$scratch/limited"
held "$scratch/limited" "$files/twin.zip"
is "clamscan --max-files: the host's limits are a circumstance, and no bytes are called others" "$rc $problems" '1 [["circumstance", "limits"]]'
like "... which says how many" "$(get 'r["problems"][0]["says"]')" '^the report tells of [0-9]+ limits of the host'"'s scan that are none here"
ok "... what follows is counted" test "$(get 'r["explained"]')" -gt 0
/usr/bin/python3 - "$scratch/limited" "$scratch/changed" <<'PY'
import json, sys
r = json.load(open(sys.argv[1]))
r["product"]["sha256"] = "0" * 64
print(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=False), file=open(sys.argv[2], "w"))
PY
held "$scratch/changed" "$files/twin.zip"
like "... but other bytes are" "$rc $problems" '^1 .*"product", "product.sha256"'
stop_clamd
stop_probityd
done_testing
