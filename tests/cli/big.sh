# Objects that are larger than the memory that any process of a scan may have: examined to their last byte, or named. A limit on what a process
# may have that is its own (ulimit -d: memory that neither belongs to a file nor is shared) is held by the kernel, so that nothing has to be
# measured: who wants more gets none, and the report differs.
. tests/tap.sh
for tool in ar tar zstd gzip; do
  if ! [[ -x $(command -v "$tool") ]]; then
    skip "large objects" "$tool is not installed"
    done_testing
    exit 0
  fi
done
LIMIT=600
mebi=128 # of the large member; more than $bound, which is in KiB
bound=$((112 << 10))
mkdir -p "$scratch/theirs" "$scratch/in/usr/share" "$scratch/files" "$scratch/tmp"
export TMPDIR=$scratch/tmp
printf 'rule needle { strings: $a = "a needle at the far end" condition: $a }\n' >"$scratch/theirs/needle.yar"
# Packs well, but not so well that it is taken for a bomb.
cat >"$scratch/make.py" <<'PY'
import random, sys
r = random.Random(1)
with open(sys.argv[1], "wb") as f:
    for _ in range(int(sys.argv[2]) * 16):
        f.write(r.randbytes(512) + bytes(65536 - 512))
    f.write(b"a needle at the far end\n")
PY
large=$scratch/in/usr/share/large.bin
/usr/bin/python3 "$scratch/make.py" "$large" "$mebi"

cd "$scratch/in" || exit 1
printf 'Package: twin\nVersion: 1.0-1\nArchitecture: all\nMaintainer: A Person <person@debian.org>\nDescription: a twin\n' >control
tar -czf control.tar.gz ./control
echo 2.0 >debian-binary
tar -cf "$scratch/data.tar" ./usr
zstd -q -1 -c "$scratch/data.tar" >data.tar.zst
ar rcD "$scratch/files/packed.deb" debian-binary control.tar.gz data.tar.zst
cp "$large" "$scratch/files/disk.img"
gzip -1 -c "$scratch/data.tar" >"$scratch/files/appliance.tar.gz"
/usr/bin/python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=1).write(sys.argv[2], "large.bin")' \
  "$scratch/files/members.zip" "$large"
# A container of that size inside of another one: what has to be opened later is kept meanwhile.
cp "$scratch/data.tar" data.tar
ar rcD inner.deb debian-binary control.tar.gz data.tar && rm data.tar
ar rcD "$scratch/files/outer.a" inner.deb && rm inner.deb
cd "$here" || exit 1
rm "$scratch/data.tar"

bounded() {
  ulimit -S -d "$bound"
  scan "$@"
  ulimit -S -d unlimited
}
sees_it() { get '[[" > ".join(e["path"]) for e in f["evidence"]] for f in r["findings"] if f["check"] == "rules.theirs"]'; }
limits() { get '[[" > ".join(l["path"]), l["why"]] for l in r["limits"]]'; }

for file in packed.deb disk.img outer.a appliance.tar.gz; do
  scan --rules "$scratch/theirs" --jobs 1 "$scratch/files/$file"
  is "$file: assessed, and nothing left out" "$(limits)" "[]"
  free=$out
  like "$file: the last bytes were looked at" "$(sees_it)" "$file"
  bounded --rules "$scratch/theirs" --jobs 1 "$scratch/files/$file"
  is "$file: with less memory than it has: the same report" "$out" "$free"
  bounded --rules "$scratch/theirs" --jobs 2 "$scratch/files/$file"
  is "$file: and with two at a time" "$out" "$free"
  is "$file: nothing is left in the temporary folder" "$(ls -A "$scratch/tmp")" ""
done

# What ClamAV unpacks by itself it has in memory for a moment: where there is not enough, that is said.
scan --rules "$scratch/theirs" --jobs 1 "$scratch/files/members.zip"
is "members.zip: assessed, and nothing left out" "$(limits)" "[]"
like "members.zip: the last bytes were looked at" "$(sees_it)" "large.bin"
bounded --rules "$scratch/theirs" --jobs 1 "$scratch/files/members.zip"
like "members.zip: with less memory than its member has: named" "$(limits)" 'members\.zip'
like "... and the product is no less than assessed" "$(get 'r["product"]["kind"]')" "zip"
done_testing
