# Archives of languages and systems as products: what lies in them, what they say of themselves, what of them runs when they are installed; and
# such that lie.
. tests/tap.sh
made=$scratch/made
squash=""
command -v mksquashfs >/dev/null && squash=squashfs
ok "archives are made" "$here/tests/make_archives.py" "$made" $squash
about() { # FILE: name, version, kind into title
  scan "$made/$1"
  title=$(get '"%s %s %s" % (r["product"]["name"], r["product"]["version"], r["product"]["kind"])')
}
reaches() { get 'sorted(f["says"].split(" of ")[0] for f in r["findings"] if f["check"] == "integrity.install-network")'; }
none() { is "$1: nothing is left out" "$(get 'len(r["limits"])')" 0; }

while read -r file who script; do
  about "$file"
  is "$file" "$title" "${who//_/ }"
  is "$file: what runs at installation" "$(reaches)" "$script"
  none "$file"
done <<'LIST'
twin-1.0.tar.gz twin_1.0_sdist ["setup.py"]
twin-1.0-py3.egg twin_1.0_sdist []
twin-1.2.3.gem twin_1.2.3_gem ["extension"]
Twin.1.2.3.nupkg Twin_1.2.3_nupkg ["install.ps1"]
twin.crx Twin_1.2.3_extension []
twin.xpi Twin_1.2.3_extension []
twin-1.2.3.vsix twin_1.2.3_npm []
app.asar twin_1.2.3_npm []
twin.apk net.example.twin_1.2.3_apk []
docker.tar registry.vendor-host.net:5000/twin_1.2.3_image []
oci.tar twin_1.2.3_image []
twin-1.2.3-0.conda twin_1.2.3_conda ["post-link"]
twin-1.2.3-0.tar.bz2 twin_1.2.3_conda ["post-link"]
twin-1.2.3-1-x86_64.pkg.tar.zst twin_1.2.3-1_pacman ["install"]
twin-alpine.apk twin_1.2.3-1_alpine ["post-install"]
LIST
about initrd.img
is "an initramfs: what stands behind the end of the first archive" \
  "$(get '[p for f in r["findings"] for p in paths(f) if p.endswith("init")]')" '["initrd.img > ~rest > init"]'
none initrd.img
about app.asar
is "asar: files in folders" "$(get 'r["product"]["objects"]')" 3

if [[ -n $squash ]]; then
  for kind in gzip xz zstd lz4; do
    about "$kind.squashfs"
    is "squashfs, packed by $kind" "$title" "twin 1.2.3 snap"
    is "... with modes" "$(get '[p for f in found("integrity.setuid") for p in [f["says"]]]')" '["bin/suid runs with the rights of its owner"]'
    none "$kind"
  done
  about twin_1.snap
  is "a snap" "$title" "twin 1.2.3 snap"
  is "... and its hook" "$(reaches)" '["install"]'
  about firmware.bin
  is "firmware: a file system behind a boot loader" "$title" "twin 1.2.3 snap"
  about Twin.AppImage
  is "an AppImage: behind a program" "$title" "twin 1.2.3 snap"
  about lzo.squashfs
  is "lzo is told" "$(get '"packed in a way that nobody here unpacks" in [l["why"] for l in r["limits"]]')" true
else
  skip "squashfs" "no mksquashfs here"
fi

# --- such that lie: never a crash, always a limit
/usr/bin/python3 - "$made" <<'PY'
import json, pathlib, struct, sys
made = pathlib.Path(sys.argv[1])
def asar(tree, data=b"some data of a file, which is long enough\n"):
    text = (tree if isinstance(tree, str) else json.dumps(tree)).encode()
    return struct.pack("<IIII", 4, len(text) + 8, len(text) + 4, len(text)) + text + data
leaf = {"size": 40, "offset": "0"}
deep = leaf
for i in range(400):
    deep = {"files": {"d": deep}}
(made / "deep.asar").write_bytes(asar(deep))
(made / "outside.asar").write_bytes(asar({"files": {"a": {"size": 40, "offset": "999999999999999999999"}, "b": {"size": -1, "offset": "0"},
                                                    "c": {"size": 1 << 62, "offset": "1"}, "../../up": leaf, "d": 7}}))
(made / "many.asar").write_bytes(asar({"files": {"f%d" % i: {"size": 5000000, "offset": "0"} for i in range(4000)}}, b"x" * 5000000))
(made / "cut.asar").write_bytes(asar({"files": {"a": leaf}})[:40])
for name in ("gzip.squashfs", "xz.squashfs"):
    path = made / name
    if not path.exists():
        continue
    b = bytearray(path.read_bytes())
    (made / ("cut-" + name)).write_bytes(b[: len(b) // 3])
    for at, what in ((64, "inodes"), (72, "folders"), (80, "fragments"), (32, "root"), (48, "ids")):
        c = bytearray(b)
        c[at : at + 8] = struct.pack("<Q", 0x7FFFFFFFFFFFFFF0)
        (made / ("far-%s-%s" % (what, name))).write_bytes(c)
PY
LIMIT=60
for file in "$made"/deep.asar "$made"/outside.asar "$made"/many.asar "$made"/cut.asar "$made"/cut-*.squashfs "$made"/far-*.squashfs; do
  [[ -e $file ]] || continue
  scan "$file"
  name=${file##*/}
  like "$name: assessed" "$rc" '^[0134]$'
  [[ $name == far-ids* ]] || is "$name: told" "$(get 'len(r["limits"]) > 0')" true
done
done_testing
