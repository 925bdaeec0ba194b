# Bad input: a clear message that names the thing, the right exit status, nothing lost of the other products in the run.
. tests/tap.sh
good=$scratch/good.txt
printf 'an ordinary text file\n' >"$good"

status "no such path" 2 "$PROBITY" scan -q "$scratch/absent.deb"
like "no such path is named" "$err" "absent\.deb.*No such file"
mkfifo "$scratch/fifo"
status "a FIFO" 2 "$PROBITY" scan -q "$scratch/fifo"
like "a FIFO is named as one" "$err" "fifo.*FIFO"
status "a device" 2 "$PROBITY" scan -q /dev/null
like "a device is named as one" "$err" "/dev/null.*device"
ln -s loop "$scratch/loop"
status "a symlink loop" 2 "$PROBITY" scan -q "$scratch/loop"
like "a symlink loop is named" "$err" "loop.*(symbolic|levels)"

: >"$scratch/empty"
scan "$scratch/empty"
is "0 bytes: not rated" "$rc" 4
like "0 bytes: said in limits" "$(get '[l["why"] for l in r["limits"]]')" "empty"
printf abc >"$scratch/three"
scan "$scratch/three"
is "3 bytes are a product" "$(get 'r["product"]["size"]')" 3
is "its digest" "$(get 'r["product"]["sha256"]')" "$(printf abc | sha256sum | cut -d' ' -f1)"
mkdir "$scratch/nothing"
scan "$scratch/nothing"
is "an empty folder: not rated" "$rc" 4

scan "$scratch/absent.deb" "$good" "$scratch/fifo" "$good"
is "an error comes first in the exit status" "$rc" 2
is "the other products are reported" "$(get 'len(rs)')" 2

if [[ $(id -u) == 0 ]] && command -v setpriv >/dev/null; then
  printf secret >"$scratch/unreadable"
  chmod 000 "$scratch/unreadable"
  chmod 755 "$scratch"
  # The tree itself may lie where another user cannot go.
  mkdir "$scratch/own" && cp "$PROBITY" "$scratch/own/probity" && cp -r "$here/rulesets" "$here/scripts" "$scratch/own/"
  run setpriv --reuid=65534 --clear-groups env HOME=/nonexistent XDG_CACHE_HOME=/nonexistent PROBITY_DATA="$scratch/own" \
    "$scratch/own/probity" scan -q -f json "$scratch/unreadable"
  is "an unreadable file: status" "$rc" 2
  like "an unreadable file is named" "$err" "unreadable.*denied"
elif [[ $(id -u) != 0 ]]; then
  printf secret >"$scratch/unreadable"
  chmod 000 "$scratch/unreadable"
  status "an unreadable file" 2 "$PROBITY" scan -q "$scratch/unreadable"
else
  skip "an unreadable file" "no setpriv"
fi

# A folder with everything odd in it: nothing hangs, nothing raw reaches the output, what was left out is said.
odd=$scratch/odd
mkdir -p "$odd/a/b"
mkfifo "$odd/pipe"
ln -s . "$odd/self"
ln -s ../../.. "$odd/a/up"
printf 'text in a file with a strange name\n' >"$odd/new
line"
printf 'text in a file with a strange name\n' >"$odd"/$'esc\033[31m'
printf 'text in a file with a strange name\n' >"$odd"/$'bad\xff\xfeutf8'
printf 'text in a file with a strange name\n' >"$odd"/$'rtl\u202etxt.exe'
/usr/bin/python3 -c 'import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$odd/sock" 2>/dev/null
LIMIT=60 scan "$odd"
ok "an odd folder is assessed" test "$rc" != 2 -a "$rc" != 124
is "its FIFO is in limits" "$(get 'any("pipe" in " ".join(l["path"]) for l in r["limits"])')" true
run "$PROBITY" scan -q -v --database "$scratch/db" "$odd"
ok "no raw escape, newline name or bidi control in the text" /usr/bin/python3 -c '
import sys
t = sys.stdin.buffer.read()
t.decode("utf-8")
sys.exit(any(b in t for b in (b"\x1b", b"\xff", "\u202e".encode())))' <<<"$out"

# Archives that lie or break off.
head -c 2000 /dev/urandom >"$scratch/r.bin"
tar cf "$scratch/t.tar" -C "$scratch" r.bin good.txt
gzip -k "$scratch/t.tar"
head -c 700 "$scratch/t.tar.gz" >"$scratch/cut.tar.gz"
scan "$scratch/cut.tar.gz"
ok "a truncated archive is assessed" test "$rc" != 2
ok "and what is missing is said" test "$(get 'len(r["limits"])')" -gt 0
cp /bin/true "$scratch/x.deb"
scan "$scratch/x.deb"
ok "an ELF that calls itself .deb is an ELF" test "$(get 'r["product"]["kind"]')" = elf
/usr/bin/python3 - "$scratch/bomb.zip" <<'P'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for i in range(4):
        with z.open(f"zeros{i}", "w") as f:
            for _ in range(300):
                f.write(bytes(1 << 20))
P
LIMIT=300 scan "$scratch/bomb.zip"
ok "a bomb ends" test "$rc" != 124 -a "$rc" != 2

# A file that changes while it is read.
head -c 30000000 /dev/urandom >"$scratch/moving.bin"
(while :; do head -c 4096 /dev/urandom >>"$scratch/moving.bin"; done) 2>/dev/null &
writer=$!
LIMIT=120 scan "$scratch/moving.bin"
kill $writer 2>/dev/null
wait $writer 2>/dev/null
ok "a growing file is assessed" test "$rc" != 2 -a "$rc" != 124
like "and its change is said" "$(get '[l["why"] for l in r["limits"]]')" "changed while"

# Rules of the user's own, broken in several ways: named, left out, the rest works.
mkdir -p "$scratch/rules"
printf 'rule broken { strings: $a = "x condition: $a }\n' >"$scratch/rules/broken.yar"
printf 'rule finds { meta: description = "a word" strings: $a = "ordinary text" condition: $a }\n' >"$scratch/rules/finds.yar"
printf 'return { title = "no more than a title", severty = "high" }\n' >"$scratch/rules/bad.lua"
run "$PROBITY" scan -f json --database "$scratch/db" --rules "$scratch/rules" "$good"
like "a broken YARA file is named with its line" "$err" "broken\.yar:[0-9]+: "
like "a broken check is named with its field" "$err" "bad\.lua.*(severty|severity)"
like "what was left out is in the report" "$(get '[l["why"] for l in r["limits"]]')" "broken\.yar"
is "the good rule is used" "$(get 'any("finds" in f["key"] for f in r["findings"])')" true
status "a rules folder that is not there" 2 "$PROBITY" scan -q --rules "$scratch/norules" "$good"
like "it is named" "$err" "norules"
mkdir "$scratch/brokendb"
printf 'this is no signature\n' >"$scratch/brokendb/x.ndb"
status "a broken database" 2 "$PROBITY" scan -q --database "$scratch/brokendb" "$good"
like "its file is named" "$err" "brokendb"
done_testing
