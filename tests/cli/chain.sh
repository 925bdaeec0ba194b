# Certificates that lead to a CA which is a trust root: detached CMS, bundles signed without a key of one's own (Sigstore, npm, PEP 740). Every CA here
# is made by openssl; nothing has the network. Rows are those of plugin/evidence/package.h, printed by unit/test_package.c.
. tests/tap.sh
rows=$(dirname "$PROBITY")/tests/test_package
if [[ ! -x $rows ]] || ! command -v openssl python3 >/dev/null; then
  skip "chains" "tests/test_package, openssl or python3 is not there"
  done_testing
  exit
fi
chmod go-w "$scratch"
export HOME=$scratch
d=$scratch/docs r=$scratch/roots k=$scratch/keys
mkdir "$k" && cd "$k" || exit
fresh() { rm -rf "$d" && mkdir "$d" && chmod 755 "$d"; }
trust() { rm -rf "$r" && mkdir "$r" && chmod 755 "$r"; }
add() { ok "trust $1 as $2" "$PROBITY" trust add "$k/$1.pem" --role "$2" --trust "$r" "${@:3}"; }
said() { timeout 100 "$rows" "$d" "$r" "${3:-$p}" "${1:-2026-11-21}" 2>&1; }
p=$scratch/app-1.0-py3-none-any.whl
printf 'some bytes\n' >"$p"
q=$scratch/changed/app-1.0-py3-none-any.whl
mkdir "$scratch/changed" && printf 'other bytes\n' >"$q"

cat >ca.cnf <<'EOF'
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = none
[any]
commonName = optional
organizationName = optional
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[middle]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[narrow]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
nameConstraints = critical,permitted;email:good.example
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = codeSigning
subjectAltName = email:dev@example.org
[stamper]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[server]
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
[keyless]
keyUsage = critical,digitalSignature
extendedKeyUsage = codeSigning
subjectAltName = critical,URI:https://github.com/owner/repo/.github/workflows/release.yml@refs/tags/v1
1.3.6.1.4.1.57264.1.8 = ASN1:UTF8String:https://token.actions.githubusercontent.com
EOF
: >index
# cert NAME SIGNER EXTENSIONS FROM UNTIL [MORE]: NAME.pem, signed by SIGNER
cert() {
  [[ -e $1.sec ]] || openssl ecparam -name prime256v1 -genkey -noout -out "$1.sec" 2>/dev/null
  openssl req -new -key "$1.sec" -subj "/O=Org of $1/CN=$1" -out "$1.csr" -config ca.cnf 2>/dev/null
  local by=(-cert "$2.pem" -keyfile "$2.sec")
  [[ $1 == "$2" ]] && by=(-selfsign -keyfile "$1.sec")
  openssl ca -batch -notext -config ca.cnf "${by[@]}" -in "$1.csr" -out "$1.pem" -extensions "$3" -startdate "$4" -enddate "$5" "${@:6}" \
    2>>openssl.log || cat openssl.log >&2
}
from=20250101000000Z until=20350101000000Z
cert root root root $from $until
cert other other root $from $until
cert middle root middle $from $until
cert leaf middle leaf $from $until

# cms NAME [MORE]: the product's signature by NAME
cms() {
  fresh
  openssl cms -sign -binary -outform DER -signer "$1.pem" -inkey "$1.sec" -in "$p" -out "$d/${p##*/}.p7s" "${@:2}" 2>>openssl.log || cat openssl.log >&2
}
no() { like "$1" "$(said "${3:-}" x "${4:-}")" " no root=: .*$2"; }
yes() { like "$1" "$(said "${3:-}")" " verified root=$2: for "; }

trust
add root vendor
cms leaf -certfile middle.pem
yes "CMS: the leaf leads to the CA over one between" root
no "not before it began" "not yet valid" 2024-01-01
like "nor of other bytes" "$(said '' x "$q")" " no root=.*: the signature does not hold for these bytes"
cms leaf
no "without the one between it leads nowhere" "unable to get local issuer"
cms leaf -certfile middle.pem -nodetach
yes "its content in it is as good" root
no "but other content of its own says nothing of the file beside it" "it signs content of its own" "" "$q"
cms leaf -certfile middle.pem -md sha1
no "SHA-1 does not count" "digest that can be forged"

cert leaf1 middle leaf $from $until -md sha1
cms leaf1 -certfile middle.pem
no "nor a certificate signed over SHA-1" "too weak"
cert server root server $from $until
cms server
no "a certificate for servers does not sign software" "not for signatures of software"
cert below leaf leaf $from $until
cat leaf.pem middle.pem >both.pem
cms below -certfile both.pem
no "who is no CA signs no certificates" "trust root root: "
cert old root middle $from 20260101000000Z
cert after old leaf $from $until
cms after -certfile old.pem
no "an expired CA between" "expired"
yes "which was valid before" root 2025-06-01
cert narrow root narrow $from $until
cert outside narrow leaf $from $until
cms outside -certfile narrow.pem
no "a CA that may not sign for this name" "permitted subtree violation"

# Two CAs that sign each other, and a chain that is longer than is followed.
cert a a root $from $until
cert b a middle $from $until
cp a.pem a0.pem && cert a b middle $from $until
cert looped b leaf $from $until
cat a.pem b.pem >both.pem
cms looped -certfile both.pem
no "CAs in a circle lead nowhere" "trust root root: "
cp root.sec c0.sec && cp root.pem c0.pem
: >long.pem
for i in 1 2 3 4 5 6 7 8 9 10 11; do
  cert "c$i" "c$((i - 1))" middle $from $until
  cat "c$i.pem" >>long.pem
  [[ $i == 8 ]] && cp long.pem eight.pem
done
cert near c8 leaf $from $until
cms near -certfile eight.pem
yes "eight CAs between are followed" root
cert far c11 leaf $from $until
cms far -certfile long.pem
no "eleven are not" "trust root root: "
for i in 1 2; do cat long.pem; done >longer.pem
for i in 1 2 3 4 5 6 7 8; do
  cert "x$i" root middle $from $until
  cat "x$i.pem" >>long.pem
done
cms leaf -certfile long.pem
no "a heap of certificates is not looked at" "more certificates beside it"

trust
add root vendor --scope "app identity:nobody@example.org"
cms leaf -certfile middle.pem
no "identity: another name" "does not speak for dev@example.org"
trust
add root vendor --scope "app identity:*@example.org"
yes "identity: the one it names" root
trust
add root vendor --scope "app identity:leaf"
no "a common name is no identity" "does not speak for dev@example.org"
trust
add root vendor --scope "app subject:Org?of?leaf"
yes "but a subject" root
trust
add middle vendor
yes "the CA between may be the root" middle
trust
add other vendor
no "a CA that has nothing to do with it" "trust root other: "

trust
add root vendor
cms leaf -certfile middle.pem
scan --trust "$r" --evidence "$d" "$p"
is "in a report it is the vendor's signature of the package" "$(get '[s["status"] for s in r["statements"] if "signs the package" in s["claim"]]')" '["agrees"]'

# --- Authenticode: a program that is the product itself, with and without a time stamp

if command -v osslsigncode >/dev/null; then
  cert stamper root stamper $from $until
  cert short middle leaf 20260301000000Z 20260401000000Z
  cat >pe.py <<'EOF'
"""A PE with one section of code that does nothing."""
import struct, sys
opt = struct.pack("<HBBIIIIIIIIIHHHHHHIIIIHHIIIIII", 0x10b, 14, 0, 512, 0, 0, 4096, 4096, 8192, 0x400000, 4096, 512, 6, 0, 0, 0, 6, 0, 0, 8192, 512, 0, 3, 0,
                  1 << 20, 4096, 1 << 20, 4096, 0, 16) + bytes(128)
head = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x14c, 1, 0, 0, 0, len(opt), 0x102) + opt
head += b".text\0\0\0" + struct.pack("<IIIIIIHHI", 512, 4096, 512, 512, 0, 0, 0, 0, 0x60000020)
open(sys.argv[1], "wb").write(head.ljust(512, b"\0") + b"\xc3".ljust(512, b"\0"))
EOF
  python3 pe.py plain.exe
  fresh
  # pe NAME OUT [MORE]: signed by NAME
  pe() { rm -f "$2" && cat "$1.pem" middle.pem >both.pem && osslsigncode sign -h sha256 -certs both.pem -key "$1.sec" -in plain.exe -out "$2" "${@:3}" >>openssl.log 2>&1 || tail -n 3 openssl.log >&2; }
  pe leaf leaf.exe
  pe short short.exe
  stamps=$(osslsigncode --help 2>&1 | grep -c -e -TSA-certs || true) # since 2.6: Debian 12 has 2.5
  cat stamper.pem root.pem >stampers.pem
  if ((stamps)); then
    pe short stamped.exe -TSA-certs stampers.pem -TSA-key stamper.sec -TSA-time "$(date -u -d 2026-03-10 +%s)"
    pe short late.exe -TSA-certs stampers.pem -TSA-key stamper.sec -TSA-time "$(date -u -d 2026-05-10 +%s)"
  fi
  trust
  add root vendor --scope app
  like "a program signed by who leads to the CA" "$(said '' '' leaf.exe)" "^authenticode  verified root=root: for dev@example.org"
  python3 -c 'import sys; b = bytearray(open("leaf.exe", "rb").read()); b[600] ^= 1; open("changed.exe", "wb").write(b)'
  like "one changed byte: it contradicts" "$(said '' '' changed.exe)" "^authenticode  no root= CONTRADICTS: the signature in it does not hold"
  no "the signer's certificate is over" "expired" "" short.exe
  if ((stamps)); then
    no "and a time stamp by nobody known does not help" "expired" "" stamped.exe
    "$PROBITY" trust add root.pem --name stamps --role vendor --scope timestamp --trust "$r" >/dev/null
    like "the time stamp of somebody known shows that it was not" "$(said '' '' stamped.exe)" "^authenticode  verified root=root: "
    no "a time stamp after its end shows that it was" "expired" "" late.exe
    no "nor does one count before its time" "not yet valid" 2026-02-01 stamped.exe
  else
    skip "Authenticode's time stamps" "osslsigncode is older than 2.6"
  fi
  trust
  add root vendor --scope timestamp
  no "who stamps times vouches for nobody" "no trust root has this certificate" "" leaf.exe
  trust
  like "nobody known: no word of a contradiction" "$(said '' '' changed.exe)" "^authenticode  no root=: no trust root"
else
  skip "Authenticode" "no osslsigncode"
fi

# --- signed jars: what jarsigner makes, and what comes of it when something is changed
cat >jar.py <<'EOF'
"""jar.py OUT SIGNER ALGORITHM [TWIST]: a .jar signed by SIGNER.pem; TWIST: what is done to it."""
import base64, hashlib, subprocess, sys, zipfile
out, signer, algorithm = sys.argv[1:4]
twist = sys.argv[4] if len(sys.argv) > 4 else ""
b64 = lambda data: base64.b64encode(hashlib.new(algorithm.replace("-", "").lower(), data).digest()).decode()
def field(text):  # lines have 72 bytes at most
    parts = [text[:70]] + [text[i:i + 69] for i in range(70, len(text), 69)]
    return "\r\n ".join(parts) + "\r\n"
files = {"a/Main.class": b"\xca\xfe\xba\xbe" + b"main" * 50, "a/" + "long" * 30 + ".txt": b"text\n", "META-INF/services/a.Main": b"a.Main\n"}
manifest = "Manifest-Version: 1.0\r\n\r\n" + "".join(field("Name: " + n) + field(f"{algorithm}-Digest: {b64(d)}") + "\r\n" for n, d in files.items())
sf = "Signature-Version: 1.0\r\n" + ("" if twist == "no-manifest" else field(f"{algorithm}-Digest-Manifest: {b64(manifest.encode())}")) + "\r\n"
block = subprocess.run(["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-signer", signer + ".pem", "-inkey", signer + ".sec", "-certfile", "middle.pem"],
    input=sf.encode(), stdout=subprocess.PIPE, check=True).stdout
if twist == "file": files["a/Main.class"] = b"\xca\xfe\xba\xbe" + b"evil" * 50
if twist == "more": files["b/More.class"] = b"more"
if twist == "meta": files["META-INF/MORE.TXT"] = b"more"
if twist == "manifest": manifest = manifest.replace("1.0", "1.1", 1)
if twist == "sf": sf = sf.replace("Version: 1.0", "Version: 1.1")
if twist == "fewer": del files["META-INF/services/a.Main"]
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("META-INF/MANIFEST.MF", manifest)
    z.writestr("META-INF/APP.SF", sf)
    z.writestr("META-INF/APP.EC", block)
    for n, d in files.items(): z.writestr(n, d)
    if twist == "twice": z.writestr("a/Main.class", b"another")
EOF
fresh
trust
add root vendor --scope app
for algorithm in SHA-256 SHA-384 SHA-512; do
  python3 jar.py app.jar leaf $algorithm
  like "a jar signed by who leads to the CA, $algorithm" "$(said '' '' app.jar)" "^jar  verified root=root: for dev@example.org"
done
# By a root alone, with no document beside it; and what it was judged by is needed to derive it again.
signs='[check("integrity.release-digests")[k] for k in ("status", "reliability")]'
trust
add root vendor --scope "app*"
scan --trust "$r" app.jar
is "by a root alone the signature in it counts" "$(get "$signs")" '["pass", "verified"]'
is "and the report says by whose" "$(get '[[s[k] for k in ("document", "status", "claim", "why")] for s in r["statements"]]')" \
  '[["app.jar", "agrees", "signs the package (jar)", "root, a vendor"]]'
verify() { "$PROBITY" verify --database "$scratch/db" "$@" report.json app.jar 2>&1; }
printf '%s\n' "$out" >report.json
like "probity verify derives that again" "$(verify --trust "$r")" "^report.json: HOLDS"
like "by no root it says what differs" "$(verify)" "trust_digest"
scan app.jar
printf '%s\n' "$out" >report.json
is "nobody is trusted: its digests are what it says of itself" "$(get "$signs")" '["pass", "self-declared"]'
ok "and a report without roots is derived again without" verify --trust "$r"
python3 jar.py app.jar leaf SHA-256 fewer
like "a file that is not there any more takes nothing away" "$(said '' '' app.jar)" "^jar  verified root=root: "
python3 jar.py app.jar leaf SHA-256 file
like "another file: it contradicts" "$(said '' '' app.jar)" "^jar  no root= CONTRADICTS: the signature in it does not hold: a file is not the one that was signed"
for twist in "more not every file in it was signed" "meta not every file in it was signed" "manifest what is signed is another manifest" \
  "no-manifest what is signed has no digest of the whole manifest" "sf the signature does not hold" "twice a file in it stands there twice"; do
  python3 jar.py app.jar leaf SHA-256 "${twist%% *}" 2>/dev/null
  like "a jar: ${twist%% *}" "$(said '' '' app.jar)" "^jar  no root=: ${twist#* }"
done
python3 jar.py app.jar leaf SHA1
like "a jar by a digest that can be forged" "$(said '' '' app.jar)" "^jar  no root=: what is signed has no digest of the whole manifest that can be relied on"
python3 jar.py app.jar other SHA-256
like "a jar signed by nobody known" "$(said '' '' app.jar)" "^jar  no root=: .*no trust root"
trust
python3 jar.py app.jar leaf SHA-256 file
like "nobody known: another file is no word of a contradiction" "$(said '' '' app.jar)" "^jar  no root=: "
if command -v jarsigner >/dev/null; then
  trust
  add root vendor --scope app
  openssl pkcs12 -export -inkey leaf.sec -in leaf.pem -certfile middle.pem -name app -passout pass:secret -out leaf.p12
  for options in "" "-digestalg SHA-512" "-sigfile OTHER"; do
    python3 -c 'import zipfile; z = zipfile.ZipFile("real.jar", "w"); z.writestr("a/Main.class", b"main"); z.writestr("d/", b""); z.close()'
    # shellcheck disable=SC2086
    jarsigner -keystore leaf.p12 -storetype PKCS12 -storepass secret $options real.jar app >jarsigner.log 2>&1 || cat jarsigner.log >&2
    like "jarsigner $options" "$(said '' '' real.jar)" "^jar  verified root=root: for dev@example.org"
  done
  jarsigner -keystore leaf.p12 -storetype PKCS12 -storepass secret -sigfile SECOND real.jar app >jarsigner.log 2>&1
  is "jarsigner, twice" "$(said '' '' real.jar | grep -c '^jar  verified root=root: ')" 2
else
  skip "jarsigner" "no JDK"
fi

# --- bundles: a leaf of ten minutes, and a log that saw it

openssl ecparam -name prime256v1 -genkey -noout -out log.sec 2>/dev/null
openssl pkey -in log.sec -pubout -out log.pem
cert keyless root keyless 20260301120000Z 20260301121000Z
cat >bundle.py <<'EOF'
"""bundle.py FORM TIME PRODUCT: a bundle over a statement about PRODUCT, made with keyless.sec; TIME by the log, "" without it."""
import base64, hashlib, json, os, subprocess, sys
form, time, product = sys.argv[1:4]
twist = sys.argv[4] if len(sys.argv) > 4 else ""
b64 = lambda b: base64.b64encode(b).decode()
data = open(product, "rb").read()
sign = lambda key, m: subprocess.run(["openssl", "dgst", "-sha256", "-sign", key + ".sec"], input=m, stdout=subprocess.PIPE, check=True).stdout
built = {"buildDefinition": {"buildType": "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1", "externalParameters": {}},
    "runDetails": {"builder": {"id": "https://github.com/actions/runner/github-hosted"}}}
statement = json.dumps({"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1", "predicate": built,
    "subject": [{"name": os.path.basename(product), "digest": {"sha256": hashlib.sha256(data).hexdigest()}}]}).encode()
kind = "application/vnd.in-toto+json"
pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(statement), statement)
sig = sign("other" if twist == "key" else "keyless", pae)
pem = open("keyless.pem", "rb").read()
der = subprocess.run(["openssl", "x509", "-in", "keyless.pem", "-outform", "DER"], stdout=subprocess.PIPE, check=True).stdout
spki = subprocess.run(["openssl", "pkey", "-pubin", "-in", "log.pem", "-outform", "DER"], stdout=subprocess.PIPE, check=True).stdout
logid = hashlib.sha256(spki).digest()
payload = {"algorithm": "sha256", "value": hashlib.sha256(b"x" if twist == "payload" else statement).hexdigest()}
if form == "npm":
    body = {"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": {"envelope": {"payloadType": kind, "signatures": [
        {"publicKey": b64(pem), "sig": b64(b64(sig).encode())}]}, "payloadHash": payload}}}
else:
    body = {"apiVersion": "0.0.1", "kind": "dsse", "spec": {"payloadHash": payload, "signatures": [
        {"signature": b64(b"x" if twist == "signature" else sig), "verifier": b64(pem if twist != "leaf" else open("root.pem", "rb").read())}]}}
body = b64(json.dumps(body, sort_keys=True, separators=(",", ":")).encode())
entries = []
if time:
    said = json.dumps({"body": body, "integratedTime": int(time), "logID": logid.hex(), "logIndex": 25}, sort_keys=True, separators=(",", ":"))
    entries = [{"logIndex": "25", "logId": {"keyId": b64(logid)}, "kindVersion": {"kind": "dsse", "version": "0.0.1"},
        "integratedTime": str(int(time) + (1 if twist == "time" else 0)),
        "inclusionPromise": {"signedEntryTimestamp": b64(sign("other" if twist == "set" else "log", said.encode()))}, "canonicalizedBody": body}]
envelope = {"payload": b64(statement), "payloadType": kind, "signatures": [{"sig": b64(sig), "keyid": ""}]}
bundle = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": envelope,
    "verificationMaterial": {"certificate": {"rawBytes": b64(der)}, "tlogEntries": entries}}
if form == "npm":
    bundle["verificationMaterial"] = {"x509CertificateChain": {"certificates": [{"rawBytes": b64(der)}]}, "tlogEntries": entries}
    bundle = {"attestations": [{"predicateType": "p", "bundle": bundle}]}
python = {"version": 1, "verification_material": {"certificate": b64(der), "transparency_entries": entries},
    "envelope": {"statement": b64(statement), "signature": b64(sig)}}
if form == "python":
    bundle = python
if form == "index":
    bundle = {"version": 1, "attestation_bundles": [{"publisher": {"kind": "GitHub"}, "attestations": [python]}]}
print(json.dumps(bundle))
EOF
bundle() { fresh && python3 bundle.py "$1" "$2" "$p" "${3:-}" >"$d/app.json"; }
when=$(date -u -d '2026-03-01 12:05' +%s)
who='https://github.com/owner/repo/.github/workflows/*@refs/tags/**'
trust
add root builder --scope "$who issuer:https://token.actions.githubusercontent.com"
add log builder --scope rekor
for form in sigstore npm python index; do
  bundle $form "$when"
  yes "$form: a leaf of ten minutes, and the log says that it signed in them" root
done
like "it names who that is" "$(said)" "for https://github.com/owner/repo/.github/workflows/release.yml@refs/tags/v1"
reliability='[(d["kind"], d["reliability"], [s["root"] for s in d["signatures"]]) for d in r["evidence"]]'
for form in sigstore npm python; do
  bundle $form "$when"
  scan --trust "$r" --evidence "$d" "$p"
  is "$form: in a report" "$(get "$reliability")" '[["provenance", "third-party", ["root"]]]'
done
bundle python ""
scan --trust "$r" --evidence "$d" "$p"
is "... whose time of signing is not shown: self-declared" "$(get "$reliability")" '[["provenance", "self-declared", [""]]]'
bundle index "$when"
like "nothing of other bytes" "[$(said '' x "$q")]" '^\[\]$'
bundle sigstore ""
shown=" verified root=: verified, time of signing not shown: "
like "without a log its time is not shown, and nobody's word counts" "$(said)" "${shown}no log has an entry"
bundle sigstore "$((when + 3600))"
no "an hour later the leaf was over" "expired"
bundle sigstore "$when"
like "not on a day before" "$(said 2026-02-01)" "${shown}the log took it after the day"
for twist in set time; do
  bundle sigstore "$when" $twist
  like "$twist: the time is signed by nobody known" "$(said)" "${shown}the time is not signed with the key"
done
for twist in payload signature leaf; do
  bundle sigstore "$when" $twist
  like "$twist: an entry about something else" "$(said)" "${shown}the log's entry is not about this signature"
done
bundle sigstore "$when" key
no "the envelope signed with another key" "the certificate that came with it does not hold"
trust
add root builder --scope "https://github.com/someone/else/**"
add log builder --scope rekor
bundle python "$when"
no "another's workflow" "does not speak for https://github.com/owner/repo"
trust
add root builder --scope "$who issuer:https://gitlab.example"
add log builder --scope rekor
no "another issuer" "does not take the word of issuer"
trust
add root builder
add log builder --scope rekor
no "a builder's CA without identities vouches for nobody" "whose scope names nobody"
trust
add root builder --scope "$who"
like "a log that is not known shows no time" "$(said)" "${shown}no trust root of scope \"rekor\""
trust
add log builder --scope rekor
no "a log alone vouches for nobody" "no trust root has this certificate"
done_testing
