# A running probityd whose trackers hang, or break what they share with their workers: hosts go on, and another tracker takes over.
. tests/tap.sh
. tests/clamd.sh
files=$scratch/files
package "$files/fine.deb"
eicar >"$files/eicar.com"
chmod -R a+rX "$files"
clam() { clamdscan -c "$scratch/clamd.conf" --no-summary "$@" 2>&1 | sed -E 's|^.*/([^/]*): |\1: |' | LC_ALL=C sort | tr '\n' ';'; }
logged() { grep -qE "$1" "$scratch/probityd.log"; }
cat >"$scratch/tracker.py" <<'PY'
import mmap, os, struct, sys
sys.path.insert(0, "tests")
from chaos import kinds
trackers = kinds(int(sys.argv[1]))["tracker"]
if sys.argv[2:] == ["lie"]: # as if it had written a position that cannot be
    folder = f"/proc/{trackers[0]}/fd"
    lane = next(f"{folder}/{n}" for n in os.listdir(folder) if "probity-lane" in os.readlink(f"{folder}/{n}"))
    with open(lane, "r+b") as f, mmap.mmap(f.fileno(), 4096) as m: m[128:136] = struct.pack("<Q", 1234567890123)
print(*trackers)
PY
tracker() { PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$scratch/tracker.py" "$probityd_pid" "$@"; }
assessed() { clam "$files/fine.deb" >/dev/null; sleep 0.2; (($(stored | grep -c '"decision":"[A-Z]' ) > n)); }
goes_on() { # NAME: a host finds the next tracker within the 5 s that it waits before it tries again
  n=$(stored | grep -c '"decision":"[A-Z]')
  ok "$1" until_ 20 assessed
}
# The least time is 30 s: an object's budget does not make it less.
start_probityd "[assess]" "jobs = 1" "[budget]" "object = 5s"
start_clamd with
wanted=$(clam "$files"/*)
is "ClamAV's answers" "$wanted" "eicar.com: Probity.Test.EICAR.Embedded.UNOFFICIAL FOUND;fine.deb: OK;"
settled
first=$(tracker)
like "one tracker" "$first" '^[0-9]+$'

# --- one that hangs
kill -STOP "$first"
from=$SECONDS
is "it hangs: ClamAV's answers" "$(clam "$files"/*)" "$wanted"
ok "then it is ended" until_ 60 logged 'tracker hung: no sign of life for 30 s; what it was following is not assessed'
ok "not before its time" test $((SECONDS - from)) -ge 29
ok "it is gone" until_ 5 gone "$first"
goes_on "another one follows"
like "what it followed is told" "$(grep 'not assessed' "$scratch/probityd.log")" 'scans? of clamd \(process [0-9]+\) (was|were) not assessed'
settled
second=$(tracker)
ok "it is another one" test -n "$second" -a "$second" != "$first"

# --- one that breaks its lane
if lied=$(tracker lie 2>/dev/null); then
  ok "a broken lane is given up" until_ 10 logged 'broke the memory that it shares with its worker; what it was following is not assessed'
  ok "and its tracker with it" until_ 5 gone "$lied"
  is "ClamAV's answers" "$(clam "$files"/*)" "$wanted"
  goes_on "there are reports again"
  settled
  third=$(tracker)
  ok "of another tracker" test -n "$third" -a "$third" != "$lied"
else
  skip "a broken lane is given up" "another process's memory may not be written here"
fi
is "nothing was started anew as a whole" "$(grep -c 'starting anew' "$scratch/probityd.log")" 0
stop_clamd
stop_probityd
done_testing
