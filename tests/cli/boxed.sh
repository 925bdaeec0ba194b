# What the processes that touch products still do, seen from outside: strace over whole scans. After the box closes a worker, a reducer and a
# tracker open nothing, connect to nothing, start nothing; a reader opens its temporary files and nothing else.
. tests/tap.sh
if ! [[ -x $(command -v strace) ]] || ! strace -o /dev/null true 2>/dev/null; then
  skip "boxed" "strace is not installed, or may not trace"
  done_testing
  exit 0
fi
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 # a leak is looked for by tracing, and there can be but one tracer
LIMIT=600
cat >"$scratch/judge.py" <<'PY'
import collections, re, sys

# judge.py TRACE TEMP: a line for each kind of process, and what it did that it should not.
calls, parent = {}, {}
unfinished = {}
for line in open(sys.argv[1], errors="replace"):
    m = re.match(r"(\d+) +(.*)", line)
    if not m:
        continue
    pid, rest = int(m[1]), m[2]
    calls.setdefault(pid, [])
    if rest.endswith("<unfinished ...>"):
        unfinished[pid] = rest[:-len("<unfinished ...>")].rstrip()
        continue
    r = re.match(r"<\.\.\. \w+ resumed>(.*)", rest)
    if r:
        rest = unfinished.pop(pid, "?(") + r[1]
    calls[pid].append(rest)
    m = re.match(r"(clone3?|fork|vfork)\(.*= (\d+)$", rest)
    if m and "CLONE_THREAD" not in rest:
        parent[int(m[2])] = pid
main = next(iter(calls))
templates = {p for p in calls if parent.get(p) == main}
deadly = re.compile(r"(socket|socketpair|connect|bind|listen|accept4?|execve(at)?|fork|vfork|clone3?|ptrace|kill|tkill|process_vm_\w+|mount|unshare|setns|bpf|"
                    r"io_uring_\w+|perf_event_open|userfaultfd|keyctl|open_by_handle_at|pidfd_\w+)\(")
opens = re.compile(r"(open|openat|openat2|creat|mknod|mknodat|link|linkat|symlink|symlinkat|rename|renameat2?|unlink|unlinkat|mkdir|mkdirat|rmdir|chdir|"
                   r"fchdir|truncate|stat|lstat|access|faccessat2?|readlink|readlinkat|chmod|fchmodat|statfs|execve)\(")
temp = sys.argv[2].rstrip("/") + "/"
counts, bad = collections.Counter(), []
for pid in calls:
    if parent.get(pid) not in templates:
        continue
    shut = next((i for i, c in enumerate(calls[pid]) if c.startswith("seccomp(SECCOMP_SET_MODE_FILTER") and c.endswith("= 0")), None)
    landlock = any(c.startswith("landlock_restrict_self(") and c.endswith("= 0") for c in calls[pid])
    reader = any(c.startswith("landlock_add_rule(") for c in calls[pid]) or any("mkdir(\"" + temp in c for c in calls[pid])
    kind = "reader" if reader else "worker"
    if shut is None:
        # Killed before it came so far: it has not seen anything then.
        if not any(re.match(r"(recvmsg|read|recvfrom)\(\d+, .*JOB", c) for c in calls[pid]) and any("killed by" in c for c in calls[pid]):
            continue
        bad.append(f"{kind} {pid} never closed its box")
        continue
    counts[kind] += 1
    if not landlock and any(c.startswith("landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) = ") and " = -1" not in c for c in calls[pid]):
        bad.append(f"{kind} {pid} has no Landlock, and the kernel has it")
    for c in calls[pid][shut + 1:]:
        if deadly.match(c):
            bad.append(f"{kind}: {c}")
        elif opens.match(c):
            path = re.search(r'"((?:[^"\\]|\\.)*)"', c)
            path = path[1] if path else ""
            if path == "" and "AT_EMPTY_PATH" in c:
                continue
            if kind != "reader" or (not path.startswith(temp) and path + "/" != temp and " = -1 E" not in c):
                if kind == "reader" or " = -1 EPERM" not in c:
                    bad.append(f"{kind}: {c}")
print(dict(sorted(counts.items())))
for b in bad[:20]:
    print(b[:300])
print(len(bad), "calls that should not be")
PY
judge() { # NAME TRACE WANTED-KINDS
  local said
  said=$(/usr/bin/python3 "$scratch/judge.py" "$2" "$scratch/tmp")
  like "$1: processes of every kind were seen" "$(head -n 1 <<<"$said")" "$3"
  is "$1: nothing that should not be" "$(sed 1d <<<"$said")" "0 calls that should not be"
}
mkdir "$scratch/tmp" "$scratch/files"
export TMPDIR=$scratch/tmp
cp -r tests/samples "$scratch/files/"
# shellcheck disable=SC2211
[[ -d /usr/share/clamav-testfiles ]] && cp /usr/share/clamav-testfiles/* "$scratch/files/"
cp /bin/true /bin/ls "$scratch/files/"
(cd "$scratch/files" && tar cJf samples.txz samples && ar rc samples.ar samples.txz && zstd -q samples.ar 2>/dev/null)
traced=(strace -f -qq -o "$scratch/trace" -s 300)

run "${traced[@]}" "$PROBITY" scan -q -f json --no-cache --database "$scratch/db" "$scratch/files"
like "a scan under strace gives its report" "$out" '^\{"assessment"'
[[ -z $out ]] || printf '%s\n' "$out" >>"$scratch/every-report.jsonl"
judge "scan" "$scratch/trace" "'reader': [0-9]+, 'worker': [0-9]+"
is "no temporary file is left" "$(ls "$scratch/tmp")" ""

run "${traced[@]}" "$PROBITY" check test --samples "$scratch/files/samples"
judge "check test" "$scratch/trace" "'worker': [0-9]+"

# What an author runs: checks whose libraries open files and read the environment elsewhere (x509, hash, regex, yara), and checks that do so late.
mkdir -p "$scratch/rules/integrity" "$scratch/rules/lib" "$scratch/product/test"
cat >"$scratch/rules/lib/words.lua" <<'L'
return { word = "needle" }
L
cat >"$scratch/rules/integrity/uses-all.lua" <<'L'
local hash, regex, x509, yara, words = require "probity.hash", require "probity.regex", require "probity.x509", require "probity.yara", require "lib.words"
local word = regex.compile("n(e+)dle", "i")
local own = yara.compile [[ import "hash" import "math" rule r { strings: $a = "needle" condition: $a and math.entropy(0, filesize) > 1.0 and hash.md5(0, filesize) != "" } ]]
return {
  title = "All that has a library behind it", why = "It has to run in the box as it does outside.", claim = "credentials",
  severity = "low", reliability = "exact", applies = { "any" }, maps = { "paris:P6" }, findings = { seen = { says = "%s", fix = "F" } },
  object = function(object, found)
    local bytes = object:bytes(0, object.size < 4096 and object.size or 4096)
    local said = { hash.sha256(bytes):sub(1, 4), hash.sha512(bytes):sub(1, 4), hash.md5(bytes):sub(1, 4) }
    local at = word:find(bytes)
    said[#said + 1] = at and "regex" or "-"
    said[#said + 1] = #own:match(object) > 0 and "yara" or "-"
    local pem = bytes:match("%-%-%-%-%-BEGIN CERTIFICATE%-%-%-%-%-.-%-%-%-%-%-END CERTIFICATE%-%-%-%-%-")
    local certificate = pem and x509.decode(pem)
    said[#said + 1] = certificate and "x509" or "-"
    if bytes:find(words.word, 1, true) or certificate then found.seen { key = table.concat(said, " "), table.concat(said, " ") } end
  end,
  samples = { hit = { "hit.txt" }, clean = { "clean.txt" } },
}
L
mkdir "$scratch/rules/integrity/uses-all.samples"
echo 'a Needle, a needle' >"$scratch/rules/integrity/uses-all.samples/hit.txt"
echo 'nothing' >"$scratch/rules/integrity/uses-all.samples/clean.txt"
cp "$scratch/rules/integrity/uses-all.samples/hit.txt" "$scratch/product/test/"
openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=box -days 30 -out "$scratch/product/c.pem" 2>/dev/null
alone=(--database "$scratch/db" --rules "$scratch/rules")

run "${traced[@]}" "$PROBITY" scan -q -f json --no-cache "${alone[@]}" "$scratch/product"
is "x509, hash, regex and yara in the box" "$(get 'sorted(" ".join(f["key"].split()[3:]) for f in found("integrity.uses-all"))')" '["- - x509", "regex yara -"]'
judge "checks with libraries" "$scratch/trace" "'reader': [0-9]+, 'worker': [0-9]+"

run "${traced[@]}" "$PROBITY" check explain "${alone[@]}" integrity.uses-all "$scratch/product"
like "check explain tells the steps" "$out" "2 on which it raised something"
judge "check explain" "$scratch/trace" "'reader': [0-9]+, 'worker': [0-9]+"

run "${traced[@]}" "$PROBITY" check bench "$scratch/rules" "$scratch/product"
like "check bench tells the costs" "$out" "integrity.uses-all"
judge "check bench" "$scratch/trace" "'reader': [0-9]+, 'worker': [0-9]+"

run "${traced[@]}" "$PROBITY" repl "${alone[@]}" "$scratch/product" <<'L'
o = object("c.pem")
x = require("probity.x509").decode(object) ~= nil
o = object("hit.txt")
x, #require("probity.hash").sha256("x"), require("lib.words").word
yara [[ rule r { strings: $a = "needle" condition: $a } ]]
check "integrity.uses-all"
run()
io.open("/etc/passwd")
require "lib.nothing"
L
like "repl answers" "$out" $'^true\n64\n"needle"\nrule r: its condition holds\n  \\$a  1: at 12\nwould raise found.seen: ".* regex yara -"'
like "... and says what there is not" "$out" 'there is no "io" here.*there is no library "lib.nothing"'
judge "repl" "$scratch/trace" "'reader': [0-9]+, 'worker': [0-9]+"
is "no temporary file is left by any of them" "$(ls "$scratch/tmp")" ""

if [[ -x $(command -v clamscan) && -z ${PROBITY_ASAN:-} ]]; then
  mkdir "$scratch/signatures"
  cp rulesets/clamav/*.ndb "$scratch/signatures/"
  # The command is no business of ours: what is traced is the keeper, which is the parent of all the others.
  run "${traced[@]}" "$PROBITY" run -q --group file -f json -o "$scratch/run.json" -- clamscan -d "$scratch/signatures" --no-summary -r "$scratch/files"
  ok "run under strace gives reports" test -s "$scratch/run.json"
  judge "run" "$scratch/trace" "'reader': [0-9]+, 'worker': [0-9]+"
  is "run: no temporary file is left" "$(ls "$scratch/tmp")" ""
fi

# A program that tries to get out is seen by this test: it can fail.
faulty=$(dirname "$(realpath "$PROBITY")")/faults/probity
if [[ -x $faulty ]]; then
  mkdir "$scratch/out"
  echo "PB-FAULT:facts:escape; of the box" >"$scratch/out/a.txt"
  run "${traced[@]}" "$faulty" scan -q -f json --no-cache --database "$scratch/db" "$scratch/out"
  like "who tries is seen" "$(/usr/bin/python3 "$scratch/judge.py" "$scratch/trace" "$scratch/tmp")" "worker: socket\("
  like "... and was stopped" "$out" "Bad system call"
else
  skip "who tries is seen" "$faulty was not built"
fi
done_testing
