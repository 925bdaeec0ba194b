# What an administrator does: enable, disable, doctor; the configuration's sample, man pages, completion, units.
. tests/tap.sh
pack=$here/plugin/packaging

# --- enable and disable, in a folder that stands for / ---
root=$scratch/root
drop=$root/etc/systemd/system/clamav-daemon.service.d
local=$root/etc/apparmor.d/local/usr.sbin.clamd
conf=$root/etc/probity/probity.conf
library=/usr/lib/test/probity/probity.so
fresh() { # a system with clamd, AppArmor and an installed probity
  rm -rf "$root"
  mkdir -p "$root"/etc/systemd/system "$root"/usr/lib/systemd/system "$root"/etc/apparmor.d/local "$root"/etc/probity
  printf '[Service]\nExecStart=/usr/sbin/clamd\n' >"$root/usr/lib/systemd/system/clamav-daemon.service"
  cp "$pack"/systemd/* "$root/usr/lib/systemd/system"
  echo '#include <local/usr.sbin.clamd>' >"$root/etc/apparmor.d/usr.sbin.clamd"
  printf '# own line\n  /srv/** r,' >"$local" # without an end of its last line
  cp "$pack/probity.conf" "$conf"
}
state() { (cd "$root" && find . -printf '%p %y %m ' -type f -exec sha256sum {} \; -o -printf '\n' | LC_ALL=C sort); }
enable() { run "$PROBITY" enable clamd --root "$root" --library "$library" "$@"; }
disable() { run "$PROBITY" disable clamd --root "$root" "$@"; }

fresh
before=$(state)
enable --dry-run
is "enable --dry-run succeeds" "$rc" 0
is "enable --dry-run changes nothing" "$(state)" "$before"
like "enable --dry-run says what would be" "$out" "50-probity.conf"
enable
is "enable succeeds" "$rc" 0
ok "the drop-in preloads the library by its absolute path" grep -qxF "Environment=\"LD_PRELOAD=$library\"" "$drop/50-probity.conf"
ok "the drop-in is readable for all" test "$(stat -c %a "$drop/50-probity.conf")" = 644
while read -r line; do
  ok "AppArmor's line, as the file for administrators has it: $line" grep -qF "$line" "$local"
done < <(grep -v '^#' "$pack/apparmor/clamd")
ok "AppArmor's own lines stay" grep -qx '  /srv/\*\* r,' "$local"
like "each change is said" "$out" "local/usr.sbin.clamd.*50-probity.conf"
like "programs of the system are not run with --root" "$out" "not run systemctl"
once=$(state)
enable
is "enabling again changes nothing" "$(state)" "$once"
like "enabling again says so" "$out" "nothing to change"
disable
is "disable succeeds" "$rc" 0
is "after disable all is as before, to the byte" "$(state)" "$before"
disable
is "disabling again succeeds and changes nothing" "$rc $(state)" "0 $before"

enable --alert reject
ok "--alert reject is in the configuration" grep -qx 'alert = reject' "$conf"
enable
ok "enable without --alert leaves it" grep -qx 'alert = reject' "$conf"
enable --alert conditional
is "--alert conditional takes its place" "$(grep -c '^alert = ' "$conf") $(grep '^alert = ' "$conf")" "1 alert = conditional"
enable --alert observe
ok "--alert observe takes it out again" cmp "$conf" "$pack/probity.conf"
enable --alert reject
echo '# written later' >>"$local"
printf '[budget]\nobject = 30s\n' >>"$conf"
disable
is "what was written later stays" "$(tail -n 1 "$local") $(tail -n 1 "$conf")" "# written later object = 30s"
ok "ours is gone from both" bash -c '! grep -q probity "$1" && ! grep -q "^alert" "$2"' _ "$local" "$conf"

fresh
chmod 640 "$conf"
enable --alert reject
is "the mode of a changed file stays" "$(stat -c %a "$conf")" 640
printf '[alert]\nalert = observe\n' >"$conf"
before=$(state)
enable --alert reject
is "an alert that the administrator set is not overridden" "$rc $(state)" "2 $before"
like "and the file is named" "$err" "probity.conf sets alert itself"
printf '[alert]\nalrt = reject\n' >"$conf"
enable --alert reject
like "a broken configuration is named with its line" "$err" "probity.conf has an error.*:2: .*did you mean"

fresh
rm "$local" "$conf"
mkdir "$drop"
before=$(state)
enable --alert reject
ok "files that were not there are made" test -s "$local" -a -s "$conf"
disable
is "and removed; the folder that was there stays" "$(state)" "$before"

# --- all or nothing ---
for missing in etc/systemd/system etc/apparmor.d/local; do
  fresh
  rm -r "${root:?}/$missing"
  before=$(state)
  enable
  is "without /$missing nothing is changed" "$rc $(state)" "2 $before"
  like "and that is said" "$err" "belongs into /$missing, which is not there: nothing was changed"
  enable --dry-run
  is "--dry-run says so as well" "$rc" 2
done
fresh
mkdir -p "$drop/50-probity.conf"
before=$(state)
enable
is "a folder in a file's place: nothing is changed" "$rc $(state)" "2 $before"
fresh
chmod 600 "$local"
before=$(state)
long=/usr/lib/$(printf 'x%.0s' {1..1200})/probity.so
run bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' _ "$PROBITY" enable clamd --root "$root" --library "$long"
is "the second file cannot be written: the first one is as it was" "$rc $(state)" "2 $before"
like "and that is said" "$out" "change .*local/usr.sbin.clamd.*undone .*local/usr.sbin.clamd"
library=$long enable
run bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@"' _ "$PROBITY" enable clamd --root "$root" --library "$long"
is "where nothing is to be written nothing fails" "$rc" 0

# The real folders, in a mount namespace of its own, with a systemctl that does as it is told.
cat >"$scratch/systemctl" <<'SH'
#!/bin/bash
printf '%s;' "$*" >>"$calls"
[[ -e $fail && "$*" == $(<"$fail") ]] || exit 0
rm "$fail"
exit 1
SH
sed -i "s|\$calls|$scratch/calls|; s|\$fail|$scratch/fail|g" "$scratch/systemctl"
chmod 755 "$scratch/systemctl"
cat >"$scratch/system.sh" <<'SH'
set -e
scratch=$1 probity=$2 pack=$3 fails=$4
files() { (cd / && find etc/systemd/system etc/apparmor.d -printf '%p %y %m ' -type f -exec sha256sum {} \; -o -printf '\n' | LC_ALL=C sort); }
for folder in /etc/systemd/system /etc/apparmor.d /opt /run; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
cp /etc/passwd "$scratch/passwd"
echo 'probity:x:64999:64999::/nonexistent:/usr/sbin/nologin' >>"$scratch/passwd"
mount --bind "$scratch/passwd" /etc/passwd
mount --bind "$scratch/systemctl" /usr/bin/systemctl
mkdir -p /run/systemd/system /etc/apparmor.d/local
cp "$pack"/systemd/* /etc/systemd/system
printf '[Service]\nExecStart=/usr/sbin/clamd\n' >/etc/systemd/system/clamav-daemon.service
echo '#include <local/usr.sbin.clamd>' >/etc/apparmor.d/usr.sbin.clamd
echo '# own line' >/etc/apparmor.d/local/usr.sbin.clamd
touch /opt/probity.so
before=$(files)
: >"$scratch/calls"
rm -f "$scratch/fail"
[[ -z $fails ]] || echo "$fails" >"$scratch/fail"
rc=0
"$probity" enable clamd --library /opt/probity.so --yes >"$scratch/said" 2>&1 || rc=$?
[[ $(files) == "$before" ]] && same="as before" || same="changed"
echo "$rc $same $(<"$scratch/calls")"
SH
if [[ $(id -u) == 0 && -d /opt && -x /usr/bin/systemctl ]] && unshare -m mount -t tmpfs tmpfs /opt 2>/dev/null; then
  on_system() { unshare -m bash "$scratch/system.sh" "$scratch" "$PROBITY" "$pack" "$1" 2>&1; }
  on="daemon-reload;enable --now probityd.socket;" off="daemon-reload;disable --now probityd.socket;"
  is "on the system itself" "$(on_system "")" "0 changed ${on}is-active --quiet clamav-daemon.service;restart clamav-daemon.service;"
  is "the socket cannot be enabled: all is taken back" "$(on_system "enable --now probityd.socket")" "2 as before $on$off"
  like "and that is said" "$(<"$scratch/said")" "That failed. Taking it back:.*undone .*50-probity.conf.*undone .*local/usr.sbin.clamd"
  is "clamd does not start with it: it starts without" "$(on_system "restart clamav-daemon.service")" \
    "2 as before ${on}is-active --quiet clamav-daemon.service;restart clamav-daemon.service;daemon-reload;restart clamav-daemon.service;disable --now probityd.socket;"
  is "nothing is taken back twice" "$(grep -c undone "$scratch/said")" 2
else
  skip "enable on the system itself" "takes root and a mount namespace"
fi

# --- other drop-ins ---
fresh
mkdir "$drop"
printf '[Service]\nEnvironment="A=1 2" LD_PRELOAD=/usr/lib/libjemalloc.so.2\n' >"$drop/10-own.conf"
before=$(state)
enable
ok "a preload of before is kept" grep -qxF "Environment=\"LD_PRELOAD=/usr/lib/libjemalloc.so.2:$library\"" "$drop/50-probity.conf"
disable
is "its drop-in is as before" "$(state)" "$before"
for late in 'Environment=LD_PRELOAD=/usr/lib/libjemalloc.so.2' 'Environment=' 'UnsetEnvironment=A LD_PRELOAD' 'EnvironmentFile=-/etc/default/clamd' \
  $'Environment=A=1 \\\n  LD_PRELOAD=/x.so'; do
  fresh
  mkdir -p "$drop" "$root/etc/default"
  echo 'LD_PRELOAD=/usr/lib/libjemalloc.so.2' >"$root/etc/default/clamd"
  printf '[Service]\n%s\n' "$late" >"$drop/90-own.conf"
  before=$(state)
  enable
  is "a later \"${late//$'\n'/ }\" is a conflict, nothing is changed" "$rc $(state)" "2 $before"
  like "and is named" "$err" "90-own.conf.*add $library"
done
printf '[Service]\nEnvironment="LD_PRELOAD=/x.so:%s"\n' "$library" >"$drop/90-own.conf"
enable
is "a later one that holds the library is none" "$rc" 0
fresh
mkdir "$drop"
echo '[Service]' >"$drop/50-probity.conf"
before=$(state)
enable
is "somebody else's 50-probity.conf is not overwritten" "$rc $(state)" "2 $before"
disable
is "nor removed" "$rc $(state)" "0 $before"
fresh
printf '# >>> probity enable clamd >>>\nhalf\n' >"$local"
before=$(state)
enable
is "a broken mark is named, nothing is changed" "$rc $(state)" "2 $before"
like "with what to do" "$err" "usr.sbin.clamd: the marks .* remove them"
fresh
rm "$root/usr/lib/systemd/system/clamav-daemon.service"
enable
like "without clamd: what to install" "$rc $err" "^2 .*clamav-daemon"
run "$PROBITY" enable clamd --root "$root" --library relative.so
is "a relative library is refused" "$rc" 2
run "$PROBITY" enable clamd --root "$root" --library '/x y/probity.so'
is "a library with a blank in its path is refused" "$rc" 2
status "enable needs a host" 2 "$PROBITY" enable
status "enable knows clamd only" 2 "$PROBITY" enable clamscan
status "enable --alert knows its words" 2 "$PROBITY" enable clamd --alert loud
status "disable takes no --alert" 2 "$PROBITY" disable clamd --root "$root" --alert reject
if [[ $(id -u) == 0 ]] && command -v setpriv >/dev/null && setpriv --reuid=65534 --clear-groups test -x "$PROBITY"; then
  status "without root: refused" 2 setpriv --reuid=65534 --clear-groups "$PROBITY" enable clamd
  like "without root: says so" "$err" "needs root"
else
  skip "without root" "not root here, or the program is not for others"
fi

# --- doctor, where nothing runs ---
run "$PROBITY" doctor --socket "$scratch/no.sock" --clamd-socket "$scratch/no-clamd.sock"
is "doctor without a keeper: something is off" "$rc" 1
like "doctor names the keeper's socket and what to do" "$out" "failed +keeper .*no\.sock.*what to do"
like "doctor names clamd's socket" "$out" "failed +clamd .*no-clamd\.sock"
if [[ -e /etc/probity/probity.conf ]]; then
  like "doctor names the configuration" "$out" "configuration +/etc/probity/probity.conf, policy"
else
  like "doctor without a configuration says so" "$out" "ok +configuration +/etc/probity/probity.conf is not there: defaults, policy business"
fi
run "$PROBITY" doctor -f json --socket "$scratch/no.sock" --clamd-socket "$scratch/no-clamd.sock"
is "doctor -f json is one object with every check" "$(get 'r["status"], all({"name", "health", "text", "todo"} == set(c) for c in r["checks"])')" "[1, true]"
status "doctor takes no argument" 2 "$PROBITY" doctor clamd

# --- what is shipped ---
units_hold() {
  local text
  mkdir -p "$scratch/units"
  cp "$pack"/systemd/* "$scratch/units"
  sed -i 's,/usr/sbin/probityd,/bin/true,' "$scratch/units/probityd.service"
  text=$(cd "$scratch/units" && systemd-analyze verify --man=no ./probityd.socket ./probityd.service 2>&1)
  echo "$text"
  [[ -z $text ]]
}
if command -v systemd-analyze >/dev/null; then
  ok "probityd's units hold for systemd" units_hold
else
  skip "probityd's units hold for systemd" "no systemd-analyze here"
fi
for page in "$pack"/man/*; do
  name=$(basename "$page")
  is "$name renders without a warning" "$(groff -ww -mandoc -Tutf8 -z "$page" 2>&1)" ""
  if command -v mandoc >/dev/null; then
    is "$name is clean for mandoc" "$(mandoc -Tlint -Wwarning "$page" 2>&1)" ""
  fi
done
complete_words() { # WORD... : what bash would offer for the last one
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _probity; printf "%s " "${COMPREPLY[@]}"' _ "$pack/completion/probity" "$@" 2>&1
}
manual() { groff -mandoc -Tascii -P-cbou "$pack/man/probity.1" 2>/dev/null; }
manual >"$scratch/manual"
verbs=$("$PROBITY" check --help | sed -nE 's/^  ([a-z]+) +[a-z].*/check \1/p')
ok "check --help lists its verbs" test "$(wc -l <<<"$verbs")" -ge 6
while read -r command; do
  # shellcheck disable=SC2086 # a command may be two words
  "$PROBITY" $command --help >"$scratch/help" 2>/dev/null || { skip "$command is in the manual" "no such command"; continue; }
  missing=""
  while read -r option; do
    grep -qE -- "(^|[ ,|])$option([] ,.|]|$)" "$scratch/manual" || missing+=" $option"
  done < <(grep -oE -- '^ +(-[a-z], )?--[a-z0-9-]+' "$scratch/help" | grep -oE -- '--[a-z0-9-]+' | grep -vx -- --help)
  is "every option of $command is in probity(1)" "$missing" ""
done <<<"scan
$verbs
collect
push
list
show
log
run
enable
disable
doctor"
while read -r _ verb; do
  ok "completion knows check $verb" grep -qw -- "$verb" <<<"$(complete_words probity check '')"
done <<<"$verbs"
while read -r key; do
  ok "probity.conf(5) documents $key" grep -qE "^\.It Ic $key No = " "$pack/man/probity.conf.5"
done < <(sed -nE 's/^#([a-z_]+) = ?.*/\1/p' "$pack/probity.conf")

is "completion: commands" "$(complete_words probity en)" "enable "
is "completion: options" "$(complete_words probity enable clamd --dr)" "--dry-run "
is "completion: values" "$(complete_words probity history -f '')" "text json "
is "completion: formats, those that there are" "$(complete_words "$PROBITY" scan -f ma) $(complete_words "$PROBITY" report -f te)" "markdown  text "
is "completion: what follows -n of enable is no number" "$(complete_words probity enable clamd -n --y)" "--yes "
if [[ -x $(dirname "$PROBITY")/probityd ]]; then
  groff -mandoc -Tascii -P-cbou "$pack/man/probityd.8" >"$scratch/manual" 2>/dev/null
  missing=""
  while read -r option; do
    grep -qE -- "(^|[ ,|])$option([] ,.|]|$)" "$scratch/manual" || missing+=" $option"
  done < <("$(dirname "$PROBITY")/probityd" --help | grep -oE -- '^ +(-[A-Za-z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+')
  is "every option of probityd is in probityd(8)" "$missing" ""
fi
for script in postrm prerm; do
  ok "the package's $script is sound shell" sh -n "$pack/debian/probity.$script"
done
is "the package has this version" "$(sed -nE '1s/.*\((.*)\).*/\1/p' "$pack/debian/changelog")" "$("$PROBITY" --version | sed -n 's/^probity //p')"
done_testing
