# How a person calls it: help, versions, options, exit statuses, installed prefix.
. tests/tap.sh
status "help" 0 "$PROBITY" --help
like "help names scan" "$out" "scan "
status "scan --help" 0 "$PROBITY" scan --help
like "scan --help tells the exit statuses" "$out" "3 conditional"
status "check --help" 0 "$PROBITY" check --help
status "version" 0 "$PROBITY" --version
like "version names ClamAV, YARA and Lua" "$out" "ClamAV 1\.[0-9.]+.YARA 4\.[0-9.]+.Lua 5\.4"
status "no command" 2 "$PROBITY"
status "unknown command" 2 "$PROBITY" scna
like "unknown command: suggestion" "$err" "did you mean scan"
status "no product" 2 "$PROBITY" scan
status "unknown option" 2 "$PROBITY" scan --polcy business x
like "unknown option is named" "$err" "polcy"
status "option without a value" 2 "$PROBITY" scan --policy
status "bad date" 2 "$PROBITY" scan --as-of 2026-02-30 x
like "bad date is named" "$err" "2026-02-30"
status "bad jobs" 2 "$PROBITY" scan --jobs 0 x
status "bad format" 2 "$PROBITY" scan -f yaml x
status "unknown policy" 2 "$PROBITY" scan -p goverment x
like "unknown policy: those there are" "$err" "business.*consumer.*government|government.*business|did you mean"

run /usr/bin/python3 "$here/tests/options_told.py" "$PROBITY"
like "every option that a --help tells is known" "$out" '^[0-9]{3}$'

printf '[policy]\nname = x\n[weights]\nintegrty = 1000\n' >"$scratch/bad.ini"
status "malformed policy" 2 "$PROBITY" scan -p "$scratch/bad.ini" "$PROBITY"
like "malformed policy: file and line" "$err" "bad\.ini:[0-9]+"

status "check list" 0 "$PROBITY" check list
n=$(wc -l <<<"$out")
ok "check list has at least 22 checks" test "$n" -ge 22
status "check list -f json" 0 "$PROBITY" check list -f json
is "one object a check, with its fields" "$(/usr/bin/python3 -c '
import json, sys
rows = [json.loads(l) for l in sys.stdin]
need = {"id", "catalogue", "pillar", "claim", "severity"}
print(all(need <= set(r) for r in rows), len(rows))' <<<"$out")" "True $n"
like "check list --claims" "$("$PROBITY" check list --claims)" $'\ncredentials +integrity +[A-Z]'
like "check list --maps" "$("$PROBITY" check list --maps -f json)" '\{"map":"cwe:321","title":"'
like "check list --tags" "$("$PROBITY" check list --tags)" $'\nshell\n'
status "one list at a time" 2 "$PROBITY" check list --tags --maps

printf 'hello, world\n' >"$scratch/plain.txt"
scan "$scratch/plain.txt"
is "json goes alone to stdout, one line" "$(wc -l <<<"$out")" 1
is "nothing on stderr with -q" "$err" ""
scan -o "$scratch/report.json" "$scratch/plain.txt" "$scratch/plain.txt"
is "-o leaves stdout empty" "$out" ""
is "-o holds one line a product" "$(wc -l <"$scratch/report.json")" 2
status "-o to an impossible place" 2 "$PROBITY" scan -q -o "$scratch/no/such/r.json" "$scratch/plain.txt"
like "-o: the place is named" "$err" "no/such"
run "$PROBITY" scan --database "$scratch/db" "$scratch/plain.txt"
ok "text has no escape byte when piped" bash -c '! grep -q $'"'\\033'"' <<<"$1"' _ "$out"
like "the missing database is said" "$err" "no official ClamAV database"

if [[ -x $(command -v make) ]]; then
  ok "make install" make -s -C "$here" -o "${PROBITY#"$here"/}" install BUILD="$(dirname "${PROBITY#"$here"/}")" DESTDIR="$scratch/root" PREFIX=/usr
  run env -u PROBITY_DATA "$scratch/root/usr/bin/probity" scan -q -f json --database "$scratch/db" "$scratch/plain.txt"
  like "the installed program finds its own data" "$out" '^\{"assessment"'
  installed=(env -u PROBITY_DATA -C "$scratch" "$scratch/root/usr/bin/probity")
  status "the installed program writes a new check" 0 "${installed[@]}" check new data-care/from-installed
  status "which passes" 0 "${installed[@]}" check test data-care
  like "two samples" "$out" "2 passed, 0 failed"
  status "and lint has nothing to say" 0 "${installed[@]}" check lint data-care
  ok "its types are installed" grep -q '@class probity.Check' "$scratch/root/usr/share/probity/bindings/types/checks.lua"
  is "nothing outside the prefix but the configuration" "$(cd "$scratch/root" && echo * && find etc -type f)" "etc usr
etc/probity/probity.conf"
fi
done_testing
