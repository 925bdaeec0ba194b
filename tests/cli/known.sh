# What was assessed before is known: the same file, on the same day, by the same rules and with the same database. Its report is the same to
# the byte, and where anything differs it is made anew.
. tests/tap.sh
export XDG_CACHE_HOME=$scratch/cache
mkdir -p "$XDG_CACHE_HOME" "$scratch/in/bin" "$scratch/files" "$scratch/rules"
eicar() { printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-' 'ANTIVIRUS-TEST-FILE!$H+H*'; }
cp /bin/true "$scratch/in/bin/tool"
printf 'License: MIT\n' >"$scratch/in/LICENSE"
tar -C "$scratch/in" -czf "$scratch/files/tool.tgz" .
# What is kept is changed so that it says who made the report: a "version" that no product has. Its digest is made right again.
cat >"$scratch/forge.py" <<'PY'
import hashlib, json, sqlite3, sys
db, n = sqlite3.connect(sys.argv[1]), 0
for id, text in db.execute("SELECT e.id, text FROM entry e JOIN result USING (id) JOIN rules r ON r.id = e.rules WHERE r.digest LIKE 'products %'").fetchall():
    if len(sys.argv) < 3:
        if not text.startswith(b"{\"key"): # nonsense that was put there before
            continue
        kept = json.loads(text)
        kept["document"]["product"]["version"] = "replayed"
        text = json.dumps(kept).encode()
    else:
        text = sys.argv[2].encode()
    db.execute("UPDATE result SET text = ? WHERE id = ?", (text, id))
    db.execute("UPDATE entry SET digest = ? WHERE id = ?", (hashlib.sha256(text).digest(), id))
    n += 1
db.commit()
print(n)
PY
forge() { /usr/bin/python3 "$scratch/forge.py" "$@"; }
kept=$XDG_CACHE_HOME/probity/objects.db
again() { run "$PROBITY" scan -q -f json --as-of 2026-11-21 --database "$scratch/db" "$@"; }
version() { get 'r["product"]["version"]'; }

# --- the command line
scan "$scratch/files/tool.tgz"
fresh=$out
again "$scratch/files/tool.tgz"
is "assessed for the first time: the same report as without a cache" "$rc $out" "3 $fresh"
again "$scratch/files/tool.tgz"
is "assessed again: the same report, to the byte" "$rc $out" "3 $fresh"
is "one product is kept" "$(forge "$kept")" 1
again "$scratch/files/tool.tgz"
is "it is the one that was kept" "$(version)" replayed
again --policy government "$scratch/files/tool.tgz"
strict=$out
scan --policy government "$scratch/files/tool.tgz"
is "under another policy, too" "${strict/'"version":"replayed"'/'"version":""'}" "$out"
run "$PROBITY" scan --as-of 2026-11-21 --database "$scratch/db" "$scratch/files/tool.tgz"
like "it is told that there is no official database" "$err" "$scratch/db holds no official ClamAV database"
scan "$scratch/files/tool.tgz"
is "--no-cache assesses it anew" "$out" "$fresh"
again "$scratch/files/tool.tgz" "$scratch/files"
is "in a folder, everything is looked at" "$(get '[r["product"]["version"] for r in rs]')" '["replayed", ""]'
cp "$scratch/files/tool.tgz" "$scratch/other.tgz"
again "$scratch/other.tgz"
is "another name: anew" "$(version)" ""
(cat "$scratch/files/tool.tgz" && printf x) >"$scratch/in/tool.tgz"
again "$scratch/in/tool.tgz"
is "other bytes: anew" "$(version)" ""
again --as-of 2026-11-22 "$scratch/files/tool.tgz"
is "another day: anew" "$(version)" ""
again --rules "$scratch/rules" "$scratch/files/tool.tgz"
is "a folder of rules without any: the same" "$(version)" replayed
printf 'rule twin { meta: description = "a word" strings: $a = "a word" condition: $a }\n' >"$scratch/rules/twin.yar"
chmod -R a+rX "$scratch/rules"
again --rules "$scratch/rules" "$scratch/files/tool.tgz"
is "other rules: anew" "$(version)" ""
printf 'Known.Test:0:*:6e6f6e65206f66207468697320697320686572652e\n' >"$scratch/db/more.ndb"
again "$scratch/files/tool.tgz"
is "another database: anew" "$(version)" ""
rm "$scratch/db/more.ndb"
again "$scratch/files/tool.tgz"
is "the one before: known still" "$(version)" replayed
touch "$scratch/files/tool.tgz"
again "$scratch/files/tool.tgz"
is "only touched: known" "$(version)" replayed
eicar >"$scratch/in/eicar.com"
tar -C "$scratch/in" -czf "$scratch/files/eicar.tgz" eicar.com bin
n=$(forge "$kept")
again "$scratch/files/eicar.tgz"
again "$scratch/files/eicar.tgz"
is "what ClamAV detects something in is not kept" "$(forge "$kept")" "$n"
for what in 'no JSON' '{}' '{"key":{},"document":{},"database":{}}' ''; do
  forge "$kept" "$what" >/dev/null
  again "$scratch/files/tool.tgz"
  is "nonsense in its place ($what): anew" "$rc $out" "3 $fresh"
done
printf 'no signature\n' >"$scratch/db/broken.ndb"
again "$scratch/files/tool.tgz" "$scratch/other.tgz"
is "a broken database: an error, once" "$rc $(grep -c 'broken database' <<<"$err")" "2 1"
rm "$scratch/db/broken.ndb"

# --- a service
. tests/clamd.sh
mkdir -p "$scratch/kept"
chown "$keeper_user" "$scratch/kept"
conf=("[store]" "store = $scratch/kept/probity.db" "cache = $scratch/kept/objects.db")
insides() { # fresh folder with files of its own; its path in $in
  in=$(mktemp -d "$scratch/in.XXXXXX")
  { cat /bin/true; echo "$1"; } >"$in/program"
  printf "a file of $1's own\n%.0s" {1..50} >"$in/readme"
}
rm "$scratch/files"/*
package "$scratch/files/twin.deb"
insides one && tar -C "$in" -czf "$scratch/files/one.tgz" .
insides eicar && eicar >"$in/eicar.com" && tar -C "$in" -czf "$scratch/files/eicar.tgz" .
insides secret && (cd "$in" && zip -qr -P secret "$scratch/files/secret.zip" .)
products=(twin.deb one.tgz eicar.tgz secret.zip)
chmod -R a+rX "$scratch/files"
# each FILE...: one after the other, so that each finds what the one before left.
each() {
  local f
  for f in "$@"; do
    clamdscan -c "$scratch/clamd.conf" --no-summary "$scratch/files/$f" >/dev/null
    settled
  done
}
# The last report of each product, without what says how it was made.
reports() {
  "$PROBITY" list -f json --store "$scratch/kept/probity.db" | /usr/bin/python3 -c '
import json, subprocess, sys
seen = {}
for a in map(json.loads, sys.stdin):
    seen.setdefault(a["path"], a["id"])
for path, id in sorted(seen.items()):
    r = json.loads(subprocess.check_output([sys.argv[1], "show", str(id), "-f", "json", "--store", sys.argv[2]]))
    del r["assessment"]
    print(path.rsplit("/", 1)[1], json.dumps(r, sort_keys=True))' "$PROBITY" "$scratch/kept/probity.db"
}
versions() { reports | sed -E 's/^([^ ]*) .*"version": "([^"]*)".*/\1 \2/' | tr '\n' ' '; }
start_probityd "${conf[@]}"
start_clamd with
each "${products[@]}"
is "clamd: nothing is known at first" "$(state assessed) $(state replayed)" "4 0"
cold=$(reports)
each "${products[@]}"
is "known the second time, but for what ClamAV detected something in" "$(state assessed) $(state replayed)" "8 3"
same "the same reports" "$(reports)" "$cold"
mv "$scratch/files/one.tgz" "$scratch/files/two.tgz"
each two.tgz
is "another name: anew" "$(state replayed)" 3
mv "$scratch/files/two.tgz" "$scratch/files/one.tgz"
if [[ $clamav_user != "$(id -un)" ]]; then
  hooked clamscan -d "$scratch/db" --no-summary "$scratch/files/one.tgz" >/dev/null
  settled
  is "another user's scans are another matter" "$(state assessed) $(state replayed)" "10 3"
fi
stop_probityd
ok "kept across a restart" test "$(forge "$scratch/kept/objects.db")" -ge 2
start_probityd "${conf[@]}"
each twin.deb one.tgz
is "known after it" "$(state assessed) $(state replayed)" "2 2"
like "and it is what was kept" "$(versions)" "one.tgz replayed .*twin.deb replayed"
stop_probityd
forge "$scratch/kept/objects.db" '{}' >/dev/null
start_probityd "${conf[@]}"
each twin.deb one.tgz
is "nonsense in its place: anew" "$(state assessed) $(state replayed)" "2 0"
same "the same reports" "$(reports | grep -v '^two')" "$cold"
stop_probityd
start_probityd "${conf[@]}" "[assess]" "rules = $scratch/rules"
each one.tgz
is "other rules: anew" "$(state replayed)" 0
each one.tgz
is "then known by them" "$(state replayed)" 1
reload_clamd
each one.tgz
is "another engine, of which nobody knows the signatures: anew" "$(state replayed)" 1
each one.tgz
is "then known by it" "$(state replayed)" 2
stop_clamd

# --- hosts that come and go, with a database that has a version
official() { # VERSION: a database by the name of the official
  mkdir -p "$scratch/daily.$1" "$scratch/official.$1"
  cp "$here"/rulesets/clamav/*.ndb "$scratch/daily.$1/daily.ndb"
  : >"$scratch/daily.$1/COPYING"
  (cd "$scratch/daily.$1" && echo tester | sigtool --build=daily.cud --unsigned --cvd-version="$1" --no-cdiff) >"$scratch/sigtool.log" 2>&1
  cp "$scratch/daily.$1/daily.cud" "$scratch/official.$1/" || flunk "a database by the name of the official" "$(<"$scratch/sigtool.log")"
}
official 27800
official 27801
host() { # VERSION OPTION...: clamscan; how many are known then in $known
  local version=$1
  shift
  hooked clamscan -d "$scratch/official.$version" --no-summary "$@" >"$scratch/said" 2>&1
  settled
  known=$(state replayed)
}
before=$(state replayed)
host 27800 "$scratch/files/one.tgz" "$scratch/files/twin.deb" "$scratch/files/secret.zip"
is "clamscan: nothing is known" "$((known - before))" 0
first=$(reports)
host 27800 "$scratch/files/one.tgz" "$scratch/files/twin.deb" "$scratch/files/secret.zip"
is "another clamscan with the same database: all" "$((known - before))" 3
same "the same reports" "$(reports)" "$first"
host 27801 "$scratch/files/one.tgz"
is "with a newer database: anew" "$((known - before))" 3
host 27800 --scan-archive=no "$scratch/files/one.tgz"
is "with other settings, which see less: anew" "$((known - before))" 3
host 27800 --max-recursion=3 "$scratch/files/one.tgz"
is "with another bound: anew" "$((known - before))" 3
host 27800 "$scratch/files/one.tgz"
is "as before: known" "$((known - before))" 4
stop_probityd
for n in 1 2; do
  run "$PROBITY" run -q -f json --group file --as-of 2026-11-21 -o "$scratch/run.$n.json" -- clamscan -d "$scratch/official.27800" --no-summary "$scratch/files/twin.deb"
done
is "probity run: the same again" "$(<"$scratch/run.2.json")" "$(<"$scratch/run.1.json")"
ok "with a product that is kept" test "$(forge "$kept")" -ge 1
run "$PROBITY" run -q -f json --group file --as-of 2026-11-21 -o "$scratch/run.json" -- clamscan -d "$scratch/official.27800" --no-summary "$scratch/files/twin.deb"
out=$(<"$scratch/run.json")
is "and it is what was kept" "$(version)" replayed

# --- notes of objects are kept with what else is known of them
mkdir -p "$scratch/noting/integrity" "$scratch/noted"
cat >"$scratch/noting/integrity/noting.lua" <<'LUA'
return {
  title = "Notes", why = "A test.", claim = "permissions", severity = "low", reliability = "parsed", applies = { "text" },
  findings = { sum = { says = "noted %s", fix = "None." } }, maps = { "paris:P6" }, samples = { hit = { "a" }, clean = { "b" } },
  object = function(object, found) found.note { head = object:bytes(0, 5), size = object.size } end,
  product = function(product, found)
    local heads, first = {}, nil
    for o in product:objects { noted = true } do
      first = first or o
      heads[#heads + 1] = o.notes[1].head .. o.notes[1].size
    end
    found.sum { key = "sum", object = first, table.concat(heads, " ") }
  end,
}
LUA
noted() {
  again --rules "$scratch/noting" "$scratch/noted"
  get '[f["says"] for f in r["findings"] if f["check"] == "integrity.noting"]'
}
printf 'first text\n' >"$scratch/noted/a.txt"
is "a product function reads what the object function noted" "$(noted)" '["noted first11"]'
printf 'other text\n' >"$scratch/noted/b.txt"
is "... also of an object that is known from before" "$(noted)" '["noted first11 other11"]'
printf 'a third text\n' >"$scratch/noted/c.txt"
is "... and again" "$(noted)" '["noted first11 other11 a thi13"]'
done_testing
