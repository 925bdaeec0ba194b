# list, show and log over a store's file, without a keeper. The store is written by Python from plugin/store/README.md alone, chain and all:
# so what is documented is what is read.
. tests/tap.sh
db=$scratch/probity.db
export PROBITY_SOCKET=$scratch/no-keeper
/usr/bin/python3 - "$db" <<'PY'
import hashlib, json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript("""
CREATE TABLE assessment (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL,
 version TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL, host TEXT NOT NULL, uid INTEGER, policy TEXT NOT NULL,
 rules_digest TEXT NOT NULL, trust_tenths INTEGER, floor_tenths INTEGER, confidence_permille INTEGER, decision TEXT NOT NULL,
 clamav TEXT NOT NULL, reason TEXT NOT NULL, alert TEXT NOT NULL) STRICT;
CREATE TABLE report (id INTEGER PRIMARY KEY REFERENCES assessment(id) ON DELETE CASCADE, text TEXT NOT NULL) STRICT;
CREATE TABLE log (n INTEGER PRIMARY KEY, line TEXT NOT NULL, digest TEXT NOT NULL) STRICT;
PRAGMA application_id=0x50524f42; PRAGMA user_version=1;""")
canonical = lambda v: json.dumps(v, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
previous, n = "0" * 64, 0
def log(line):
    global previous, n
    n += 1
    text = canonical({**line, "n": n, "previous": previous})
    previous = hashlib.sha256(text.encode()).hexdigest()
    db.execute("INSERT INTO log VALUES (?, ?, ?)", (n, text, previous))
log({"time": 1795269000, "what": "started"})
report = canonical({"schema": "probity-report/1", "product": {"name": "café"}})
for i in range(1, 2501):
    a = dict(id=i, time=1795269600 + 3600 * i, path="/srv/in/café.deb", name="evil\x1b[2J\u202ename" if i == 7 else f"product-{i}", version="1.0",
             kind="deb", sha256="00" * 32, host="clamd", uid=None if i == 1 else 1000, policy="business", rules_digest="r",
             trust_tenths=None if i == 3 else 960, floor_tenths=None if i == 3 else 50, confidence_permille=570,
             decision=["ACCEPT", "REJECT", "CONDITIONAL"][i % 3] if i != 3 else "NOT ASSESSED", clamav="Eicar-Test" if i == 4 else "",
             reason="the worker was killed" if i == 3 else "", alert="")
    db.execute(f"INSERT INTO assessment({','.join(a)}) VALUES ({','.join('?' * len(a))})", list(a.values()))
    if i != 3:
        db.execute("INSERT INTO report VALUES (?, ?)", (i, report))
    log({**a, "report_sha256": "" if i == 3 else hashlib.sha256(report.encode()).hexdigest()})
db.commit()
PY
p() { run "$PROBITY" "$@" --store "$db"; }

p log verify
is "a chain that another program wrote holds" "$rc $out" "0 2501 lines hold, the last one has digest $(/usr/bin/python3 -c '
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT digest FROM log ORDER BY n DESC LIMIT 1").fetchone()[0])' "$db")"
p log show -n 2
is "log show -n" "$(wc -l <<<"$out")" 2
like "log show: what a line says" "$out" "2501  2027-03-05 18:00  assessment 2500: REJECT, product-2500, sha256 0000"
p log show -f json
is "log show -f json: all lines, as they are" "$(sed -n '$p' <<<"$out") $(wc -l <<<"$out")" \
  '{"n":1,"previous":"0000000000000000000000000000000000000000000000000000000000000000","time":1795269000,"what":"started"} 2501'

noted=$(/usr/bin/python3 -c '
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT digest FROM log WHERE n = 2400").fetchone()[0])' "$db")
p log verify --head "$noted"
like "log verify --head: its line is there" "$rc $out" "^0 2501 lines hold.*line 2400 has the digest that was noted$"
p log verify --head "${noted/[0-9]/x}"
like "log verify --head: no digest" "$rc $err" "^2 .*not a digest"
p log show --head "$noted"
is "log show takes no --head" "$rc" 2
cp "$db" "$scratch/cut.db"
/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for table in ("report WHERE id", "assessment WHERE id", "log WHERE n"): db.execute(f"DELETE FROM {table} >= 2399 + {table.startswith(chr(108))}")
db.execute("UPDATE sqlite_sequence SET seq = 2398 WHERE name = ?", ("assessment",))
db.commit()' "$scratch/cut.db"
run "$PROBITY" log verify --store "$scratch/cut.db"
like "a log whose end was cut off with all that it speaks of holds" "$rc $out" "^0 2399 lines hold"
run "$PROBITY" log verify --head "$noted" --store "$scratch/cut.db"
like "the digest that was noted shows it" "$rc $err" "^1 .*no line of the log has the digest $noted: its end was cut off"

cd "$scratch" || exit 1
for who in ann eve; do "$PROBITY" pack key new -W -s $who.key -p $who.pub >/dev/null; done
"$PROBITY" trust add ann.pub --role assessor --from 2026-01-01 --until 2027-12-31 --trust trust --name ann
"$PROBITY" trust add eve.pub --role vendor --trust trust --name eve
held() { run "$PROBITY" log verify --checkpoint "$@" --trust trust --as-of 2027-03-06; }
p log checkpoint --key ann.key --as-of 2027-03-05 -o at-2501
is "log checkpoint" "$rc $out" "0 "
run "$PROBITY" log checkpoint --key ann.key --as-of 2027-03-05 --store cut.db
is "log checkpoint: to standard output" "$rc" 0
printf '%s\n' "$out" >at-2399
payload=$(/usr/bin/python3 -c 'import base64, json; print(base64.b64decode(json.load(open("at-2501"))["payload"]).decode())')
like "log checkpoint: what is signed" "$payload" '^\{"as_of":"2027-03-05","digest":"[0-9a-f]{64}","lines":2501,"schema":"probity-checkpoint/1"\}$'
held at-2501 --store "$db"
like "log verify --checkpoint: all lines" "$rc $out" "^0 2501 lines hold, .*2501 lines hold as on 2027-03-05, signed by ann$"
held at-2399 --store "$db"
like "log verify --checkpoint: the log went on" "$rc $out" "^0 2501 lines hold, .*2399 lines hold as on 2027-03-05, signed by ann$"
held at-2501 --store cut.db
like "log verify --checkpoint: the end was cut off" "$rc $err" "^1 .*at-2501: the log had 2501 lines on 2027-03-05; now 2399 hold"
/usr/bin/python3 - cut.db anew.db <<'PY'
import hashlib, json, shutil, sqlite3, sys
shutil.copy(sys.argv[1], sys.argv[2])
db = sqlite3.connect(sys.argv[2])
previous = "0" * 64
for n, line in db.execute("SELECT n, line FROM log ORDER BY n").fetchall():
    line = {**json.loads(line), "previous": previous}
    if n == 1: line["what"] = "begun"
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    previous = hashlib.sha256(text.encode()).hexdigest()
    db.execute("UPDATE log SET line = ?, digest = ? WHERE n = ?", (text, previous, n))
db.commit()
PY
run "$PROBITY" log verify --store anew.db
is "a log that was written anew holds by itself" "$rc" 0
held at-2399 --store anew.db
like "log verify --checkpoint: it was written anew" "$rc $err" "^1 .*no line of the log has the digest .*written anew"
run "$PROBITY" log checkpoint --key eve.key --as-of 2027-03-05 --store "$db" -o eves
held eves --store "$db"
like "log verify --checkpoint: a vendor's" "$rc $err" "^1 .*eves: no trust root with the role assessor has signed it"
run "$PROBITY" log verify --checkpoint at-2501 --trust trust --as-of 2028-03-06 --store "$db"
like "log verify --checkpoint: a key that has ended" "$rc $err" "^1 .*at-2501: "
/usr/bin/python3 - at-2501 other forged <<'PY'
import base64, json, sys
e = json.load(open(sys.argv[1]))
p = json.loads(base64.b64decode(e["payload"]))
for name, change in (("other", {"lines": 2500}), ("forged", {"more": 1})):
    e["payload"] = base64.b64encode(json.dumps({**p, **change}, sort_keys=True, separators=(",", ":")).encode()).decode()
    json.dump(e, open(name, "w"), sort_keys=True, separators=(",", ":"))
PY
held other --store "$db"
is "log verify --checkpoint: changed behind the signature" "$rc" 1
held forged --store "$db"
like "log verify --checkpoint: a field too many" "$rc $err" "^2 .*forged: not a checkpoint"
held "$db" --store "$db"
is "log verify --checkpoint: no envelope" "$rc" 2
status "log checkpoint without a key" 2 "$PROBITY" log checkpoint --store "$db"
status "log show takes no --checkpoint" 2 "$PROBITY" log show --checkpoint at-2501 --store "$db"
status "log verify takes no --key" 2 "$PROBITY" log verify --key ann.key --store "$db"
/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect("broken.db"); sqlite3.connect(sys.argv[1]).backup(db)
db.execute("UPDATE log SET line = replace(line, ?, ?) WHERE n = 1200", ("product", "produce"))
db.commit()' "$db"
run "$PROBITY" log checkpoint --key ann.key --store broken.db -o none
is "log checkpoint: of a broken log none is made" "$rc $(ls none 2>/dev/null)" "1 "

p list -f json
is "list: everything, over several pages, newest first" "$(/usr/bin/python3 -c '
import json, sys
print([json.loads(l)["id"] for l in sys.stdin] == list(range(2500, 0, -1)))' <<<"$out")" True
p list -n 3
is "list -n" "$(wc -l <<<"$out")" 4
like "list: one line each" "$out" " 2500 2027-03-05 18:00 REJECT        96 \[5..\]    57%  clamd    product-2500 1.0"
p list --decision not-assessed
like "list --decision, no score" "$out" "    3 2026-11-21 17:00 NOT ASSESSED   -          57%  clamd    product-3 1.0"
is "list --decision: nothing else" "$(wc -l <<<"$out")" 2
p list --since 2026-11-22 --until 2026-11-22 -f json
is "list --since --until: a day, both ends included" "$(wc -l <<<"$out")" 24
p list --name product-24 -f json
is "list --name" "$(wc -l <<<"$out")" 111
p list --name 'evil'
ok "list: nothing moves the cursor" bash -c '! grep -qP "[\x1b]|\x{202e}" <<<"$1"' _ "$out"
p list --name nothing-like-it
is "list: nothing found is no error" "$rc $out" "0 "
like "list: but said" "$err" "nothing like that"

p show 3
is "show: no report" "$rc" 0
like "show: why" "$out" "the worker was killed"
p show 3 -f json
is "show -f json: no report is an error" "$rc $out" "2 "
p show 4 -f json
is "show -f json: the report as it was kept" "$out" '{"product":{"name":"café"},"schema":"probity-report/1"}'
p show 4
like "show: ClamAV's detection" "$out" "Eicar-Test FOUND"
p show 2501
is "show: none" "$rc $err" "2 probity: error: there is no assessment 2501"

status "list: bad decision" 2 "$PROBITY" list --decision maybe
status "list: bad date" 2 "$PROBITY" list --since 2026-02-30
status "list: bad number" 2 "$PROBITY" list -n 0
status "list: a word too many" 2 "$PROBITY" list hello
status "list: store and socket" 2 "$PROBITY" list --store x --socket y
status "show: no number" 2 "$PROBITY" show
status "show: no number of ours" 2 "$PROBITY" show -- -1
status "log: no verb" 2 "$PROBITY" log
status "log: unknown verb" 2 "$PROBITY" log repair
status "list: no such store" 2 "$PROBITY" list --store "$scratch/none.db"
status "list: no keeper at the socket that was named" 2 "$PROBITY" list --socket "$PROBITY_SOCKET"
like "and what to do" "$err" "systemctl start probityd.socket"
for command in list show log; do
  status "$command --help" 0 "$PROBITY" $command --help
done

/usr/bin/python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE assessment SET decision = ? WHERE id = 1000", ("ACCEPT",))
db.execute("UPDATE assessment SET decision = ? WHERE id = 1001", ("ACCEPT",))
db.commit()' "$db"
p log verify
is "a changed decision: status 1" "$rc" 1
like "a changed decision is named" "$err" "line 1001 of the log does not hold: decision of assessment 1000 was changed"
head -c 100000 /dev/urandom >"$db"
p log verify
is "no store: status 2" "$rc" 2
like "no store: said" "$err" "damaged, or not a database"
done_testing
