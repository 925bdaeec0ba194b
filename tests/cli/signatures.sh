# Signatures that others made, over packages: minisign, gpg, openssl, rpmsign, and Debian's own archive; what was changed afterwards.
# The rows are those of plugin/evidence/package.h, printed by unit/test_package.c.
. tests/tap.sh
rows=$(dirname "$PROBITY")/tests/test_package
[[ -x $rows ]] || { skip "signatures" "tests/test_package is not built"; done_testing; exit; }
chmod go-w "$scratch"
export HOME=$scratch
d=$scratch/docs r=$scratch/roots
fresh() { rm -rf "$d" "$r" && mkdir "$d" "$r" && chmod 755 "$d" "$r"; }
add() { ok "trust $1 as $2" "$PROBITY" trust add "$1" --role "$2" --trust "$r" "${@:3}"; }
# says NAME PRODUCT WANTED: the rows of PRODUCT, on 2026-11-21 or DAY
says() { is "$1" "$(timeout 100 "$rows" "$d" "$r" "$2" "${DAY:-2026-11-21}" 2>&1)" "$3"; }
p=$scratch/app_1.0.tar.gz
printf 'some bytes\n' | gzip -n >"$p"
q=$scratch/changed/app_1.0.tar.gz
mkdir "$scratch/changed" && printf 'other bytes\n' | gzip -n >"$q"

if command -v minisign >/dev/null; then
  fresh
  minisign -G -W -p "$scratch/m.pub" -s "$scratch/m.sec" >/dev/null 2>&1
  minisign -S -s "$scratch/m.sec" -m "$p" -x "$d/app_1.0.tar.gz.minisig" >/dev/null 2>&1
  add "$scratch/m.pub" vendor
  says "minisign's signature" "$p" "minisign app_1.0.tar.gz.minisig verified root=m: "
  like "not of other bytes" "$("$rows" "$d" "$r" "$q" 2026-11-21)" "minisign .* no root= CONTRADICTS: the signature of key"
else
  skip "minisign" "not installed"
fi

fresh
openssl ecparam -name prime256v1 -genkey -noout -out "$scratch/ec.sec" 2>/dev/null
openssl req -x509 -key "$scratch/ec.sec" -subj /CN=vendor -days 30000 -out "$scratch/ec.pem" 2>/dev/null
openssl dgst -sha256 -sign "$scratch/ec.sec" -out "$d/app_1.0.tar.gz.sig" "$p"
openssl cms -sign -binary -outform DER -signer "$scratch/ec.pem" -inkey "$scratch/ec.sec" -in "$p" -out "$d/app_1.0.tar.gz.p7s" 2>/dev/null
add "$scratch/ec.pem" vendor
DAY=2040-01-01 says "openssl's bare signature and its CMS" "$p" "pkcs7 app_1.0.tar.gz.p7s verified root=ec: 
x509 app_1.0.tar.gz.sig verified root=ec: "
like "not before its certificate was" "$("$rows" "$d" "$r" "$p" 2020-01-01)" "verified root=: trust root ec counts from"
base64 -w 0 "$d/app_1.0.tar.gz.sig" >"$scratch/b64" && rm "$d"/* && cp "$scratch/b64" "$d/app_1.0.tar.gz.sig"
DAY=2040-01-01 says "in base64, too" "$p" "x509 app_1.0.tar.gz.sig verified root=ec: "
DAY=2040-01-01 says "not of other bytes" "$q" "x509 app_1.0.tar.gz.sig no root=: no trust root has a key that it holds for"

if ! command -v gpg >/dev/null; then
  skip "gpg and rpmsign" "no gpg"
  done_testing
  exit
fi
export GNUPGHOME=$scratch/gpg && mkdir -m 700 "$GNUPGHOME"
key() { gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key "$1" "$2" sign never 2>/dev/null; }
key 'Dist <dist@example.org>' rsa3072
key 'Dev <dev@example.org>' ed25519
gpg --batch --armor --export dist@example.org >"$scratch/dist.asc"
gpg --batch --export dev@example.org >"$scratch/dev.gpg"
DAY=$(date -u +%Y-%m-%d) # gpg signs with today's time

fresh
gpg --batch --quiet -u dev@example.org -o "$d/app_1.0.tar.gz.asc" --armor --detach-sign "$p"
gpg --batch --quiet -u dist@example.org -o "$d/app_1.0.tar.gz.gpg" --detach-sign "$p"
add "$scratch/dev.gpg" vendor
says "gpg: one key is known, one is not" "$p" "openpgp app_1.0.tar.gz.asc verified root=dev: 
openpgp app_1.0.tar.gz.gpg no root=: no trust root has this key"
says "gpg: other bytes" "$q" "openpgp app_1.0.tar.gz.asc no root= CONTRADICTS: the signature does not hold for these bytes
openpgp app_1.0.tar.gz.gpg no root=: no trust root has this key"
DAY=2020-01-01 says "gpg: not before it was made" "$p" "openpgp app_1.0.tar.gz.asc no root=: its key was made after the day of judging
openpgp app_1.0.tar.gz.gpg no root=: no trust root has this key"
(cd "$scratch" && sha256sum app_1.0.tar.gz >"$d/SHA256SUMS")
rm "$d"/app*
gpg --batch --quiet -u dev@example.org -o "$d/SHA256SUMS.gpg" --detach-sign "$d/SHA256SUMS"
says "SHA256SUMS with its signature" "$p" "sums SHA256SUMS verified root=dev: "
says "of other bytes" "$q" "sums SHA256SUMS no root=dev CONTRADICTS: it names other bytes under this name"

# the whole way: in the role that reads evidence, boxed in, which has no file and nothing to look up
run "$PROBITY" scan -q -f json --no-cache --as-of "$DAY" --database "$scratch/db" --evidence "$d" --trust "$r" "$p"
is "OpenPGP in the box of a scan" "$(get '[(s["verified"], s["root"]) for e in r["evidence"] if e["name"] == "SHA256SUMS" for s in e["signatures"]]')" \
  '[[true, "dev"]]'

fresh
add "$scratch/dev.gpg" vendor
list() { printf 'Checksums-Sha256:\n %s %d %s\n' "$(sha256sum <"$p" | cut -d ' ' -f 1)" "$(stat -c %s "$p")" app_1.0.tar.gz; }
{ printf 'Format: 3.0 (native)\nSource: app\nVersion: 1.0\n' && list; } >"$scratch/app.dsc"
{ printf 'Format: 1.8\nSource: app\nVersion: 1.0\nDistribution: unstable\nChanges:\n app (1.0)\n' && list; } >"$scratch/app.changes"
for f in dsc changes; do gpg --batch --quiet -u dev@example.org --clearsign -o "$d/app.$f" "$scratch/app.$f"; done
says ".dsc and .changes, clear-signed" "$p" "changes app.changes verified root=dev: 
dsc app.dsc verified root=dev: "
says "of other bytes" "$q" "changes app.changes no root=dev CONTRADICTS: it names other bytes under this name
dsc app.dsc no root=dev CONTRADICTS: it names other bytes under this name"
sed -i 's/^Version: 1.0/Version: 1.1/' "$d/app.dsc"
rm "$d/app.changes"
says "changed after it was signed" "$p" "dsc app.dsc no root=: the signature does not hold for these bytes"

# a .deb with its origin's signature
if command -v dpkg-deb >/dev/null; then
  fresh
  add "$scratch/dist.asc" distributor
  mkdir -p "$scratch/pkg/DEBIAN"
  printf 'Package: app\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n' >"$scratch/pkg/DEBIAN/control"
  dpkg-deb -b --root-owner-group "$scratch/pkg" "$scratch/app_1_all.deb" >/dev/null 2>&1
  (cd "$scratch" && mkdir ar && cd ar && ar x ../app_1_all.deb && cat debian-binary control.tar.* data.tar.* >../all &&
    gpg --batch --quiet -u dist@example.org -o _gpgorigin --detach-sign ../all && ar q ../app_1_all.deb _gpgorigin 2>/dev/null)
  says "debsig" "$scratch/app_1_all.deb" "debsig  verified root=dist: "
  # a repository of its own, Packages packed, Release detached
  mkdir "$scratch/repo"
  printf 'Package: app\nVersion: 1\nFilename: pool/app_1_all.deb\nSHA256: %s\n' "$(sha256sum <"$scratch/app_1_all.deb" | cut -d ' ' -f 1)" | xz >"$d/Packages.xz"
  printf 'Suite: stable\nCodename: x\nSHA256:\n %s 99 main/binary-all/Packages.xz\n' "$(sha256sum <"$d/Packages.xz" | cut -d ' ' -f 1)" >"$d/Release"
  gpg --batch --quiet -u dist@example.org -o "$d/Release.gpg" --armor --detach-sign "$d/Release"
  says "a repository: Release, Packages, .deb" "$scratch/app_1_all.deb" "debian-release Release verified root=dist: 
debsig  verified root=dist: "
else
  skip "debsig" "no dpkg-deb"
fi

if command -v rpmsign >/dev/null && command -v rpmbuild >/dev/null; then
  fresh
  add "$scratch/dist.asc" distributor
  printf '%s\n' 'Name: app' 'Version: 1' 'Release: 1' 'Summary: x' 'License: MIT' 'BuildArch: noarch' '%description' x '%install' \
    'mkdir -p %{buildroot}/opt' 'echo hello >%{buildroot}/opt/hello' '%files' /opt/hello >"$scratch/app.spec"
  rpmbuild -bb --quiet --define "_topdir $scratch/rpm" --define "_rpmdir $scratch" "$scratch/app.spec" >/dev/null 2>&1
  rpm=$scratch/noarch/app-1-1.noarch.rpm
  says "an unsigned .rpm" "$rpm" ""
  rpmsign --define "_gpg_name dist@example.org" --define "__gpg $(command -v gpg)" --addsign "$rpm" >/dev/null 2>&1
  says "rpmsign" "$rpm" "rpm  verified root=dist: "
  /usr/bin/python3 - "$rpm" "$scratch" <<'P'
import sys
b = open(sys.argv[1], "rb").read()
open(sys.argv[2] + "/payload.rpm", "wb").write(b[:-1] + bytes([b[-1] ^ 1]))
i = b.rindex(b"/opt/")
open(sys.argv[2] + "/header.rpm", "wb").write(b[:i] + b"/OPT/" + b[i + 5:])
P
  says "its payload changed" "$scratch/payload.rpm" "rpm  no root=dist CONTRADICTS: it names other bytes under this name"
  says "its header changed" "$scratch/header.rpm" "rpm  no root= CONTRADICTS: the signature does not hold for these bytes"
else
  skip "rpmsign" "not installed"
fi
gpgconf --kill all 2>/dev/null

# Debian's own: what apt has fetched
release=$(ls /var/lib/apt/lists/*_debian_dists_bookworm_InRelease 2>/dev/null | head -n 1)
keys=/usr/share/keyrings/debian-archive-keyring.gpg
deb=""
if [[ -n $release && -e $keys ]]; then
  deb=$(cd "$scratch" && timeout 60 apt-get -qq download hello >/dev/null 2>&1 && ls "$scratch"/hello_*.deb 2>/dev/null)
fi
if [[ -n $deb ]]; then
  fresh
  cp "$release" "${release%_InRelease}"_main_binary-*_Packages* "$d/"
  add "$keys" distributor --name debian
  like "a real .deb of Debian's archive" "$(timeout 100 "$rows" "$d" "$r" "$deb" "$DAY" 2>&1)" "debian-release [^ ]*_InRelease verified root=debian: "
  printf x >>"$deb"
  like "is no other" "$(timeout 100 "$rows" "$d" "$r" "$deb" "$DAY" 2>&1)" "no root=debian CONTRADICTS: it names other bytes"
else
  skip "Debian's archive" "no lists of apt's, no keyring, or no network"
fi
done_testing
