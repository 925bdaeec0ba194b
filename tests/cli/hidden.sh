# ClamAV's cache of clean files stays on in real hosts: what it hides a reader opens, and reports are as if nothing had been hidden.
. tests/tap.sh
. tests/clamd.sh
files=$scratch/files
unhurried=("[budget]" "room = 250ms") # a machine that is busy with other things must not cost objects
deterministic() { find "$1" -exec touch -h -d @0 {} +; }
archive() { # OUT.zip|.jar|.tar|.tgz|.7z|.tar.zst FOLDER: its members in one order, of one time
  deterministic "$2"
  case $1 in
  *.zip | *.jar | *.war) (cd "$2" && find . -type f | sort | zip -qX "$1" -@) ;;
  *.7z) (cd "$2" && 7z a -bd -y -ms=off "$1" . >/dev/null) ;;
  *.tar.zst) tar --sort=name --owner=0 --group=0 -C "$2" --zstd -cf "$1" . ;;
  *.tgz) tar --sort=name --owner=0 --group=0 -C "$2" -czf "$1" . ;;
  *) tar --sort=name --owner=0 --group=0 -C "$2" -cf "$1" . ;;
  esac
}
# --- an application of forty libraries, each of them twice; packages of every sort in one another; what a program carries; detections
w=$scratch/work
mkdir -p "$w/war/lib" "$w/war/again" "$w/mixed" "$w/in/bin" "$w/carrier"
for i in {1..40}; do
  mkdir -p "$w/jar/a$i/b"
  printf 'library %d\n%.0s' {1..20} >"$w/jar/a$i/notes.txt"
  printf 'import requests\nrequests.get("https://host%d.example.org/x", verify=False)\n' "$i" >"$w/jar/a$i/b/run.py"
  head -c 3000 /bin/true >"$w/jar/a$i/b/tool$i"
  echo "$i" >>"$w/jar/a$i/b/tool$i"
  archive "$w/war/lib/l$i.jar" "$w/jar/a$i"
  cp "$w/war/lib/l$i.jar" "$w/war/again/m$i.jar"
done
archive "$files/application.zip" "$w/war"
package "$w/mixed/twin.deb"
cp "$w/mixed/twin.deb" "$w/mixed/same.deb"
cp /bin/true "$w/in/bin/"
printf 'words of its own\n' >"$w/in/bin/words"
archive "$w/mixed/in.tar" "$w/in"
gzip -nc "$w/mixed/in.tar" >"$w/mixed/in.tar.gz"   # its payload was there before
archive "$w/mixed/in.zip" "$w/in"
archive "$w/mixed/in.7z" "$w/in"
archive "$w/mixed/in.tar.zst" "$w/in"
(cd "$w/mixed" && zip -qX deep.zip in.zip in.7z twin.deb && zip -qX "$scratch/deeper.zip" deep.zip && mv "$scratch/deeper.zip" .)
archive "$files/mixed.zip" "$w/mixed"
archive "$files/mixed.tgz" "$w/mixed"
cp "$w/mixed/twin.deb" "$w/mixed/in.tar.gz" "$files/"
{ cat /bin/true; cat "$w/mixed/in.zip"; } >"$files/carrier" # a program with an archive behind it
eicar >"$w/in/bin/sample.com"
archive "$files/found.zip" "$w/in"
(cd "$w/in" && zip -qX -P secret "$files/locked.zip" bin/words bin/true)
rm "$w/in/bin/sample.com"
head -c 400000 /dev/urandom >"$w/in/noise"
archive "$files/large.zip" "$w/in" # travels as its descriptor
[[ ! -d /usr/share/clamav-testfiles ]] || cp /usr/share/clamav-testfiles/clam* "$files/"
# A mail is another matter, see below. Of this one, ClamAV remembers as clean what its own limits kept from it: a reader may see more.
rm -f "$files"/*.mail "$files"/clam_cache_emax.tgz
chmod -R a+rX "$files"
reports() { # every report, by the path that was scanned, without what each assessment has of its own
  local id
  for id in $(stored | /usr/bin/python3 -c 'import json, sys
for a in map(json.loads, sys.stdin): print(a["id"])'); do
    "$PROBITY" show "$id" -f json --store "$scratch/keeper/probity.db"
  done >"$scratch/all"
  cat "$scratch/all" >>"$scratch/every-report.jsonl"
  /usr/bin/python3 -c '
import json, sys
seen = {}
for r in map(json.loads, open(sys.argv[1])):
    r.pop("assessment")
    seen.setdefault(r["product"]["name"], []).append(json.dumps(r, sort_keys=True))
for name, all in sorted(seen.items()):
    for n, r in enumerate(all): print(name, n, r)' "$scratch/all"
}
scan_all() { for f in "$files"/*; do clamdscan -c "$scratch/clamd.conf" --no-summary --fdpass "$f"; done; }

# --- as it would be without a cache
start_probityd "[assess]" "clean_cache = off" "${unhurried[@]}" "[store]" "cache =" "store = $scratch/keeper/probity.db"
start_clamd with
plain=$(scan_all)
settled
without=$(reports)
stop_clamd
stop_probityd
like "there is something to compare" "${#without}" '^[0-9]{5,}$'
ok "reports tell of what lies deep, and lies there twice" grep -q 'lib/l7\.jar.*again/m7\.jar\|again/m7\.jar.*lib/l7\.jar' <<<"$without"

# --- the cache is on: what is there twice is hidden already in the first round; in the second, to a keeper that knows nothing, all is
start_probityd "${unhurried[@]}" "[store]" "cache =" "store = $scratch/keeper/probity.db"
start_clamd with
is "first round: ClamAV says the same" "$(scan_all)" "$plain"
settled
same "first round: the same reports" "$(reports)" "$without"
stop_probityd
start_probityd "${unhurried[@]}" "[store]" "cache =" "store = $scratch/keeper/probity.db"
is "second round: ClamAV says the same" "$(scan_all)" "$plain"
settled
same "second round: the same reports" "$(reports)" "$without"
is "nobody died of it" "$(state deaths)" 0

# --- a mail that is known: its attachments are not shown, so it is a product itself
{
  printf 'Received: from here\nFrom: a@example.org\nSubject: a file\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=xx\n\n--xx\nContent-Type: text/plain\n\nsee there\n'
  printf -- '--xx\nContent-Type: application/zip; name=in.zip\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=in.zip\n\n'
  base64 "$w/mixed/in.zip"
  printf -- '--xx--\n'
} >"$scratch/a.mail"
chmod a+r "$scratch/a.mail"
n=$(stored | wc -l)
clamdscan -c "$scratch/clamd.conf" --no-summary --fdpass "$scratch/a.mail" >/dev/null
settled
is "a mail: its attachment is the product" "$(stored | tail -n +$((n + 1)) | grep -o '"path":"[^"]*"' | sed "s|$scratch/||g")" '"path":"a.mail > in.zip"'
clamdscan -c "$scratch/clamd.conf" --no-summary --fdpass "$scratch/a.mail" >/dev/null
settled
is "a mail that is known: it is one itself" "$(stored | tail -n +$((n + 2)) | grep -o '"path":"[^"]*"' | sed "s|$scratch/||g")" '"path":"a.mail"'
"$PROBITY" show "$(stored | tail -n 1 | /usr/bin/python3 -c 'import json, sys; print(json.loads(sys.stdin.read())["id"])')" -f json \
  --store "$scratch/keeper/probity.db" >"$scratch/mail"
cat "$scratch/mail" >>"$scratch/every-report.jsonl"
out=$(<"$scratch/mail")
is "... with what hangs on it" "$(get 'r["product"]["kind"], any("in.zip" in p for p in json.dumps(r).split())')" '["mail", true]'
stop_clamd
stop_probityd

# --- clamscan: the same folder named twice
start_probityd "${unhurried[@]}" "[store]" "cache =" "store = $scratch/keeper/probity.db"
plain=$(clamscan -d "$scratch/db" --no-summary --archive-verbose "$files"/*.zip "$files"/*.zip 2>&1)
with=$(hooked clamscan -d "$scratch/db" --no-summary --archive-verbose "$files"/*.zip "$files"/*.zip 2>&1)
is "clamscan --archive-verbose with duplicates: the same output" "$with" "$plain"
settled
is "each product of clamscan is reported twice, alike" "$(reports | awk '{n = $1; $1 = $2 = ""; if (last[n] != "" && last[n] != $0) print n; last[n] = $0}')" ""
is "... every one of them" "$(stored | wc -l)" "$((2 * $(find "$files" -name '*.zip' | wc -l)))"
stop_probityd
done_testing
