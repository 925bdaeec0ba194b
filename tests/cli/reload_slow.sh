# New rules that take long to open: probityd serves by the old ones meanwhile, whatever becomes of the new.
. tests/tap.sh
. tests/clamd.sh
files=$scratch/files
package "$files/fine.deb"
chmod -R a+rX "$files"
mkdir "$scratch/rules"
many_rules() { # SEED
  /usr/bin/python3 - "$scratch/rules/many.yar" "$1" <<'PY'
import random, sys
r = random.Random(int(sys.argv[2]))
with open(sys.argv[1], "w") as f:
    for i in range(8000): f.write(f'rule r{i} {{ meta: description = "x" strings: $a = "{r.getrandbits(64):016x}" condition: $a }}\n')
PY
  chmod -R a+rX "$scratch/rules"
}
sed -i 's/settimeout(20)/settimeout(200)/' "$scratch/ask.py" # an answer may have to wait for two reloads
export NOTIFY_SOCKET=$scratch/notify
/usr/bin/python3 - "$NOTIFY_SOCKET" >"$scratch/notified" <<'PY' &
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
while True: print(s.recv(100).decode(), flush=True)
PY
listener=$!
until_ 10 test -S "$NOTIFY_SOCKET"
# Of each process its parent's number stands behind its name and state.
templates() { sed -nE "s/^([0-9]+) \(.*\) [^Z] $probityd_pid .*/\1/p" /proc/[0-9]*/stat 2>/dev/null | sort -n; }
opening() { (($(templates | wc -l) > 2)); }
not_opening() { ! opening; }
begin_reload() { # the template of its rules is stopped: it takes as long as we like
  kill -HUP "$probityd_pid"
  until_ 20 opening
  new=$(comm -13 <(sort <<<"$old") <(templates | sort) | sort -n | head -n 1)
  kill -STOP "$new"
}
logged() { (($(grep -cE "$2" "$scratch/probityd.log") >= $1)); }
clam() { clamdscan -c "$scratch/clamd.conf" --no-summary "$@" 2>&1; }
one_more() { (($(stored | wc -l) > n)); }
assessed() { n=$(stored | wc -l); clam "$files/fine.deb" >/dev/null; until_ 10 one_more; }
start_probityd "[assess]" "rules = $scratch/rules"
start_clamd with
ok "it assesses" assessed
first=$(state rules_digest) old=$(templates)
is "nothing is being reloaded" "$(state reloading)" False

# --- it serves meanwhile
many_rules 1
begin_reload
like "a template opens" "$new" '^[0-9]+$'
from=$SECONDS
is "questions are answered" "$(state reloading) $(state rules_digest)" "True $first"
ok "scans are assessed" assessed
ok "at once" test $((SECONDS - from)) -le 8
for _ in 1 2 3 4 5; do
  kill -HUP "$probityd_pid"
  sleep 0.05
done
for i in 1 2 3; do asked '{"do":"reload"}' >"$scratch/asked.$i" & asking+=($!); done
sleep 0.5
is "whoever asks for another one waits" "$(cat "$scratch"/asked.*)" ""
kill -CONT "$new"
ok "it is reloaded" until_ 60 logged 1 'rules reloaded: digest'
second=$(grep -oE 'rules reloaded: digest [0-9a-f]+' "$scratch/probityd.log" | head -n 1 | cut -d' ' -f4)
ok "with other rules" test "$second" != "$first"
ok "and once more, for all who had asked meanwhile" until_ 60 logged 2 'rules reloaded: digest'
wait "${asking[@]}"
is "who are told" "$(sort -u "$scratch"/asked.*)" '{"reloaded":true}'
until_ 20 not_opening
sleep 0.5
is "no further time" "$(state reloading) $(grep -c 'rules reloaded: digest' "$scratch/probityd.log")" "False 2"
ok "scans are assessed by them" assessed
is "these are the rules" "$(state rules_digest)" "$second"
is "systemd is told each time" "$(xargs <"$scratch/notified")" "READY=1 RELOADING=1 READY=1 RELOADING=1 READY=1"
like "the end of the log is noted at the start and at each reload" "$(grep -c 'line [0-9]* of the log has digest' "$scratch/probityd.log")" '^3$'

# --- what cannot be opened
until_ 20 not_opening
old=$(templates)
many_rules 2
begin_reload
kill -9 "$new"
ok "its process ends: the old rules stay" until_ 20 logged 1 'rules were not reloaded, the old ones stay: the [a-z]+ process ended early: signal 9'
is "as before" "$(state reloading) $(state rules_digest)" "False $second"
is "nothing of it is left" "$(templates)" "$old"
ok "and scans are assessed" assessed
asked '{"do":"reload"}' >"$scratch/asked.again"
is "the next one is reloaded" "$(<"$scratch/asked.again")" '{"reloaded":true}'
until_ 20 not_opening
old=$(templates)
printf 'rule broken { strings: $a = "x condition: $a }\n' >"$scratch/rules/bad.yar"
chmod a+r "$scratch/rules/bad.yar"
like "whoever asked is told what was refused" "$(asked '{"do":"reload"}')" '"error":".*bad\.yar'
rm "$scratch/rules/bad.yar"

# --- its end
settled
begin_reload
asked '{"do":"reload"}' >"$scratch/asked.end" 2>/dev/null &
asking=$!
sleep 0.2
from=$SECONDS
stop_probityd
ok "ended while it opens: at once" test $((SECONDS - from)) -le 5
wait "$asking"
like "who asked is told" "$(<"$scratch/asked.end")" '"error":"the keeper was ended"'
ok "and its process, too" until_ 5 gone "$new"
kill "$listener"
stop_clamd
done_testing
