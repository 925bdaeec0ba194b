# What authors do wrong, and what they read: each mistake a small file, each found by `probity check lint`, with its line, what is wrong,
# why, and the nearest right spelling.
. tests/tap.sh
mkdir -p "$scratch/m"
# The check of all cases, with one part of it replaced: case NAME HEADER LOOKS BODY
header='title = "T", why = "W.", confirm = "C.", claim = "credentials", severity = "low", reliability = "exact",
  findings = { key = { says = "key %s", fix = "Mend it." } },
  maps = { "paris:P6" }, samples = { hit = { "hit.txt" }, clean = { "clean.txt" } },'
looks='  looks = [[
    strings:
      $marker = "replace me"
    condition:
      $marker
  ]],'
raise='found.key { key = "k", "x" }'
write() { # NAME TEXT
  printf '%s' "$2" >"$scratch/m/$1.lua"
  mkdir -p "$scratch/m/$1.samples"
  echo "please replace me now, in a text of some length" >"$scratch/m/$1.samples/hit.txt"
  echo "nothing of the kind is here, really" >"$scratch/m/$1.samples/clean.txt"
}
body() { # NAME LINES [TOP]: the body of the function object begins on line 12 (+ lines of TOP)
  write "$1" "${3:-}return {
  $header
$looks
  object = function(object, found)
    $2
  end,
}
"
}
with() { # NAME HEADER LOOKS
  write "$1" "return {
  $2
$3
  object = function(object, found)
    $raise
  end,
}
"
}
declare -A wanted
# --- the file
write syntax "return {
  $header
  object = function(object, found
  end,
}"
wanted[syntax]="6: '\)' expected near 'end'"
write comma "return {
  title = \"T\"
  why = \"W.\",
}"
wanted[comma]="3: '}' expected .* near 'why'; a comma is missing before that"
write early "return {
  $header
$looks
  object = function(object, found)
    $raise
"
wanted[early]="[0-9]+: 'end' expected .*near <eof>; each function, if, for, while and do has an end of its own|unexpected symbol near <eof>; the file ends too early"
write no-return "local check = { $header }
"
wanted[no-return]='1: a check file returns one table, this one returns nothing: "return \{" begins it'
write two-tables "return { $header }, {}
"
wanted[two-tables]="1: a check file returns one table, this one 2 values: one file is one check"
write bom $'\xef\xbb\xbfreturn {}\n'
wanted[bom]="1: the file begins with a byte order mark, which Lua does not know: save it as UTF-8 without one"
write utf16 $'\xff\xfer'
wanted[utf16]="1: the file is UTF-16: save it as UTF-8"
write latin1 $'return {}\n-- Schl\xfcssel\n'
wanted[latin1]="2: byte 0xFC is not UTF-8: save the file as UTF-8; in a string write .xNN"
write bytecode $'\x1bLua'
wanted[bytecode]="1: bytecode: a check is source text"
write quote "return {
  title = \"T,
}
"
wanted[quote]='2: unfinished string near .*; a text in "..." ends on its line'
# --- names
body global "count = 1"
wanted[global]='12: global "count" assigned: write "local count"'
body unknown-global 'if tonumbr("1") then '"$raise"' end'
wanted[unknown-global]='12: unknown global "tonumbr"; did you mean "tonumber"\?'
body print 'print("here")'
wanted[print]='12: there is no "print" here: a check has no output: raise a finding'
body pcall 'pcall(found.key, {})'
wanted[pcall]='12: there is no "pcall" here: a spent budget must not be caught: test before you call'
body method 'for _ in object:hit("$marker") do '"$raise"' end'
wanted[method]='12: object has no field "hit"; did you mean "hits"\?'
body dot 'for _ in object.hits("$marker") do '"$raise"' end'
wanted[dot]="12: bad argument #1 to 'hits' .*; methods are called with a colon, object:name\(\.\.\.\)"
body module-function 'text.trimm("x")' 'local text = require "probity.text"
'
wanted[module-function]='13: probity.text has no "trimm"; did you mean "trim"\?'
body string-function 'local s = ("x"):uper()'
wanted[string-function]='12: string has no "uper"; did you mean "upper"\?'
body require '' 'local p = require "probity.pm"
'
wanted[require]='1: require: there is no module "probity.pm"; did you mean "probity.pem"\?'
body require-short '' 'local p = require "text"
'
wanted[require-short]='1: require: there is no module "text"; did you mean "probity.text"\?'
body require-library '' 'local p = require "lib.pakages"
'
wanted[require-library]='1: require: there is no library "lib.pakages"; did you mean "lib.packages"\?'
body require-late 'local p = require "probity.pem"'
wanted[require-late]='12: require belongs at the top of the file, outside of functions'
body fact 'for _ in ipairs(object.facts.url) do '"$raise"' end'
wanted[fact]='12: facts: there is no fact "url", so this is always nil; did you mean "urls"\?'
# --- values
body nil-index 'local name = object.facts.deb.package'
wanted[nil-index]="12: attempt to index a nil value \(field 'deb'\); what is not there is nil .*: test it before"
body nil-concat 'local name = "x" .. object.facts.deb'
wanted[nil-concat]="12: attempt to concatenate a nil value \(field 'deb'\); what is not there is nil"
body nil-arithmetic 'local n = object.facts.entropi + 1'
wanted[nil-arithmetic]="12: attempt to perform arithmetic on a nil value \(field 'entropi'\); what is not there is nil"
body nil-compare 'if object:u8(100000) > 3 then '"$raise"' end'
wanted[nil-compare]="12: attempt to compare number with nil; what is not there is nil: test it before"
body read-only 'seen[object.sha256] = true' 'local seen = {}
'
wanted[read-only]='13: this table is read-only: a check keeps nothing between calls \(make tables inside the function\)'
body kept 'n = n + 1' 'local n = 0
'
wanted[kept]='1: ran into the limit "state"'
body handed 'object.note = 1'
wanted[handed]='12: what the engine hands over is read-only'
body returns 'return true'
wanted[returns]='11: the function returned a boolean: what it finds it raises, with found.NAME\{ ... \}'
body recursion 'local function f(x) return 1 + f(x) end f(1)'
wanted[recursion]='12: stack overflow; a function calls itself without an end'
body inner 'outer(object)' 'local function inner(object)
  return object.facts.deb.package
end
local function outer(object)
  local name = inner(object)
  return name
end
'
wanted[inner]="2: attempt to index a nil value .*; called from .*inner\.lua:5, .*inner\.lua:19"
# --- findings
body finding 'found.kye { key = "k", "x" }'
wanted[finding]='12: found.kye: is raised, and `findings` declares no such finding; did you mean "key"\?'
body found-called 'found("k")'
wanted[found-called]="12: attempt to call a table value \(local 'found'\); a finding is raised by its name"
body found-values 'found.key("k", "x")'
wanted[found-values]='12: found.key takes a table: found.key\{ key = ... \}'
body no-key 'found.key { "x" }'
wanted[no-key]='12: found.key: key is missing: what the finding is about, such as a host or a fingerprint'
body key-number 'found.key { key = 7, "x" }'
wanted[key-number]='12: found.key: key must be a string, is a number'
body few-values 'found.key { key = "k" }'
wanted[few-values]='12: found.key: 0 values without a name, and says has 1 placeholder'
body many-values 'found.key { key = "k", "x", "y" }'
wanted[many-values]='12: found.key: 2 values without a name, and says has 1 placeholder'
body outside 'found.key { key = "k", at = object.size + 1, "x" }'
wanted[outside]="12: found.key: at [0-9]+, length 0 do not lie inside of the object's [0-9]+ bytes"
body above 'found.key { key = "k", severity = "high", "x" }'
wanted[above]="12: found.key: severity high is above low, the finding's own: it may only be lowered"
body never 'local n = object:count("$marker")'
wanted[never]='3: findings.key: is declared and never raised: there is no found.key'
# --- patterns
body id 'for _ in object:hits("$marke") do '"$raise"' end'
wanted[id]='12: object:hits: `looks` has no string "[$]marke", so this is never true; did you mean "[$]marker"\?'
with yara-syntax "$header" "${looks/\"replace me\"/replace me}"
wanted[yara-syntax]='7: syntax error; a text stands in "...", bytes in \{ 4D 5A \}'
with yara-unused "$header" "${looks/condition/  \$other = \"replace you\"
    condition}"
wanted[yara-unused]='8: unreferenced string "[$]other"; the condition does not use it'
with yara-undefined "$header" "${looks/      \$marker
  ]]/      \$marked
  ]]}"
wanted[yara-undefined]='9: undefined string "[$]marked"; did you mean "[$]marker"\?'
with yara-twice "$header" "${looks/condition/  \$marker = \"replace you\"
    condition}"
wanted[yara-twice]='8: duplicated string identifier "[$]marker"; each string of a rule has a name of its own'
with yara-rules-twice "$header" '  looks = [[
    rule a { condition: true }
    rule a { condition: true } ]],'
wanted[yara-rules-twice]='7: duplicated identifier "a"; each rule of a file has a name of its own'
with yara-module "$header" '  looks = [[
    import "elff"
    condition: true ]],'
wanted[yara-module]='6: unknown module "elff"; did you mean "elf"\?'
with yara-short "$header" "${looks/replace me/MZ}"
wanted[yara-short]='7: looks: [$]marker has 2 bytes: so little is in nearly every file; write at least 4'
with yara-common "$header" "${looks/replace me/function}"
wanted[yara-common]='7: looks: [$]marker is in nearly every file of its kind'
with yara-slow "$header" "${looks/\"replace me\"/\/.*x.*\/}"
wanted[yara-slow]='7: looks: .*slow.*; YARA finds no run of bytes in it to look for first'
# --- fields
with field "${header/severity/serverity}" "$looks"
wanted[field]='2: serverity: unknown field; did you mean "severity"\?'
with claim "${header/credentials/credential}" "$looks"
wanted[claim]='2: claim: "credential" is not in rulesets/claims.ini; did you mean "credentials"\?'
with map "${header/\"paris:P6\"/\"paris:P6\", \"cwe:32x1\"}" "$looks"
wanted[map]='4: maps: "cwe:32x1" is not in rulesets/mappings.ini; did you mean "cwe:321"\?'
with tag "$header applies = { \"scirpt\" }," "$looks"
wanted[tag]='4: applies: "scirpt" is no kind, class or tag of objects; did you mean "script"\?'
with limits "$header limits = { instructons = 5 }," "$looks"
wanted[limits]='4: limits.instructons: unknown limit: .*; did you mean "instructions"\?'
with limits-up "$header limits = { findings = 1000000 }," "$looks"
wanted[limits-up]='4: limits.findings: must be a whole number from 1 to 10000: a check may lower its limits, never raise them'
with row "$header catalogue = \"I-99\"," "$looks"
wanted[row]='4: catalogue: there is no row I-99 in rulesets/catalogue.ini'
with severity-unused "${header/severity = \"low\"/severity = \"high\"}" "$looks"
sed -i 's/fix = "Mend it." }/fix = "Mend it.", severity = "low" }/' "$scratch/m/severity-unused.lua"
wanted[severity-unused]='2: severity: is high, and no finding is above low'
with critical-declared "${header/severity = \"low\", reliability = \"exact\"/severity = \"critical\", reliability = \"self-declared\"}" "$looks"
wanted[critical-declared]='3: findings.key: is critical, and self-declared: policies count a critical finding from 500 permille on'
with words "${header/W./This product is malicious.}" "$looks"
wanted[words]='2: why: says "is malicious"; say what is there'
with words-fix "${header/Mend it./Then it is safe.}" "$looks"
wanted[words-fix]='3: findings.key.fix: says "is safe"; no check can know that'
with words-sends "${header/W./It sends names.}" "$looks"
wanted[words-sends]='2: why: says "sends"; bytes show what a program can do'
write function-missing "return {
  $header
}
"
wanted[function-missing]='1: object: is missing: a check has a function object, a function product, or both'
with Style_Name "$header" "$looks"
wanted[Style_Name]="1: the file's name becomes the check's id: lower-case letters, digits and '-'"
with sample-missing "$header" "$looks"
rm "$scratch/m/sample-missing.samples/clean.txt"
wanted[sample-missing]='4: samples.clean: there is no .*sample-missing.samples/clean.txt'
with sample-unlisted "$header" "$looks"
echo x >"$scratch/m/sample-unlisted.samples/more.txt"
wanted[sample-unlisted]='4: samples: .*sample-unlisted.samples/more.txt is there, and named neither in hit nor in clean'
write product-bytes "return {
  $header
  product = function(product, found)
    product:bytes(0, 4)
  end,
}
"
wanted[product-bytes]='6: product has no field "bytes"'
write product-object "return {
  $header
  product = function(product, found)
    $raise
  end,
}
"
wanted[product-object]="6: found.key: object is missing: the product's object that is the evidence"
with confirm "${header/ confirm = \"C.\",/}" "$looks"
wanted[confirm]='1: confirm: is missing: how does a person confirm a finding by hand\?'
# --- what is no mistake
with fine "$header" "$looks"
with fine-tabs "${header//  /$'\t'}" "${looks//  /$'\t'}"
with fine-crlf "$header" "$looks"
sed -i 's/$/\r/' "$scratch/m/fine-crlf.lua"

cd "$scratch/m" || exit 1
LIMIT=600 run "$PROBITY" check lint .
is "lint found something" "$rc" 1
ok "at least 60 mistakes" test "${#wanted[@]}" -ge 60
for name in $(printf '%s\n' "${!wanted[@]}" | sort); do
  if grep -qE -- "^\./$name\.lua:(${wanted[$name]})" <<<"$out"; then
    pass "mistake: $name"
  else
    flunk "mistake: $name" "wanted: $name.lua:${wanted[$name]}" "got:" "$(grep -- "^\./$name\.lua" <<<"$out")"
  fi
done
for name in fine fine-tabs fine-crlf; do
  is "no mistake: $name" "$(grep -- "^\./$name\.lua" <<<"$out")" ""
done
is "each line names its place" "$(grep -vcE '^\./[A-Za-z0-9_-]+\.lua:[0-9]+: ' <<<"$out")" 0
is "nothing on stderr" "$err" ""

# All mistakes of a file at once, as text and as JSON.
with many "${header/severity/serverity}" "${looks/replace me/MZ}"
sed -i 's/credentials/credential/; s/P6/P66/; s/found\.key/found.kye/' many.lua
status "many mistakes" 1 "$PROBITY" check lint many.lua
for part in 'serverity: unknown' 'severity: is missing' 'claim: "credential"' 'maps: "paris:P66"' 'found.kye: is raised'; do
  like "all at once: $part" "$out" "$part"
done
is "in the order of lines" "$(cut -d: -f2 <<<"$out")" "$(cut -d: -f2 <<<"$out" | sort -n)"
n=$(wc -l <<<"$out")
run "$PROBITY" check lint -f json many.lua
is "json has as many, with their fields" "$(/usr/bin/python3 -c '
import json, sys
rows = [json.loads(l) for l in sys.stdin]
print(len(rows), all(set(r) == {"file", "line", "what", "error"} for r in rows), any(r["error"] for r in rows))' <<<"$out")" "$n True True"

# --fix: what has one near neighbour, shown first.
cp many.lua before.lua.txt
status "--fix without -y changes nothing where nobody can be asked" 1 "$PROBITY" check lint --fix many.lua </dev/null
like "--fix shows the change" "$out" "[+].*claim = \"credentials\""
like "--fix says that nothing is written" "$out" "Nothing is written"
ok "the file is as it was" cmp -s many.lua before.lua.txt
run "$PROBITY" check lint --fix -y many.lua
like "--fix -y mends" "$out" "many.lua: [0-9] mended"
run "$PROBITY" check lint many.lua
is "no spelling is left" "$(grep -c 'did you mean' <<<"$out")" 0
is "nothing else was touched" "$(diff before.lua.txt many.lua | grep -c '^>')" "$(diff before.lua.txt many.lua | grep -c '^<')"
status "a file that is not there" 2 "$PROBITY" check lint no-such.lua
status "our own checks are clean" 0 "$PROBITY" check lint "$here/scripts"
is "and nothing is said of them" "$out$err" ""
done_testing
