# Sourced by the shell tests: TAP lines, a scratch folder, the program under test.
#   ok NAME COMMAND...        passes where the command succeeds
#   is NAME GOT WANTED        passes where both are equal
#   like NAME GOT REGEX       passes where GOT matches
#   status NAME WANTED CMD... passes where CMD ends with that exit status; stdout and stderr are in $out and $err
#   skip NAME WHY
# PROBITY names the program. Everything runs with a cache of its own and a database folder without an official database.
set -uo pipefail
: "${PROBITY:?names the program under test}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=${PROBITY_TEST_CACHE:-$scratch/cache} PROBITY_DATA=$here LC_ALL=C
mkdir -p "$XDG_CACHE_HOME" "$scratch/db"
tests=0
out="" err="" rc=0
pass() { tests=$((tests + 1)); echo "ok $tests - $1"; }
flunk() {
  tests=$((tests + 1))
  echo "not ok $tests - $1"
  shift
  printf '%s\n' "$@" | head -n 40 | sed 's/^/# /'
}
skip() { tests=$((tests + 1)); echo "ok $tests - $1 # SKIP $2"; }
ok() {
  local name=$1 text
  shift
  if text=$("$@" 2>&1); then pass "$name"; else flunk "$name" "status $? of: $*" "$text"; fi
}
is() { if [[ $2 == "$3" ]]; then pass "$1"; else flunk "$1" "got:    $2" "wanted: $3"; fi; }
like() { if [[ $2 =~ $3 ]]; then pass "$1"; else flunk "$1" "got:    $2" "wanted: $3"; fi; }
run() {
  out=$(timeout "${LIMIT:-120}" "$@" 2>"$scratch/stderr")
  rc=$?
  err=$(<"$scratch/stderr")
}
status() {
  local name=$1 wanted=$2
  shift 2
  run "$@"
  if [[ $rc == "$wanted" ]]; then pass "$name"; else flunk "$name" "status $rc, wanted $wanted: $*" "$err" "$out"; fi
}
# scan [OPTION...] PRODUCT...: JSON report(s) in $out. Every report is kept: done_testing holds them all against the schema, and
# recomputes their scores from nothing but themselves.
scan() {
  run "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" "$@"
  [[ -z $out ]] || printf '%s\n' "$out" >>"$scratch/every-report.jsonl"
}
# get EXPRESSION: a Python expression over r, the (first) report in $out. found(): of one check; row(): of all that serve a row of the catalogue
get() {
  /usr/bin/python3 -c '
import json, sys
rs = [json.loads(l) for l in sys.stdin if l.strip()]
r = rs[0] if rs else None
def check(i): return next(c for c in r["checks"] if c["id"] == i or c["catalogue"] == i)
def found(i): return [f for f in r["findings"] if f["check"] == check(i)["id"]]
def row(i): return [f for f in r["findings"] if f["check"] in {c["id"] for c in r["checks"] if c["catalogue"] == i}]
def paths(f): return [" > ".join(e["path"]) for e in f["evidence"]]
v = eval(sys.argv[1])
print(v if isinstance(v, str) else json.dumps(v, sort_keys=True))' "$1" <<<"$out" 2>&1
}
# TAP of another program, on standard input: its tests count among ours.
relay() {
  local line
  while IFS= read -r line; do
    case $line in
    "ok "* | "not ok "*) tests=$((tests + 1)) ;;
    1..*) continue ;;
    esac
    printf '%s\n' "$line"
  done
}
done_testing() {
  if [[ -s $scratch/every-report.jsonl ]]; then
    ok "every report follows the schema" /usr/bin/python3 "$here/tests/validate-report.py" "$scratch/every-report.jsonl"
    ok "every score recomputed from its report alone is equal" \
      bash -c "/usr/bin/python3 '$here/tests/recompute.py' <'$scratch/every-report.jsonl'"
    ok "probity verify holds on every report" "$PROBITY" verify "$scratch/every-report.jsonl"
  fi
  echo "1..$tests"
}
