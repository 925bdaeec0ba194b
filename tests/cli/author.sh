# What an author does: a new check that works at once, its tests, its types; what a failing sample tells; tests that run at each change.
. tests/tap.sh
mkdir "$scratch/work"
cd "$scratch/work" || exit 1

# --- check new
status "check new" 0 "$PROBITY" check new data-care/clipboard-upload
like "it says what it wrote" "$out" "wrote data-care/clipboard-upload.lua"
like "it says what comes next" "$out" "probity check test -w data-care/clipboard-upload.lua"
ok "settings for editors" /usr/bin/python3 -c 'import json; s = json.load(open(".luarc.json")); open(s["workspace.library"][0] + "/types/checks.lua")'
ok "settings for luacheck" test -s .luacheckrc
echo mine >.luarc.json
status "check new --product" 0 "$PROBITY" check new --product verification/readme-there
is "settings that are there stay" "$(cat .luarc.json)" mine
status "check new --lib" 0 "$PROBITY" check new --lib integrity/word-there.lua
ok "--lib writes a library" test -s lib/word_there.lua
status "all of them pass, in whatever way they are named" 0 "$PROBITY" check test data-care/ verification/readme-there.lua integrity/word-there.lua
like "each sample was run" "$out" "7 passed, 0 failed"
is "only those were run" "$(grep -c '^ok' <<<"$out")" 7
status "lint has nothing to say of them" 0 "$PROBITY" check lint .
is "nothing at all" "$out$err" ""
if command -v luacheck >/dev/null; then ok "nor has luacheck" luacheck --quiet .; else skip "nor has luacheck" "not installed"; fi
cp -r . ../before
for word in data-care/clipboard-upload "--lib integrity/word-there" "--product verification/readme-there"; do
  # shellcheck disable=SC2086 # options and a name
  status "nothing is overwritten: $word" 2 "$PROBITY" check new $word
  like "and it says so: $word" "$err" "is there already; nothing is overwritten"
done
rm data-care/clipboard-upload.lua
status "samples in the way" 2 "$PROBITY" check new data-care/clipboard-upload
cp ../before/data-care/clipboard-upload.lua data-care/
is "all is as it was" "$(diff -r . ../before 2>&1)" ""
status "a pillar that is none" 2 "$PROBITY" check new data-car/x
like "the nearest pillar" "$err" 'did you mean "data-care"'
for bad in x data-care/ data-care/X data-care/../x data-care/a/b data-care/1x "data-care/$(printf 'x%.0s' {1..61})"; do
  status "a name that is none: ${bad:0:20}" 2 "$PROBITY" check new "$bad"
done
status "--folder" 0 "$PROBITY" check new --folder "$scratch/else where/" culture/x
status "a folder with a blank in it" 0 "$PROBITY" check test "$scratch/else where"
for pillar in integrity data-care verification culture; do
  status "new in $pillar" 0 "$PROBITY" check new --folder "$scratch/pillars" "$pillar/abc-def"
  status "new in $pillar, of products" 0 "$PROBITY" check new --product --folder "$scratch/pillars" "$pillar/abc-product"
done
status "they pass" 0 "$PROBITY" check test "$scratch/pillars"
status "lint is content" 0 "$PROBITY" check lint "$scratch/pillars"
is "lint says nothing" "$out" ""

# In a checkout, checks and samples have their own places.
mkdir -p "$scratch/checkout/tests/samples"
cp -r "$here/scripts" "$here/rulesets" "$scratch/checkout/"
status "new in a checkout" 0 env -C "$scratch/checkout" "$PROBITY" check new culture/in-checkout
ok "the check is among the scripts" test -s "$scratch/checkout/scripts/culture/in-checkout.lua"
ok "its samples are among the samples" test -s "$scratch/checkout/tests/samples/culture/in-checkout/hit.txt"
status "it passes by its path" 0 env -C "$scratch/checkout" PROBITY_DATA="$scratch/checkout" "$PROBITY" check test scripts/culture/in-checkout.lua
status "and by its id" 0 env -C "$scratch/checkout" PROBITY_DATA="$scratch/checkout" "$PROBITY" check test culture.in-checkout
like "one check" "$out" "^ok 1 - culture.in-checkout hit hit.txt.ok 2 - culture.in-checkout clean clean.txt.1\.\.2"
status "also for a program from elsewhere" 0 env -C "$scratch/checkout" "$PROBITY" check test scripts/culture/in-checkout.lua

# It fires in a scan.
printf 'This product says\nreplace me: clipboard-upload\n' >"$scratch/product.txt"
scan --rules data-care "$scratch/product.txt"
is "the new check fires in a scan" "$(get '[f["key"] for f in found("data-care.clipboard-upload")]')" '["replace me: clipboard-upload"]'

# --- what a failing sample tells
mkdir fail
cp -r data-care/* fail/
printf 'nothing\n' >fail/clipboard-upload.samples/hit.txt
printf 'no, replace me: clipboard-upload\n' >fail/clipboard-upload.samples/clean.txt
status "samples that fail" 1 "$PROBITY" check test fail
like "expected a finding" "$out" "# fail/clipboard-upload.lua: expected a finding, found none"
like "why not" "$out" 'the patterns of `looks` did not match'
like "expected nothing" "$out" "expected nothing, found 1:"
like "finding, key, place" "$out" 'found.marker, key "replace me: clipboard-upload", in clean.txt at 4, length 28: names replace me'
like "how to look closer" "$out" "probity check explain --rules fail data-care.clipboard-upload fail/clipboard-upload.samples/clean.txt"
like "the sum" "$out" "0 passed, 2 failed"
sed -i 's/  maps  /  limits      = { instructions = 20 },\n&/' fail/clipboard-upload.lua
status "a limit of its own" 1 "$PROBITY" check test fail/
like "it is not the usual one" "$out" "not examined: limit instructions.#   what one call may take \(50 million unless .limits. says less\)"
ok "a folder with a slash gives paths with one" bash -c '! grep -q // <<<"$1"' _ "$out"
printf 'replace me: clipboard-upload\n' >"$scratch/unknown.txt"
like "who has no row goes by the id" "$("$PROBITY" scan -q -v --no-cache --rules fail --database "$scratch/db" "$scratch/unknown.txt")" "Clipboard upload \(data-care.clipboard-upload\): "
sed -i '/  limits  /d' fail/clipboard-upload.lua
sed -i 's/applies     = .*/applies     = { "elf" },/' fail/clipboard-upload.lua
status "samples that nobody looks at" 1 "$PROBITY" check test fail
like "n/a is told" "$out" 'no object of the sample has a kind, class or tag that `applies` names'
sed -i 's/severity /serverity /' fail/clipboard-upload.lua
status "a check that does not load" 1 "$PROBITY" check test fail
is "it counts" "$(tail -n 2 <<<"$out")" $'1..2\n0 passed, 2 failed'
like "what is wrong with it" "$out" 'not ok 1 - fail/clipboard-upload.lua:[0-9]+: serverity: unknown field; did you mean "severity"'
status "a path that is not there" 2 "$PROBITY" check test no/such.lua
like "it is named" "$err" "no/such.lua: there is no such file or folder"
for word in data-care.clipboard-upload data-care/clipboard-upload clipboard-upload; do
  status "a check of one's own without .lua: $word" 2 "$PROBITY" check test $word
  like "the file that is meant: $word" "$err" 'did you mean data-care/clipboard-upload.lua\?'
  status "explain, likewise: $word" 2 "$PROBITY" check explain $word "$scratch/product.txt"
  like "the file that is meant by explain: $word" "$err" 'did you mean data-care/clipboard-upload.lua\?'
done
status "lint, likewise" 2 "$PROBITY" check lint data-care/clipboard-upload
like "the file that is meant by lint" "$err" 'did you mean data-care/clipboard-upload.lua\?'
status "--rules with a file" 2 "$PROBITY" scan --rules data-care/clipboard-upload.lua "$scratch/product.txt"
like "its folder is meant" "$err" 'that is a file; --rules takes its folder: --rules data-care'
cp data-care/clipboard-upload.lua data-care/cleartext-endpoint.lua
status "a check of Probity's own goes first" 0 "$PROBITY" check test data-care.cleartext-endpoint
like "it was that one" "$out" "hit submit.pl"
rm data-care/cleartext-endpoint.lua
mkdir empty
status "a folder without a check" 2 "$PROBITY" check test empty
like "it says what to do" "$err" "probity check new"
status "an id that is none" 2 "$PROBITY" check test integrity.privat-key
like "the nearest id" "$err" 'did you mean "integrity.private-key"'
printf 'return {' >fail/other.lua
status "broken checks beside it do not matter" 0 "$PROBITY" check test data-care/clipboard-upload.lua

# --- a library of its own is nearer than Probity's
mkdir -p near/integrity near/lib far/integrity far/lib
for place in near far; do
  sed "s/lib.word_there/lib.hosts/; s/is_example/is_$place/" integrity/word-there.lua >$place/integrity/word-there.lua
  sed "s/is_example/is_$place/" lib/word_there.lua >$place/lib/hosts.lua
  cp -r integrity/word-there.samples $place/integrity/
done
mv far/integrity/word-there.lua far/integrity/far-there.lua
mv far/integrity/word-there.samples far/integrity/far-there.samples
sed -i 's/word-there/far-there/' far/integrity/*.lua far/integrity/*/*
status "two folders, a library of one name in each, and Probity's own" 0 "$PROBITY" check test near far
like "six samples" "$out" "6 passed"
a=$("$PROBITY" scan -q -f json --no-cache --rules near/integrity --database "$scratch/db" "$scratch/product.txt" | grep -o '"rules_digest":"[^"]*"\|"digest":"[0-9a-f]\{64\}"' | sort | sha256sum)
echo '-- changed' >>near/lib/hosts.lua
b=$("$PROBITY" scan -q -f json --no-cache --rules near/integrity --database "$scratch/db" "$scratch/product.txt" | grep -o '"rules_digest":"[^"]*"\|"digest":"[0-9a-f]\{64\}"' | sort | sha256sum)
ok "a changed library changes the digest of the rules" test "$a" != "$b"

# --- again at each change
wait_for() { # FILE REGEX
  for _ in $(seq 300); do
    grep -qE -- "$2" "$1" && return 0
    sleep 0.1
  done
  return 1
}
"$PROBITY" check test -w data-care >watch.txt 2>watch.err &
watcher=$!
ok "-w runs at once" wait_for watch.txt '^1 check, 2 samples: passed \([0-9.]+ s\)$'
printf 'replace me: clipboard-upload\n' >data-care/clipboard-upload.samples/clean.txt
ok "-w runs again where a sample changed" wait_for watch.txt '^1 check, 2 samples: FAILED'
ok "what failed is told" grep -q "^not ok 2 - data-care.clipboard-upload clean clean.txt" watch.txt
printf 'nothing\n' >data-care/.new && mv data-care/.new data-care/clipboard-upload.samples/clean.txt
ok "-w runs again where a file was renamed into place" bash -c 'for _ in $(seq 300); do test "$(grep -c passed watch.txt)" = 2 && exit 0; sleep 0.1; done; exit 1'
is "what passes is not told" "$(grep -c '^ok' watch.txt)" 0
kill -INT "$watcher"
wait "$watcher"
is "it ends with the signal" "$?" 0
is "nothing on stderr" "$(cat watch.err)" ""
is "no escapes, no greeting where nobody sits" "$(grep -cE $'\033|Watching' watch.txt)" 0

# --- types
status "check types" 0 "$PROBITY" check types
is "they are the installed ones" "$out" "$(cat "$here"/bindings/types/*.lua)"
status "check types FILE" 0 "$PROBITY" check types types.lua
ok "written" cmp -s types.lua <(cat "$here"/bindings/types/*.lua)
status "an existing file stays" 2 "$PROBITY" check types types.lua
status "check types --luacheckrc" 0 "$PROBITY" check types --luacheckrc
like "settings for luacheck" "$out" "read_globals"

# --- the table of verbs
status "check" 2 "$PROBITY" check
status "check --help" 0 "$PROBITY" check --help
status "a verb that is none" 2 "$PROBITY" check tset
like "the nearest verb" "$err" "did you mean test"
for verb in new test lint explain bench stats list patterns types; do
  status "check $verb --help" 0 "$PROBITY" check $verb --help
  like "check $verb --help begins with its usage" "$out" "^Usage: probity check $verb "
  status "check $verb --bad" 2 "$PROBITY" check $verb --bad
done
done_testing
