# The hook: with a libclamav that follows a script (as 1.4 and as 1.5), then with the real clamscan and clamd.
. tests/tap.sh
hook=${PROBITY_HOOK:-$(dirname "$PROBITY")/probity.so}
embed=${PROBITY_EMBED:-$(dirname "$hook")/libprobity.so.0}
hook=$(realpath "$hook") embed=$(realpath "$embed")
# clamd runs as another user, who may not see the folder that this tree lies in.
chmod 755 "$scratch" && mkdir -p "$scratch/hook" && cp "$hook" "$scratch/hook/" && hook=$scratch/hook/${hook##*/}
chmod 755 "$scratch"
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # of the hosts
preload=$hook
for runtime in libubsan libasan; do # they have to come first
  so=$(readelf -d "$hook" | grep -oE "$runtime\.so\.[0-9]+") && preload="$so $preload"
done

# --- what it is
is "no library but libc" "$(readelf -d "$hook" "$embed" | grep NEEDED | grep -oE '\[.*\]' | grep -vE 'lib(a|ub)san' | sort -u)" "[libc.so.6]"
is "probity.so gives away what it stands in for, and nothing else" "$(nm -D --defined-only "$hook" | awk '{print $3}' | grep -vcE '^cl_(engine_(new|addref|free|compile|set_num|settings_(copy|apply|free)|set_clcb_(file_inspection|pre_scan|meta|virus_found)|set_scan_callback)|scan(desc|file)(_callback|_ex)?|scanmap_(callback|ex))$')" 0
is "libprobity.so.0 gives away its six functions" "$(nm -D --defined-only "$embed" | awk '$2 == "T" {print $3}' | sort | tr '\n' ' ')" \
  "probity_attach@@PROBITY_0 probity_detach@@PROBITY_0 probity_scan_begin@@PROBITY_0 probity_scan_end@@PROBITY_0 probity_verdict@@PROBITY_0 probity_version@@PROBITY_0 "
is "no constructor of its own" "$(readelf -S "$hook" | grep -cE 'ctors')" 0
if [[ $preload == "$hook" && -x $(command -v strace) ]]; then
  is "inert where nobody scans" "$(LD_PRELOAD="" strace -f -E LD_PRELOAD="$preload" /bin/true 2>&1 | sed '1,/probity\.so/d' | grep -cE 'socket|connect|clone|sigaction|/probity')" 0
fi

# --- the fakes
cflags=$(pkg-config --cflags libclamav)
cc() { ${CC:-gcc} -std=c11 -D_GNU_SOURCE -I"$here/plugin" -I"$here/tests/fake/clamav" -O1 -g -fPIC -fsemantic-interposition $cflags "$@"; } # calls go through the linker
ok "keeper for tests" cc -o "$scratch/keeper" "$here/tests/fake/keeper.c" "$here/plugin/wire/ring.c"
for v in 14 15; do
  mkdir "$scratch/$v"
  ok "libclamav for tests, $v" cc -DFAKE_$v -shared -Wl,-soname,libclamav.so.12 -o "$scratch/$v/libclamav.so.12" "$here"/tests/fake/clamav/*.c
  ok "host for tests, $v" cc -DFAKE_$v -o "$scratch/$v/host" "$here/tests/fake/host.c" "$scratch/$v/libclamav.so.12" -Wl,-rpath,"$scratch/$v"
done
export PROBITY_SOCKET=$scratch/s.sock
keeper_pid=""
start_keeper() {
  rm -f "$scratch/in" "$scratch/told"
  mkfifo "$scratch/in"
  "$scratch/keeper" "$PROBITY_SOCKET" "$@" <"$scratch/in" >"$scratch/told" &
  keeper_pid=$!
  exec 9>"$scratch/in"
  for _ in {1..200}; do grep -qs '^ready' "$scratch/told" && return; sleep 0.02; done
}
stop_keeper() { # what it heard is in $told afterwards
  exec 9>&-
  wait "$keeper_pid" 2>/dev/null || true
  told=$(sed -e 1d -e "s|$scratch/||g" "$scratch/told")
  rm -f "$PROBITY_SOCKET"
}
host() { # VERSION ARGUMENT...: in the scratch folder, with the hook
  local v=$1
  shift
  out=$(cd "$scratch" && LD_PRELOAD=$preload timeout 60 "$v/host" "$@" 2>"$scratch/stderr")
  rc=$?
  err=$(<"$scratch/stderr")
}
bare() { # the same without the hook
  local v=$1
  shift
  out=$(cd "$scratch" && timeout 60 "$v/host" "$@" 2>"$scratch/stderr")
  rc=$?
}
ms() { echo $(($(date +%s%N) / 1000000)); }
cd "$scratch" || exit 1
printf 'FAKE\nmeta dir/a.txt 10 0\nobject 1 a.txt 10\nobject 2 - 70000\nobject 1 big 200000\n' >clean
printf 'FAKE\nobject 1 a 10\nfound Virus.One\nfound Virus.Two\n' >bad
printf 'FAKE\nobject 1 inner 30\n' >inner
printf 'FAKE\nmeta locked 5 1\nresult 11\n' >broken
{ printf 'FAKE\nobject 1 a 10\n'; head -c 300000 /dev/zero; } >large
{ printf 'FAKE\n'; for i in {1..60}; do echo "object 1 member$i 400000"; done; } >many
printf 'tiny' >tiny
printf 'FAKE\nobject 1 a 10\nknown 1 b 20\nobject 2 below 30\nmeta dir/c.txt 40 0\nobject 1 c.txt 40\nknown 1 d 50\nfound Virus.One\n' >known
printf 'FAKE\nobject 1 left 10\nobject 2 below 30\nobject 1 a 20\n' >left
cd "$here" || exit 1

for v in 14 15; do
  n="($v)"
  # A host sees the same with and without, whatever it does.
  everything=(new listen compile scan clean scan bad desc clean map "$(<"$scratch/inner")" scan broken scan tiny scan large nest inner
    scan clean thread bad fork clean reload scan bad allmatch scan bad reload scan bad new compile scan clean listen scan bad free
    scan bad scan known scan left refuse scan left signals)
  [[ $v == 15 ]] && everything+=(ex clean ex bad)
  bare $v "${everything[@]}"
  plain=$out plain_rc=$rc
  like "$n the plain host works" "$plain" "found Virus.Two"
  start_keeper replay=1
  host $v "${everything[@]}"
  stop_keeper
  is "$n the host sees the same" "$out" "$plain"
  is "$n the host ends the same" "$rc" "$plain_rc"
  is "$n nothing on stderr" "$err" ""
  is "$n nothing lost, nothing odd" "$(grep -cE 'WRONG|lost=[1-9]|odd|UNKNOWN|cut|dropped' <<<"$told")" 0
  is "$n a stream a thread and process" "$(grep -c hello <<<"$told")" 3
  is "$n every scan begins once and ends once" "$(grep -c begin <<<"$told")" "$(grep -c ' end ' <<<"$told")"
  for situation in "no keeper" "a keeper that is silent" "a keeper that talks rubbish" "a keeper without a ring" \
    "a keeper with two rings" "a keeper that never reads" "a keeper that hangs up"; do
    case $situation in
    *silent) start_keeper mode=silent ;; *rubbish) start_keeper mode=rubbish ;; *without*) start_keeper mode=ring ;;
    *two*) start_keeper mode=two ;; *never*) start_keeper mode=idle room=2000 replay=1 ;; *hangs*) start_keeper mode=hangup replay=1 ;;
    esac
    from=$(ms)
    host $v "${everything[@]}"
    took=$(($(ms) - from))
    [[ $situation == "no keeper" ]] || stop_keeper
    is "$n $situation: the host sees the same" "$out/$rc" "$plain/$plain_rc"
    ok "$n $situation: in time ($took ms)" test "$took" -lt 4000
  done

  # What is told.
  start_keeper
  host $v new listen compile scan clean desc bad map "$(<"$scratch/inner")" scan broken scan tiny scan large cache
  stop_keeper
  like "$n the clean cache is switched off" "$out" "cache off: 1"
  like "$n hello" "$told" "S0 hello host=host clamav=1\.${v:1}\.fake"
  like "$n begin of a path: descriptor and path are known" "$told" "begin 1 outer=0 file=1 size=[0-9]+ name=clean path=clean"
  like "$n begin of a descriptor without a name" "$told" "begin 2 outer=0 file=1 size=[0-9]+ name= path=bad"
  like "$n begin of a map" "$told" "begin 3 outer=0 file=0 size=0 name=a map path="
  like "$n the object itself" "$told" "object 1\.1 level=0 size=[0-9]+ parent=0 type=CL_TYPE_ZIP name=clean inline"
  like "$n meta" "$told" "meta 1 size=10 encrypted=0 type=CL_TYPE_ZIP name=dir/a\.txt"
  like "$n a member" "$told" "object 1\.2 level=1 size=10 parent=[0-9]+ type=CL_TYPE_BINARY_DATA name=a\.txt in=clean inline a857db45eae136fb"
  like "$n a member without a name, in chunks" "$told" $'object 1\\.3 level=2 size=70000 parent=10 type=CL_TYPE_BINARY_DATA name in=clean in=a.txt chunks\n whole cad592d6852c912d|object 1\\.3 level=2 size=70000 parent=10 type=CL_TYPE_BINARY_DATA name in=clean in=- chunks\n whole cad592d6852c912d'
  like "$n the end" "$told" "end 1 result=0 lost=0 objects=4 name="
  like "$n a detection" "$told" $'found 2 name=Virus.One\nS0 end 2 result=1 lost=0 objects=2 name=Virus.One'
  like "$n an error" "$told" "end 4 result=11"
  like "$n a file without a callback" "$told" $'begin 5 outer=0 file=1 size=4 name=tiny path=tiny\nS0 end 5 result=0 lost=0 objects=0'
  like "$n a large file travels as its descriptor" "$told" "object 6\.1 level=0 size=300019 .* descriptor [0-9a-f]+"
  like "$n the stream ends with the process" "$told" "S0 gone"

  # Calls within calls.
  start_keeper
  host $v new listen compile nest inner scan clean
  stop_keeper
  like "$n a scan in a callback is one of its own" "$told" "begin 2 outer=1 file=1 size=[0-9]+ name=inner"
  is "$n and ends before the outer one goes on" "$(grep -oE '(object|end) [12]' <<<"$told" | tr '\n' ' ')" \
    "object 1 object 2 object 2 end 2 object 1 object 1 object 1 end 1 "

  # Settings copied: the trap of clamd's reload.
  start_keeper
  host $v new listen compile scan bad reload scan bad reload allmatch scan bad
  stop_keeper
  is "$n the host's virus_found after reloads" "$(grep -c 'host found' <<<"$out")" 4
  is "$n the stream's after reloads" "$(grep -c ' found ' <<<"$told")" 4
  is "$n objects after reloads" "$(grep -c ' object ' <<<"$told")" 6

  # What is not opened.
  start_keeper replay=1
  host $v new listen compile scan known scan clean scan clean scan left refuse scan left
  stop_keeper
  is "$n what the cache knew is told, the outermost as well" "$(grep -c hidden <<<"$told") $(grep -oE 'hidden .*' <<<"$told" | tr '\n' ' ')" "3 hidden 1.3 hidden 1.5 hidden 3.1 "
  is "$n what lies in it is not" "$(grep -c 'object 1\..*size=30' <<<"$told")" 0
  start_keeper
  host $v new listen compile scan known scan clean scan clean
  stop_keeper
  is "$n without a cache nothing is hidden" "$(grep -c hidden <<<"$told") $(grep -c 'object 1\..*size=30' <<<"$told")" "0 1"
  start_keeper replay=1
  host $v new listen compile reload scan known reload scan clean scan clean
  stop_keeper
  is "$n ... after reloads" "$(grep -oE 'hidden .*' <<<"$told" | tr '\n' ' ')" "hidden 1.3 hidden 1.5 hidden 3.1 "
  like "$n the host's pre_scan after reloads" "$out" "host opens CL_TYPE_BINARY_DATA for ctx"

  # Cache, skip.
  start_keeper replay=1
  host $v new compile scan clean scan clean cache
  stop_keeper
  like "$n replay leaves the clean cache on" "$out" "cache off: 0"
  like "$n the top of what is cached is told" "$told" "end 2 result=0 lost=0 objects=1"
  start_keeper skip=clean
  host $v new listen compile scan many scan clean scan bad
  stop_keeper
  like "$n what is not wanted ends only" "$told" "end 2 result=0 lost=0"
  is "$n what is not wanted is not sent" "$(grep -c 'whole' <<<"$told")" "$((60 + $(grep -cE 'object 2\.[0-9]+ .* chunks' <<<"$told")))"
  like "$n the next scan is" "$told" "object 3\.2"

  # Verdicts.
  start_keeper wait=3000 alert=Probity.Reject.Trust19 only=clean
  host $v new listen compile nest inner scan clean scan inner scan bad thread clean allmatch scan clean
  stop_keeper
  is "$n an alert, once a scan" "$(grep -cE '^clean: 1 Probity\.Reject\.Trust19$' <<<"$out")" 3
  is "$n the host's virus_found, once each, with its context" "$(grep -c 'host found Probity.Reject.Trust19 for ctx' <<<"$out")" 3
  is "$n what is not alerted" "$(grep -E '^(inner|bad)' <<<"$out" | tr '\n' ' ')" "inner: 0 - inner: 0 - bad: 1 Virus.One "
  if [[ $v == 15 ]]; then
    start_keeper wait=3000 alert=Probity.Reject.Trust19 only=clean
    host $v new listen compile ex clean ex bad ex inner
    stop_keeper
    is "the *_ex functions: verdict and alert" "$(grep -E '^(verdict|clean|bad|inner)' <<<"$out" | tr '\n' ' ')" \
      "verdict 2 alert Probity.Reject.Trust19 clean: 0 - verdict 2 alert Virus.One bad: 0 - verdict 0 alert - inner: 0 - "
  fi
  for name in "" "Eicar" "Probity.%s%n" "Probity.Re ject" "Probity.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; do
    start_keeper wait=3000 "alert=$name"
    host $v new compile scan clean
    stop_keeper
    if ((${#name} > 59)); then like "$n a name is cut, never overrun" "$out" "^clean: 1 Probity.x{51}$"; else is "$n not a name: \"$name\"" "$out" "clean: 0 -"; fi
  done
  start_keeper wait=3000 alert=Probity.Reject.Trust1 stale=1
  host $v new compile scan clean scan clean
  stop_keeper
  is "$n an answer to another scan does not count" "$out" $'clean: 0 -\nclean: 0 -'
  start_keeper wait=400
  from=$(ms)
  host $v new compile scan clean
  took=$(($(ms) - from))
  stop_keeper
  is "$n no answer is no alert" "$out" "clean: 0 -"
  ok "$n it was waited for as long as told ($took ms)" test "$took" -ge 400 -a "$took" -lt 2000
  start_keeper wait=60000 mode=hangup
  from=$(ms)
  host $v new compile scan clean
  took=$(($(ms) - from))
  stop_keeper
  is "$n a keeper that goes is no alert" "$out" "clean: 0 -"
  ok "$n and is not waited for ($took ms)" test "$took" -lt 2000

  # A ring that stays full.
  start_keeper mode=idle room=5000
  from=$(ms)
  host $v new compile scan many scan many
  took=$(($(ms) - from))
  stop_keeper
  is "$n a full ring: the scan goes on" "$out" $'many: 0 -\nmany: 0 -'
  ok "$n a full ring: bounded waiting ($took ms)" test "$took" -lt 1000
  start_keeper room=0
  host $v new compile scan many
  stop_keeper
  heard=$(grep -cE ' object ' <<<"$told") lost=$(sed -nE 's/.*lost=([0-9]+).*/\1/p' <<<"$told")
  if [[ -n $lost ]]; then
    is "$n no waiting: what is not told is said to be lost" "$(grep -c WRONG <<<"$told") $((heard + lost >= 61))" "0 1"
  else
    like "$n no waiting: no room for the end, the stream is given up" "$told" "S0 gone, said so"
  fi

  # Hosts that close what they do not know: their own files stay clean.
  start_keeper
  host $v new listen compile scan clean closeall scan clean scan bad
  stop_keeper
  is "$n nothing is written to a descriptor that was taken over" "$(cat "$scratch"/taken.* | wc -c)" 0
  start_keeper
  host $v fds
  before=$out
  host $v new compile scan clean scan clean thread clean thread clean fds
  stop_keeper
  is "$n a socket and nothing else stays open" "${out##*: }" "$((${before##*: } + 1))"
  is "$n a thread that ends says so" "$(grep -c 'gone, said so' <<<"$told")" 2
done

# --- the example host, through pkg-config and the installed header
mkdir -p "$scratch/prefix/lib" "$scratch/prefix/include"
cp "$here/plugin/probity.h" "$scratch/prefix/include/"
cp "$embed" "$scratch/prefix/lib/libprobity.so.0"
ln -s libprobity.so.0 "$scratch/prefix/lib/libprobity.so"
sed -e "s|@PREFIX@|$scratch/prefix|" -e "s|@VERSION@|1|" "$here/plugin/clamav/probity.pc.in" >"$scratch/prefix/lib/probity.pc"
export PKG_CONFIG_PATH=$scratch/prefix/lib
# shellcheck disable=SC2046
ok "the example host builds" ${CC:-gcc} -std=c11 -Wall -Wextra -Werror -o "$scratch/example" "$here/tests/embed/host.c" $(pkg-config --cflags --libs probity libclamav)
printf '#include <probity.h>\nint main() { probity_host h = {}; h.size = sizeof h; return probity_attach(nullptr, &h) == PROBITY_ARGUMENT ? 0 : 1; }\n' >"$scratch/cpp.cc"
# shellcheck disable=SC2046
ok "the header is C++, too" g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -o "$scratch/cpp" "$scratch/cpp.cc" $(pkg-config --cflags --libs probity)
export LD_LIBRARY_PATH=$scratch/prefix/lib
asan=${preload% *}
[[ $preload == "$hook" ]] && asan=""
ok "... and links" env LD_PRELOAD="$asan" "$scratch/cpp"
testfile=/usr/share/clamav-testfiles/clam.zip
[[ -f $testfile ]] || testfile=$scratch/clean
cp "$here"/rulesets/clamav/*.?db "$scratch/db/"
start_keeper wait=3000 alert=Probity.Reject.Trust19
run env LD_PRELOAD="$asan" "$scratch/example" "$scratch/db" "$testfile"
stop_keeper
like "the example host prints the verdict" "$out" "Probity\.Reject\.Trust19"
like "the example host's objects" "$told" "object 1\.1 level=0"
like "the example host's end" "$told" "end 1 result=0 lost=0 objects=[1-9]"
run env LD_PRELOAD="$asan" "$scratch/example" "$scratch/db" "$testfile"
like "the example host without a keeper" "$out" "no alert"
run env LD_PRELOAD="$preload" "$scratch/example" "$scratch/db" "$testfile"
like "the example host under the preload: once is enough" "$out" "no alert"
unset LD_LIBRARY_PATH

# --- real ClamAV
real_clamscan() { # NAME OPTION...: the same with and without; the reports end with times
  local name=$1
  shift
  local filter='/^(Time|Start Date|End Date|Data scanned|Data read):/d' plain plain_rc
  plain=$(clamscan -d "$scratch/db" "$@" 2>&1 | sed -E "$filter"; echo "${PIPESTATUS[0]}")
  start_keeper room=20000
  out=$(LD_PRELOAD=$preload clamscan -d "$scratch/db" "$@" 2>&1 | sed -E "$filter"; echo "${PIPESTATUS[0]}")
  stop_keeper
  is "clamscan $name: same output and status" "$out" "$plain"
  is "clamscan $name: every scan is told whole" "$(grep -c ' begin ' <<<"$told") $(grep -cE 'WRONG|odd|UNKNOWN' <<<"$told")" "$(grep -c ' end ' <<<"$told") 0"
  ok "clamscan $name: objects are told" test "$(grep -c ' object ' <<<"$told")" -ge 5
}
if [[ -x $(command -v clamscan) && -x $(command -v clamd) && -d /usr/share/clamav-testfiles ]]; then
  mkdir "$scratch/files"
  cp /usr/share/clamav-testfiles/* "$scratch/files/"
  # Not in one piece, so that this file is no test virus itself.
  printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-' 'ANTIVIRUS-TEST-FILE!$H+H*' >"$scratch/files/eicar.com"
  (cd "$scratch/files" && tar czf eicar.tgz eicar.com clam.exe)
  head -c 400000 /usr/bin/bash >"$scratch/files/large.bin"
  printf 'abc' >"$scratch/files/tiny"
  chmod -R a+rX "$scratch/files" "$scratch/db"
  real_clamscan "-r" -r "$scratch/files"
  real_clamscan "--allmatch" -r --allmatch "$scratch/files"
  real_clamscan "--archive-verbose --alert-encrypted" -r --archive-verbose --alert-encrypted=yes "$scratch/files"
  real_clamscan "--gen-json" --gen-json "$scratch/files/clam.zip" "$scratch/files/clam.tar.gz" "$scratch/files/clam.pdf"
  real_clamscan "a missing file" -r "$scratch/files" /nonexistent
  start_keeper wait=5000 alert=Probity.Reject.Trust19 only=clam.zip
  out=$(LD_PRELOAD=$preload clamscan -d "$scratch/db" --no-summary -r "$scratch/files" 2>&1)
  rc=$?
  stop_keeper
  is "clamscan in alert mode: one line, with its name" "$(grep -c 'Probity.Reject' <<<"$out") $(grep -c 'clam.zip: Probity.Reject.Trust19 FOUND' <<<"$out") $rc" "1 1 1"
  is "clamscan in alert mode: EICAR stays EICAR" "$(grep -cE 'eicar\.(com|tgz): Probity\.Test\.EICAR.* FOUND' <<<"$out")" 2

  plain=$(clamscan -d "$scratch/db" --no-summary -r "$scratch/files" 2>&1)
  for after in 0 0.02 0.05 0.1; do
    start_keeper room=20000
    { sleep "$after"; kill -9 "$keeper_pid"; } &
    out=$(LD_PRELOAD=$preload timeout 60 clamscan -d "$scratch/db" --no-summary -r "$scratch/files" 2>&1)
    wait
    stop_keeper
    is "the keeper is killed after $after s: clamscan says the same" "$out" "$plain"
  done
  cat >"$scratch/lookup.py" <<'PY'
import ctypes, sys
c = ctypes.CDLL("libclamav.so.12")
c.cl_engine_new.restype = ctypes.c_void_p
c.cl_init(0)
engine = ctypes.c_void_p(c.cl_engine_new())
n, name, scanned = ctypes.c_uint(0), ctypes.c_char_p(), ctypes.c_ulong(0)
c.cl_load(sys.argv[1].encode(), engine, ctypes.byref(n), 0)
c.cl_engine_compile(engine)
options = (ctypes.c_uint32 * 5)(0, 0xffffffff, 0, 0, 0)
for f in sys.argv[2:]:
    rc = c.cl_scanfile(f.encode(), ctypes.byref(name), ctypes.byref(scanned), engine, options)
    print(rc, name.value)
c.cl_engine_free(engine)
PY
  plain=$(/usr/bin/python3 "$scratch/lookup.py" "$scratch/db" "$scratch/files/eicar.tgz" "$scratch/files/clam.zip" 2>&1)
  start_keeper
  out=$(LD_PRELOAD=$preload /usr/bin/python3 "$scratch/lookup.py" "$scratch/db" "$scratch/files/eicar.tgz" "$scratch/files/clam.zip" 2>&1)
  stop_keeper
  like "a program that looks libclamav's functions up itself works" "$plain" "^1 b'Probity"
  is "... the same with the hook, which leaves it alone" "$out" "$plain"

  as=() user=$(id -un)
  [[ $(id -u) == 0 ]] && id -u clamav >/dev/null 2>&1 && as=(setpriv --reuid=clamav --regid=clamav --clear-groups) user=clamav
  mkdir "$scratch/run"
  chown "$user" "$scratch/run"
  cat >"$scratch/clamd.conf" <<CONF
LocalSocket $scratch/run/clamd.sock
PidFile $scratch/run/clamd.pid
LogFile $scratch/run/clamd.log
DatabaseDirectory $scratch/db
SelfCheck 0
MaxThreads 4
ConcurrentDatabaseReload yes
Foreground no
CONF
  start_clamd() { # PRELOAD
    rm -f "$scratch/run/"*
    (cd "$scratch" && "${as[@]}" env LD_PRELOAD="$1" PROBITY_SOCKET="$PROBITY_SOCKET" clamd -c "$scratch/clamd.conf") >/dev/null 2>"$scratch/clamd.err"
    for _ in {1..200}; do [[ -S $scratch/run/clamd.sock && -s $scratch/run/clamd.pid ]] && return; sleep 0.05; done
    cat "$scratch/clamd.err"
  }
  stop_clamd() {
    local pid
    pid=$(<"$scratch/run/clamd.pid") || return
    kill "$pid"
    for _ in {1..200}; do kill -0 "$pid" 2>/dev/null || return; sleep 0.05; done
  }
  modes() { # every mode, answers sorted: threads finish in any order
    local mode
    for mode in "" --fdpass --stream --multiscan --allmatch "--allmatch --stream"; do
      echo "mode $mode"
      # shellcheck disable=SC2086
      clamdscan -c "$scratch/clamd.conf" --no-summary $mode "$scratch/files" 2>&1 | LC_ALL=C sort
      # shellcheck disable=SC2086
      clamdscan -c "$scratch/clamd.conf" --no-summary $mode "$scratch/files/eicar.tgz" "$scratch/files/clam.zip" 2>&1
      echo "status $?"
    done
  }
  reload() {
    clamdscan -c "$scratch/clamd.conf" --reload
    for _ in {1..100}; do grep -q 'Database correctly reloaded' "$scratch/run/clamd.log" && return; sleep 0.1; done
  }
  start_clamd ""
  plain=$(modes)
  reload
  plain_after=$(modes)
  stop_clamd
  like "clamd answers" "$plain" "eicar.com: Probity.Test.EICAR.* FOUND"
  start_keeper room=20000
  start_clamd "$preload"
  with=$(modes)
  reload
  with_after=$(modes)
  like "clamd is loaded with the hook" "$(grep -c probity.so "/proc/$(<"$scratch/run/clamd.pid")/maps")" "[1-9]"
  ok "clamd reloaded" grep -q 'Database correctly reloaded' "$scratch/run/clamd.log"
  stop_clamd
  stop_keeper
  is "clamd, every mode: the same answers" "$with" "$plain"
  is "clamd, every mode after a reload: the same answers" "$with_after" "$plain_after"
  is "clamd: every scan is told whole" "$(grep -c ' begin ' <<<"$told") $(grep -cE 'WRONG|odd|UNKNOWN' <<<"$told")" "$(grep -c ' end ' <<<"$told") 0"
  ok "clamd: names of all kinds" grep -q 'name=instream(local)' <<<"$told"
  one() { # every mode, one file that is clean and one that is not
    local mode
    for mode in "" --fdpass --stream --multiscan --allmatch "--allmatch --stream"; do
      echo "mode $mode"
      # shellcheck disable=SC2086
      clamdscan -c "$scratch/clamd.conf" --no-summary $mode "$scratch/files/clam.zip" "$scratch/files/eicar.com" 2>&1 | LC_ALL=C sort
    done
  }
  start_clamd ""
  plain=$(one)
  stop_clamd
  start_keeper wait=5000 alert=Probity.Reject.Trust19
  start_clamd "$preload"
  with=$(one)
  reload
  with_after=$(one)
  stop_clamd
  stop_keeper
  wanted=${plain//clam.zip: OK/clam.zip: Probity.Reject.Trust19 FOUND}
  is "clamd in alert mode: six modes, one line each" "$(grep -c 'clam.zip: Probity.Reject.Trust19 FOUND' <<<"$wanted")" 6
  is "clamd in alert mode: an alert, and EICAR stays EICAR" "$with" "$wanted"
  is "clamd in alert mode after a reload: the same" "$with_after" "$wanted"
else
  skip "real ClamAV" "clamscan, clamd or clamav-testfiles is not installed"
fi
done_testing
