# What a check, an object or a product may cost: every kind of waste and of crash ends within its budget, is named as unknown, and costs
# nothing else. Bugs in C come from build/faults/probity (tests/faults.c): the same program with faults on demand.
. tests/tap.sh
bin=$(dirname "$(realpath "$PROBITY")")
faulty=${PROBITY_FAULTS:-$bin/faults/probity}
seconds=2
[[ -n ${PROBITY_ASAN:-} ]] && seconds=4
ms() { echo $(($(date +%s%N) / 1000000)); }
# How long somebody on this machine has waited for a processor, in milliseconds: no budget runs meanwhile.
waited() {
  local us
  us=$(sed -n 's/^some .*total=//p' /proc/pressure/cpu 2>/dev/null)
  echo $((${us:-0} / 1000))
}
# timed COMMAND...: how long it took, in $took, and how long processors were busy with others, in $lost
timed() {
  local from before
  from=$(ms) before=$(waited)
  "$@"
  took=$(($(ms) - from)) lost=$(($(waited) - before))
}
# within NAME BUDGET-SECONDS: what was timed last took no longer than that, and a second, and thrice what the same costs without a fault
within() { ok "$1: in time ($took ms, budget $2 s, busy $lost ms)" test "$took" -le $(($2 * 1000 + 1000 + 3 * plain + lost)); }
asks() { # OPTION... PRODUCT: a scan with the faulty program, the extra rules and the small budget
  PROBITY=$faulty scan --rules "$scratch/rules" --object-seconds "$seconds" "$@"
}
# rule NAME FUNCTION [TOP]: an extra check that looks at everything
rule() {
  mkdir -p "$scratch/rules/integrity"
  cat >"$scratch/rules/integrity/$1.lua" <<LUA
${3:-}
return { title = "$1", why = "a test", catalogue = "I-99", claim = "credentials", severity = "low", reliability = "exact",
  findings = { key = { says = "%s", fix = "none" } }, maps = { "paris:P6" }, applies = { "any" },
  samples = { hit = { "a" }, clean = { "b" } }, $2 }
LUA
}
no_rules() { rm -rf "$scratch/rules"; mkdir -p "$scratch/rules"; }
state() { get "check('integrity.$1')['status'] + ' ' + check('integrity.$1').get('reason', '')"; }
# Every check of Probity's own that applies to texts came to a result on all that were examined.
others='[c["id"] for c in r["checks"] if c["status"] == "unknown" and c["id"] not in ("integrity.known-malware",) and c["catalogue"] != "I-99" and not c["online"]]'
limits='sorted({(l["path"][-1], l["why"]) for l in r["limits"] if "never delivered" not in l["why"]})'
mkdir "$scratch/texts" "$scratch/one"
for i in 1 2 3; do echo "plain text number $i, with nothing in it" >"$scratch/texts/$i.txt"; done
cp "$scratch/texts/1.txt" "$scratch/one/"
no_rules
timed asks "$scratch/one"
timed asks "$scratch/one"
plain=$took
unknown_before=$(get "$others")

# --- Lua: its own limits, no kill needed
declare -A hogs=(
  [loop]='while true do end'
  [pattern-30s]='string.find(("a"):rep(200), ("a-"):rep(4) .. "b")'
  [pattern-worse]='string.find(("a"):rep(60000), ("a*"):rep(30) .. "b")'
  [pattern-gsub]='string.gsub(("a"):rep(60000), ("a-"):rep(20) .. "b", "")'
  [string-8gb]='local s = ("x"):rep(1 << 33)'
  [string-10gb]='local s = ("x"):rep(1 << 30, ("y"):rep(1 << 20))'
  [concat]='local t = {} for i = 1, 64 do t[i] = ("x"):rep(1 << 20) end while true do t = { table.concat(t), table.concat(t) } end'
  [doubling]='local s = "x" while true do s = s .. s end'
  [recursion]='local function f(n) return 1 + f(n + 1) end f(1)'
  [gsub-recursion]='local function f(s) return (s:gsub(".", f)) end f("aa")'
  [sort-recursion]='local function f(a, b) table.sort({ 3, 2, 1 }, f) return false end table.sort({ 3, 2, 1 }, f)'
  [tables]='local t = {} for i = 1, 1 << 40 do t[i] = { i, { i } } end'
  [keys]='local t = {} for i = 1, 1 << 40 do t["k" .. i] = i end'
  [unpack]='return table.unpack({}, 1, 1 << 30)'
  [move]='table.move({}, 1, 1 << 60, 2)'
  [format]='for i = 1, 1 << 40 do string.format("%99.99f %s", i, ("x"):rep(1000)) end'
  [error-storm]='local t = {} for i = 1, 100 do t[i] = ("e"):rep(10000) end error(table.concat(t))'
  [error-value]='error(setmetatable)'
  [error-table]='error({ {} })'
  [swallow]='while true do pcall(function() while true do end end) end'
  [next-storm]='local t = { 1, 2, 3 } while true do for k in pairs(t) do t[k] = t end end'
  [findings]='for i = 1, 1 << 40 do found.key { key = "k" .. i, at = 0, length = 1, "x" } end'
  [bytes]='while true do object:bytes(0, 65536) end'
)
declare -A wants=([error-storm]='script error: ' [error-value]='script error' [error-table]='script error' [swallow]="script error: .*pcall")
slowest=0
for name in "${!hogs[@]}"; do
  no_rules
  rule "$name" "object = function(object, found) ${hogs[$name]} end"
  timed asks "$scratch/one"
  like "$name: unknown, and why" "$(state "$name")" "^(unknown|fail|pass)? ?.*1 of 1 not examined: ${wants[$name]:-limit (instructions|memory|pattern|subject|findings|state)|1 of 1 not examined: (script error|took longer than $seconds s)}"
  is "$name: every other check is as it was" "$(get "$others")" "$unknown_before"
  ((took - lost > slowest)) && slowest=$((took - lost))
done
took=$slowest lost=0
within "the slowest of them" "$seconds"

# All at once, over three objects: each by its name, none takes another's place.
no_rules
quick=(string-8gb string-10gb recursion gsub-recursion unpack move error-storm error-value error-table swallow pattern-30s findings)
for name in "${quick[@]}"; do rule "$name" "object = function(object, found) ${hogs[$name]} end"; done
rule "good" 'object = function(object, found) if object:bytes(0, 5) == "plain" then found.key { key = object.sha256, at = 0, length = 5, "plain" } end end'
PROBITY=$faulty timed scan --rules "$scratch/rules" --object-seconds 60 "$scratch/texts"
is "all at once: every one of them is unknown, by name" "$(get '[c["id"] for c in r["checks"] if c["catalogue"] == "I-99" and "not examined" not in c.get("reason", "") and not c["id"].endswith("good")]')" "[]"
is "all at once: the good check has looked at every object" "$(get 'len(found("integrity.good")[0]["evidence"]) if len(found("integrity.good")) == 1 else len(found("integrity.good"))')" 3
is "all at once: nothing was left out" "$(get "$limits")" "[]"

# --- product checks: Lua's limits
no_rules
rule "product-loop" 'product = function(product, found) while true do end end'
rule "product-eats" 'product = function(product, found) local s = "x" while true do s = s .. s end end'
rule "product-good" 'product = function(product, found) for o in product:objects {} do found.key { key = o.sha256, object = o, "seen" } end end'
timed asks "$scratch/texts"
is "a product check that loops" "$(state product-loop)" "unknown limit instructions"
is "a product check that eats memory" "$(state product-eats)" "unknown limit memory"
like "... and another that does not" "$(state product-good)" "^fail"
within "product checks" "$seconds"

if ! [[ -x $faulty ]]; then
  skip "bugs in C" "$faulty was not built"
  done_testing
  exit 0
fi

# --- bugs in C, one object each: phase, what happens, what the limit says, seconds
one() { # NAME TEXT WHY SECONDS
  rm -rf "$scratch/bad"
  cp -r "$scratch/texts" "$scratch/bad"
  echo "$2" >"$scratch/bad/bad.txt"
  timed asks "$scratch/bad"
  like "$1: named in the report" "$(get "$limits")" "^\[\[\"bad.txt\", \"$3\"\]\]$"
  is "$1: all others are examined" "$(get 'len(found("integrity.good"))')" 3
  within "$1" "$4"
}
no_rules
rule "good" 'object = function(object, found) found.key { key = object.sha256, at = 0, length = 1, "x" } end'
# (Sanitizers need more memory than any limit would leave them: who eats it is not limited there.)
one "facts crash" "PB-FAULT:facts:crash;" 'worker died: (signal [0-9]+ \([A-Za-z ]+\)|status 1) while reading its structure' 0
one "facts hang" "PB-FAULT:facts:hang;" "took longer than $seconds s while reading its structure" "$seconds"
one "facts spin" "PB-FAULT:facts:spin;" "took longer than $seconds s while reading its structure" "$seconds"
one "facts abort" "PB-FAULT:facts:abort;" 'worker died: signal 6 \(Aborted\) while reading its structure' 0
[[ -n ${PROBITY_ASAN:-} ]] || one "facts eat memory" "PB-FAULT:facts:eat;" '(worker died: (signal [0-9]+ \([A-Za-z ]+\)|status 1)|took longer than [0-9] s) while reading its structure' "$seconds"
one "facts try to get out" "PB-FAULT:facts:escape;" 'worker died: signal 31 \(Bad system call\) while reading its structure' 0
one "patterns crash" "PB-FAULT:patterns:crash;" 'worker died: (signal [0-9]+ \([A-Za-z ]+\)|status 1) while looking for patterns' 0
one "patterns hang" "PB-FAULT:patterns:hang;" "took longer than $seconds s while looking for patterns" "$seconds"
[[ -n ${PROBITY_ASAN:-} ]] || one "patterns eat memory" "PB-FAULT:patterns:eat;" '(worker died: (signal [0-9]+ \([A-Za-z ]+\)|status 1)|took longer than [0-9] s) while looking for patterns' "$seconds"
one "a reader crashes" "PB-FAULT:reader:crash;" 'reader died: (signal [0-9]+ \([A-Za-z ]+\)|status 1)' 0
one "a reader tries to get out" "PB-FAULT:reader:escape;" 'reader died: signal 31 \(Bad system call\)' 0

# What a worker sends: cut, nonsense, without an end.
named() { # NAME WORD WHY SECONDS
  rm -rf "$scratch/bad"
  cp -r "$scratch/texts" "$scratch/bad"
  echo "longer than five bytes" >"$scratch/bad/PB-FAULT:send:$2;.txt"
  timed asks "$scratch/bad"
  like "$1: named in the report" "$(get "$limits")" "^\[\[\"PB-FAULT:send:$2;.txt\", \"$3\"\]\]$"
  within "$1" "$4"
}
named "a worker sends half a message and hangs" cut "took longer than $seconds s" "$seconds"
named "a worker sends nonsense" nonsense "its worker sent nonsense" 0
named "a worker sends without an end" flood "its worker sent more than it was asked" 0

# --- a check that ends its worker: everything else about that object is known
no_rules
rule "find" 'object = function(object, found) if string.find(object:bytes(0, 200), "plain") then found.key { key = object.sha256, at = 0, length = 1, "x" } end end'
rule "good" 'object = function(object, found) found.key { key = object.sha256, at = 0, length = 1, "x" } end'
# (In the second line: checks of our own look at the first line of any text.)
for what in crash hang ${PROBITY_ASAN:-eat}; do
  [[ $what == 1 ]] && continue
  rm -rf "$scratch/bad"
  cp -r "$scratch/texts" "$scratch/bad"
  printf 'a line\nPB-FAULT:binding:%s; not so plain\n' "$what" >"$scratch/bad/bad.txt"
  timed asks "$scratch/bad"
  like "a binding ($what): that check is unknown on that object" "$(state find)" "1 of 4 not examined: (worker died: (signal|status 1)|took longer than $seconds s)"
  is "a binding ($what): all objects, all other checks" "$(get 'len(found("integrity.good")), r["limits"]' | tr -d ' ')" "[4,[]]"
  is "a binding ($what): that check on the other objects" "$(get 'len(found("integrity.find"))')" 3
  within "a binding ($what)" "$([[ $what == crash ]] && echo 0 || echo "$seconds")"
done

# Three workers, then it is set aside, for this product. In the next one it is asked again.
rm -rf "$scratch/bad" "$scratch/next"
cp -r "$scratch/texts" "$scratch/bad"
for i in 1 2 3 4 5 6 7 8; do printf 'a line\nPB-FAULT:binding:hang; number %s\n' "$i" >"$scratch/bad/bad$i.txt"; done
cp -r "$scratch/texts" "$scratch/next"
printf 'a line\nPB-FAULT:binding:crash; again\n' >"$scratch/next/bad.txt"
for jobs in 1 2; do
  timed asks -j "$jobs" "$scratch/bad" "$scratch/next"
  like "-j $jobs: a check that ended three workers is set aside, and named" "$(state find)" "not examined: (took longer than $seconds s|set aside after it ended 3 workers: took longer than $seconds s)"
  is "-j $jobs: all objects, all other checks" "$(get 'len(found("integrity.good")), r["limits"]' | tr -d ' ')" "[11,[]]"
  within "-j $jobs: three times the budget, not eight times" $((3 * seconds))
  out=$(sed -n 2p <<<"$out")
  like "-j $jobs: the next product: asked again" "$(state find)" "1 of 4 not examined: worker died: (signal|status 1)"
  is "-j $jobs: the next product: it has found what there is" "$(get 'len(found("integrity.find"))')" 3
done

# An object on which many checks end their workers is given up as a whole.
no_rules
for i in 1 2 3 4 5 6 7 8; do rule "find$i" 'object = function(object, found) string.find(object:bytes(0, 200), "plain") end'; done
rm -rf "$scratch/bad"
cp -r "$scratch/texts" "$scratch/bad"
printf 'a line\nPB-FAULT:binding:crash; of many\n' >"$scratch/bad/bad.txt"
timed asks "$scratch/bad"
like "an object that ends every worker" "$(get "$limits")" '^\[\["bad.txt", "worker died: (signal [0-9]+ \([A-Za-z ]+\)|status 1)"\]\]$'
is "... costs itself alone" "$(get '[c["reason"].split(":")[0] for c in r["checks"] if c["catalogue"] == "I-99"].count("1 of 5 not examined")')" 8

# --- product checks
no_rules
rule "product-crash" 'product = function(product, found) string.find("PB-FAULT:binding:crash;", "plain") end'
rule "product-hang" 'product = function(product, found) string.find("PB-FAULT:binding:hang;", "plain") end'
rule "product-good" 'product = function(product, found) for o in product:objects {} do found.key { key = o.sha256, object = o, "seen" } end end'
timed asks "$scratch/texts"
like "a product check that crashes" "$(state product-crash)" "^unknown reducer died: (signal|status 1)"
is "a product check that hangs" "$(state product-hang)" "unknown took longer than $seconds s"
like "... and another that does not" "$(state product-good)" "^fail"
within "product checks" "$seconds"

# --- in a ClamAV host
if [[ -x $(command -v clamscan) && $(id -u) == 0 && -z ${PROBITY_ASAN:-} ]] && unshare -m true 2>/dev/null; then
  cp -a /etc "$scratch/etc"
  mkdir -p "$scratch/etc/probity"
  printf '[assess]\nkinds = archive text\nrules = %s\n[budget]\nobject = %ss\n' "$scratch/rules" "$seconds" >"$scratch/etc/probity/probity.conf"
  no_rules
  rule "find" 'object = function(object, found) if string.find(object:bytes(0, 200), "plain") then found.key { key = object.sha256, at = 0, length = 1, "x" } end end'
  rm -rf "$scratch/bad"
  mkdir "$scratch/bad"
  for i in 1 2 3; do cp "$scratch/texts/$i.txt" "$scratch/bad/"; done
  echo "PB-FAULT:facts:hang; in an archive" >"$scratch/bad/hang.txt"
  echo "PB-FAULT:facts:crash; in an archive" >"$scratch/bad/crash.txt"
  printf 'a line\nPB-FAULT:binding:hang; in an archive\n' >"$scratch/bad/check.txt"
  (cd "$scratch" && tar czf bad.tgz bad)
  mkdir "$scratch/signatures"
  cp "$here"/rulesets/clamav/*.ndb "$scratch/signatures/"
  [[ -e $bin/faults/probity.so ]] || ln -s ../probity.so "$bin/faults/probity.so" 2>/dev/null
  timed run unshare -m bash -c 'mount --bind "$1" /etc && shift && exec "$@"' _ "$scratch/etc" \
    "$faulty" run -q --group file -f json -o "$scratch/run.json" -- clamscan -d "$scratch/signatures" --no-summary "$scratch/bad.tgz"
  is "run: clamscan is not concerned" "$out" "$scratch/bad.tgz: OK"
  out=$(<"$scratch/run.json")
  [[ -z $out ]] || printf '%s\n' "$out" >>"$scratch/every-report.jsonl"
  like "run: objects that end their worker are named" "$(get "$limits")" "crash.txt\", \"worker died: (signal [0-9]+ \([A-Za-z ]+\)|status 1) while reading its structure\"\], \[\"bad/hang.txt\", \"took longer than $seconds s while reading its structure\"\]"
  like "run: a check that ends its worker" "$(state find)" "not examined: "
  is "run: all others are examined" "$(get 'len(found("integrity.find"))')" 3
  within "run" $((2 * seconds))
else
  skip "in a ClamAV host" "needs clamscan, root, a mount namespace, and no sanitizer in it"
fi
done_testing
