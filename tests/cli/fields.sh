# Fields that pictures are drawn of: where bytes lie, where hosts are, what is declared and what is observed, why a check matters and how to
# confirm it. The same from any packing of the same files; held by `probity verify`; and older reports without them are as good as before.
. tests/tap.sh
corpus=${PROBITY_TEST_CACHE:-$scratch}/corpus
sums='sum(x["bytes"] for x in r["composition"]["rows"]) == r["product"]["bytes"]'
shape="[$sums, len(r[\"composition\"][\"rows\"]) <= 200, len(set((tuple(x[\"path\"]), x[\"kind\"]) for x in r[\"composition\"][\"rows\"])) == len(r[\"composition\"][\"rows\"])]"

# --- real packages
"$here/tests/corpus.sh" "$corpus" hello netcat-traditional libpython3.11-testsuite @strapi/strapi 2>"$scratch/corpus.log"
file_of() { awk -v n="$1" '$2 == n {print $5}' "$here/tests/corpus.lock"; }
product() { # NAME: scans it; false, and a skip, where it is not to be had
  local f
  f=$corpus/$(file_of "$1")
  [[ -f $f ]] || { skip "$1" "$(grep -F "$1" "$scratch/corpus.log" | head -n 1)"; return 1; }
  LIMIT=300 scan "$f"
  is "$1: rows, few enough, each once, hold each byte once" "$(get "$shape")" "[true, true, true]"
}
if product hello; then
  is "hello: a row for each object" "$(get '[r["composition"]["cut"], len(r["composition"]["rows"])]')" "[false, $(get 'r["product"]["objects"]')]"
  is "hello: its hosts, by whom and where" "$(get 'r["inventory"]["endpoints"][0]')" \
    '{"by": "none", "connects": false, "domain": "gnu.org", "host": "gnu.org", "objects": 1, "regions": []}'
  is "hello: nothing can be done that somebody could have declared" "$(get '"declared" in r')" false
  ok "hello: the report stays small" test "$(get 'len(json.dumps(r["composition"])) + sum(len(c.get("why", "")) + len(c.get("confirm", "")) for c in r["checks"])')" -lt 16000
fi
if product netcat-traditional; then
  is "netcat: what it says of itself covers what is seen" "$(get '[[d["what"], d["value"], d["declared"], d["observed"]] for d in r["declared"]]')" \
    '[["capability", "exec", true, true], ["capability", "net-connect", true, true], ["capability", "net-listen", true, true]]'
  like "netcat: ... by which word" "$(get 'r["declared"][2]["by"]')" '^netcat-traditional: description \('
  is "netcat: checks that failed say why, and how to look by hand; no others do" \
    "$(get 'sorted(set((c["status"], "why" in c, "confirm" in c) for c in r["checks"]))')" \
    '[["fail", true, true], ["n/a", false, false], ["pass", false, false], ["unknown", false, false]]'
fi
for big in libpython3.11-testsuite @strapi/strapi; do
  product "$big" && ok "$big: most bytes are in rows of their own" test "$(get 'r["composition"]["cut"] and len(r["composition"]["rows"])')" -gt 60
done

# --- every check of ours says how to confirm it
is "lint has nothing to say of our own checks" "$("$PROBITY" check lint "$here/scripts" 2>&1)" ""

# --- the same files, packed in other orders, with a copy
mkdir -p "$scratch/p/lib/deep/er" "$scratch/p/doc"
cd "$scratch" || exit 1
printf 'import urllib.request\nurllib.request.urlopen("https://s3.eu-central-1.amazonaws.com/vendor-data/x")\nurllib.request.urlopen("https://api.vendor-host.co.uk/y")\nurllib.request.urlopen("https://in.vendor-host.net/y")\n' >p/lib/send.py
cp p/lib/send.py p/lib/deep/er/again.py
printf '[server]\nurl = https://metrics.vendor-host.de/in\n' >p/lib/x.ini
head -c 5000 /dev/zero | tr '\0' 'a' >p/doc/long.txt
: >p/doc/empty
zip -q -X one.zip p/lib/send.py p/lib/deep/er/again.py p/lib/x.ini p/doc/long.txt p/doc/empty
zip -q -X two.zip p/doc/empty p/doc/long.txt p/lib/x.ini p/lib/deep/er/again.py p/lib/send.py
fields='[[[x["path"][1:], x["bytes"], x["kind"], x["objects"]] for x in r["composition"]["rows"]], r["inventory"]["endpoints"], r.get("declared")]'
scan one.zip
one=$(get "$fields")
printf '%s\n' "$out" >one.json
scan two.zip
is "packed in another order: the same fields" "$(get "$fields")" "$one"
is "endpoints: region by cloud, by domain (.uk is GB), by nothing; objects that name each; code that connects" \
  "$(get '[[e["host"], e["domain"], e["regions"], e["by"], e["objects"], e["connects"]] for e in r["inventory"]["endpoints"]]')" \
  '[["api.vendor-host.co.uk", "vendor-host.co.uk", ["GB"], "cctld", 2, true], ["in.vendor-host.net", "vendor-host.net", [], "none", 2, true], ["metrics.vendor-host.de", "vendor-host.de", ["DE"], "cctld", 1, false], ["s3.eu-central-1.amazonaws.com", "", ["DE"], "cloud", 2, true]]'
is "the check that speaks of regions sees them where the fields do" \
  "$(get 'sorted(set(f["key"] for f in found("D-25")))')" '["GB", "aws:eu-central-1"]'

# --- a dossier: declared against observed, in both directions
mkdir dossier
statement() { # FILE TYPE CONTENT
  printf '{"schema":"probity-statement/1","type":"%s","issued":"2026-11-01","by":"Vendor","subjects":[{"name":"one.zip","sha256":"%s"}],"content":%s}\n' \
    "$2" "$(sha256sum one.zip | cut -d' ' -f1)" "$3" >"dossier/$1"
}
statement data.json data-manifest '{"purposes":["sync"],"categories":["mail"],"recipients":[{"host":"*.vendor-host.co.uk","region":"GB"},{"host":"silent.vendor-host.org"}],"regions":["FR"]}'
statement caps.json capabilities '{"capabilities":["camera"],"ports":[{"port":8443,"proto":"tcp"}]}'
scan --evidence dossier one.zip
is "documents are read" "$(get 'sorted(d["kind"] + " " + d["state"] for d in r["evidence"])')" '["capabilities read", "data-manifest read"]'
is "declared and observed, declared only, observed only" \
  "$(get '[" ".join([d["what"], d["value"], "declared" if d["declared"] else "-", "observed" if d["observed"] else "-", d["by"]]) for d in r["declared"]]')" \
  '["capability camera declared - caps.json", "capability net-connect - observed ", "host in.vendor-host.net - observed ", "host s3.eu-central-1.amazonaws.com - observed ", "host silent.vendor-host.org declared - data.json", "host vendor-host.co.uk declared observed data.json", "port 8443/tcp declared - caps.json", "region DE - observed ", "region FR declared - data.json", "region GB declared observed data.json"]'
printf '%s\n' "$out" >handed.json

# --- verify
check() { run "$PROBITY" verify -f json --as-of 2026-11-21 --database "$scratch/db" "$@"; }
check handed.json
is "verify: holds by itself" "$rc $(get 'r["problems"]')" "0 []"
check --evidence dossier handed.json one.zip
is "verify: holds with its product" "$rc $(get 'r["problems"]')" "0 []"
change() { # NAME SED
  sed "$2" handed.json >changed.json
  cmp -s handed.json changed.json && { flunk "$1" "nothing was changed"; return; }
  check --evidence dossier changed.json one.zip
  like "verify, with the product: $1" "$rc $(get '[p["field"] for p in r["problems"]]')" "$3"
}
change "bytes of a row" 's/"bytes":5000,/"bytes":5001,/' '1 .*composition.rows\[one.zip > p/doc/long.txt, text\].bytes'
change "kind of a row" 's/"kind":"ini","objects":1,"path"/"kind":"inj","objects":1,"path"/' '1 .*composition.rows\[one.zip > p/lib/x.ini'
change "region of a host" 's/"host":"metrics.vendor-host.de","objects":1,"regions":\["DE"\]/"host":"metrics.vendor-host.de","objects":1,"regions":["FR"]/' \
  '1 .*inventory.endpoints\[metrics.vendor-host.de\].regions'
change "a declared host that was not" 's/"by":"","declared":false,"observed":true,"value":"in.vendor/"by":"data.json","declared":true,"observed":true,"value":"in.vendor/' \
  '1 .*declared\[host, in.vendor-host.net\].declared'
id=$(out=$(<handed.json) get 'next(c["id"] for c in r["checks"] if "confirm" in c)')
change "how to confirm" "s/\"confirm\":\"/\"confirm\":\"No /" "1 .*checks\\[$id\\].confirm"
alone() { # NAME SED WANTED
  sed "$2" handed.json >changed.json
  check changed.json
  like "verify, without the product: $1" "$rc $(get '[p["field"] for p in r["problems"]]')" "$3"
}
alone "rows that are not the product's bytes" 's/"bytes":5000,/"bytes":5001,/' '1 .*composition.rows'
alone "a host that the inventory has not" 's/"host":"metrics.vendor-host.de"/"host":"metrics.vendor-host.se"/' '1 .*inventory.endpoints'
alone "rows in another order" 's/"rows":\[\({[^}]*}\),\({[^}]*}\)/"rows":[\2,\1/' '1 .*composition.rows'
alone "a field that no version knows" 's/"composition":{/"composition":{"a":1,/' '1 .*composition.a'
alone "an endpoint that is told by nothing known" 's/"connects":true/"connects":1/' '1 .*inventory.endpoints'
run "$PROBITY" verify --database "$scratch/db" handed.json
like "verify, without the product: what it cannot derive is said" "$out" "not looked at: what was found, where bytes and hosts are, what is declared"

# --- a report from before: verify, show, diff
/usr/bin/python3 - <<'PY'
import json
r = json.load(open("one.json"))
for key in ("composition", "declared"):
    r.pop(key, None)
r["inventory"].pop("endpoints")
for c in r["checks"]:
    c.pop("why", None)
    c.pop("confirm", None)
with open("older.json", "w") as f:
    f.write(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")
PY
check older.json
is "an older report holds by itself" "$rc $(get 'r["problems"]')" "0 []"
ok "... and is valid" /usr/bin/python3 "$here/tests/validate-report.py" older.json
status "... and is held against a newer one" 0 "$PROBITY" diff -f json --database "$scratch/db" older.json one.json
is "... in which nothing differs" "$(get '[r["inventory"], r["findings"]]')" '[{}, {"gone": [], "new": []}]'
status "a report with the fields is held against the product" 0 "$PROBITY" diff -f json --database "$scratch/db" --as-of 2026-11-21 one.json two.zip
is "... in which nothing differs" "$(get '[r["inventory"], r["findings"]]')" '[{}, {"gone": [], "new": []}]'
done_testing
