# Inside clamscan: what ClamAV left closed and Probity unpacked is said to be unscanned, and counts as not examined for known malware.
. tests/tap.sh
if ! [[ -x $(command -v clamscan) && -x $(command -v sigtool) && -x $(command -v zip) ]]; then
  skip "unscanned members" "clamscan, sigtool or zip is not installed"
  done_testing
  exit 0
fi
eicar() { printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-' 'ANTIVIRUS-TEST-FILE!$H+H*'; }
not_scanned="not scanned by ClamAV: unpacked by Probity"

# --- a package and a zstd archive, which ClamAV leaves closed; a .zip around the package, which it opens; a .tgz all the way
mkdir -p "$scratch/in/usr/bin" "$scratch/files"
cd "$scratch/in" || exit 1
cp /bin/true usr/bin/twin
eicar >usr/bin/sample.com
printf 'Package: twin\nVersion: 1.0-1\nArchitecture: amd64\nMaintainer: A Person <person@debian.org>\nDescription: a twin\n' >control
tar -cJf control.tar.xz ./control
tar --zstd -cf data.tar.zst usr
tar --zstd -cf "$scratch/files/shut.tar.zst" usr
tar -czf "$scratch/files/open.tgz" usr/bin/twin
echo 2.0 >debian-binary
ar rcD "$scratch/files/twin.deb" debian-binary control.tar.xz data.tar.zst
printf 'a few words, so that ClamAV has something to look at\n%.0s' {1..20} >readme
(cd "$scratch/files" && cp "$scratch/in/readme" . && zip -q both.zip twin.deb readme && rm readme)
cd "$here" || exit 1

# --- two databases: one as everybody may write it, and one by the name of the official
cp "$here"/rulesets/clamav/*.ndb "$scratch/db/"
mkdir -p "$scratch/daily" "$scratch/official"
cp "$here"/rulesets/clamav/*.ndb "$scratch/daily/daily.ndb"
: >"$scratch/daily/COPYING"
(cd "$scratch/daily" && echo tester | sigtool --build=daily.cud --unsigned --cvd-version=27800 --no-cdiff) >"$scratch/sigtool.log" 2>&1
cp "$scratch/daily/daily.cud" "$scratch/official/" || flunk "a database by the name of the official" "$(<"$scratch/sigtool.log")"

# clamscan_with DB FILE FORMAT: clamscan's status is $rc, the report is in $scratch/report
clamscan_with() {
  rm -f "$scratch/report"
  ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0:verify_asan_link_order=0 run "$PROBITY" run -q --group file -f "$3" --as-of 2026-11-21 \
    -o "$scratch/report" -- clamscan --no-summary --database "$scratch/$1" "$scratch/files/$2"
}
inside() { # DB FILE: the same, the report in $out
  clamscan_with "$1" "$2" json
  out=$(cat "$scratch/report" 2>/dev/null)
  [[ -z $out ]] || printf '%s\n' "$out" >>"$scratch/every-report.jsonl"
}
malware='[check("I-01")[k] for k in ("status", "coverage")] + [check("I-01").get("reason")]'
closed='[l["path"] for l in r["limits"] if "not scanned by ClamAV" in l["why"]]'

# --- without an official database nothing was looked for, scanned or not; the closed containers are named all the same
for file in twin.deb shut.tar.zst; do
  inside db "$file"
  is "$file: ClamAV does not open it" "$rc" 0
  is "$file: known malware is unknown" "$(get "$malware")" '["unknown", 0, "no official ClamAV database: known malware was not looked for"]'
  is "$file: named" "$(get "$closed")" "[[\"$file\"]]"
  like "$file: in plain words" "$(get '[l["why"] for l in r["limits"]]')" "members $not_scanned"
  here_it_is="$(get '[r["findings"], [c for c in r["checks"] if c["catalogue"] != "I-01"], r["product"]]')"
  ok "$file: there is something to compare" test "${#here_it_is}" -gt 2000
  scan "$scratch/files/$file"
  is "$file: the command line scans what it unpacks" "$(get '[check("I-01")["status"], r["limits"]]')" '["fail", []]'
  is "$file: nothing else differs" "$(get '[[f for f in r["findings"] if f["check"] != check("I-01")["id"]], [c for c in r["checks"] if c["catalogue"] != "I-01"], r["product"]]')" "$here_it_is"
done
inside db open.tgz
is "open.tgz: nothing is unscanned" "$(get "$closed")" "[]"

# --- with one, coverage says how much of the product was held against it
inside official twin.deb
is "official: the host's database is in the report" "$(get '[r["assessment"]["engine"]["clamav_db"][k] for k in ("official", "version")]')" '[true, "27800"]'
is "official: nothing scanned, nothing known" "$(get "$malware")" "[\"unknown\", 0, \"3 of 3 not examined: $not_scanned\"]"
inside official both.zip
is "official: the package in a .zip is named" "$(get "$closed")" '[["both.zip", "twin.deb"]]'
is "official: in part" "$(get "$malware")" "[\"pass\", 250, \"3 of 4 not examined: $not_scanned\"]"
is "official: other checks do not mind" "$(get '[check("I-09")[k] for k in ("status", "coverage")]')" '["pass", 1000]'
inside official open.tgz
is "official: scanned throughout" "$(get "$malware")" '["pass", 1000, null]'
clamscan_with official both.zip text
text=$(tr -s '\n ' '  ' <"$scratch/report")
like "official: for a reader" "$text" "Known malware \(I-01, 25\.0 %\) in part only: 3 of 4 not examined: $not_scanned"
like "official: for a reader, where" "$text" "members $not_scanned \(1 time\) in both\.zip > twin\.deb"
done_testing
