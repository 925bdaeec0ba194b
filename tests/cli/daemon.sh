# Real hosts with the hook and a real probityd, which only observes: ClamAV says what it says without, in every mode, and every product has
# its report.
. tests/tap.sh
. tests/clamd.sh

# --- ten archives, EICAR in six of them. No two hold the same clean file: what ClamAV knows from its cache is hidden.sh's matter.
files=$scratch/files
insides() { # NAME [eicar]: fresh folder opt/ with files that only this one has; its path in $in
  in=$(mktemp -d "$scratch/in.XXXXXX")
  mkdir -p "$in/opt/x"
  printf "a file of $1's own\n%.0s" {1..50} >"$in/opt/x/readme"
  { cat /bin/true; echo "$1"; } >"$in/opt/x/program"
  [[ -z ${2:-} ]] || eicar >"$in/opt/x/sample.com"
}
package "$files/clean.deb"
insides clean.tgz && tar -C "$in" -czf "$files/clean.tgz" opt
insides clean.7z && (cd "$in" && 7z a -bd -y "$files/clean.7z" opt >/dev/null)
insides eicar.tgz eicar && tar -C "$in" -czf "$files/eicar.tgz" opt
insides eicar.tar.zst eicar && tar -C "$in" --zstd -cf "$files/eicar.tar.zst" opt # ClamAV does not open it
insides eicar.zip eicar && (cd "$in" && zip -qr "$files/eicar.zip" opt)
insides encrypted.zip eicar && (cd "$in" && zip -qr -P secret "$files/encrypted.zip" opt)
insides eicar.deb eicar && tar -C "$in" -cJf "$in/data.tar.xz" opt                # nor this
insides control && tar -C "$in" -cJf "$in/control.tar.xz" opt && mv "$in/control.tar.xz" "$scratch/"
echo 2.0 >"$scratch/debian-binary"
(cd "$scratch" && ar rcD "$files/eicar.deb" debian-binary control.tar.xz in.*/data.tar.xz)
insides inner.zip eicar && (cd "$in" && zip -qr inner.zip opt && zip -q "$files/nested.zip" inner.zip)
insides layer eicar && tar -C "$in" -cf "$in/layer.tar" opt # as `docker save` writes it
printf '[{"Config":"config.json","RepoTags":["twin:1"],"Layers":["layer.tar"]}]' >"$in/manifest.json"
printf '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}' >"$in/config.json"
tar -C "$in" -cf "$files/image.tar" manifest.json config.json layer.tar
if [[ -x $(command -v rpmbuild) ]]; then
  insides eicar.rpm eicar
  printf 'Name: twin\nVersion: 1.0\nRelease: 1\nSummary: a twin\nLicense: MIT\nBuildArch: noarch\n%%description\nA twin.\n%%install\nmkdir -p %%{buildroot}/opt/x\ncp %s/opt/x/* %%{buildroot}/opt/x/\n%%files\n/opt/x\n' "$in" >"$scratch/twin.spec"
  rpmbuild -bb --define "_topdir $scratch/top" --define "_rpmdir $files" --define '_rpmfilename eicar.rpm' --define "_dbpath $scratch/rpmdb" \
    "$scratch/twin.spec" >"$scratch/rpm.log" 2>&1 || flunk "rpmbuild" "$(tail -n 5 "$scratch/rpm.log")"
fi
archives=("$files"/*)
ok "ten archives" test "${#archives[@]}" -ge 10
[[ ! -d /usr/share/clamav-testfiles ]] || cp /usr/share/clamav-testfiles/* "$files/"
eicar >"$files/eicar.com"
printf 'only words\n' >"$files/words.txt"
printf 'abc' >"$files/tiny"
: >"$files/empty"
chmod -R a+rX "$files"

# --- what ClamAV says by itself
scans() { # [COMMAND...]: clamscan in its modes. Times aside, and the order of what threads do.
  local filter='/^(Time|Start Date|End Date|Data scanned|Data read):/d' options
  for options in "" "--allmatch" "--archive-verbose" "--alert-encrypted=yes" "--allmatch --archive-verbose --alert-encrypted=yes --heuristic-scan-precedence=yes"; do
    echo "clamscan $options"
    # shellcheck disable=SC2086
    "$@" clamscan -d "$scratch/db" -r $options "$files" 2>&1 | sed -E "$filter"
    echo "status ${PIPESTATUS[0]}"
  done
  rm -rf "$scratch/json"
  mkdir "$scratch/json"
  echo "clamscan --gen-json"
  "$@" clamscan -d "$scratch/db" --gen-json --leave-temps --tempdir="$scratch/json" "${archives[@]}" 2>&1 | sed -E "$filter"
  echo "status ${PIPESTATUS[0]}"
  # What it says of their insides; temporary files have names of chance.
  find "$scratch/json" -name '*.json' -exec sed -E 's/"File(Path|TempName)":"[^"]*"//g' {} + | LC_ALL=C sort
}
plain=("" --fdpass --stream --multiscan --allmatch)
all=("${plain[@]}" "--allmatch --fdpass" "--allmatch --stream" "--allmatch --multiscan")
modes() { # FILE...: clamd in the modes ${use[@]}; the answers sorted: threads finish in any order
  local mode
  for mode in "${use[@]}"; do
    echo "clamdscan $mode"
    # shellcheck disable=SC2086
    clamdscan -c "$scratch/clamd.conf" --no-summary $mode "$@" 2>&1 | LC_ALL=C sort
    echo "status ${PIPESTATUS[0]}"
  done
}
alone=$(scans)
start_clamd bare
use=("${plain[@]}")
d_alone=$(modes "$files")
use=("${all[@]}")
d_alone_archives=$(modes "${archives[@]}")
stop_clamd
is "there is something to be found" "$(grep -cE '/eicar\.(com|tgz|zip): Probity\.Test\.EICAR.* FOUND' <<<"$(clamscan -d "$scratch/db" --no-summary "$files")")" 3

# --- and with the plugin
start_probityd
with=$(scans hooked)
same "clamscan in every mode: the same output and status" "$with" "$alone"
settled
# Which of them have no report by that host.
missing() { # HOST FILE...
  local host=$1
  shift
  stored | /usr/bin/python3 -c '
import hashlib, json, sys
have = {a["sha256"] for a in map(json.loads, sys.stdin) if a["host"] == sys.argv[1] and a["decision"] != "NOT ASSESSED"}
print(" ".join(f.rsplit("/", 1)[1] for f in sys.argv[2:] if hashlib.sha256(open(f, "rb").read()).hexdigest() not in have))' "$host" "$@"
}
products=("${archives[@]}" "$files"/clam*.zip "$files"/clam*.tar.gz "$files"/clam*.exe)
is "clamscan: every product has a report" "$(missing clamscan "${products[@]}")" ""
is "texts and empty files are no products" "$(stored | grep -cE '/(words\.txt|tiny|empty)"')" 0
ok "but are counted" test "$(state skipped)" -ge 12
is "nothing was left out" "$(state not_assessed) $(state deaths)" "0 0"
is "every assessment names its host and user" "$(stored | /usr/bin/python3 -c '
import json, sys
print({(a["host"], a["uid"]) for a in map(json.loads, sys.stdin)} == {("clamscan", int(sys.argv[1]))})' "$(id -u)")" True
like "the log has a line for each, with its fields" "$(grep -c 'assessed id=[0-9]* decision="[A-Z ]*" trust=[0-9.]* .*sha256=[0-9a-f]\{64\} host=clamscan path="/' "$scratch/probityd.log")" '^[1-9][0-9]+$'
n=$(stored | wc -l)
start_clamd with
like "clamd is loaded with the hook" "$(grep -c "$(basename "$hook")" "/proc/$clamd_pid/maps")" '[1-9]'
use=("${plain[@]}")
same "clamd in every mode: the same answers" "$(modes "$files")" "$d_alone"
reload_clamd
use=("${all[@]}")
same "clamd in every mode after a reload: the same answers" "$(modes "${archives[@]}")" "$d_alone_archives"
stop_clamd
settled
is "clamd: every product has a report" "$(missing clamd "${products[@]}")" ""
# Five modes before the reload, eight after it.
is "clamd: each scan of a product has one" "$(stored | /usr/bin/python3 -c '
import json, sys
print(sum(a["sha256"] == sys.argv[1] and a["host"] == "clamd" for a in map(json.loads, sys.stdin)))' "$(sha "$files/eicar.zip")")" 13
like "clamd: what is streamed has no path" "$(stored | grep '"host":"clamd"')" '"path":"instream\(local\)"'
is "a real detection is told" "$(stored | /usr/bin/python3 -c '
import json, sys
print({a["clamav"][:18] for a in map(json.loads, sys.stdin) if a["sha256"] == sys.argv[1]})' "$(sha "$files/eicar.zip")")" "{'Probity.Test.EICAR'}"
ok "more than before" test "$(stored | wc -l)" -gt "$n"
# The reports themselves.
"$PROBITY" show "$(stored | /usr/bin/python3 -c '
import json, sys
print(max(a["id"] for a in map(json.loads, sys.stdin) if a["sha256"] == sys.argv[1] and a["host"] == "clamscan"))' "$(sha "$files/eicar.deb")")" \
  -f json --store "$scratch/keeper/probity.db" >>"$scratch/every-report.jsonl"
out=$(<"$scratch/every-report.jsonl")
like "a .deb that ClamAV does not open is opened" "$(get '[" > ".join(e["path"]) for f in r["findings"] for e in f["evidence"]]')" "eicar\.deb > data\.tar\.xz"
like "and the report says what ClamAV itself did not scan" "$(get 'check("I-01")')" "ClamAV"
ok "the store's chain holds" "$PROBITY" log verify --store "$scratch/keeper/probity.db"
stop_probityd
done_testing
