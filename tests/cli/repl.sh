#!/usr/bin/env bash
# `probity repl`: a prompt on a product, from a pipe and on a terminal.
. "$(dirname "$0")/../tap.sh"
cd "$scratch" || exit 1
export HOME=$scratch XDG_STATE_HOME=$scratch/state
mkdir product
printf 'here is word-one, and word-two word-two\n' >product/a.txt
printf '#!/bin/sh\necho hello\n' >product/b.sh
printf 'evil\033[31m\n' >product/c.txt
printf 'PK' >product/tiny
tar -C product -cf product/d.tar a.txt
printf -- '-----BEGIN PRIVATE KEY-----\nnot one\n-----END PRIVATE KEY-----\n' >product/e.pem

lines() { # TEXT...: a line each
  out=$(printf '%s\n' "$@" | timeout 60 "$PROBITY" repl --database "$scratch/db" product 2>"$scratch/stderr")
  rc=$?
  err=$(<"$scratch/stderr")
}
lines objects
is "status" "$rc" 0
is "nothing on stderr" "$err" ""
like "objects, with their numbers" "$out" '\* +1  text +40  product > a.txt'
like "members of containers as well" "$out" "product > d.tar > a.txt"
lines '#objects' 'object("b.sh").kind' 'object.size' 'object(1).name' '=object:bytes(0, 4)' 'object:count()'
is "object(n or path), fields, methods" "$out" $'6\n"shell"\n21\n".txt"\n"here"\n0'
lines 'facts.tags' 'facts.text'
like "facts" "$out" '"any",'
like "tables are sorted" "$out" $'\{\n  encoding = "ascii",\n  lines = 1,'
lines 'x = 40' 'x + 2' 'local y = 1' 'for i = 1, 2 do' '  print(i, "and", {b = 1, a = {2}})' 'end'
like "names last, statements span lines" "$out" $'^42\n1\nand\n\{\n  a = \{\n    2,\n  },\n  b = 1,\n}\n2\nand'
is "no prompt from a pipe" "$(grep -c 'probity>' <<<"$out")" 0
lines 'yara [[ rule r { strings: $a = "word-one" $b = "absent" condition: all of them } ]]' 'yara [[ rule { ]]'
like "YARA on the fly" "$out" $'^rule r: its condition does not hold\n  \$a  1: at 8\n  \$b  0'
like "a rule that does not compile" "$out" "error: input:1: .*syntax error"
lines 'found.any{ key = "k", at = 3 }' 'found.unknown "why"'
like "found prints what would be raised" "$out" $'would raise found.any \{\n  at = 3,\n  key = "k",'
like "found.unknown" "$out" "would be unknown: why"
lines 'object("e.pem").kind' 'check "integrity.private-key"' 'object:count()' 'for at in object:hits("$pem") do print(at) end' 'run()' 'found.key{ key = "k", at = 0, length = 5, "A", "B" }' 'found.kee{}'
like "its patterns' hits" "$out" $'^"pem"\n[1-9][0-9]*\n0\n'
like "its own found, as the check would raise it" "$out" 'would raise found.key: ".*"'
like "its mistakes are a check's" "$out" 'error: input:1: found.kee: the check declares no such finding; did you mean "key"'
is "a line that fails is status 1" "$rc" 1
lines 'checks["integrity.private-key"]' 'check "integrity.privat-key"' 'check "integrity.install-script"' 'run()'
like "checks have their titles" "$out" '^"Private key inside the product"'
like "the nearest check" "$out" 'did you mean "integrity.private-key"'
like "a check of the product" "$out" "looks at the product as a whole"
lines 'object.knd' 'fooo' 'object(99)' 'object("no/such")' 'io.open("x")' 'require "probity.jsn"' 'x = = 1' 'o = object(1)' 'object(2)' 'o.kind' 'load "x"'
like "errors as a check has them" "$out" 'error: input:1: object has no field "knd"; did you mean "kind"'
like "unknown globals" "$out" 'error: input:1: unknown global "fooo"'
like "which objects there are" "$out" "there is no such object: .objects. lists them, 1 to 6"
like "what a check must not do" "$out" 'there is no "io" here'
like "modules" "$out" 'did you mean "probity.json"'
like "syntax" "$out" "error: .*input.*:1: unexpected symbol"
like "expired handles" "$out" "object used after its scan ended"
lines 'while true do end' '1 + 1'
is "a budget ends a line, not the prompt" "$out" $'error: limit instructions\n2'
lines 's = "x"; for i = 1, 40 do s = s .. s end' '2 + 2'
like "memory is bounded" "$out" $'error: limit [a-z]+\n4'
lines 'f = function('
like "an end that does not come" "$out" "the statement has no end"
lines 'json.decode([[{"b":[1,null],"a":"x"}]])' 'text.trim("  y ")'
like "modules by their short names" "$out" $'a = "x",\n'
like "their functions" "$out" '"y"'
lines 'object(3):bytes(0, 9)' 'print(object:bytes(0, 9))' '"\27[31m"' 'object("c.txt")' 'error("\27[2J")' 'print("\27")' 'found["\27"]{ ["\27"] = "\27" }'
ok "no escape reaches the terminal" bash -c '! grep -q $'"'\\033'"' <<<"$1"' _ "$out"
like "it is shown" "$out" 'evil\\x1b\[31'
lines "$(printf '\033LuaR')" "$(printf 'x = "\xff"')" '1'
is "what is no UTF-8 is refused" "$(tail -n 1 <<<"$out")" 1
lines 'print(("x"):rep(3000000))' '5'
is "output is bounded" "$(tail -n 1 <<<"$out")" 5
lines 'x = {} x.x = x' 'x' '7'
is "a table in itself" "$(tail -n 1 <<<"$out")" 7
out=$(printf 'objects\n' | timeout 60 "$PROBITY" repl --database "$scratch/db" product/a.txt)
like "a single file" "$out" '1  text +40  a.txt$'
ok "no history from a pipe" test ! -e "$XDG_STATE_HOME"

status "help" 0 "$PROBITY" repl --help
like "its usage" "$out" "^Usage: probity repl "
status "no product" 2 "$PROBITY" repl
status "no such product" 2 "$PROBITY" repl no/such
like "it is named" "$err" "no/such"
status "no such option" 2 "$PROBITY" repl --bad product

# Libraries: as a check has them, though the process opens no file.
lines 'require("lib.hosts") == require "lib.hosts"' 'type(require("lib.hosts"))' 'require "lib.hots"' 'require "lib.../secret"' 'require "lib.nowhere-at-all"'
like "Probity's own" "$out" $'^true\n"table"\n'
like "the nearest of them" "$out" 'there is no library "lib.hots"; did you mean "lib.hosts"'
like "no way out of the folder" "$out" 'there is no module "lib.../secret"'
like "where a library would be" "$out" 'there is no library "lib.nowhere-at-all": it is lib/NAME.lua'
for place in near far; do
  mkdir -p $place/integrity $place/lib
  cat >$place/integrity/$place.lua <<L
local hosts = require "lib.hosts"
return {
  title = "A word", why = "Somebody may need to know that it is there, for this test.", claim = "credentials", severity = "high",
  reliability = "exact", applies = { "text" }, maps = { "paris:P6" }, findings = { word = { says = "There is %s", fix = "Take it out." } },
  object = function(object, found) found.word { key = "k", hosts.where } end,
  samples = { hit = { "hit.txt" }, clean = { "clean.txt" } },
}
L
  printf 'return { where = "%s", beside = require("lib.beside") }\n' $place >$place/lib/hosts.lua
  printf 'return "beside %s"\n' $place >$place/lib/wrong.lua
  printf 'return { place = "beside %s", own = require("lib.packages") ~= nil }\n' $place >$place/lib/beside.lua
done
printf 'return {\n  x = = 1,\n}\n' >far/lib/broken.lua
printf 'return { far = true }\n' >far/lib/only_far.lua
head -c 5000000 /dev/zero | tr '\0' ' ' >far/lib/large.lua
of_rules() { # OPTIONS -- TEXT...
  local options=()
  while [[ $1 != -- ]]; do options+=("$1") && shift; done
  shift
  out=$(printf '%s\n' "$@" | timeout 60 "$PROBITY" repl --database "$scratch/db" "${options[@]}" product 2>&1)
}
of_rules --rules near --rules far -- 'require("lib.hosts").where' 'require("lib.hosts").beside.place' 'require("lib.only_far").far' \
  'check "integrity.far"' 'require("lib.hosts").where' 'require("lib.hosts").beside.place' 'require("lib.hosts").beside.own' 'run()' \
  'check "integrity.near"' 'require("lib.hosts").where' 'require("lib.only_far")' 'check "integrity.private-key"' 'tostring(require("lib.hosts").where)' 'check()' 'require("lib.hosts").where'
is "a library of a folder of rules: the first that was named, and all of them" "$(sed -n 1,3p <<<"$out")" $'"near"\n"beside near"\ntrue'
is "one is a check: its own folder's, and what lies beside that" "$(sed -n 4,7p <<<"$out")" $'"far"\n"beside far"\ntrue\nwould raise found.word: "There is far"'
like "another check's own" "$out" $'\n"near"\nerror: .*there is no library "lib.only_far"'
is "of Probity's check: Probity's alone" "$(tail -n 2 <<<"$out" | head -n 1)" '"nil"'
is "no check again" "$(tail -n 1 <<<"$out")" '"near"'
of_rules --rules far -- 'require "lib.broken"' 'require "lib.wrong"' 'require "lib.large"' 'require "lib.wrng"' 'require("lib.hosts").x = 1' 'require("lib.hosts").where'
like "a mistake in a library has its place" "$out" "far/lib/broken.lua:2: "
like "what a library must return" "$out" "far/lib/wrong.lua returns a string: it must return a table"
like "one that cannot be read says why" "$out" "require: .*far/lib/large.lua: "
like "the nearest, near ones first" "$out" 'did you mean "lib.wrong"'
is "what is required is read-only, and comes through" "$(tail -n 1 <<<"$out")" '"far"'
printf '[pack]\nname = far-pack\nversion = 1\nauthor = A\nlicence = CC0-1.0\n' >far/pack.ini
rm far/lib/broken.lua far/lib/large.lua
of_rules --unsigned --pack ./far -- 'require("lib.hosts").where'
is "a library of a pack" "$(tail -n 1 <<<"$out")" '"far"'

# On a terminal: a prompt, completion, history, Ctrl-C, Ctrl-D.
cat >term.py <<'PY'
import os, pty, re, select, signal, sys, time

pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execv(sys.argv[1], [sys.argv[1], "repl", "--database", sys.argv[2], "product"])
seen = b""
def until(what, seconds=15):
    global seen
    end = time.time() + seconds
    while not re.search(what, seen):
        if time.time() > end:
            print("not seen: %r in %r" % (what, seen[-600:]))
            os.kill(pid, signal.SIGKILL)
            sys.exit(1)
        if select.select([fd], [], [], 0.2)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                data = b""
            if not data:
                break
            seen += data
def say(text):
    global seen
    seen = b""
    os.write(fd, text.encode())
steps = sys.argv[3:]
until(rb"probity> ") # (libedit redraws it while one types)
for step in steps:
    what, wanted = step.split("=>", 1)
    say(what.encode().decode("unicode_escape"))
    if wanted.startswith("!"): # something runs, or the prompt itself is what is wanted
        until(wanted[1:].encode())
        time.sleep(0.15)
    else: # what is typed before the prompt is there may get lost
        until(b"(?s)(" + wanted.encode() + b").*(probity> |[.][.] )")
    print("seen:", wanted)
end = time.time() + 20
while time.time() < end:
    try:
        os.write(fd, b"\x15\x04") # the line is emptied, then ended
        while select.select([fd], [], [], 0.3)[0]:
            if not os.read(fd, 65536):
                end = 0
                break
    except OSError:
        break
else:
    if end:
        os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
print("status", os.waitstatus_to_exitcode(status))
PY
type_in() { out=$(timeout 60 /usr/bin/python3 term.py "$PROBITY" "$scratch/db" "$@" 2>&1); }
type_in 'object.ki\t\r=>"text"'
like "fields are completed" "$out" "status 0"
type_in 'object:by\t(0,4)\r=>"here"'
like "methods are completed" "$out" "status 0"
type_in 'text.tri\t(" z ")\r=>"z"'
like "functions of modules are completed" "$out" "status 0"
type_in 'obj\t\t=>objects'
like "globals are completed" "$out" "status 0"
type_in 'facts.text.enc\t\r=>"ascii"'
like "facts are completed" "$out" "status 0"
type_in 'for i = 1, 2 do\r=>!\n      [.][.] ' 'print(i * 11)\r=>!\n      [.][.] ' 'end\r=>22'
like "more lines are asked for" "$out" "status 0"
type_in 'while true do (("x"):rep(60000)):find("(x*)y") end\r=>!\n' '\x03=>limit (interrupt|instructions|pattern)' '20 + 3\r=>23'
like "Ctrl-C ends what runs, and the prompt goes on" "$out" "status 0"
type_in '12345 + \x03=>!probity> ' '30 + 3\r=>33'
like "Ctrl-C gives up what was typed" "$out" "status 0"
ok "the history is kept" grep -qE '30(.040| )[+](.040| )3' "$XDG_STATE_HOME/probity/repl_history"
is "for nobody else" "$(stat -c %a "$XDG_STATE_HOME/probity/repl_history")" 600
type_in '\x1b[A\r=>33'
like "and found again" "$out" "status 0"
ok "nothing is left running" bash -c '! pgrep -f "repl --database $1" >/dev/null' _ "$scratch/db"
done_testing
