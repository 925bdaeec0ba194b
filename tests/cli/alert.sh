# Alert mode with the real hosts: one line for what the policy rejects, in every mode; what ClamAV found stays; whatever is late, unknown or
# allowed raises nothing.
. tests/tap.sh
. tests/clamd.sh
files=$scratch/files
ms() { date +%s%3N; }
package "$files/fine.deb"
package "$files/low.deb" X
eicar >"$files/eicar.com"
(cd "$files" && zip -q eicar.zip eicar.com)
package "$scratch/both.deb" Y
(cd "$scratch" && zip -q "$files/both.zip" both.deb files/eicar.com) # low by itself, and a detection: the detection counts
chmod -R a+rX "$files"
alert='Probity\.Reject\.Trust1?[0-9]'
modes=("" --fdpass --stream --multiscan --allmatch "--allmatch --fdpass" "--allmatch --stream" "--allmatch --multiscan")

# What a host answers: name and signature of each line, sorted; the score is not the point.
said() { sed -E -e "s|^.*/([^/]*): |\1: |" -e 's/(Probity\.Reject\.Trust)[0-9]+/\1NN/' | LC_ALL=C sort | tr '\n' ';'; }
raised() { sed 's/low.deb: OK/low.deb: Probity.Reject.TrustNN FOUND/'; }
clam() { clamdscan -c "$scratch/clamd.conf" --no-summary "$@" 2>&1; }
config() { # ALERT [LINE...]
  local alert=$1
  shift
  printf '[alert]\nalert = %s\n' "$alert"
  printf '%s\n' "$@"
}

# By itself ClamAV finds EICAR only.
declare -A alone
start_clamd bare
for mode in "${modes[@]}"; do
  # shellcheck disable=SC2086
  alone["m$mode"]=$(clam $mode "$files"/* | said)
done
stop_clamd
quiet=${alone["m"]}
is "by itself ClamAV finds EICAR only" "$quiet" "both.zip: Probity.Test.EICAR.Embedded.UNOFFICIAL FOUND;eicar.com: Probity.Test.EICAR.Embedded.UNOFFICIAL FOUND;eicar.zip: Probity.Test.EICAR.Embedded.UNOFFICIAL FOUND;fine.deb: OK;low.deb: OK;"
wanted=$(raised <<<"$quiet")
start_probityd "$(config reject)"
for options in "" --allmatch; do
  # shellcheck disable=SC2086
  is "clamscan $options: one alert" "$(hooked clamscan -d "$scratch/db" --no-summary $options "$files"/* | said)" \
    "$(clamscan -d "$scratch/db" --no-summary $options "$files"/* | said | raised)"
done
run env LD_PRELOAD="$preload" clamscan -d "$scratch/db" "$files/low.deb"
is "clamscan: its exit status says so" "$rc" 1
like "the alert has a name with the score" "$out" "/low\.deb: $alert FOUND"
like "and is counted" "$out" "Infected files: 1"
run env LD_PRELOAD="$preload" clamscan -d "$scratch/db" --no-summary "$files/fine.deb"
is "what the policy does not reject: no alert" "$rc" 0

start_clamd with
every_mode() { # NAME
  local mode
  for mode in "${modes[@]}"; do
    # shellcheck disable=SC2086
    is "clamd $mode, $1: one alert" "$(clam $mode "$files"/* | said)" "$(raised <<<"${alone["m$mode"]}")"
  done
}
every_mode "before a reload"
clam "$files/low.deb" >/dev/null
is "clamd: the exit status" "$?" 1
# A RELOAD under load: three clients go on all the time, and each of their answers is right.
load() { # N
  while [[ ! -e $scratch/enough ]]; do clam "--$1" "$files"/* | said; echo; done >"$scratch/load.$1"
}
for client in multiscan fdpass stream; do load $client & loads+=($!); done
for _ in 1 2; do reload_clamd; done
every_mode "while reloading"
touch "$scratch/enough"
wait "${loads[@]}"
ok "the clients had something to do" test "$(cat "$scratch"/load.* | wc -l)" -ge 6
is "no answer of theirs was another" "$(sort -u "$scratch"/load.*)" "$wanted"
every_mode "after the reloads"
like "each alert is in the store" "$(stored | /usr/bin/python3 -c '
import json, sys
rows = [a for a in map(json.loads, sys.stdin) if a["sha256"] == sys.argv[1]]
print({a["decision"] for a in rows}, all(a["alert"].startswith("Probity.Reject.Trust") for a in rows))' "$(sha "$files/low.deb")")" "^\{'REJECT'\} True$"

# --- the allow-list, by SIGHUP
notices() { grep -c 'rules reloaded' "$scratch/probityd.log"; }
more_notices() { (($(notices) > $1)); }
reconfigure() { # LINE...
  local before
  before=$(notices)
  { printf '%s\n' "$@"; sed -n '/^\[store\]/,$p' "$scratch/probity.conf"; } >"$scratch/probity.new"
  cat "$scratch/probity.new" >"$scratch/probity.conf"
  kill -HUP "$probityd_pid"
  until_ 20 more_notices "$before" || flunk "SIGHUP" "$(tail -n 5 "$scratch/probityd.log")"
}
low=$(sha "$files/low.deb")
settled
before_allowed=$(stored | wc -l)
reconfigure "$(config reject '[allow]' "$low = 2199-12-31 built here, ticket 7")"
is "allowed: no alert in clamd" "$(clam "$files"/* | said)" "$quiet"
is "allowed: no alert in clamscan" "$(hooked clamscan -d "$scratch/db" --no-summary "$files"/* | said)" "$quiet"
settled
since() { stored | tail -n +$((before_allowed + 1)) | grep "$low"; } # of that product
ok "but assessed as before, each time" test "$(since | wc -l)" -ge 2
is "... without a word to anybody" "$(since | grep -vc '"alert":"".*"decision":"REJECT"')" 0
reconfigure "$(config reject '[allow]' "$low = 2020-12-31 built here, ticket 7")"
is "an expired entry: an alert" "$(clam "$files"/* | said)" "$wanted"
reconfigure "$(config observe)"
is "observe by SIGHUP: no alert" "$(clam "$files"/* | said)" "$quiet"
reconfigure "$(config reject 'deadline = 1s')"
is "and again an alert" "$(clam "$files"/* | said)" "$wanted"

# --- the keeper is late, or not there
took() { # NAME MOST COMMAND...: its answer is the quiet one, within MOST ms
  local name=$1 most=$2 from answer
  shift 2
  from=$(ms)
  answer=$("$@" | said)
  from=$(($(ms) - from))
  is "$name: no alert" "$answer" "low.deb: OK;"
  ok "$name: within deadline and 2 s ($from ms)" test "$from" -le "$most"
}
clam --multiscan "$files"/* >/dev/null # every thread of clamd is connected
kill -STOP "$probityd_pid"
took "the keeper is stopped, clamd" 3000 clam "$files/low.deb"
took "the keeper is stopped, clamd --stream" 3000 clam --stream "$files/low.deb"
took "the keeper is stopped, clamscan" 3000 hooked clamscan -d "$scratch/db" --no-summary "$files/low.deb"
is "the keeper is stopped: EICAR stays EICAR" "$(clam "$files/eicar.zip" | said)" "eicar.zip: Probity.Test.EICAR.Embedded.UNOFFICIAL FOUND;"
kill -CONT "$probityd_pid"
settled
alerts_again() { [[ $(clam "$files/low.deb" | said) == "low.deb: Probity.Reject.TrustNN FOUND;" ]]; }
ok "it goes on: alerts again" until_ 15 alerts_again
kill -9 "$probityd_pid"
wait "$probityd_pid" 2>/dev/null
took "the keeper was killed, clamd" 3000 clam "$files/low.deb"
took "the keeper was killed, clamscan" 3000 hooked clamscan -d "$scratch/db" --no-summary "$files/low.deb"
: >"$scratch/probityd.log"

# --- slow checks: late, and ClamAV's own budget is not spent
slow_rules "$scratch/slow" object
start_probityd "$(config reject 'deadline = 1s' '[assess]' "rules = $scratch/slow")"
mkdir "$scratch/many"
for i in {01..12}; do printf 'member %s, one of many\n' "$i" >"$scratch/many/$i.txt"; done
eicar >"$scratch/many/last.com"
(cd "$scratch/many" && zip -q "$scratch/files/trap.zip" {01..12}.txt last.com && zip -q "$scratch/files/low.zip" {01..12}.txt && zip -q "$scratch/files/low.zip" ../files/low.deb)
chmod a+r "$files"/*
from=$(ms)
is "MaxScanTime: EICAR behind slow members is found" \
  "$(hooked clamscan -d "$scratch/db" --no-summary --max-scantime=1000 --alert-exceeds-max=yes "$files/trap.zip" | said)" "trap.zip: Probity.Test.EICAR.Embedded.UNOFFICIAL FOUND;"
ok "and not waited for ($(($(ms) - from)) ms)" test $(($(ms) - from)) -le 2500
took_zip() {
  from=$(ms)
  is "slow checks, $1: no alert" "$("${@:2}" | said)" "low.zip: OK;"
  from=$(($(ms) - from))
  ok "slow checks, $1: within deadline and 2 s ($from ms)" test "$from" -ge 1000 -a "$from" -le 3000
}
took_zip clamscan hooked clamscan -d "$scratch/db" --no-summary --max-scantime=1000 "$files/low.zip"
alert_late() { grep -q 'assessed id=.*product="low.zip"' "$scratch/probityd.log"; }
ok "the report comes all the same" until_ 40 alert_late
like "and would have raised one" "$(grep 'product="low.zip"' "$scratch/probityd.log")" 'decision="REJECT"'
kill "$probityd_pid" "$clamd_pid"
wait "$probityd_pid" "$clamd_pid"
probityd_pid="" clamd_pid=""
done_testing
