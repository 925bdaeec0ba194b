#!/usr/bin/env bash
# arrows.sh: holds the include laws of plugin/README.md against the #include lines. Prints what breaks them; exit 1 if anything does.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0
say() { echo "arrows: $*"; bad=1; }

# Law 1: room -> the rooms it may include (its own is always allowed). One line a room.
declare -A may=(
  [base]=""
  [object]="base"
  [facts]="object base"
  [findings]="base"
  [evidence]="base object"
  [checks]="facts object findings base"
  [bindings]="checks facts object findings base"
  [score]="findings base"
  [report]="score findings base"
  [store]="report findings base"
  [wire]="base"
  [box]="base"
  [worker]="checks evidence facts object findings base wire box"
  [keeper]="store report score findings base wire"
  [clamav]="object base wire box"
  [collector]="base checks box"
  [cli]="*"
)
room_of() { case $1 in plugin/*/*) local r=${1#plugin/}; echo "${r%%/*}" ;; bindings/*) echo bindings ;; esac; }
while IFS=: read -r file _ line; do
  target=$(sed -E 's/.*#[ ]*include[ ]+"([^"]+)".*/\1/' <<<"$line")
  from=$(room_of "$file")
  to=${target%%/*}
  [[ $target == */* ]] || { say "$file: include \"$target\" by its room (\"room/$target\")"; continue; }
  [[ -v may[$to] ]] || { say "$file: \"$target\" is in no room"; continue; }
  [[ $from == "$to" || ${may[$from]} == "*" ]] && continue
  [[ " ${may[$from]} " == *" $to "* ]] || say "$file: $from may not include $to ($target)"
  # bindings see the sandbox's contract and nothing else of checks
  [[ $from == bindings && $to == checks && $target != checks/sandbox.h ]] && say "$file: bindings may include checks/sandbox.h only"
  [[ $from == collector && $to == checks && $target != checks/sandbox.h ]] && say "$file: the collector may include checks/sandbox.h only"
done < <(grep -nE '^[ ]*#[ ]*include[ ]+"' plugin/*/*.[ch] bindings/*.[ch])

# A header that is private to its room is included there only.
while read -r header; do
  room=${header#plugin/}
  hits=$(grep -lE "^[ ]*#[ ]*include[ ]+\"${room//./\\.}\"" plugin/*/*.[ch] bindings/*.[ch] | grep -v "^plugin/${room%%/*}/" || true)
  [[ -z $hits ]] || say "$header is private to its room, and included by" $hits
done < <(for h in plugin/*/*.h; do sed '/\*\//q' "$h" | grep -q 'Private to ' && echo "$h"; done)

# Law 2: right of findings nobody sees Lua, YARA or ClamAV.
for room in findings score report store keeper wire box; do
  [[ -d plugin/$room ]] || continue
  hits=$(grep -nE '#[ ]*include[ ]+<(lua|lauxlib|lualib|yara|clamav)' plugin/"$room"/*.[ch] || true)
  [[ -z $hits ]] || say "law 2: $hits"
done

# Law 3: each third-party header has one including file; Lua's headers stay in checks/ and bindings/.
std='assert|ctype|dirent|dlfcn|elf|errno|fcntl|ftw|getopt|inttypes|limits|locale|malloc|math|poll|pthread|pwd|setjmp|signal|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|syslog|time|unistd|wchar|grp|fnmatch|termios|endian'
while read -r header; do
  mapfile -t files < <(grep -lE "#[ ]*include[ ]+<${header//./\\.}>" plugin/*/*.[ch] bindings/*.[ch])
  case $header in
  lua.h | lauxlib.h | lualib.h)
    for f in "${files[@]}"; do [[ $f == plugin/checks/* || $f == bindings/* ]] || say "law 3: $f includes <$header>"; done ;;
  *) ((${#files[@]} == 1)) || say "law 3: <$header> is included by ${files[*]}" ;;
  esac
done < <(grep -hE '^[ ]*#[ ]*include[ ]+<' plugin/*/*.[ch] bindings/*.[ch] | sed -E 's/.*<([^>]+)>.*/\1/' | sort -u |
  grep -vE "^(($std)\.h|sys/.*|linux/.*|net/.*|netinet/.*|arpa/.*)$")

# Law 4 is in the table: checks may not include bindings. Files stay readable.
while read -r lines file; do
  [[ $file == total || $file == scripts/reports/lib/words_*.lua ]] && continue # messages: one file a language
  ((lines <= 500)) || say "$file: $lines lines, 500 is the ceiling"
done < <(git ls-files -co --exclude-standard 'plugin/*.[ch]' 'bindings/*.[ch]' 'scripts/*.lua' 'tests/*.c' 'tests/*.sh' 'tests/*.py' | xargs wc -l | awk '{print $1, $2}')

for d in plugin bindings scripts rulesets tests; do
  [[ -e $d/README.md ]] || say "$d has no README.md"
done
exit $bad
