# YARA rules that people have: six shapes of files, budgets, compiled rules, what the report says of them.
. tests/tap.sh
rules=$scratch/theirs
mkdir -p "$rules/sub" "$scratch/product"
printf 'a needle in a haystack\n' >"$scratch/product/note.txt"
found() { get '[f["key"] for f in r["findings"] if f["check"] == "rules.theirs"]'; }
state() { get '"%(status)s %(coverage)d %(reason)s" % check("rules.theirs")'; }
left_out() { get '[l["why"].replace("'"$scratch"'/", "") for l in r["limits"]]'; }
fresh() { rm -rf "$rules" && mkdir -p "$rules/sub"; }

# 1. External variables: those that public collections expect, and no others.
cat >"$rules/externals.yar" <<'Y'
rule all_six { condition: filename == "" and filepath == "" and extension == "" and filetype == "" and owner == "" and md5 matches /^[0-9a-f]{32}$/ }
rule process_name { condition: true }
Y
printf 'rule needs_another { condition: hostname == "" }\n' >"$rules/other.yar"
scan --rules "$rules" "$scratch/product"
is "externals: the six are there" "$(found)" '["rules/theirs/externals.yar:all_six", "rules/theirs/externals.yar:process_name"]'
like "externals: a file that wants another one is named" "$err" 'theirs/other\.yar:1: undefined identifier "hostname"'
like "... in the report, too" "$(left_out)" 'theirs/other\.yar:1: undefined identifier'

# 2. The same names in several files.
fresh
printf 'rule same { condition: true }\n' | tee "$rules/a.yar" "$rules/b.yara" "$rules/sub/a.yar" >/dev/null
scan --rules "$rules" "$scratch/product"
is "duplicate names: each file is a namespace" "$(found)" '["rules/theirs/a.yar:same", "rules/theirs/b.yara:same", "rules/theirs/sub/a.yar:same"]'
is "... nothing is left out" "$(left_out)" "[]"

# 3. Includes.
fresh
printf 'rule shared { strings: $a = "needle" condition: $a }\n' >"$rules/sub/shared.yar"
printf 'include "sub/shared.yar"\nrule uses { condition: shared }\n' >"$rules/uses.yar"
printf '// everything\ninclude "./uses.yar"\ninclude "./sub/shared.yar"\n' >"$rules/index.yar"
printf 'rule secret { condition: true }\n' >"$scratch/outside.yar"
printf 'include "../outside.yar"\nrule wants_out { condition: secret }\n' >"$rules/out.yar"
ln -s ../outside.yar "$rules/link.yar"
scan --rules "$rules" "$scratch/product"
is "includes: every rule once" "$(found)" '["rules/theirs/sub/shared.yar:shared", "rules/theirs/uses.yar:uses"]'
is "includes: the index is passed over by name" "$(get 'r["assessment"]["engine"]["rule_sets"][0]["skipped"]')" '["index.yar"]'
like "includes: none leads out of the folder" "$err" 'theirs/out\.yar:1: includes "\.\./outside\.yar", which is not in that folder'
like "... and no link" "$err" 'theirs/link\.yar: a link that leads out of the folder'
is "... both are counted" "$(get 'r["assessment"]["engine"]["rule_sets"][0]["left_out"]')" 2

# 4. Private and global rules.
fresh
printf 'global rule nowhere { condition: false }\nrule gone { condition: true }\n' >"$rules/global.yar"
printf 'private rule quiet { condition: true }\nrule loud { condition: quiet }\n' >"$rules/private.yar"
mkdir -p "$scratch/more"
printf 'rule elsewhere { condition: true }\n' >"$scratch/more/x.yar"
printf 'curl -k https://downloads.vendor-host.net/x\n' >"$scratch/product/get.sh"
scan "$scratch/product"
own=$(get '[[c["id"], c["status"], c["keys"]] for c in r["checks"] if not c["id"].startswith("rules.")]')
scan --rules "$rules" --rules "$scratch/more" "$scratch/product"
is "a global rule stays in its file, a private one is not told" "$(found)" '["rules/theirs/private.yar:loud"]'
is "... another folder does not notice" "$(get '[f["key"] for f in found("rules.more")]')" '["rules/more/x.yar:elsewhere"]'
is "... nor do our own checks" "$(get '[[c["id"], c["status"], c["keys"]] for c in r["checks"] if not c["id"].startswith("rules.")]')" "$own"
like "... which had something to find" "$own" '"data-care.tls-verification-off", "fail"'
is "each folder is a claim of its own" "$(get '[c["claim"] for c in r["claims"] if c["claim"].startswith("rules.")]')" '["rules.more", "rules.theirs"]'

# 5. Modules that are missing, or that a boxed worker cannot serve.
fresh
for m in androguard cuckoo magic time; do printf 'import "%s"\nrule with_%s { condition: true }\n' $m $m >"$rules/$m.yar"; done
printf 'import "pe"\nimport "elf"\nimport "hash"\nrule text_beside_pe { strings: $a = "needle" condition: $a and not pe.is_pe and hash.md5(0, filesize) == md5 }\n' >"$rules/pe.yar"
scan --rules "$rules" "$scratch/product"
is "modules: the others load, and look at texts" "$(found)" '["rules/theirs/pe.yar:text_beside_pe"]'
like "modules: androguard is named" "$err" 'theirs/androguard\.yar:1: unknown module "androguard"'
for m in cuckoo magic time; do like "modules: $m is named" "$err" "theirs/$m\\.yar:1: module \"$m\" "; done

# 6. A rule that libyara gives up on: unknown on that object, and nothing else is lost.
fresh
printf 'rule endless { strings: $a = /xy(a|aa|aaa|aaaa|aaaaa){1,250}(a|aa|aaa|aaaa){1,250}(a|aa|aaa){1,250}b/ condition: $a }\n' >"$rules/endless.yar"
printf 'rule steady { strings: $a = "aaaa" condition: $a }\n' >"$rules/steady.yar"
/usr/bin/python3 -c 'import sys; sys.stdout.write("xy" + "a" * 20000)' >"$scratch/product/long.txt"
scan --rules "$rules" "$scratch/product"
is "an abort is unknown, by name" "$(state)" "fail 666 1 of 3 not examined: YARA: rule endless: YARA error 46 (a string with too many ways to match)"
is "... the other rules have looked at it" "$(found)" '["rules/theirs/steady.yar:steady"]'
is "... our own checks are as they were" "$(get '[c["id"] for c in r["checks"] if c["status"] == "unknown" and "YARA" in c["reason"]]')" "[]"
rm "$rules/steady.yar"
scan --rules "$rules" "$scratch/product/long.txt"
is "... never a pass" "$(state)" "unknown 0 1 of 1 not examined: YARA: rule endless: YARA error 46 (a string with too many ways to match)"

# Time: a folder has its own, for each object and for the product. What is over is unknown, and told with -v.
fresh
printf 'rule slow { condition: for all i in (1..1000000) : (for all j in (1..1000000) : (i * j > 0)) }\n' >"$rules/slow.yar"
printf '[limits]\nseconds = 1\nproduct_seconds = 2\n' >"$rules/probity.ini"
for i in 1 2 3 4 5 6; do printf 'number %s\n' $i >"$scratch/product/$i.txt"; done
scan --jobs 1 --rules "$rules" --rules "$scratch/more" "$scratch/product"
is "slow rules are unknown" "$(get 'check("rules.theirs")["status"]')" unknown
like "... by their budget" "$(get 'check("rules.theirs")["reason"]')" "^9 of 9 not examined: YARA: time budget( of the product)? spent$"
is "... and take nobody else's time" "$(get '[c["id"] for c in r["checks"] if "budget" in c.get("reason", "")], check("rules.more")["coverage"]')" '[["rules.theirs"], 1000]'
tar -C "$scratch" -cf "$scratch/product.tar" product
for what in product product.tar; do
  run "$PROBITY" scan -v --jobs 1 --no-cache --database "$scratch/db" --rules "$rules" "$scratch/$what"
  like "$what: what is over the product's budget is not begun; -v names what was taken" "$err" 'note: rules\.theirs took [23]\.[0-9] s'
  like "$what: ... and it is unknown" "$out" '(9 of 9|10 of 10) not examined: YARA: time budget'
done

# Compiled rules: run as they are, so only from where nobody else can write, and loaded in the worker's box.
fresh
if command -v yarac >/dev/null; then
  printf 'rule built { meta: score = 90 strings: $a = "needle" condition: $a }\n' >"$scratch/built.src"
  yarac "$scratch/built.src" "$rules/built.yac" 2>/dev/null
  chmod 0644 "$rules/built.yac"
  scan --rules "$rules" "$scratch/product/note.txt"
  is "compiled rules are found with their meta" "$(get '[[f["key"], f["severity"]] for f in found("rules.theirs")]')" '[["rules/theirs/built.yac:built", "high"]]'
  chmod 0666 "$rules/built.yac"
  scan --rules "$rules" "$scratch/product/note.txt"
  like "... not where others can write: why" "$err" "built\.yac: compiled rules are run as they are, so nobody else may be able to write them: others can write to .*: chmod go-w"
  chmod 0644 "$rules/built.yac"
  head -c 2000 "$rules/built.yac" >"$rules/cut.yac"
  /usr/bin/python3 - "$rules/built.yac" "$rules/spoilt.yac" <<'P'
import sys
b = bytearray(open(sys.argv[1], "rb").read())
for i in range(200, len(b) - 200): # its table of parts stays
    b[i] ^= 0xa5
open(sys.argv[2], "wb").write(b)
P
  scan --rules "$rules" "$scratch/product/note.txt"
  like "cut ones are named" "$err" "cut\.yac: damaged"
  like "spoilt ones cost their own folder at most" "$(state)" "^(unknown 0|fail) .*not examined"
  is "... and no object" "$(get '[l for l in r["limits"] if "cut.yac" not in l["why"]]')" "[]"
else
  skip "compiled rules" "needs yarac"
fi

# What the report says of them.
fresh
printf 'rule r { meta: description = "finds a needle" author = "A. Person" severity = "low" confidence = "high" strings: $a = "needle" condition: $a }\n' >"$rules/r.yar"
scan --rules "$rules" "$scratch/product/note.txt"
digest=$(get 'r["assessment"]["engine"]["rule_sets"][0]["digest"]')
like "the set and its digest are in the report" "$(get 'r["assessment"]["engine"]["rule_sets"]')" '^\[\{"digest": "[0-9a-f]{64}", "files": 1, "id": "rules.theirs", "left_out": 0, "rules": 1, "skipped": \[\]\}\]$'
is "a finding: weight and words from the rule's meta" "$(get '[[f["severity"], f["kappa"], f["says"]] for f in found("rules.theirs")]')" '[["low", 700, "YARA rule r (rules/theirs/r.yar) matches: \"finds a needle\"; by A. Person"]]'
first=$out
scan --rules "$rules/" "$scratch/product/note.txt"
is "the same rules, the same report" "$out" "$first"
printf '[default]\nworst = info\n' >"$rules/probity.ini"
scan --rules "$rules" "$scratch/product/note.txt"
ok "a folder's own weights change its digest" test "$(get 'r["assessment"]["engine"]["rule_sets"][0]["digest"]')" != "$digest"
is "... and its findings" "$(get 'found("rules.theirs")[0]["severity"]')" info
printf '[default]\nworst = terrible\n' >"$rules/probity.ini"
scan --rules "$rules" "$scratch/product/note.txt"
like "a mistake in them is named" "$err" 'probity\.ini:2: unknown severity "terrible"'
run "$PROBITY" scan -v --no-cache --database "$scratch/db" --rules "$rules" "$scratch/product/note.txt"
like "-v lists the sets" "$out" "YARA RULES FROM ELSEWHERE.  rules\.theirs: 1 rule in 1 file"
scan "$scratch/product/note.txt"
is "without rules from elsewhere nothing of it is in the report" "$(get '"rule_sets" in r["assessment"]["engine"]')" false
done_testing
