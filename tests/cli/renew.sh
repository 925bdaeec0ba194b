# probity renew: what falls due, from the store.
. tests/tap.sh
cd "$scratch" || exit 1
mkdir one two
printf '{"name":"one","version":"1"}\n' >one/package.json
printf '{"name":"two","version":"2"}\n' >two/package.json
# 200 days half the confidence; accepted from 20 % on
sed 's/^half_life_days = .*/half_life_days = 200/; s/^accept_confidence = .*/accept_confidence = 26/' "$here/rulesets/policies/business.ini" >short.ini
"$PROBITY" scan -q -f json --no-cache --as-of 2026-01-01 --database db -p ./short.ini one >lines
"$PROBITY" scan -q -f json --no-cache --as-of 2026-05-01 --database db -p ./short.ini one >>lines
"$PROBITY" scan -q -f json --no-cache --as-of 2026-03-01 --database db -p ./short.ini two >>lines
/usr/bin/python3 "$here/tests/make_store.py" db.db <lines
due() { /usr/bin/python3 -c 'import json, sys
for l in open("lines"):
    r = json.loads(l)
    print(r["product"]["name"], r["assessment"]["as_of"], r["score"]["valid_until"])'; }
one=$(due | awk '$1 == "one" && $2 == "2026-05-01" {print $3}') two=$(due | awk '$1 == "two" {print $3}')
run "$PROBITY" renew --store db.db --as-of 2026-01-01 --within 36500 -f json
is "what is due, the last of each product, sorted by day" "$rc $(printf '%s\n' "$out" | /usr/bin/python3 -c 'import json, sys
print([(r["name"], r["valid_until"]) for r in map(json.loads, sys.stdin)])')" "1 $(/usr/bin/python3 -c 'import sys
print(sorted([("one", sys.argv[1]), ("two", sys.argv[2])], key=lambda r: r[::-1]))' "$one" "$two")"
run "$PROBITY" renew --store db.db --as-of 2036-01-01
is "both are overdue" "$rc $(grep -c overdue <<<"$out")" "1 2"
run "$PROBITY" renew --store db.db --as-of 1990-01-01 --within 1
is "nothing is due yet" "$rc $out" "0 "
status "no store" 2 "$PROBITY" renew --store none.db
status "no number" 2 "$PROBITY" renew --within x
status "help" 0 "$PROBITY" renew --help
done_testing
