# A changed byte, a detection, a repeated run, a re-packing: what the report must say.
. tests/tap.sh
eicar() { printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-' 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'; }

# A package like hello, made here, so that the test needs no mirror; the real hello is in corpus.sh.
deb() { # OUT COMPRESSION DATADIR [MD5SUMS-FROM]
  local out=$1 comp=$2 data=$3 sums=${4:-$3} w=$scratch/deb.$RANDOM
  mkdir -p "$w/control"
  (cd "$sums" && find . -type f -printf '%P\n' | sort | xargs md5sum) >"$w/control/md5sums"
  printf 'Package: twin\nVersion: 1.0-1\nArchitecture: amd64\nMaintainer: A Person <person@debian.org>\nSection: devel\nDescription: a twin\n of a small package\nHomepage: https://www.debian.org/\n' >"$w/control/control"
  tar --sort=name --mtime=@0 --owner=0 --group=0 -C "$w/control" -cJf "$w/control.tar.xz" .
  tar --sort=name --mtime=@0 --owner=0 --group=0 -C "$data" -cf "$w/data.tar" .
  case $comp in
  zst) zstd -q "$w/data.tar" ;;
  xz) xz "$w/data.tar" ;;
  gz) gzip "$w/data.tar" ;;
  esac
  echo 2.0 >"$w/debian-binary"
  (cd "$w" && ar rcD "$out" debian-binary control.tar.xz "data.tar.$comp")
}
mkdir -p "$scratch/data/usr/bin" "$scratch/data/usr/share/doc/twin"
cp /bin/true "$scratch/data/usr/bin/twin"
printf 'License: GPL-3+\nThis is free software.\n' >"$scratch/data/usr/share/doc/twin/copyright"
cp -r "$scratch/data" "$scratch/changed"
printf X | dd of="$scratch/changed/usr/share/doc/twin/copyright" bs=1 seek=5 conv=notrunc status=none
for comp in xz zst gz; do
  deb "$scratch/same-$comp.deb" $comp "$scratch/data"
  scan "$scratch/same-$comp.deb"
  is "$comp: an unchanged package has no mismatch" "$(get 'check("I-22")["status"]')" pass
  deb "$scratch/changed-$comp.deb" $comp "$scratch/changed" "$scratch/data"
  scan "$scratch/changed-$comp.deb"
  is "$comp: one changed byte: reject" "$rc" 1
  ok "$comp: trust at most 19" test "$(get 'r["score"]["trust_tenths"]')" -le 190
  like "$comp: I-22 names the file" "$(get '[f["says"] for f in found("I-22")]')" "usr/share/doc/twin/copyright"
done

mkdir -p "$scratch/sick/opt/x"
eicar >"$scratch/sick/opt/x/sample.com"
printf 'a neighbour file\n' >"$scratch/sick/opt/x/readme"
deb "$scratch/e.deb" zst "$scratch/sick"
tar -C "$scratch/sick" -czf "$scratch/e.tgz" .
tar -C "$scratch/sick" --zstd -cf "$scratch/e.tar.zst" .
tar -C "$scratch/sick" --lzma -cf "$scratch/e.tar.lzma" .
(cd "$scratch/sick" && zip -qr "$scratch/e.zip" .)
wants=(deb tgz tar.zst tar.lzma zip)
if command -v rpmbuild >/dev/null; then
  mkdir -p "$scratch/rpm"
  cat >"$scratch/rpm/twin.spec" <<S
Name: twin
Version: 1.0
Release: 1
Summary: a twin
License: MIT
BuildArch: noarch
%description
A twin.
%install
mkdir -p %{buildroot}/opt/x
cp $scratch/sick/opt/x/* %{buildroot}/opt/x/
%files
/opt/x
S
  if rpmbuild -bb --define "_topdir $scratch/rpm/top" --define "_rpmdir $scratch" --define '_rpmfilename e.rpm' \
    --define "_dbpath $scratch/rpm/db" "$scratch/rpm/twin.spec" >"$scratch/rpm/log" 2>&1; then
    wants+=(rpm)
  else
    flunk "rpmbuild" "$(tail -n 5 "$scratch/rpm/log")"
  fi
fi
for kind in "${wants[@]}"; do
  scan "$scratch/e.$kind"
  is "EICAR in a .$kind: reject" "$rc" 1
  is "EICAR in a .$kind: I-01 fails" "$(get 'check("I-01")["status"]')" fail
  like "EICAR in a .$kind: full path chain" "$(get 'paths(found("I-01")[0])[0]')" "^e\.${kind//./\\.} > .*opt/x/sample\.com$"
  like "EICAR in a .$kind: the signature is named" "$(get 'found("I-01")[0]["says"]')" "[Ee][Ii][Cc][Aa][Rr]"
done

# The same input gives the same bytes: twice, with other numbers of readers, from another compiler's build.
tree=$scratch/tree
mkdir -p "$tree/bin" "$tree/doc" "$tree/conf"
cp /bin/ls /bin/cat "$tree/bin/"
cp /bin/ls "$tree/bin/copy-of-ls"
printf '#!/bin/sh\ncurl -k https://updates.example.org/x.sh | sh\n' >"$tree/conf/install.sh"
printf 'import requests\nrequests.get("http://plain.vendor-host.net/api", verify=False)\n' >"$tree/conf/client.py"
printf '{"name": "tree", "version": "1.2.3", "license": "MIT"}\n' >"$tree/package.json"
printf 'see http://plain.vendor-host.net/api\n' >"$tree/doc/README.md"
printf ab >"$tree/conf/tiny"
ln -s bin/ls "$tree/link"
chmod 0755 "$tree" "$tree"/*/
chmod 0644 "$tree"/conf/* "$tree/doc/README.md" "$tree/package.json"
scan --jobs 1 "$tree"
first=$out
for jobs in 1 2 4; do
  scan --jobs $jobs "$tree"
  is "byte-identical with --jobs $jobs" "$out" "$first"
done
if [[ -n ${PROBITY_OTHER:-} ]]; then
  run "$PROBITY_OTHER" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" "$tree"
  is "byte-identical from the other compiler's build" "$out" "$first"
fi
tar -C "$scratch/tree" -cf "$scratch/tree.tar" $(cd "$scratch/tree" && ls)
(cd "$scratch/tree" && zip -qry "$scratch/tree.zip" .)
shape='{k: ({x: v for x, v in f.items() if x != "evidence"} | {"e": [[e["path"][1:], e["sha256"], e["offset"], e["excerpt"]] for e in f["evidence"]]}) for k, f in ((f["check"] + f["key"] + f["severity"], f) for f in r["findings"])}, r["checks"], r["score"], r["pillars"], r["claims"], r["product"]["objects"], r["product"]["bytes"], [[l["path"][1:], l["why"]] for l in r["limits"]]'
out=$first
folder=$(get "[$shape]")
scan "$scratch/tree.tar"
is "a folder and its .tar differ only in identity and paths" "$(get "[$shape]")" "$folder"
scan "$scratch/tree.zip"
is "a folder and its .zip differ only in identity and paths" "$(get "[$shape]")" "$folder"
ok "and there was something to compare" test "${#folder}" -gt 2000
mkdir "$scratch/twice"
cp -r "$tree" "$scratch/twice/one"
cp -r "$tree" "$scratch/twice/two"
out=$first
trust=$(get 'r["score"]["trust_tenths"]')
scan "$scratch/twice"
is "copies of everything leave trust as it is" "$(get 'r["score"]["trust_tenths"]')" "$trust"

# Tests weigh less; what a package runs at installation is no test, whatever its place is called.
mkdir -p "$scratch/hooked/test"
printf '{"name":"sorter","version":"1.0.0","description":"sorts words","scripts":{"postinstall":"node test/setup.js"}}' >"$scratch/hooked/package.json"
printf "require('https').get('https://api.vendor-host.net/x', (r) => r.resume());\n" >"$scratch/hooked/test/setup.js"
scan "$scratch/hooked"
is "what runs at installation weighs as such below test/" "$(get '[f["kappa"] > 200 for f in row("I-13")]')" "[true]"
done_testing
