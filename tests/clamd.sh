# Sourced after tap.sh by the tests of the real hosts: a probityd and a clamd of our own, both without privileges, in the scratch folder.
#   start_probityd [LINE...]   with these lines of configuration (sections as they stand); waits until it listens
#   stop_probityd              waits until everything is assessed, then until it has ended
#   start_clamd [with|bare]    with or without the hook; waits until it answers
#   stop_clamd
#   settled                    waits until nothing is under way in probityd
#   asked JSON                 asks probityd; the answer's lines
#   stored                     one JSON object a line: what was assessed, oldest first
#   hooked COMMAND...          the command with the hook
#   until_ SECONDS COMMAND...  waits until the command succeeds
# Everything that is started ends with the test.
bin=$(dirname "$(realpath "$PROBITY")")
hook=$(realpath "${PROBITY_HOOK:-$bin/probity.so}")
if ! [[ -x $(command -v clamscan) && -x $(command -v clamd) && -x $(command -v clamdscan) && -x $(command -v zip) ]]; then
  skip "real hosts" "clamscan, clamd, clamdscan or zip is not installed"
  done_testing
  exit 0
fi
own_asan=${ASAN_OPTIONS:-}
export ASAN_OPTIONS=$own_asan:detect_leaks=0:verify_asan_link_order=0 # of the hosts
preload=$hook
for runtime in libubsan libasan; do # they have to come first
  so=$(readelf -d "$hook" | grep -oE "$runtime\.so\.[0-9]+") && preload="$so $preload"
done
# As root, the hosts run as clamav and the keeper as another user without privileges, as they do when installed; else all as ourselves.
as_clamav=() as_keeper=() clamav_user=$(id -un) keeper_user=$(id -un)
if [[ $(id -u) == 0 ]] && id -u clamav >/dev/null 2>&1; then
  as_clamav=(setpriv --reuid=clamav --regid=clamav --init-groups) clamav_user=clamav
  as_keeper=(setpriv --reuid=daemon --regid=daemon --clear-groups) keeper_user=daemon
fi
# Where the tree is private, other users need their own copy of what they run and read.
chmod 755 "$scratch"
mkdir -p "$scratch/data" "$scratch/bin" "$scratch/keeper" "$scratch/run" "$scratch/files"
cp -r "$here/scripts" "$here/rulesets" "$scratch/data/"
cp "$bin/probity" "$bin/probityd" "$hook" "$scratch/bin/"
preload=${preload/"$hook"/"$scratch/bin/${hook##*/}"}
export PROBITY=$scratch/bin/probity PROBITY_DATA=$scratch/data PROBITY_SOCKET=$scratch/keeper/socket
chmod -R a+rX "$scratch/data" "$scratch/bin"
chown "$keeper_user" "$scratch/keeper"
chown "$clamav_user" "$scratch/run"
eicar() { printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-' 'ANTIVIRUS-TEST-FILE!$H+H*'; }
# One signature hits EICAR, anywhere: of two that hit, ClamAV's --archive-verbose names one by chance.
cp "$here"/rulesets/clamav/*.ndb "$scratch/db/"
chmod -R a+rX "$scratch/db"
probityd_pid="" clamd_pid=""
finish() {
  local pid
  for pid in $probityd_pid $clamd_pid $(jobs -p); do kill -CONT "$pid"; kill -9 "$pid"; done 2>/dev/null
  chmod -R u+rwx "$scratch"
  rm -rf "$scratch"
} 2>/dev/null
trap finish EXIT
until_() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS <= end)) || return 1
    sleep 0.02
  done
}
cat >"$scratch/ask.py" <<'PY'
import array, os, socket, struct, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.settimeout(20)
s.connect(sys.argv[1])
s.send(struct.pack("I", 64) + sys.argv[2].encode())
packet, control, flags, _ = s.recvmsg(64, socket.CMSG_SPACE(16))
if not packet: sys.exit("no answer")
fds = array.array("i")
for level, kind, data in control: fds.frombytes(data[:len(data) // 4 * 4])
with open(fds[0], "rb") as f:
    f.seek(0)
    sys.stdout.buffer.write(f.read())
PY
asked() { /usr/bin/python3 "$scratch/ask.py" "$PROBITY_SOCKET" "$1"; }
# status KEY: of a running probityd
state() { asked '{"do":"status"}' | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
is_idle() { asked '{"do":"status"}' | /usr/bin/python3 -c 'import json, sys; s = json.load(sys.stdin); sys.exit(s["open"] + s["following"] > 0)'; }
settled() { until_ 60 is_idle || echo "# probityd: still something under way: $(asked '{"do":"status"}')"; }
start_probityd() {
  printf '%s\n' "$@" >"$scratch/probity.conf"
  grep -q '^\[store\]' "$scratch/probity.conf" || printf '[store]\nstore = %s/probity.db\ncache = %s/objects.db\n' "$scratch/keeper" "$scratch/keeper" >>"$scratch/probity.conf"
  grep -q '^\[access\]' "$scratch/probity.conf" || printf '[access]\nsubmit = user:%s\n' "$clamav_user" >>"$scratch/probity.conf"
  chmod a+r "$scratch/probity.conf"
  rm -rf "$scratch/keeper/"*
  "${as_keeper[@]}" env TMPDIR="$scratch/keeper" ASAN_OPTIONS="$own_asan" "$scratch/bin/probityd" -f -c "$scratch/probity.conf" -s "$PROBITY_SOCKET" \
    >>"$scratch/probityd.log" 2>&1 9>&- &
  probityd_pid=$!
  until_ 30 grep -qs 'is ready' "$scratch/probityd.log" || { flunk "probityd starts" "$(tail "$scratch/probityd.log")"; done_testing; exit 1; }
}
gone() { ! kill -0 "$1" 2>/dev/null; }
stop_probityd() {
  settled
  kill "$probityd_pid"
  wait "$probityd_pid"
  rc=$?
  probityd_pid=""
  is "probityd ends as told" "$rc" 0
  : >"$scratch/probityd.log.old"
  mv "$scratch/probityd.log" "$scratch/probityd.log.old"
}
stored() { "$PROBITY" list -f json --store "$scratch/keeper/probity.db" | tac; }
hooked() { LD_PRELOAD=$preload "$@"; }
answers() { clamdscan -c "$scratch/clamd.conf" --ping 1:1 >/dev/null 2>&1; }
start_clamd() { # with|bare [OPTION LINE...]
  local loaded=""
  [[ $1 == bare ]] || loaded=$preload
  shift
  printf '%s\n' "LocalSocket $scratch/run/clamd.sock" "PidFile $scratch/run/clamd.pid" "LogFile $scratch/run/clamd.log" \
    "DatabaseDirectory $scratch/db" "SelfCheck 0" "MaxThreads 4" "ConcurrentDatabaseReload yes" "Foreground yes" "$@" >"$scratch/clamd.conf"
  chmod a+r "$scratch/clamd.conf"
  rm -f "$scratch/run/"*
  (cd "$scratch" && exec "${as_clamav[@]}" env LD_PRELOAD="$loaded" PROBITY_SOCKET="$PROBITY_SOCKET" clamd -c "$scratch/clamd.conf") \
    >/dev/null 2>"$scratch/clamd.err" &
  clamd_pid=$!
  until_ 30 answers || { flunk "clamd starts" "$(<"$scratch/clamd.err")"; done_testing; exit 1; }
}
stop_clamd() {
  kill "$clamd_pid"
  wait "$clamd_pid"
  rc=$?
  clamd_pid=""
  is "clamd ends as told" "$rc" 0
}
# same NAME GOT WANTED: as is, for long texts
same() { if [[ $2 == "$3" ]]; then pass "$1"; else flunk "$1" "$(diff <(printf '%s\n' "$3") <(printf '%s\n' "$2"))"; fi; }
reloads() { grep -c 'Database correctly reloaded' "$scratch/run/clamd.log"; }
reloaded() { (($(reloads) > $1)); }
reload_clamd() {
  local before
  before=$(reloads)
  clamdscan -c "$scratch/clamd.conf" --reload
  until_ 30 reloaded "$before" || flunk "clamd reloads" "$(tail "$scratch/run/clamd.log")"
}
# package OUT [CHANGED]: a small .deb; CHANGED: one of its files is not what its md5sums say, which every policy rejects
package() {
  local w
  w=$(mktemp -d "$scratch/deb.XXXXXX")
  mkdir -p "$w/control" "$w/data/usr/bin" "$w/data/usr/share/doc/twin"
  cp /bin/true "$w/data/usr/bin/twin"
  printf 'License: GPL-3+\nThis is free software.\n' >"$w/data/usr/share/doc/twin/copyright"
  (cd "$w/data" && find . -type f -printf '%P\n' | sort | xargs md5sum) >"$w/control/md5sums"
  printf 'Package: twin\nVersion: 1.0-1\nArchitecture: amd64\nMaintainer: A Person <person@debian.org>\nSection: devel\nDescription: a twin\n of a small package\nHomepage: https://www.debian.org/\n' >"$w/control/control"
  [[ -z ${2:-} ]] || printf '%s' "$2" | dd of="$w/data/usr/share/doc/twin/copyright" bs=1 seek=5 conv=notrunc status=none
  tar --sort=name --mtime=@0 --owner=0 --group=0 -C "$w/control" -cJf "$w/control.tar.xz" .
  tar --sort=name --mtime=@0 --owner=0 --group=0 -C "$w/data" -cJf "$w/data.tar.xz" .
  echo 2.0 >"$w/debian-binary"
  (cd "$w" && ar rcD "$1" debian-binary control.tar.xz data.tar.xz)
}
sha() { sha256sum <"$1" | cut -c1-64; }
# slow_rules DIR object|product: a folder with a check that takes its time over every object, or over every product
slow_rules() {
  local of="object = function(object, found)"
  [[ $2 == object ]] || of="product = function(product, found)"
  mkdir -p "$1/integrity"
  cat >"$1/integrity/slow.lua" <<LUA
---@type probity.Check
return {
  title       = "A check that takes its time",
  why         = "Scans must not wait for it.",
  catalogue   = "I-99",
  claim       = "opacity",
  severity    = "info",
  reliability = "heuristic",
  findings    = { slow = { says = "slow %d", fix = "-" } },
  maps        = { "paris:P6", "req:R2" },
  samples     = { hit = { "a" }, clean = { "b" } },
  $of
    local n = 0
    for i = 1, 5000000 do n = n + i % 7 end
    if n == 0 then found.slow { key = "x", n } end
  end,
}
LUA
  chmod -R a+rX "$1"
}
