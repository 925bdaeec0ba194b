# `probity report`: formats of reports are scripts in a box. What they get, what they write, and what ends them.
. tests/tap.sh
mkdir -p "$scratch/product" "$scratch/own/lib" "$scratch/own/assets"
printf '#!/bin/sh\necho hello\n' >"$scratch/product/run.sh"
tar -C "$scratch" -czf "$scratch/product.tar.gz" product
scan "$scratch/product.tar.gz"
printf '%s\n' "$out" >"$scratch/r.json"
scan "$scratch/product"
{ cat "$scratch/r.json"; printf '\n%s\n' "$out"; } >"$scratch/two.json"
report() { run "$PROBITY" report --templates "$scratch/own" "$@"; }
format() { # NAME RENDER: a format whose function has this body
  printf 'local json = require "probity.json"\nlocal text = require "probity.text"\n%s\nreturn {\n  title = "t", extension = "txt", type = "text/plain", takes = "report",\n  render = function(report, out, options)\n%s\n  end,\n}\n' \
    "${3-}" "$2" >"$scratch/own/$1.lua"
}
same() { cmp -s "$1" - <<<"$out"; }

# --- the canonical report
status "a report as JSON" 0 "$PROBITY" report -f json "$scratch/r.json"
ok "it is the report, byte for byte" same "$scratch/r.json"
status "the second of several" 0 "$PROBITY" report -f json --number 2 "$scratch/two.json"
is "it is the second" "$out" "$(tail -n 1 "$scratch/two.json")"
status "of several the first" 0 "$PROBITY" report -f json "$scratch/two.json"
ok "it is the first" same "$scratch/r.json"
out=$("$PROBITY" report -f json - <"$scratch/r.json")
ok "from standard input" same "$scratch/r.json"
/usr/bin/python3 -c 'import json,sys; print(json.dumps(json.load(open(sys.argv[1])), indent=1, ensure_ascii=True))' "$scratch/r.json" >"$scratch/pretty.json"
status "one that somebody laid out" 0 "$PROBITY" report -f json "$scratch/pretty.json"
ok "becomes canonical" same "$scratch/r.json"
"$PROBITY" pack key new -W -s "$scratch/signer.key" -p "$scratch/signer.pub" >/dev/null
"$PROBITY" sign "$scratch/r.json" --key "$scratch/signer.key" -o "$scratch/signed.json" 2>/dev/null
status "a signed report" 0 "$PROBITY" report -f json "$scratch/signed.json"
ok "its report" same "$scratch/r.json"
status "-o" 0 "$PROBITY" report -f json -o "$scratch/written.json" "$scratch/r.json"
is "-o prints nothing" "$out" ""
ok "-o writes it" cmp "$scratch/written.json" "$scratch/r.json"

# --- formats of one's own
format one 'out(report.product.name, " ", 1, " ", options.lang, " ", options.width, "\n")'
report -f one --lang fr "$scratch/r.json"
is "a format gets report and options" "$out" "product.tar.gz 1 fr 80"
printf 'return { word = "own" }\n' >"$scratch/own/lib/mine.lua"
printf 'p { margin: 0 }' >"$scratch/own/assets/a.css"
format libs 'out(mine.word, " ", assets["a.css"], "\n")' 'local mine, assets = require "lib.mine", require "probity.assets"'
report -f libs "$scratch/r.json"
is "libraries and assets of the folder" "$out" "own p { margin: 0 }"
format json 'out("mine\n")'
report -f json "$scratch/r.json"
is "a file of the folder comes before Probity's own" "$out" "mine"
rm "$scratch/own/json.lua"
format encode 'out(json.encode{ b = 1, a = { 1, "x\1\"\u{e9}" }, l = json.list{}, o = {}, n = json.null, t = true, r = 0.5 }, "\n")'
report -f encode "$scratch/r.json"
is "json.encode" "$out" '{"a":[1,"x\u0001\"é"],"b":1,"l":[],"n":null,"o":{},"r":0.5,"t":true}'
format text2 'out(text.width("a宽\\x1b"), " ", text.shorten("abcdefghij", 7), " ", text.safe("a\27[1m"), " ", (text.unit("宽", 1)), "\n")'
report -f text2 "$scratch/r.json"
is "width, shorten, safe, unit" "$out" '7 a...hij a\x1b[1m 3'
format marked 'out(h.escape("a\\b \\x1b <\27>"), "\n")' 'local h = require "lib.html"'
report -f marked "$scratch/r.json"
is "in markup a backslash is one, and what was shown before is not shown twice" "$out" 'a\b \x1b &lt;\x1b&gt;'

element() { # NAME CODE: what it writes, or why not
  format element "$2" 'local h, markup = require "lib.html", require "probity.markup"'
  report -f element "$scratch/r.json"
}
element attributes 'h.write(out, h.p { id = "a\"<b", class = "c", hidden = true, title = false, "x & y", 1.5, { {}, false, { h.b "z" } }, "\n", "a\0b\xff\n" })'
is "attributes by name, children by number, texts escaped" "$out" '<p class="c" hidden="" id="a&quot;&lt;b">x &amp; y1.5<b>z</b>
a\x00b\xff\x0a</p>'
element late 'h.write(out, { h.ul { h.each({ 1, 2 }, function(n) return h.li { n, h.br {} } end), h.li "end" }, function(w) w("<raw>") end })'
is "functions are called when their turn comes" "$out" '<ul><li>1<br></li><li>2<br></li><li>end</li></ul><raw>'
element nested 'local list = { h.b { h.each({ "x" }, h.i) } } list[5] = "hole" h.write(out, h.p(list))'
is "what is written late stays in its place; lists may have holes" "$out" '<p><b><i>x</i></b>hole</p>'
for bad in style onclick href src 'data-A' 'aria-' 'class\0x' 'x y'; do
  element bad "h.write(out, h.p { [\"$bad\"] = \"javascript:alert(1)\" })"
  like "no attribute $bad" "$rc $out $err" "^2  .*(may have the attribute|holds a NUL)"
done
for bad in 'h.p { true }' 'h.p { class = {} }' 'markup.escape {}' 'markup.element("p", (function() local t = {} for i = 1, 40 do t["data-" .. ("x"):rep(i)] = 1 end return t end)())' \
  '(function() local t = {} for i = 1, 200 do t = { t } end return h.p(t) end)()' 'h.p { [1] = 1, [1 << 40] = 2 }' '(function() local t = {} t[1] = t return h.p(t) end)()'; do
  element bad "h.write(out, $bad)"
  like "no element: $bad" "$rc $out $err" '^2  .*(html: |string expected)'
done
element handle 'local b = h.b "x" out(type(b), tostring(b)) b.x = 1'
like "an element is a handle that cannot be changed" "$rc $out $err" '^2 .*read-only'
element large 'local t = {} for i = 1, 300000 do t[i] = "<" end h.write(out, h.p(t))'
is "large ones" "$rc ${#out}" "0 1200007"

# --- what there is
status "--list" 0 "$PROBITY" report --list --templates "$scratch/own"
like "--list has titles" "$out" "json +JSON: the canonical report"
like "--list has those of the folder" "$out" $'one +t\n'
printf 'return {\n  title = "x" extension = 1\n}\n' >"$scratch/own/broken.lua"
status "--list with a broken one" 0 "$PROBITY" report --list --templates "$scratch/own"
like "it is named with its line, and the others are there" "$out" "broken +broken: .*own/broken.lua:2: .*json +JSON"
# one process runs them all: a library that fails leaves nothing behind for the next
printf 'local none = nil\nreturn { word = none.word }\n' >"$scratch/own/lib/fails.lua"
printf 'local fails = require "lib.fails"\nreturn { word = fails.word }\n' >"$scratch/own/lib/outer.lua"
for i in 1 2 3; do format "after$i" 'out(outer.word)' 'local outer = require "lib.outer"'; done
status "--list with libraries that fail, one inside of the other" 0 "$PROBITY" report --list -f json --templates "$scratch/own"
is "each format that needs it fails for the reason of the first" "$(grep -c '"error":".*own/lib/fails.lua:2: ' <<<"$out")" 3
is "what comes behind finds its own libraries" "$(grep '"name":"libs"' <<<"$out" | grep -c '"title":"t"')" 1
rm "$scratch/own/lib/"{fails,outer}.lua "$scratch/own/"after?.lua
report -f broken "$scratch/r.json"
is "a broken format: status" "$rc" 2
like "a broken format: file and line" "$err" "own/broken.lua:2:"
is "a broken format: nothing written" "$out" ""
status "an unknown format" 2 "$PROBITY" report -f htlm "$scratch/r.json"
like "the formats that there are" "$err" "no format \"htlm\".*there are .*json"
status "no such folder" 2 "$PROBITY" report --templates "$scratch/none" -f json "$scratch/r.json"
like "it is named" "$err" "none: no folder of templates"

# --- the text: of the terminal report's own tests (unit/test_text.c) the rest
report "$scratch/r.json"
like "text is the default" "$out" "WHY.*FINDINGS.*NOT EXAMINED.*PASSED"
report --width 60 "$scratch/r.json"
is "--width: no line is wider" "$(awk 'length > 60' <<<"$out")" ""
report --color always "$scratch/r.json"
like "--color always" "$out" $'\033\\[1m'
report --color never "$scratch/r.json"
ok "--color never" bash -c '! grep -q $'"'\\033'"' <<<"$0"' "$out"
report -v "$scratch/r.json"
like "-v" "$out" "ARITHMETIC"
status "--width" 2 "$PROBITY" report --width 59 "$scratch/r.json"

# --- the same report, the same bytes, for every format, wherever it is made
"$PROBITY" report --list -f json >"$scratch/list.json"
is "no format of ours is broken" "$(grep -o '"error":.*' "$scratch/list.json")" ""
mkdir "$scratch/elsewhere"
for name in $(/usr/bin/python3 -c 'import json, sys
for l in open(sys.argv[1]):
    r = json.loads(l)
    if not r["folder"]: print(r["name"])' "$scratch/list.json"); do
  "$PROBITY" report -f "$name" "$scratch/r.json" >"$scratch/one.out" 2>"$scratch/stderr"
  ok "$name: written" test -s "$scratch/one.out"
  (cd "$scratch/elsewhere" && TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 LANG=de_DE.UTF-8 LANGUAGE=fr COLUMNS=200 TERM=xterm HOME=$scratch/elsewhere \
    "${PROBITY_OTHER:-$PROBITY}" report -f "$name" -o "$scratch/other.out" "$scratch/r.json")
  ok "$name: the same bytes elsewhere, by another build, to a file" cmp "$scratch/one.out" "$scratch/other.out"
done

# --- scan and show write the same
"$PROBITY" scan -q -f one --templates "$scratch/own" --as-of 2026-11-21 --database "$scratch/db" "$scratch/product.tar.gz" >"$scratch/scan.out" 2>"$scratch/stderr"
is "scan -f with a format of one's own" "$(<"$scratch/scan.out")" "product.tar.gz 1 en 80"
"$PROBITY" scan -q --as-of 2026-11-21 --database "$scratch/db" "$scratch/product.tar.gz" >"$scratch/scan.out"
is "scan writes what report writes of its JSON" "$(<"$scratch/scan.out")" "$("$PROBITY" report "$scratch/r.json")"
run "$PROBITY" scan -q -f one --templates "$scratch/own" --database "$scratch/db" "$scratch/product.tar.gz" "$scratch/product"
is "several products, a format of one: status" "$rc" 2
like "several products, a format of one: what to do" "$err" "-f one: a text of one product: -o DIR/"
run "$PROBITY" scan -q -f one --templates "$scratch/own" --database "$scratch/db" -o "$scratch/each/" "$scratch/product.tar.gz" "$scratch/product" "$scratch/product"
is "-o DIR/: a file for each, also of one name" "$(ls "$scratch/each" | tr '\n' ' ')" "product-2.txt product.tar.gz.txt product.txt "
is "-o DIR/: nothing printed" "$out" ""
is "-o DIR/: its text" "$(<"$scratch/each/product.tar.gz.txt")" "product.tar.gz 1 en 80"
# More products than what is told of processes that ended can pile up unread.
mkdir "$scratch/several" && for i in {1..250}; do echo "text $i" >"$scratch/several/$i.txt"; done
timeout 100 "$PROBITY" scan -q -f one --templates "$scratch/own" --database "$scratch/db" -o "$scratch/texts/" "$scratch"/several/*.txt
is "250 products, a text of each" "$(find "$scratch/texts" -type f 2>/dev/null | wc -l)" 250
"$PROBITY" scan -q --as-of 2026-11-21 --database "$scratch/db" "$scratch/product.tar.gz" "$scratch/product" >"$scratch/scan.out"
is "two texts, an empty line between them" "$(grep -c '^Pillar' "$scratch/scan.out") $(grep -c '^$' "$scratch/scan.out")" \
  "2 $(($("$PROBITY" report "$scratch/r.json" | grep -c '^$') + $("$PROBITY" report --number 2 "$scratch/two.json" | grep -c '^$') + 1))"
format fails2 'out("half") error("on purpose")'
TMPDIR=$scratch/elsewhere run "$PROBITY" scan -q -f fails2 --templates "$scratch/own" --as-of 2026-11-21 --database "$scratch/db" "$scratch/product.tar.gz"
is "a scan whose text fails: status" "$rc" 2
is "a scan whose text fails: nothing printed" "$out" ""
like "a scan whose text fails: why, and where the report is" "$err" "on purpose.*the report itself is kept: $scratch/elsewhere/probity-report-.*\.json"
ok "it is there" cmp "$scratch/r.json" "$scratch"/elsewhere/probity-report-*.json
run "$PROBITY" scan -q -f fails2 --templates "$scratch/own" --as-of 2026-11-21 --database "$scratch/db" -o "$scratch/to.txt" "$scratch/product.tar.gz"
ok "with -o beside it" cmp "$scratch/r.json" "$scratch"/to.txt.report-*.json
ok "and no text" test ! -e "$scratch/to.txt"
status "scan --help" 0 "$PROBITY" scan --help
like "scan --help lists the formats" "$out" "Formats: .*json.* and text"
run "$PROBITY" scan -q -f nothing "$scratch/none"
like "an unknown format is told before anything is scanned" "$err" "no format \"nothing\"; there are .*json"

# --- scripts that go wrong: by name, nothing written, no file
wrong() { # NAME FORMAT LIKE
  rm -f "$scratch/out"
  report -f "$2" -o "$scratch/out" "$scratch/r.json"
  is "$1: status" "$rc" 2
  like "$1: why" "$err" "$3"
  ok "$1: no file" test ! -e "$scratch/out"
}
format fails $'out("half")\n    out(report.nothing.at.all)'
wrong "an error" fails "own/fails.lua:8: attempt to index a nil value"
format table 'out({})'
wrong "out takes no table" table "out: argument 1 is a table"
format needs '' 'local x = require "lib.nothing"'
wrong "a library that is not there" needs 'no library "lib.nothing"'
format module '' 'local x = require "probity.pem"'
wrong "a module that is not for formats" module 'no module "probity.pem"'
format clock 'out(os.time())'
wrong "no clock" clock 'no "os" here'
format loops 'while true do end'
PROBITY_FORMAT_INSTRUCTIONS=50000000 wrong "a loop" loops "own/loops.lua: limit instructions: it runs for more than 50 million instructions"
format eats 'local t = {} for i = 1, 1e9 do t[i] = { i } end'
LIMIT=500 wrong "memory" eats "own/eats.lua: limit memory: it takes more than 1024 MiB"
format writes 'local s = ("x"):rep(1 << 20) for i = 1, 1024 do out(s) end'
wrong "1 GiB of text" writes "own/writes.lua: limit output: it writes more than 128 MiB"
format cycle 'local t = {} t[1] = t out(json.encode(t))'
wrong "a table that holds itself" cycle "more than 100 levels"
format bytes 'out(json.encode("\xff"))'
wrong "no UTF-8 in JSON" bytes "no UTF-8"
format deep 'local function f() return 1 + f() end out(f())'
wrong "recursion without an end" deep "own/deep.lua:7: stack overflow"
sed 's/takes = "report"/takes = "site"/' "$scratch/own/one.lua" >"$scratch/own/takes.lua"
wrong "it takes something else" takes 'takes = "site": formats of this folder take "report"'
printf 'return 1\n' >"$scratch/own/number.lua"
wrong "no table" number "returns no table"

# --- texts that are no report
no_report() { # NAME LIKE < TEXT
  out=$("$PROBITY" report -f json - 2>"$scratch/stderr")
  is "$1: status" "$?" 2
  err=$(<"$scratch/stderr")
  like "$1: why" "$err" "$2"
  is "$1: nothing written" "$out" ""
}
no_report "empty" "empty" </dev/null
no_report "no JSON" "byte 0: no JSON" <<<'hello'
no_report "another object" "it is no report" <<<'{"schema":"x"}'
no_report "a list" "it is no report" <<<'[1]'
no_report "cut off" "too early|ends inside" < <(head -c 3000 "$scratch/r.json")
no_report "a name twice" "had before" <<<'{"schema":"probity-report/1","schema":"probity-report/1"}'
no_report "a NUL" "NUL" <<<'{"a":"\u0000"}'
no_report "half a pair" "surrogate" <<<'{"a":"\ud800x"}'
no_report "no UTF-8" "no UTF-8" < <(printf '{"a":"\xff"}')
no_report "a large integer" "beyond 64 bits" <<<'{"a":9223372036854775808}'
no_report "deep" "100 levels" < <(/usr/bin/python3 -c 'print("[" * 1000000)')
no_report "an envelope of nothing" "no report" <<<'{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]}'
no_report "100 MB of no report" "it is no report" < <(/usr/bin/python3 -c 'print("{\"a\":\"" + "x" * 100000000 + "\"}")')
status "no file" 2 "$PROBITY" report -f json "$scratch/none.json"
like "no file: it is named" "$err" "none.json"
status "a number that the store has not" 2 "$PROBITY" report -f json --store "$scratch/none.db" 7
status "--lang" 2 "$PROBITY" report --lang xx -f json "$scratch/r.json"
like "--lang: which there are" "$err" "en and fr"
done_testing
