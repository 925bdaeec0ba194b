# `probity check stats`: what became of the checks in what was assessed, from a store's file and from a running probityd.
. tests/tap.sh
db=$scratch/probity.db
export PROBITY_SOCKET=$scratch/socket
# Ten products. integrity.half is there for eight of them and fires in four; a fifth, older report of one product says otherwise.
/usr/bin/python3 - >"$scratch/lines" <<'PY'
import json
def report(n, half, also=(), findings=()):
    checks = [dict(id="integrity.half", title="Half of them", status=half[0], **({"reason": half[1]} if len(half) > 1 else {})),
              dict(id="integrity.never", title="Never fires", status="pass"),
              dict(id="integrity.absent", title="Never there", status="n/a"), *also]
    return {"schema": "probity-report/1", "product": {"name": f"p{n}", "sha256": f"{n:064x}"}, "checks": checks,
            "findings": [dict(check=c, key=str(i), waived=w) for i, (c, w) in enumerate(findings)]}
def say(line): print(json.dumps(line))
say(report(1, ["fail"], findings=[("integrity.half", None)] * 50))           # assessed again below
say({"report": None})
for n in range(1, 5):
    say(report(n, ["fail"], findings=[("integrity.half", "until 2027-01-01: known" if n == 1 else None), ("integrity.half", None), ("integrity.gone", None)]))
say(report(5, ["unknown", "limit memory"]))
say(report(6, ["unknown", "limit \x1b[31minstructions"]))
say(report(7, ["unknown", "limit \x1b[31minstructions"]))
say(report(8, ["pass"], also=[dict(id="data-care.once\x1b[2J", title="Once", status="fail")]))
say(report(9, ["n/a"]))
say({"report": report(10, ["n/a"]), "row": {"uid": 1001}})
PY
/usr/bin/python3 "$here/tests/make_store.py" "$db" <"$scratch/lines"
p() { run "$PROBITY" check stats --store "$db" "$@"; }

p -f json
is "status, and nothing on stderr" "$rc $err" "0 "
is "one line" "$(wc -l <<<"$out")" 1
row() { get "{c[\"id\"]: c for c in r[\"checks\"]}[\"$1\"]"; }
is "a product counts once, by its newest report; what has no report is told" "$(get '[r["products"], r["without_report"], r["more"]]')" "[10, 1, false]"
is "fires, unknown, waived, the most frequent reason, the last time" "$(row integrity.half)" \
  '{"applied": 8, "findings": 8, "fired": 4, "id": "integrity.half", "last_fired": 1795291200, "products": 10, "reason": "limit \u001b[31minstructions", "reason_products": 2, "title": "Half of them", "unknown": 3, "waived": 1}'
is "one that never fired" "$(row integrity.never)" \
  '{"applied": 10, "findings": 0, "fired": 0, "id": "integrity.never", "products": 10, "title": "Never fires", "unknown": 0, "waived": 0}'
is "the largest share first, what is there most often of those that never fire" "$(get '[c["id"] for c in r["checks"]]' | sed 's/\\u001b.2J//')" \
  '["data-care.once", "integrity.half", "integrity.never", "integrity.absent"]'
is "from and to" "$(get '[r["from"], r["to"]]')" "[1795280400, 1795312800]"
p
like "text: the head" "$out" "^10 products assessed from 2026-11-21 to 2026-11-22, each by its newest report
1 assessment without a report"
like "text: one row" "$out" "integrity.half +8 +4 +50.0 % +37.5 % +8 +12.5 % +2026-11-21"
like "text: reasons" "$out" "integrity.half: 3 of 8 \(37.5 %\); 2 of these: limit .x1b.31minstructions"
like "text: who never fired" "$out" "Never fired, though there was something that they apply to
  integrity.never: Never fires; there for 10"
like "text: who never was there" "$out" "Nothing that they apply to was ever there
  integrity.absent: Never there"
like "text: no cost is made up" "$out" "Cost: not measured"
ok "nothing moves the cursor" bash -c '! grep -q $'"'\\033'"' <<<"$1"' _ "$out"
ok "at most 100 columns" bash -c '! grep -qE ".{101}" <<<"$1"' _ "$out"
p --since 2026-11-22 -f json
is "--since" "$(get '[r["products"], r["without_report"]]')" "[3, 0]"
p -n 3 -f json
is "-n: the newest, and that there are more" "$(get '[r["products"], r["more"], [c["id"] for c in r["checks"] if c["fired"]] != []]')" "[3, true, true]"
p -n 3
like "-n: said" "$out" "older ones were left out \(-n\)"
p --since 2030-01-01
like "nothing at all" "$rc $out$err" "^0 .*nothing with a report was assessed"
p --since 2030-01-01 -f json
is "nothing at all, in JSON" "$out" '{"checks":[],"more":false,"products":0,"without_report":0}'

# From the keeper, which decides who sees what; nobody needs to be able to read its file.
probityd=$(dirname "$(realpath "$PROBITY")")/probityd
mkdir "$scratch/keeper"
cp "$db" "$scratch/keeper/probity.db"
printf '[store]\nstore = %s/keeper/probity.db\ncache =\n' "$scratch" >"$scratch/probity.conf"
"$probityd" -f -c "$scratch/probity.conf" -s "$PROBITY_SOCKET" >"$scratch/log" 2>&1 &
pid=$!
for _ in $(seq 600); do
  grep -q 'is ready' "$scratch/log" && break
  kill -0 $pid 2>/dev/null || break
  sleep 0.1
done
run "$PROBITY" check stats -f json
is "from a running probityd: the same" "$rc $(get '[r["products"], r["without_report"], [c["fired"] for c in r["checks"]]]')" "0 [10, 1, [1, 4, 0, 0]]"
kill $pid
wait $pid
run "$PROBITY" check stats --socket "$PROBITY_SOCKET"
like "no keeper" "$rc $err" "^2 .*no keeper answers at .*socket"

# Reports that are none; a large store.
printf '%s\n' '{"checks":7,"findings":{"a":1}}' '{"checks":[1,[],{"id":7},{"id":""},{"id":"x.y","status":3},{"id":"x.y"}],"findings":[3,{"check":"no"},{"check":7}]}' |
  /usr/bin/python3 "$here/tests/make_store.py" "$db"
p -f json
is "reports that are none count for nothing" "$rc $(get '[[c["id"], c["products"], c["applied"]] for c in r["checks"]]')" '0 [["x.y", 2, 0]]'
/usr/bin/python3 -c '
import json
for n in range(3000):
    print(json.dumps({"checks": [{"id": f"integrity.c{i}", "status": "unknown", "reason": f"line {n}"} for i in range(40)], "findings": []}))
' | /usr/bin/python3 "$here/tests/make_store.py" "$db"
LIMIT=60 p -f json
is "3,000 reports, 40 checks, 3,000 reasons each" "$rc $(get '[r["products"], len(r["checks"]), r["checks"][0]["unknown"], r["checks"][0]["reason_products"]]')" "0 [3000, 40, 3000, 1]"
like "a line on a terminal while it goes on" "$(timeout 60 script -qec "'$PROBITY' check stats --store '$db'" /dev/null </dev/null 2>&1 | tr '\r' '\n')" "reports: [0-9]+ of 3000"
head -c 100000 /dev/urandom >"$db"
p
like "no store" "$rc $err" "^2 .*damaged, or not a database"

status "help" 0 "$PROBITY" check stats --help
like "its usage" "$out" "^Usage: probity check stats "
status "a date that is none" 2 "$PROBITY" check stats --since 2026-02-30
status "a number that is none" 2 "$PROBITY" check stats -n 0
status "a word too many" 2 "$PROBITY" check stats integrity.half
status "store and socket" 2 "$PROBITY" check stats --store x --socket y
status "a format that is none" 2 "$PROBITY" check stats -f xml
done_testing
