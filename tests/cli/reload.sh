# A running probityd: new rules without a restart, who may do what, and callers that mean no good.
. tests/tap.sh
. tests/clamd.sh
files=$scratch/files
package "$files/fine.deb"
printf 'ordinary text, in a zip\n' >"$scratch/words.txt"
(cd "$scratch" && zip -q "$files/words.zip" words.txt)
eicar >"$files/eicar.com"
mkdir "$scratch/rules"
chmod -R a+rX "$files" "$scratch/rules"
said() { sed -E 's|^.*/([^/]*): |\1: |' | LC_ALL=C sort | tr '\n' ';'; }
clam() { clamdscan -c "$scratch/clamd.conf" --no-summary "$@" 2>&1; }
digest() { state rules_digest; }
logged() { grep -qE "$1" "$scratch/probityd.log"; }
times() { grep -cE "$1" "$scratch/probityd.log"; }
more() { (($(times "$2") > $1)); }
hup() { # WHAT THE LOG SAYS THEN
  local before
  before=$(times "$1")
  kill -HUP "$probityd_pid"
  until_ 20 more "$before" "$1" || flunk "SIGHUP: $1" "$(tail -n 5 "$scratch/probityd.log")"
}
start_probityd "[assess]" "rules = $scratch/rules"
start_clamd with

# --- clamd's RELOAD brings new rules as well
first=$(digest)
wanted=$(clam "$files"/* | said)
is "ClamAV's answers" "$wanted" "eicar.com: Probity.Test.EICAR.Embedded.UNOFFICIAL FOUND;fine.deb: OK;words.zip: OK;"
yara() { printf 'rule %s { meta: description = "a word" strings: $a = "%s" condition: $a }\n' "$1" "$2" >"$scratch/rules/$1.yar"; chmod a+r "$scratch/rules/$1.yar"; }
yara finds "ordinary text"
reload_clamd
is "no scan since: nothing is reloaded" "$(digest)" "$first"
clam "$files/words.zip" >/dev/null
other() { [[ $(digest) != "$1" ]]; }
ok "the first scan after clamd's RELOAD: new rules" until_ 20 other "$first"
like "and why" "$(grep 'has reloaded' "$scratch/probityd.log")" "clamd has reloaded its databases"
second=$(digest)
clam "$files/words.zip" >/dev/null
settled
newest() { stored | grep "$(sha "$1")" | tail -n 1 | /usr/bin/python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["id"])'; }
out=$("$PROBITY" show "$(newest "$files/words.zip")" -f json --store "$scratch/keeper/probity.db")
is "the new rule finds something" "$(get '[p for f in r["findings"] if f["key"].endswith(":finds") for p in paths(f)]')" '["words.zip > words.txt"]'
is "and is in the report's digest" "$(get 'next(v["rules_digest"] for v in r.values() if isinstance(v, dict) and "rules_digest" in v)')" "$second"

# --- SIGHUP, under three clients that are answered rightly all the time
load() { while [[ ! -e $scratch/enough ]]; do clam "--$1" "$files"/* | said; echo; sleep 0.1; done >"$scratch/load.$1"; }
for client in multiscan fdpass stream; do load $client & loads+=($!); done
yara more "license"
hup 'rules reloaded: digest'
third=$(digest)
ok "SIGHUP: new rules" test "$third" != "$second"
printf 'return {\n  title = "no more than a title",\n  severty = "high",\n}\n' >"$scratch/rules/bad.lua"
chmod a+r "$scratch/rules/bad.lua"
yara another "Homepage"
hup 'rules were not reloaded, the old ones stay'
is "a broken rule: the old ones stay, all of them" "$(digest)" "$third"
like "the log names file and line" "$(grep 'not reloaded' "$scratch/probityd.log")" "rules/bad\.lua:3: severty"
like "so does the store's log" "$("$PROBITY" log show --store "$scratch/keeper/probity.db")" "rules refused: .*bad\.lua:3"
n=$(stored | wc -l)
one_more() { (($(stored | wc -l) > n)); }
ok "scans go on being assessed" until_ 10 one_more
printf 'rule broken { strings: $a = "x condition: $a }\n' >"$scratch/rules/bad.yar"
rm "$scratch/rules/bad.lua"
chmod a+r "$scratch/rules/bad.yar"
hup 'rules were not reloaded.*bad\.yar'
is "a broken YARA file: the old ones stay" "$(digest)" "$third"
rm "$scratch/rules/bad.yar"
cp "$scratch/probity.conf" "$scratch/good.conf"
printf '[asess]\njobs = 1\n' >>"$scratch/probity.conf"
hup 'configuration was not reloaded.*probity\.conf:[0-9]+.*assess'
is "a broken configuration: everything stays" "$(digest)" "$third"
sed "s|^\[assess\]|[assess]\npolicy = $scratch/policy.ini|" "$scratch/good.conf" >"$scratch/probity.conf"
printf '[policy]\nname = mine\nnonsense = 1\n' >"$scratch/policy.ini"
chmod a+r "$scratch/policy.ini"
hup 'rules were not reloaded.*policy\.ini'
is "a broken policy: everything stays" "$(digest) $(state policy)" "$third business"
cat "$scratch/good.conf" >"$scratch/probity.conf"
hup 'rules reloaded: digest'
ok "repaired: loaded" test "$(digest)" != "$third"
touch "$scratch/enough"
wait "${loads[@]}"
ok "the clients had something to do" test "$(cat "$scratch"/load.* | wc -l)" -ge 10
is "and every answer was right" "$(sort -u "$scratch"/load.*)" "$wanted"
settled
is "nothing was left out, nobody died" "$(state not_assessed) $(state deaths)" "0 0"

# --- who may do what
as() { setpriv --reuid="$1" --regid="$(id -g "$1")" --clear-groups "${@:2}"; }
rows() { "$@" /usr/bin/python3 "$scratch/ask.py" "$PROBITY_SOCKET" '{"do":"list","limit":1000}' | grep -o '"uid":[0-9]*' | sort -u | tr '\n' ' '; }
if [[ ${#as_clamav[@]} -gt 0 ]]; then
  stop_probityd
  start_probityd "[access]" "submit = user:clamav user:games" "read = user:sys"
  there() { clam "$files/fine.deb" >/dev/null; logged 'host=clamd'; }
  ok "clamd finds the new keeper" until_ 15 there # it tries again 5 s after it lost the one before
  plain=$(clamscan -d "$scratch/db" --no-summary "$files"/*)
  is "who may not submit: clamscan is unharmed" "$(as nobody env LD_PRELOAD="$preload" clamscan -d "$scratch/db" --no-summary "$files"/*)" "$plain"
  like "and it is logged" "$(grep 'may not' "$scratch/probityd.log")" "user $(id -u nobody) may not submit scans"
  as games env LD_PRELOAD="$preload" clamscan -d "$scratch/db" --no-summary "$files"/* >/dev/null
  settled
  is "who may not submit has nothing assessed" "$(stored | grep -c "\"uid\":$(id -u nobody)")" 0
  is "root sees all" "$(rows env)" "$(printf '"uid":%s\n' "$(id -u clamav)" "$(id -u games)" | sort | tr '\n' ' ')"
  is "who is in [access] read sees all" "$(rows as sys)" "$(rows env)"
  is "others see their own" "$(rows as games)" "\"uid\":$(id -u games) "
  is "who has none sees none" "$(rows as nobody)" ""
  of_clamd=$(stored | grep '"host":"clamd"' | head -n 1 | grep -o '"id":[0-9]*' | cut -d: -f2)
  like "nor shows another's report" "$(as games /usr/bin/python3 "$scratch/ask.py" "$PROBITY_SOCKET" "{\"do\":\"show\",\"id\":$of_clamd}")" '"error"'
  like "nor reads the log" "$(as games /usr/bin/python3 "$scratch/ask.py" "$PROBITY_SOCKET" '{"do":"verify"}')" '"error"'
  like "nor reloads" "$(as games /usr/bin/python3 "$scratch/ask.py" "$PROBITY_SOCKET" '{"do":"reload"}')" '"error":"only root'
  like "who may: verify" "$(as sys /usr/bin/python3 "$scratch/ask.py" "$PROBITY_SOCKET" '{"do":"verify"}')" '"holds":true'
  like "root reloads" "$(asked '{"do":"reload"}')" '"reloaded":true'
else
  skip "access by user" "takes root"
fi

# --- callers that mean no good
cat >"$scratch/evil.py" <<'PY'
import array, mmap, os, random, resource, select, socket, struct, sys, time
path, what = sys.argv[1:]
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
random.seed(7)
MAGIC = 0x31624f50
def dial(tries=200):
    for _ in range(tries):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        s.settimeout(8)
        try:
            s.connect(path)
            return s
        except BlockingIOError:
            s.close(); time.sleep(0.01)
        except (socket.timeout, OSError):
            s.close(); time.sleep(0.01)
    sys.exit("cannot connect")
def hello(magic=MAGIC): return struct.pack("<II32s32sII", 1, magic, b"evil", b"1.4.6", 0, 0)
def closed(s):
    try:
        while s.recv(64): pass # an error may be answered first
        return True
    except ConnectionError: return True
    except socket.timeout: return False
def stream():
    s = dial(); s.send(hello())
    packet, control, flags, _ = s.recvmsg(64, socket.CMSG_SPACE(16))
    fds = array.array("i")
    for l, t, d in control: fds.frombytes(d[:len(d) // 4 * 4])
    assert struct.unpack("<II", packet[:8]) == (2, MAGIC) and len(fds) == 1
    return s, fds[0]
if what == "silent":
    kept = [dial() for _ in range(min(1000, hard - 50))]
    print("connected", len(kept), flush=True)
    end = time.time() + 15
    while kept and time.time() < end:
        for s in select.select(kept, [], [], 1)[0]:
            if closed(s): s.close(); kept.remove(s)
    print("left", len(kept))
elif what == "rubbish":
    bad = [b"\0", b"abc", hello()[:-1], hello() + b"x", hello(MAGIC + 1), hello(0), struct.pack("<I", 2), struct.pack("<I", 64), struct.pack("<I", 64) + b"{",
           struct.pack("<I", 64) + b"[" * 60000, struct.pack("<I", 64) + b'{"do":1}', struct.pack("<I", 0xffffffff) * 9]
    bad += [random.randbytes(random.choice([1, 4, 72, 4000, 65536, 70000])) for _ in range(60)]
    alive = 0
    for b in bad:
        s = dial(); s.send(b)
        if not closed(s): alive += 1
        s.close()
    s = dial(); s.shutdown(socket.SHUT_WR)
    alive += not closed(s)
    print("still open", alive)
elif what == "streams":
    for kind in range(40):
        s, fd = stream()
        size = os.fstat(fd).st_size
        if kind % 4 == 0: s.shutdown(socket.SHUT_WR)
        elif kind % 4 == 1: s.send(random.randbytes(200)); os.pwrite(fd, random.randbytes(4096), 0)
        elif kind % 4 == 2:
            m = mmap.mmap(fd, size)
            for at in range(0, 4096, 8): m[at:at + 8] = struct.pack("<Q", random.choice([0, 1, size, 2**63, 2**64 - 1]))
            m[4096:8192] = random.randbytes(4096); m.close()
            try: s.send(struct.pack("<I", 3))
            except ConnectionError: pass # it has seen what became of the ring
        else:
            with open("/bin/true") as f:
                for n in range(20): socket.send_fds(s, [struct.pack("<IIII", 4, n, n, 0)], [f.fileno()] * (1 + n % 4))
        s.settimeout(0.1)
        try: s.recv(64)
        except (ConnectionError, socket.timeout): pass
        s.close(); os.close(fd)
    print("done")
PY
evil() { /usr/bin/python3 "$scratch/evil.py" "$PROBITY_SOCKET" "$1" 2>&1; }
evil silent >"$scratch/silent" &
silent=$!
connected() { grep -q connected "$scratch/silent"; }
until_ 30 connected
n=$(stored | wc -l)
from=$SECONDS
hooked clamscan -d "$scratch/db" --no-summary "$files/fine.deb" >/dev/null
ok "a thousand silent callers: scans are assessed" until_ 10 one_more
like "and questions answered" "$(asked '{"do":"status"}')" '"version"'
wait $silent
like "they were hung up on" "$(<"$scratch/silent")" 'connected [0-9]+.left 0$'
is "rubbish is hung up on" "$(evil rubbish)" "still open 0"
is "streams of rubbish" "$(evil streams)" "done"
settled
n=$(stored | wc -l)
hooked clamscan -d "$scratch/db" --no-summary "$files/fine.deb" >/dev/null
ok "afterwards scans are assessed as before" until_ 10 one_more
is "nobody died of it" "$(state deaths)" 0
stop_probityd
stop_clamd

# --- hosts that are faster than we are
slow_rules "$scratch/slow" product
start_probityd "[assess]" "rules = $scratch/slow"
/usr/bin/python3 - "$scratch/crowd" <<'PY'
import os, sys, zipfile
os.mkdir(sys.argv[1])
for i in range(1300):
    with zipfile.ZipFile(f"{sys.argv[1]}/{i:04}.zip", "w") as z: z.writestr("words.txt", f"number {i}\n")
PY
hooked clamscan -d "$scratch/db" --no-summary "$scratch/crowd" | sed 's/.*: //' | sort | uniq -c >"$scratch/crowd.said"
is "1300 products at once: ClamAV says the same of each" "$(xargs <"$scratch/crowd.said")" "1300 OK"
told() { (($(state following) == 0)); }
ok "all of them are told" until_ 30 told
like "what is too much is not assessed, and that is logged" "$(grep -c 'decision="NOT ASSESSED".*reason=too many products were waiting' "$scratch/probityd.log")" '^[1-9][0-9]+$'
kill "$probityd_pid"
wait "$probityd_pid"
is "what was under way at the end has a reason, too: 1300 in all" "$(stored | wc -l) $(stored | grep -c '"reason":"probityd was ended before it was assessed"')" \
  "1300 $(grep -c 'reason=probityd was ended' "$scratch/probityd.log")"
ok "and the chain holds" "$PROBITY" log verify --store "$scratch/keeper/probity.db"
probityd_pid=""
done_testing
