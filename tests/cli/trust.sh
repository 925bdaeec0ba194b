# probity trust: keys of every kind, one role each; what is refused; its folders. probity sign: openssl and minisign hold it against the same key.
. tests/tap.sh
export XDG_CONFIG_HOME=$scratch/config HOME=$scratch/home
mkdir -p "$HOME" "$scratch/in" && chmod 755 "$scratch"
chmod go-w "$scratch"
k=$scratch/in
trust() { status "$1" "$2" "$PROBITY" trust "${@:3}"; }
"$PROBITY" pack key new -W -s "$k/auditor.sec" -p "$k/auditor.pub" >"$scratch/new"
"$PROBITY" pack key new -W -s "$k/second.sec" -p "$k/second.pub" >>"$scratch/new"
openssl ecparam -name prime256v1 -genkey -noout -out "$k/ec.sec" 2>/dev/null
openssl ec -in "$k/ec.sec" -pubout -out "$k/ec.pem" 2>/dev/null
openssl req -x509 -key "$k/ec.sec" -subj /CN=x -days 30 -out "$k/cert.pem" 2>/dev/null
openssl genrsa -out "$k/small.sec" 1024 2>/dev/null
openssl rsa -in "$k/small.sec" -pubout -out "$k/small.pem" 2>/dev/null

trust "help" 0 --help
trust "no verb" 2
trust "a verb that is nearly one" 2 lst
like "did you mean" "$err" "did you mean list"
trust "nobody is trusted at first" 0 list --user
is "said quietly" "$out" ""
like "and what to do" "$err" "trust add"
trust "no role" 2 add --user "$k/auditor.pub"
like "the roles are named" "$err" "vendor, distributor, builder, auditor, assessor"
trust "an unknown role" 2 add --user "$k/auditor.pub" --role king
trust "a bad day" 2 add --user "$k/auditor.pub" --role auditor --from 2026-02-30
trust "no file" 2 add --user "$k/nothing.pub" --role auditor
like "it is named" "$err" "nothing\.pub"
trust "a file that is no key" 2 add --user "$scratch/new" --role auditor
trust "a secret key is no public one" 2 add --user "$k/ec.sec" --role auditor
trust "a key that is too short" 2 add --user "$k/small.pem" --role builder
like "why" "$err" "2048"
trust "add a minisign key" 0 add --user "$k/auditor.pub" --role auditor --scope "app-* other" --from 2026-01-01 --until 2027-12-31
like "what was added" "$out" "^auditor: auditor, minisign key [0-9A-F]{16}$"
trust "twice under one name" 2 add --user "$k/second.pub" --role auditor --name auditor
like "what to do" "$err" "trust remove auditor"
trust "one key in two roles" 2 add --user "$k/auditor.pub" --role vendor --name other
like "who has it" "$err" "trust root auditor already"
trust "the same key as PEM in another role" 0 show --user auditor --pem
printf '%s\n' "$out" >"$k/same.pem"
like "it is a public key" "$out" "BEGIN PUBLIC KEY"
trust "is refused as well" 2 add --user "$k/same.pem" --role vendor
trust "add a PEM key" 0 add --user "$k/ec.pem" --role builder
trust "a certificate of the same key in another role" 2 add --user "$k/cert.pem" --role vendor
trust "in the same role it may" 0 add --user "$k/cert.pem" --role builder
trust "a name that leads elsewhere" 2 add --user "$k/second.pub" --role vendor --name ../x
mkdir -p "$scratch/other/probity/trust" && echo nonsense >"$scratch/other/probity/trust/a.ini" && chmod -R go-w "$scratch/other"
echo text >"$scratch/text.txt"
XDG_CONFIG_HOME=$scratch/other run "$PROBITY" scan --no-cache --database "$scratch/db" "$scratch/text.txt"
like "a root that cannot be read keeps nobody from a scan" "$rc $err" "^[134] .*note: .*a.ini:1: .*: nobody is trusted"
XDG_CONFIG_HOME=$scratch/other run "$PROBITY" scan --no-cache --database "$scratch/db" --evidence "$scratch/text.txt" "$scratch/text.txt"
like "but from evidence, which it is about" "$rc $err" "^2 .*error: .*a.ini:1: "
trust "list" 0 list --user -f json
is "three, sorted, with what they are for" "$(/usr/bin/python3 -c '
import json, sys
for r in json.load(sys.stdin): print(r["name"], r["role"], r["method"], len(r["key"]), r["scope"], r["from"], r["until"])' <<<"$out")" \
  "auditor auditor minisign 16 ['app-*', 'other'] 2026-01-01 2027-12-31
cert builder x509 64 []  
ec builder pem 64 []  "
trust "show" 0 show --user auditor
like "for people" "$out" "scope    app-\* other"
trust "show nobody" 2 show --user nobody
trust "remove" 0 remove --user cert
trust "it is gone" 2 remove --user cert
ok "its files, too" test ! -e "$XDG_CONFIG_HOME/probity/trust/cert.key" -a ! -e "$XDG_CONFIG_HOME/probity/trust/cert.ini"

# by hand: what is wrong is named, with its file
d=$scratch/hand && mkdir "$d"
cp "$XDG_CONFIG_HOME"/probity/trust/auditor.* "$d/"
sed 's/role = auditor/role = vendor/' "$d/auditor.ini" >"$d/twin.ini" && cp "$d/auditor.key" "$d/twin.key"
trust "one key in two roles, by hand" 0 list --trust "$d" -f json
like "is told" "$err" "auditor and twin have one key in two roles"
rm "$d"/twin.*
sed 's/^key = .*/key = 0000000000000000/' "$d/auditor.ini" >"$d/wrong.ini" && cp "$d/auditor.key" "$d/wrong.key"
trust "another key than was named" 0 list --trust "$d" -f json
like "does not count" "$err" "wrong does not count: its key file holds"
rm "$d"/wrong.*
printf '[root]\nrole = auditor\n' >"$d/half.ini"
trust "half a root" 2 list --trust "$d"
like "the file is named" "$err" "half\.ini: method is missing"
printf '[root]\nrole = auditor\nmethod = minisign\nkey = x\nbest = yes\n' >"$d/half.ini"
trust "an unknown key" 2 list --trust "$d"
like "with its line" "$err" "half\.ini:5: no key \"best\""
rm "$d/half.ini"
chmod 666 "$d/auditor.key"
trust "a key that anybody could have written" 2 list --trust "$d"
like "is named" "$err" "auditor\.key"
chmod 644 "$d/auditor.key"

if command -v gpg >/dev/null; then
  export GNUPGHOME=$scratch/gpg && mkdir -m 700 "$GNUPGHOME"
  gpg --batch --quiet --pinentry-mode loopback --passphrase '' --quick-gen-key 'Dist <d@example.org>' ed25519 sign never 2>/dev/null
  gpg --batch --armor --export d@example.org >"$k/dist.asc"
  gpg --batch --export d@example.org >"$k/dist.gpg"
  print=$(gpg --batch --with-colons -k d@example.org | awk -F: '$1 == "fpr" {print $10; exit}')
  trust "add an OpenPGP key" 0 add --user "$k/dist.asc" --role distributor
  is "by its full fingerprint" "$out" "dist: distributor, openpgp key $print"
  trust "binary in another role" 2 add --user "$k/dist.gpg" --role vendor --name dist2
  trust "it has no PEM" 2 show --user dist --pem
  trust "binary" 0 add --user "$k/dist.gpg" --role distributor --name dist2
  trust "list has both" 0 list --user -f json
  is "nothing else is said" "$err" ""
  gpgconf --kill all 2>/dev/null
else
  skip "OpenPGP keys" "no gpg"
fi

# sign
printf 'hello, world\n' >"$scratch/plain.txt"
scan -o "$scratch/report.json" "$scratch/plain.txt"
status "sign: help" 0 "$PROBITY" sign --help
status "sign: no key" 2 "$PROBITY" sign "$scratch/report.json"
status "sign: a report" 0 "$PROBITY" sign "$scratch/report.json" --key "$k/auditor.sec" -o "$scratch/report.dsse"
is "quiet on stdout" "$out" ""
status "sign: the same to stdout" 0 "$PROBITY" sign "$scratch/report.json" --key "$k/auditor.sec"
is "byte for byte" "$(sha256sum <<<"$out")" "$(sha256sum <"$scratch/report.dsse")"
/usr/bin/python3 - "$scratch" <<'P'
import base64, hashlib, json, sys
d = sys.argv[1]
e = json.load(open(d + "/report.dsse"))
body = base64.b64decode(e["payload"], validate=True)
t = e["payloadType"].encode()
open(d + "/pae", "wb").write(b"DSSEv1 %d %s %d %s" % (len(t), t, len(body), body))
open(d + "/sig", "wb").write(base64.b64decode(e["signatures"][0]["sig"], validate=True))
s = json.loads(body)
r = json.load(open(d + "/report.json"))
print(s["_type"], s["predicateType"], s["predicate"] == r, s["subject"][0]["digest"]["sha256"] == hashlib.sha256(b"hello, world\n").hexdigest(),
      e["signatures"][0]["keyid"], file=open(d + "/says", "w"))
P
like "an in-toto statement about the product" "$(cat "$scratch/says")" \
  "^https://in-toto.io/Statement/v1 urn:probity:report:1 True True [0-9A-F]{16}$"
ok "openssl verifies it with the key that trust show gives" \
  openssl pkeyutl -verify -pubin -inkey "$k/same.pem" -rawin -in "$scratch/pae" -sigfile "$scratch/sig"
printf x >>"$scratch/pae"
status "and not another text" 1 openssl pkeyutl -verify -pubin -inkey "$k/same.pem" -rawin -in "$scratch/pae" -sigfile "$scratch/sig"
/usr/bin/python3 -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1])), indent=1))' "$scratch/report.json" >"$scratch/pretty.json"
status "sign: a report that was laid out anew" 2 "$PROBITY" sign "$scratch/pretty.json" --key "$k/auditor.sec"
like "is refused" "$err" "canonical"
printf '{"a":1}\n' >"$scratch/other.json"
status "sign: no report" 2 "$PROBITY" sign "$scratch/other.json" --key "$k/auditor.sec"
like "says what a report is" "$err" "probity-report/1"
cat "$scratch/report.json" "$scratch/report.json" >"$scratch/two.json"
status "sign: two reports" 2 "$PROBITY" sign "$scratch/two.json" --key "$k/auditor.sec"
status "sign: a public key is no secret one" 2 "$PROBITY" sign "$scratch/report.json" --key "$k/auditor.pub"
if command -v minisign >/dev/null; then
  minisign -G -W -p "$k/mini.pub" -s "$k/mini.sec" >/dev/null 2>&1
  status "sign: with minisign's key" 0 "$PROBITY" sign "$scratch/report.json" --key "$k/mini.sec"
else
  skip "minisign's key" "no minisign"
fi
done_testing
