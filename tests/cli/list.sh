# probity list: what is chosen, and in which order, from a store's file. When it is due is read out of the report.
. tests/tap.sh
db=$scratch/list.db
export PROBITY_SOCKET=$scratch/no-keeper
/usr/bin/python3 - >"$scratch/rows" <<'PY'
import json
rows = [("b", "business", 700, 500, "2026-12-01"), ("a", "business", 300, 900, "2026-11-30"), ("c", "government", 300, 100, ""),
        ("d", "business", None, None, None), ("a", "government", 1000, 500, "2027-01-05")]
for name, policy, trust, confidence, until in rows:
    report = None if until is None else {"schema": "probity-report/1", "product": {"name": name}, "score": {"valid_until": until} if until else {}}
    print(json.dumps({"report": report, "row": dict(name=name, policy=policy, trust_tenths=trust, confidence_permille=confidence)}))
PY
/usr/bin/python3 tests/make_store.py "$db" <"$scratch/rows"
ids() { run "$PROBITY" list -f json --store "$db" "$@" && printf '%s\n' "$out" | sed -n 's/.*"id":\([0-9]*\).*/\1/p' | tr '\n' ' '; }
order() { # EXPECTED OPTIONS: numbers in order
  local wanted=$1
  shift
  is "$*: ${wanted:-none}" "$(ids "$@")" "${wanted:+$wanted }"
}
order "5 4 3 2 1" --sort time
order "5 2 1 3 4" --sort name
order "3 2 1 5 4" --sort trust
order "3 5 1 2 4" --sort confidence
order "2 1 5 4 3" --sort valid-until
order "2 1" --sort valid-until -n 2
order "5 3" --policy government
order "3 2" --below 31
order "3 2" --below 70
order "2 1" --due 2026-12-02 --sort valid-until
order "2" --due 2026-12-01
order "2" --due 2027-01-01 --policy business -n 1
order "2" --sort trust --below 100 --policy business -n 1
order "" --due 2026-01-01
for bad in "--sort size" "--below 0" "--below x" "--due soon"; do
  status "$bad is refused" 2 "$PROBITY" list --store "$db" $bad
done
# More than a page, in which every report is read; one whose report is no JSON any more.
/usr/bin/python3 - >"$scratch/rows" <<'PY'
import json
for i in range(350):
    print(json.dumps({"schema": "probity-report/1", "product": {"name": "p"}, "score": {"valid_until": f"2026-{1 + i % 12:02}-01"}}))
PY
/usr/bin/python3 tests/make_store.py "$db" <"$scratch/rows"
/usr/bin/python3 -c "import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(\"UPDATE report SET text = '{' WHERE id = 349\"); d.commit()" "$db"
order "337 325 313" --sort valid-until -n 3
run "$PROBITY" list -f json --store "$db" --due 2026-02-01
is "pages are gone through; a report that is broken has no such day" "$rc $(wc -l <<<"$out")" "0 29"
done_testing
