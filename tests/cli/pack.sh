# Packs of rules: signed by us, verified by minisign and the other way round; installed whole or not at all; what is not trusted takes no part.
. tests/tap.sh
export HOME=$scratch/home XDG_CONFIG_HOME=$scratch/home/.config XDG_DATA_HOME=$scratch/home/.local/share
keys=$XDG_CONFIG_HOME/probity/keys packs=$XDG_DATA_HOME/probity/packs
mkdir -p "$keys" "$scratch/product"
printf 'a needle in a haystack\n' >"$scratch/product/note.txt"
umask 022
pack() { run "$PROBITY" pack "$@"; }
packs_of() { get '[[p["name"], p["key"], p["trusted"], p.get("left_out", False)] for p in r["assessment"]["engine"].get("packs", [])]'; }
why_of() { get 'r["assessment"]["engine"]["packs"][0].get("why", "")'; }
# a pack with a check in Lua, its samples, and a YARA file
new_pack() { # DIR NAME VERSION [LINE OF pack.ini]
  rm -rf "$1"
  mkdir -p "$1/integrity/$2-note.samples"
  echo 'a needle in here' >"$1/integrity/$2-note.samples/x"
  echo 'a haystack' >"$1/integrity/$2-note.samples/y"
  printf '[pack]\nname = %s\nversion = %s\nauthor = A. Author\nlicence = MIT\n%s\n' "$2" "$3" "${4:-}" >"$1/pack.ini"
  cat >"$1/integrity/$2-note.lua" <<'L'
return {
  title = "A needle in a text",
  why = "Needles hurt.",
  catalogue = "I-01",
  claim = "malware",
  severity = "medium",
  reliability = "heuristic",
  applies = { "any" },
  looks = [[ strings: $needle = "a needle in" condition: $needle ]],
  findings = { needle = { says = "a needle: %s", fix = "Take it out." } },
  maps = { "paris:P5", "cwe:506" },
  samples = { hit = { "x" }, clean = { "y" } },
  object = function(object, found)
    for at, length, id in object:hits() do
      found.needle { key = "needle", at = at, length = length, id }
    end
  end,
}
L
  printf 'rule hay { strings: $a = "haystack" condition: $a }\n' >"$1/hay.yar"
}
L1=$scratch/needles
new_pack "$L1" needles 1.0

# --- keys
pack key new -W -s "$scratch/a.key"
is "key new: done" "$rc" 0
is "key new: only its owner reads the secret" "$(stat -c %a "$scratch/a.key")" 600
id=$(sed -nE 's/^key ([0-9A-F]{16})$/\1/p' <<<"$out")
like "key new: tells its id" "$id" '^[0-9A-F]{16}$'
status "key new: never over another" 2 "$PROBITY" pack key new -W -s "$scratch/a.key"
minisign -G -W -p "$scratch/m.pub" -s "$scratch/m.key" >/dev/null 2>&1

# --- lists: a library, or nothing
for list in lists/hosts.txt rulesets/lists/namespaces.txt rulesets/claims.ini capabilities/network.ini; do
  mkdir -p "$L1/${list%/*}"
  echo 'example.org' >"$L1/$list"
  run "$PROBITY" pack sign "$L1" -s "$scratch/a.key"
  like "$list: refused by name, with what to do" "$rc $err" "^2 .*needles/$list: a pack's lists have no effect.*lib/NAME.lua, which checks have by require \"lib.NAME\""
  rm -r "${L1:?}/${list%%/*}"
done
mkdir -p "$L1/lib" "$L1/lists" "$L1/integrity/lists"
echo 'return { "a needle in" }' >"$L1/lib/words.lua"
echo 'rule more { strings: $a = "more hay" condition: $a }' >"$L1/lists/more.yar"
echo 'a needle' >"$L1/integrity/lists/notes.txt"
sed -i '1i local words = require "lib.words"' "$L1/integrity/needles-note.lua"
status "a library, YARA files and texts elsewhere are none" 0 "$PROBITY" pack sign "$L1" -s "$scratch/a.key"
status "... and its check has the library" 0 "$PROBITY" check test "$L1"
echo x >"$L1/lists/hosts.txt"
(cd "$L1" && find . -type f ! -name 'pack.sum*' -printf '%P\n' | LC_ALL=C sort | while read -r f; do echo "$(sha256sum <"$f" | cut -d' ' -f1) $(stat -c %s "$f") $f"; done) >"$scratch/sum"
cp "$scratch/sum" "$L1/pack.sum"
minisign -S -W -s "$scratch/a.key" -m "$L1/pack.sum" >/dev/null 2>&1
status "one that others signed with a list in it" 1 "$PROBITY" pack verify "$L1" -p "$scratch/a.key.pub"
like "... says the same" "$err" "lists/hosts.txt: a pack's lists have no effect"
new_pack "$L1" needles 1.0

# --- sign: ours to theirs, theirs to ours
status "sign" 0 "$PROBITY" pack sign "$L1" -s "$scratch/a.key"
ok "minisign verifies what we signed" minisign -Vm "$L1/pack.sum" -p "$scratch/a.key.pub"
is "... and shows our comment" "$(minisign -VQm "$L1/pack.sum" -p "$scratch/a.key.pub")" "probity pack needles 1.0"
is "the list: digest, size, path, sorted" "$(cat "$L1/pack.sum")" \
  "$(cd "$L1" && find . -type f ! -name 'pack.sum*' -printf '%P\n' | sort | while read -r f; do echo "$(sha256sum <"$f" | cut -d' ' -f1) $(stat -c %s "$f") $f"; done)"
status "verify: by its key" 0 "$PROBITY" pack verify "$L1" -p "$scratch/a.key.pub"
status "verify: by the key's text" 0 "$PROBITY" pack verify "$L1" -P "$(tail -n 1 "$scratch/a.key.pub")"
status "verify: another key" 1 "$PROBITY" pack verify "$L1" -p "$scratch/m.pub"
like "... is named" "$out" "signed with key $id, which is not among the trusted ones"
status "verify: nobody is trusted yet" 1 "$PROBITY" pack verify "$L1"
status "sign with minisign's key" 0 "$PROBITY" pack sign "$L1" -s "$scratch/m.key"
ok "... minisign verifies it" minisign -Vm "$L1/pack.sum" -p "$scratch/m.pub"
status "sign without a key: the list only" 0 "$PROBITY" pack sign "$L1"
ok "... no old signature stays beside it" test ! -e "$L1/pack.sum.minisig"
minisign -S -W -s "$scratch/a.key" -m "$L1/pack.sum" >/dev/null 2>&1
status "verify: what minisign signed with our key" 0 "$PROBITY" pack verify "$L1" -p "$scratch/a.key.pub"
minisign -S -W -l -s "$scratch/a.key" -m "$L1/pack.sum" >/dev/null 2>&1
status "verify: minisign's old form is refused" 1 "$PROBITY" pack verify "$L1" -p "$scratch/a.key.pub"
like "... with what to do" "$out" 'sign again without -l'
printf 'secret\nsecret\n' | minisign -G -p "$scratch/w.pub" -s "$scratch/w.key" >/dev/null 2>&1
ok "a key of minisign's with a password signs" bash -c 'printf "secret\n" | "$1" pack sign "$2" -s "$3"' - "$PROBITY" "$L1" "$scratch/w.key"
ok "... minisign verifies it" minisign -Vm "$L1/pack.sum" -p "$scratch/w.pub"
run bash -c 'printf "wrong\n" | "$1" pack sign "$2" -s "$3"' - "$PROBITY" "$L1" "$scratch/w.key"
is "a wrong password" "$rc" 2
like "... is told" "$err" 'wrong password'
ok "key new with a password" bash -c 'printf "secret\n" | "$1" pack key new -s "$2"' - "$PROBITY" "$scratch/n.key"
ok "... minisign signs with it" bash -c 'printf "secret\n" | minisign -S -s "$1" -m "$2" && minisign -Vm "$2" -p "$1.pub"' - "$scratch/n.key" "$L1/pack.sum"

# --- install
"$PROBITY" pack sign "$L1" -s "$scratch/a.key" >/dev/null
pack install "$L1" --user
is "install: an unknown key" "$rc" 2
like "... says where its public key would go" "$err" "signed with key $id, .* put its public key into $keys"
cp "$scratch/a.key.pub" "$keys/a.pub"
status "verify: trusted" 0 "$PROBITY" pack verify "$L1"
chmod o+w "$keys/a.pub"
pack verify "$L1"
is "a key that others can write is not trusted" "$rc" 1
like "... by name" "$err" "keys/a.pub: this key is not trusted: others can write to .*keys/a.pub"
chmod o-w "$keys/a.pub"
like "key show: those that are trusted" "$("$PROBITY" pack key show)" "^$id  RW.* $keys/a.pub$"
status "install" 0 "$PROBITY" pack install "$L1" --user
ok "... it is there, with what was signed and nothing else" diff -r "$L1" "$packs/needles"
status "install again: nothing to do" 0 "$PROBITY" pack install "$L1" --user
like "... says so" "$out" 'installed already'
pack list
like "list" "$out" "^needles +1\.0 +$id +$packs/needles  trusted$"
is "list: JSON" "$("$PROBITY" pack list -f json | python3 -c 'import json,sys; p=json.loads(sys.stdin.read()); print(p["name"],p["trusted"],p["licence"])')" "needles True MIT"

# --- scan
scan --pack needles "$scratch/product"
is "scan --pack: its check fires" "$(get '[f["key"] for f in found("integrity.needles-note")]')" '["needle"]'
is "... and its YARA rule" "$(get '[f["key"] for f in found("rules.needles")]')" '["rules/needles/hay.yar:hay"]'
is "... and the report names who signed it" "$(packs_of)" '[["needles", "'"$id"'", true, false]]'
is "... with its digest" "$(get 'r["assessment"]["engine"]["packs"][0]["sha256"]')" "$(sha256sum <"$L1/pack.sum" | cut -d' ' -f1)"
scan "$scratch/product"
is "no pack takes part unasked" "$(packs_of)" '[]'
run "$PROBITY" scan -q --no-cache --as-of 2026-11-21 --database "$scratch/db" --pack needles "$scratch/product"
like "the text names it" "$out" "needles 1\.0: signed with key $id, which is trusted"
pack_line=$("$PROBITY" check list --pack needles | tail -n 1)
is "check list: the packs" "$pack_line" "pack needles 1.0, key $id, pack.sum $(sha256sum <"$L1/pack.sum" | cut -d' ' -f1)"
scan --pack needels "$scratch/product"
is "a pack that is not installed" "$rc" 2
like "... is told" "$err" 'no pack "needels" is installed'

# --- changed after it was installed
cp -r "$packs/needles" "$scratch/good"
restore() { rm -rf "$packs/needles" && cp -r "$scratch/good" "$packs/needles"; }
left_out() { # NAME REASON
  scan --pack needles "$scratch/product"
  is "$1: left out" "$(packs_of)" '[["needles", "unsigned", false, true]]'
  like "... and named" "$err" "pack needles: $2"
  like "... in the report" "$(why_of)" "$2"
  is "... none of it takes part" "$(get '[c["id"] for c in r["checks"] if "needles" in c["id"]]')" '[]'
  restore
}
echo "-- more" >>"$packs/needles/integrity/needles-note.lua"
left_out "a changed file" "integrity/needles-note.lua was changed"
echo 'rule x { condition: true }' >"$packs/needles/z.yar"
left_out "a file more" "z.yar is not in pack.sum"
rm "$packs/needles/hay.yar"
left_out "a file less" "hay.yar is in pack.sum and not there"
: >"$packs/needles/.hidden"
left_out "a hidden file" ".*\.hidden: hidden files"
truncate -s -20 "$packs/needles/pack.sum.minisig"
left_out "a cut signature" "pack.sum.minisig: not a signature of minisign's, or cut short"
rm "$packs/needles/pack.sum.minisig"
left_out "no signature" "it is not signed"
ln -s /etc/hostname "$packs/needles/link.yar"
left_out "a link" ".*link.yar: neither a file nor a folder"
ln "$packs/needles/hay.yar" "$packs/needles/hay2.yar"
left_out "a hard link" ".*hay2?.yar: a file with several names"
chmod o+w "$packs/needles/hay.yar"
left_out "a file that others can write" ".*hay.yar: others can write to it"
sed -i 's/needles$/others/' "$packs/needles/pack.ini" && "$PROBITY" pack sign "$packs/needles" -s "$scratch/a.key" >/dev/null
left_out "another pack in its folder" "its folder has another name"
mv "$keys/a.pub" "$keys/a.not"
scan --pack needles "$scratch/product"
is "a key that is trusted no more: left out" "$(packs_of)" '[["needles", "'"$id"'", false, true]]'
mv "$keys/a.not" "$keys/a.pub"

# --- by folder
new_pack "$scratch/raw" raw 0.1
scan --pack "$scratch/raw" "$scratch/product"
is "a folder that nobody signed" "$rc" 2
like "... says what would make it work" "$err" 'it is not signed; .*add --unsigned'
scan --pack "$scratch/raw" --unsigned "$scratch/product"
is "--unsigned: takes part, and the report says so" "$(packs_of) $(why_of)" '[["raw", "unsigned", false, false]] it is not signed'
is "... its check fires" "$(get '[f["key"] for f in found("integrity.raw-note")]')" '["needle"]'
scan --rules "$scratch/raw" "$scratch/product"
is "--rules DIR: the same" "$(packs_of)" '[["raw", "unsigned", false, false]]'
run "$PROBITY" scan -q --no-cache --as-of 2026-11-21 --database "$scratch/db" --rules "$scratch/raw" "$scratch/product"
like "... the text too" "$out" 'raw 0\.1: NOT TRUSTED: it is not signed'
"$PROBITY" pack sign "$scratch/raw" -s "$scratch/m.key" >/dev/null
scan --pack "$scratch/raw" --unsigned "$scratch/product"
is "signed by nobody we know: not trusted" "$(packs_of)" '[["raw", "'"$(sed -nE 's/.*key ([0-9A-F]+)$/\1/p' "$scratch/m.pub")"'", false, false]]'
status "install: not without a trusted key" 2 "$PROBITY" pack install "$scratch/raw" --user
ok "... nothing is left of it" test ! -e "$packs/raw" -a -z "$(find "$packs" -name '.new-*')"
is "check test runs a pack's samples" "$("$PROBITY" check test --pack "$scratch/raw" --unsigned integrity.raw-note 2>&1 | tail -n 1)" "2 passed, 0 failed"

# --- versions
new_pack "$L1" needles 1.1
"$PROBITY" pack sign "$L1" -s "$scratch/a.key" >/dev/null
pack install "$L1" --user
is "another version: not unasked" "$rc" 2
like "... says how" "$err" 'needles 1\.0 is installed.*--replace'
status "install --replace" 0 "$PROBITY" pack install "$L1" --user --replace
like "... the new one is there" "$("$PROBITY" pack list)" '^needles +1\.1 '
is "... and nothing else" "$(ls -A "$packs" | tr '\n' ' ')" ".lock needles "

# --- what they require
new_pack "$scratch/top" top 2.0 'requires = probity >= 0.0.1, needles >= 1.1'
new_pack "$scratch/far" far 2.0 'requires = needles >= 1.2'
new_pack "$scratch/future" future 2.0 'requires = probity >= 999'
for p in top far future; do "$PROBITY" pack sign "$scratch/$p" -s "$scratch/a.key" >/dev/null; done
status "requires: what is there" 0 "$PROBITY" pack install "$scratch/top" --user
scan --pack top "$scratch/product"
is "... comes with it, first" "$(packs_of)" '[["needles", "'"$id"'", true, false], ["top", "'"$id"'", true, false]]'
pack install "$scratch/far" --user
like "requires: a later version" "$rc $err" '^2 .*requires needles >= 1\.2; this is 1\.1'
pack install "$scratch/future" --user
like "requires: a later Probity" "$rc $err" '^2 .*requires probity >= 999; this is '
scan --pack "$scratch/future" "$scratch/product"
is "... takes no part" "$(packs_of)" '[["future", "'"$id"'", true, true]]'
pack remove needles --user
like "remove: not what another requires" "$rc $err" '^2 .*top requires it'
status "remove" 0 "$PROBITY" pack remove top --user
status "... then the other" 0 "$PROBITY" pack remove needles --user
is "... both are gone" "$(ls -A "$packs")" ".lock"
new_pack "$packs/one" one 1 'requires = two'
new_pack "$packs/two" two 1 'requires = one'
for p in one two; do "$PROBITY" pack sign "$packs/$p" -s "$scratch/a.key" >/dev/null; done
scan --pack one "$scratch/product"
is "two that require each other: left out" "$(packs_of)" '[["two", "'"$id"'", true, true], ["one", "'"$id"'", true, true]]'
rm -rf "$packs/one" "$packs/two"

# --- archives, honest and hostile
tar -C "$scratch" -czf "$scratch/n.tar.gz" needles
status "install: a .tar.gz" 0 "$PROBITY" pack install "$scratch/n.tar.gz" --user
ok "... is the same" diff -r "$L1" "$packs/needles"
"$PROBITY" pack remove needles --user >/dev/null
tar -C "$L1" -czf "$scratch/dot.tar.gz" .
status "... without a folder around it" 0 "$PROBITY" pack install "$scratch/dot.tar.gz" --user
"$PROBITY" pack remove needles --user >/dev/null
/usr/bin/python3 - "$scratch" "$L1" <<'P'
import io, os, sys, tarfile
scratch, pack = sys.argv[1:]
def make(name, edit):
    t = tarfile.open(f"{scratch}/{name}.tar.gz", "w:gz")
    t.add(pack, "needles")
    edit(t)
    t.close()
def entry(t, name, data=b"x", type=tarfile.REGTYPE, link=""):
    i = tarfile.TarInfo(name)
    i.type, i.linkname, i.size = type, link, len(data) if type == tarfile.REGTYPE else 0
    t.addfile(i, io.BytesIO(data))
make("up", lambda t: entry(t, "needles/../../escaped"))
make("absolute", lambda t: entry(t, scratch + "/escaped"))
make("folder_up", lambda t: entry(t, "../escaped", type=tarfile.DIRTYPE))
make("symlink", lambda t: entry(t, "needles/link", type=tarfile.SYMTYPE, link=scratch))
make("through", lambda t: (entry(t, "needles/link", type=tarfile.SYMTYPE, link=scratch), entry(t, "needles/link/escaped")))
make("hardlink", lambda t: entry(t, "needles/hard", type=tarfile.LNKTYPE, link="needles/pack.ini"))
make("device", lambda t: entry(t, "needles/null", type=tarfile.CHRTYPE))
make("fifo", lambda t: entry(t, "needles/fifo", type=tarfile.FIFOTYPE))
make("twice", lambda t: entry(t, "needles/hay.yar"))
make("control", lambda t: entry(t, "needles/a\x1b[2J.yar"))
make("backslash", lambda t: entry(t, "needles\\..\\x"))
make("extra", lambda t: entry(t, "needles/extra.yar", b"rule x { condition: true }"))
make("two", lambda t: entry(t, "second/pack.ini"))
make("big", lambda t: entry(t, "needles/zeros", bytes(40 << 20)))
make("bomb", lambda t: [entry(t, f"needles/z{i}", bytes(30 << 20)) for i in range(10)])
make("many", lambda t: [entry(t, f"needles/f{i}", b"") for i in range(10500)])
raw = open(f"{scratch}/n.tar.gz", "rb").read()
open(f"{scratch}/cut.tar.gz", "wb").write(raw[: len(raw) // 2])
open(f"{scratch}/flipped.tar.gz", "wb").write(raw[:200] + bytes([raw[200] ^ 255]) + raw[201:])
open(f"{scratch}/none.tar.gz", "wb").write(b"#!/bin/sh\n")
open(f"{scratch}/empty.tar.gz", "wb").write(b"")
P
mkdir "$scratch/tmp"
export TMPDIR=$scratch/tmp # of others there may be any
for case in up:leads.out absolute:leads.out folder_up:leads.out symlink:link through:link hardlink:link device:neither.a.file fifo:neither.a.file \
  twice:twice control:no.pack.may backslash:no.pack.may extra:extra.yar.is.not.in two:no.pack.ini big:more.than bomb:more.than many:more.than \
  cut:damaged flipped:. none:damaged empty:damaged; do
  pack install "$scratch/${case%%:*}.tar.gz" --user
  like "hostile archive ${case%%:*}: refused" "$rc $err" "^2 .*${case#*:}"
done
ok "... nothing escaped" test ! -e "$scratch/escaped" -a ! -e "${scratch%/*}/escaped"
is "... and nothing is left" "$(ls -A "$packs")" ".lock"
is "... nor in the folder for temporary files" "$(ls -A "$TMPDIR")" ""

# --- hostile folders
hostile() { # NAME REASON
  pack verify "$scratch/h"
  like "hostile pack: $1" "$rc $err$out" "^1 .*$2"
  new_pack "$scratch/h" h 1
}
new_pack "$scratch/h" h 1
head -c 100000 /dev/zero | tr '\0' '#' >>"$scratch/h/pack.ini"
hostile "a huge pack.ini" 'pack.ini'
printf '[pack]\nname = ../../etc\nversion = 1\nauthor = a\nlicence = l\n' >"$scratch/h/pack.ini"
hostile "a name that leads out" "pack.ini:2: name: .*small letters"
printf 'nmae = x\n' >>"$scratch/h/pack.ini"
hostile "a key that is misspelt" 'unknown key "nmae", did you mean "name"'
printf '[pack]\nname = h\nversion = 1\n' >"$scratch/h/pack.ini"
hostile "half of a pack.ini" 'name, version, author and licence have to be there'
mkfifo "$scratch/h/fifo"
LIMIT=5 hostile "a FIFO" 'fifo: neither a file nor a folder'
mkdir -p "$scratch/h/1/2/3/4/5/6/7/8/9/10/11/12/13/14"
hostile "folders without end" 'long names|too many folders'
(cd "$scratch/h" && "$PROBITY" pack sign . -s "$scratch/a.key" >/dev/null && head -c 9000000 /dev/zero >pack.sum)
hostile "a huge pack.sum" 'pack.sum'
(cd "$scratch/h" && "$PROBITY" pack sign . -s "$scratch/a.key" >/dev/null && printf 'a\0b' >>pack.sum)
hostile "a pack.sum that is longer than its signature" 'does not hold'
done_testing
