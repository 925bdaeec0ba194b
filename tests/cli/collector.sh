# The collector against a real nginx with TLS on loopback (its own authority), and against a server that misbehaves: what it takes, what it refuses,
# what it keeps; that nothing else opens a socket; reports that are pushed; products by URL.
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"
for tool in nginx openssl strace; do
  command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin
  command -v "$tool" >/dev/null || { skip "the collector against real servers" "no $tool"; done_testing; exit; }
done
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait 2>/dev/null; chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT

# An authority of our own, and a certificate for all names of the test.
cd "$scratch" || exit 1
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=test-authority 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout srv.key -out srv.csr -subj /CN=vendor.example 2>/dev/null
printf 'subjectAltName=DNS:vendor.example,DNS:*.vendor.example,DNS:evil.example,IP:127.0.0.1\n' >ext
openssl x509 -req -in srv.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out srv.pem -days 30 -extfile ext 2>/dev/null
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p www/.well-known/csaf www/adv www/osv/v1 www/reputation/range www/npm temp
printf 'Contact: mailto:security@vendor.example\nExpires: 2027-01-01T00:00:00.000Z\n' >www/.well-known/security.txt
printf '{"distributions":[{"directory_url":"https://vendor.example:%s/adv/"}]}' "$port" >www/.well-known/csaf/provider-metadata.json
printf '2026/a.json\n2026/b.json\n../../etc/passwd.json\n' >www/adv/index.txt
mkdir -p www/adv/2026 && printf '{"document":{"category":"csaf_security_advisory"}}' | tee www/adv/2026/a.json >www/adv/2026/b.json
printf '0000\n' >www/reputation/range/abcde
head -c 3000000 /dev/zero >www/large
cat >nginx.conf <<EOF
$([[ $EUID != 0 ]] || echo 'user root;') daemon off; pid $scratch/nginx.pid; error_log $scratch/error.log; worker_processes 1;
events { worker_connections 64; }
http {
  access_log $scratch/access.log; client_body_temp_path $scratch/temp; proxy_temp_path $scratch/temp; fastcgi_temp_path $scratch/temp;
  uwsgi_temp_path $scratch/temp; scgi_temp_path $scratch/temp; gzip on; gzip_types text/plain;
  server {
    listen 127.0.0.1:$port ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate $scratch/srv.pem; ssl_certificate_key $scratch/srv.key; root $scratch/www;
    add_header Strict-Transport-Security "max-age=63072000";
    location = / { return 200 "hello"; }
    location /to-forbidden { return 302 https://forbidden.example/x; }
    location /to-http { return 302 http://vendor.example:$port/x; }
    location /to-file { return 302 file:///etc/passwd; }
    location /to-user { return 302 https://vendor.example:x@127.0.0.1:$port/x; }
    location /to-loop { return 302 https://vendor.example:$port/to-loop; }
    location /to-good { return 302 /.well-known/security.txt; }
    location = /osv/v1/query { default_type application/json; return 200 '{"vulns":[]}'; }
  }
}
EOF
nginx -c "$scratch/nginx.conf" -p "$scratch" -e "$scratch/error.log" 2>/dev/null &
pids+=($!)
/usr/bin/python3 "$here/tests/net/evil.py" srv.pem srv.key evil.port evil.log &
pids+=($!)
/usr/bin/python3 "$here/tests/net/proxy.py" proxy.port proxy.log &
pids+=($!)
for _ in {1..100}; do [[ -s evil.port && -s proxy.port && -s nginx.pid ]] && break; sleep 0.1; done
evil=$(<evil.port)

# What is asked for: a source of the test's own, and those that ship.
mkdir -p data/scripts && cp -r "$here/scripts/collectors" data/scripts/
cat >data/scripts/collectors/probe.lua <<'EOF'
return { title = "probe", hosts = {}, collect = function(_, fetch, save, options, problem)
  local answer, why = fetch.get { url = options.url }
  if not answer then return problem(why) end
  if answer.status ~= 200 then return problem("status " .. answer.status) end
  save { name = "probe", kind = "probe", from = answer }
end }
EOF
# conf [LINE...]: [collector] with what the tests need, then these lines
conf() {
  {
    printf '[collector]\nenabled = yes\nca_file = %s/ca.pem\ncache = %s/kept\nconnect_timeout = 2s\ntimeout = 3s\nmax_size = 1M\nretry_wait = 50ms\n' "$scratch" "$scratch"
    printf 'resolve = vendor.example:443:127.0.0.1 vendor.example:%s:127.0.0.1 evil.example:%s:127.0.0.1\nretries = 1\n' "$port" "$evil"
    printf '%s\n' "$@"
  } >conf
}
private=allow_private=yes
collect() { run env PROBITY_DATA="$scratch/data" "$PROBITY" collect --config conf -f json "$@"; }
# probe NAME URL REGEX [LINE...]: what becomes of one request
probe() {
  local name=$1 url=$2 wanted=$3
  shift 3
  conf "${@:-$private}" "[collector probe]" "hosts = vendor.example:$port evil.example:$evil 127.0.0.1:$port" "options = url=$url"
  rm -rf out
  collect --for report.json -o out --source probe
  like "$name" "$out$err" "$wanted"
}
good=https://vendor.example:$port bad=https://evil.example:$evil

mkdir -p p/package && printf '{"name":"thing","version":"1.2.3","homepage":"https://www.vendor.example/thing"}' >p/package/package.json
tar -C p -czf thing-1.2.3.tgz package
"$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" thing-1.2.3.tgz >report.json

# --- off by default, and what it may
: >empty
run "$PROBITY" collect --for report.json -o out --source osv --config empty
like "without a word in probity.conf nothing is asked" "$rc $err" "^2 .*the collector is off"
probe "an answer is kept as it came" "$good/.well-known/security.txt" '"files":1'
ok "... to the byte" cmp out/probe/probe www/.well-known/security.txt
is "collected.json says where from, when, what" "$(/usr/bin/python3 -c '
import json, re
e = json.load(open("out/collected.json"))["entries"][0]
print(e["url"].split("/", 3)[3], e["status"], e["size"], bool(re.fullmatch(r"20..-..-..T..:..:..Z", e["time"])), len(e["sha256"]), e["source"])')" \
  ".well-known/security.txt 200 $(stat -c %s www/.well-known/security.txt) True 64 probe"
run "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" --evidence out thing-1.2.3.tgz
is "... and is known in a dossier as what it is" "$(get '[(d["kind"], d["state"]) for d in r["evidence"] if d["name"] == "collected.json"]')" '[["collected", "read"]]'
rm -rf kept
probe "the first answer is kept for later" "$good/.well-known/security.txt" '"status":200,'
probe "an answer that has not changed is known" "$good/.well-known/security.txt" '"cached":true'
ok "... since the server said so (304)" grep -q 'security.txt HTTP/1.1" 304' access.log
ok "... and the file is the same" cmp out/probe/probe www/.well-known/security.txt
ok "what is kept and was changed is not used" bash -c 'for f in kept/*.body; do echo x >>"$f"; done'
probe "... but asked for anew" "$good/.well-known/security.txt" '"status":200,'
ok "... and right" cmp out/probe/probe www/.well-known/security.txt

# --- who may be asked
probe "loopback is refused" "$good/large" "the address of vendor.example is loopback" allow_private=no
probe "... also by its number" "https://127.0.0.1:$port/" "the address is loopback" allow_private=no
probe "a host outside of the allow-list is not asked" "https://other.example/" "not in the source.s allow-list"
probe "http is not asked" "http://vendor.example:$port/" "only https"
probe "a user in the URL is refused" "https://vendor.example@127.0.0.1:$port/" "names a user"
probe "a number that is an address is refused" "https://2130706433:$port/" "neither a name"
probe "a redirect within the list is followed" "$good/to-good" '"files":1'
probe "a redirect to another host is not" "$good/to-forbidden" "redirects outside: https://forbidden.example/x"
probe "a redirect to http is not" "$good/to-http" "redirects to http"
probe "a redirect to a file is not" "$good/to-file" "does not begin with https"
probe "a redirect with a user is not" "$good/to-user" "names a user"
probe "redirects end" "$good/to-loop" "more than 5 redirects"
conf "$private" "[collector probe]" "hosts = vendor.example:$port" "options = url=$good/"
sed -i '/^ca_file/d' conf
rm -rf out
collect --for report.json -o out --source probe
like "an authority that the system does not know is refused" "$out" "certificate"

# --- who answers badly
probe "what is larger than allowed ends" "$good/large" "larger than 1048576 bytes"
probe "what says that it is huge ends" "$bad/huge" "larger than 1048576 bytes"
probe "what does not end ends" "$bad/endless" "larger than 1048576 bytes"
probe "a gzip bomb is counted unpacked" "$bad/bomb" "larger than 1048576 bytes"
probe "too many headers end it" "$bad/headers" "200 lines or 65536 bytes of headers"
probe "what promises more than it gives is no answer" "$bad/lying" "problems.*evil.example.*/lying"
ok "... and nothing of it is kept" test ! -e out/probe/probe
probe "who closes is no answer" "$bad/closing" "problems.*evil.example.*/closing"
is "... and was asked twice" "$(grep -c /closing evil.log)" 2
probe "what comes by the byte ends in time" "$bad/slow" "problems.*evil.example.*/slow"
probe "503 is asked again" "$bad/later" '"files":1'
probe "... and given up" "$bad/never" "status 503"
is "... after one retry" "$(grep -c /never evil.log)" 2

# --- sources
conf "$private" "sources = security-txt csaf osv tls-posture reputation" "[collector security-txt]" "mirror = $good" "[collector csaf]" "mirror = $good" \
  "[collector osv]" "mirror = $good/osv" "[collector tls-posture]" "mirror = $good" "[collector reputation]" "mirror = $good/reputation"
: >access.log
run "$PROBITY" collect --config conf -f json --for thing-1.2.3.tgz --database "$scratch/db" --dry-run --set sha256=abcde0123 # the scan needs the rules of the tree
like "a dry run names each request" "$out" "security.txt.*provider-metadata.json.*osv/v1/query"
like "... and what would follow" "$out" '"follows":\[.*provider-metadata.json names directories'
is "... and makes none" "$(grep -c . access.log)" 0
rm -rf out
run strace -f -qq -e trace=socket,execve,connect -o trace "$PROBITY" collect --config conf -f json --for thing-1.2.3.tgz --database "$scratch/db" -o out \
  --set sha256=abcde0123
like "five sources fill the dossier" "$rc $out" '^[03] .*"files":[6-9]'
is "... with these files" "$(cd out && find . -type f | LC_ALL=C sort | tr '\n' ' ')" "./collected.json ./csaf/2026_a.json ./csaf/2026_b.json \
./csaf/provider-metadata.json ./osv/npm_thing_1.2.3.json ./reputation/abcde.txt ./security-txt/security.txt ./tls-posture/tls.json "
ok "five digits of the digest and no more were told" bash -c 'grep -q "GET /reputation/range/abcde " access.log && ! grep -q abcde0 access.log'
like "what TLS says of itself is kept" "$(<out/tls-posture/tls.json)" '"hsts":"max-age=63072000".*"until":"20..-..-..","version":"TLSv1.3"'
is "only the collector has a socket of the internet" "$(/usr/bin/python3 - trace <<'EOF'
import re, sys
net, collectors = set(), set()
for line in open(sys.argv[1]):
    pid = line.split()[0]
    if "execve(" in line and "probity-collect" in line: collectors.add(pid)
    if re.search(r"socket\(AF_INET6?", line): net.add(pid)
print(bool(net), net <= collectors, len(collectors))
EOF
)" "True True 1"
run strace -f -qq -e trace=socket -o trace "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" thing-1.2.3.tgz
is "a scan opens none" "$(grep -cE 'AF_INET|probity-collect' trace)" 0
if unshare -rn true 2>/dev/null; then
  unshare -rn "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" thing-1.2.3.tgz >alone.json
  ok "... and without a network the report is the same" cmp alone.json report.json
else
  skip "... and without a network the report is the same" "no network namespaces here"
fi
collect --for report.json -o out --source security-txt
like "a report declares no domain, and that is said" "$rc $out" '^3 .*declares no domain'
collect --list
like "sources are listed" "$out" '"name":"tls-posture"'
collect --for report.json -o out --source osw
like "a source that is not there is named" "$rc $err" '^2 .*no source .*osw'

mkdir -p www/npm/thing www/npm/-/npm/v1/attestations www/deb/debian/dists/stable/main/binary-amd64 www/forge/s/x/archive www/packs
echo '{"dist":{"signatures":[]}}' >www/npm/thing/1.2.3
echo '{"attestations":[]}' | tee www/npm/-/npm/v1/attestations/thing@1.2.3 >www/npm/-/npm/v1/keys
printf 'Package: thing\nVersion: 1.2.3\n' >www/deb/debian/dists/stable/main/binary-amd64/Packages
printf 'SHA256:\n %s 30 main/binary-amd64/Packages\n' "$(sha256sum <www/deb/debian/dists/stable/main/binary-amd64/Packages | cut -d ' ' -f 1)" \
  >www/deb/debian/dists/stable/InRelease
cp www/large www/forge/s/x/archive/v1.tar.gz
echo pack >www/packs/ours.tar.gz
conf "$private" "[collector npm-attestations]" "mirror = $good/npm" "[collector debian]" "mirror = $good/deb/" "[collector repository-archive]" \
  "mirror = $good/forge" "[collector rule-packs]" "mirror = $good/packs" "options = packs=ours"
rm -rf out
collect --for report.json -o out --source npm-attestations --source rule-packs --source repository-archive --set repository=https://forge.example/s/x.git --set revision=v1
like "the registry's words, a pack and a source archive too large to keep" "$rc $out" '^0 .*"files":5'
is "... the archive by its digest" "$(cut -d ' ' -f 1 out/repository-archive/x-v1.sha256)" "$(sha256sum www/large | cut -d ' ' -f 1)"
collect --for report.json -o out --source debian --set kind=deb
like "InRelease, and the Packages that it lists; what was there stays" "$rc $out" '^0 .*"files":7'
ok "... to the byte" cmp out/debian/stable_main_Packages www/deb/debian/dists/stable/main/binary-amd64/Packages
cp out/collected.json before.json
echo '{"schema":"theirs"}' >out/collected.json
collect --for report.json -o out --source debian --set kind=deb
like "a folder with somebody else's collected.json is left alone" "$rc $err" "^2 .*is not the collector"

# Answers that are made by a seed, to all sources: nothing fails but the answer.
conf "$private"
is "40 rounds of answers that nobody would give" "$(PROBITY_DATA=$scratch/data timeout 300 /usr/bin/python3 "$here/tests/net/hostile.py" "$PROBITY" conf report.json . \
  "${HOSTILE_SEED:-1}" 40 2>&1)" ""

# Through a proxy, which looks names up; the environment's is not used.
rm -rf out
conf "proxy = http://127.0.0.1:$(<proxy.port)" "[collector probe]" "hosts = *.example:$port" "options = url=https://unknown.vendor.example:$port/large"
sed -i 's/^max_size.*/max_size = 8M/' conf
collect --for report.json -o out --source probe
like "through the proxy" "$rc $out" '^0 .*"files":1'
is "... was asked for" "$(<proxy.log)" "CONNECT unknown.vendor.example:$port HTTP/1.1"
sed -i '/^proxy/d; s/unknown.vendor/vendor/' conf
echo "x" >proxy.log
run env PROBITY_DATA="$scratch/data" https_proxy="http://127.0.0.1:$(<proxy.port)" ALL_PROXY="http://127.0.0.1:$(<proxy.port)" "$PROBITY" collect --config conf \
  --for report.json -o out --source probe --allow-private
is "a proxy of the environment is not asked" "$rc $(<proxy.log)" "0 x"

# --- push
printf '[push]\nurl = %s/hook\ntoken_file = %s/token\noutbox = %s/box\n' "$bad" "$scratch" "$scratch" >push.part
echo geheim-4711 >token
conf "$private" && cat push.part >>conf
sed 's/"version":"1.2.3"/"version":"1.2.4"/' report.json >other.json
run "$PROBITY" push --config conf report.json
like "a report is pushed" "$rc $out" "^0 sent "
is "... and gone from the outbox" "$(ls box)" ""
conf "$private" && sed "s|/hook|/never|" push.part >>conf
run "$PROBITY" push --config conf report.json
like "what did not arrive waits" "$rc $out" "^3 waits .*status 503"
run "$PROBITY" push --config conf --list
like "... and is listed" "$rc $out" "^0 waits +[0-9a-f]{64}-"
ok "the token is in no file of the outbox" bash -c '! grep -rq geheim box'
run "$PROBITY" push --config conf --retry
is "a place that stays away keeps it waiting" "$rc $(ls box | wc -l)" "3 1"
rm -rf box
conf "$private" && sed "s|/hook|/|" push.part >>conf
run "$PROBITY" push --config conf --format bulk report.json other.json
like "of a _bulk request one item arrives, one waits, by its own status" "$rc $out" "^3 sent .*waits .*status 429: queue full"
run "$PROBITY" push --config conf --retry
is "... until the retry" "$rc $(ls box)" "0 "
run "$PROBITY" push --config conf --to https://elsewhere.example/x report.json
like "a place that probity.conf does not name gets nothing" "$rc $out" "^3 .*not in the source.s allow-list"
rm -rf box

# --- products by URL
conf "$private"
cp thing-1.2.3.tgz www/
sum=$(sha256sum thing-1.2.3.tgz | cut -d ' ' -f 1)
run "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" --config conf --sha256 "$sum" "$good/thing-1.2.3.tgz"
printf '%s\n' "$out" >by-url.json
ok "a product by its URL gives the report of the file" cmp by-url.json report.json
run "$PROBITY" scan -q --database "$scratch/db" --config conf --sha256 "${sum:1}0" "$good/thing-1.2.3.tgz"
like "another digest is refused" "$rc $err" "^2 .*not what --sha256 says"
status "a URL without a digest is refused" 2 "$PROBITY" scan --config conf "$good/thing-1.2.3.tgz"
is "nothing of it is left" "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'probity-product.*' -newer conf 2>/dev/null | wc -l)" 0
sed -nE '/^\[collector\]/,$ s/^#([a-z_]+ =)/\1/; /^\[collector\]/,$ p' "$here/plugin/packaging/probity.conf" >sample
run "$PROBITY" collect --config sample --for report.json -o out --source osv
like "every key of the sample is known, with its default" "$rc $err" "^2 .*the collector is off"
is "... and the sample has them all" "$(grep -cE '^[a-z_]+ =' sample)" "$(sed -nE '/keys\[\] = \{/,/^\};/p' "$here/plugin/collector/settings.c" | grep -cE '^.\{"(push)?", ')"
conf "$private" "tiemout = 3s"
run "$PROBITY" collect --config conf --for report.json -o out --source osv
like "a key that is misspelt is named" "$rc $err" '^2 .*conf:[0-9]+: .*unknown key .tiemout., did you mean .timeout'
done_testing
