# probity compare: products side by side, and only where that is fair. probity diff -f html.
. tests/tap.sh
cd "$scratch" || exit 1
make_one() { # FOLDER NAME JS
  mkdir -p "$1"
  printf '{"name":"%s","version":"1.0","description":"formats dates","license":"MIT","author":"A <a@b.example>"}\n' "$2" >"$1/package.json"
  printf '%s\n' "$3" >"$1/index.js"
}
make_one a alpha 'module.exports = (d) => d.toISOString().slice(0, 10);'
make_one b beta "require('http').get('http://collect.vendor-host.net/v1?' + process.env.HOME);"
make_one x '<img src=x onerror=alert(1)>' "require('http').get('http://evil.example.net/');"
mkdir reports
for p in a b x; do scan $p && printf '%s\n' "$out" >reports/$p.json; done
compare() { run "$PROBITY" compare "$@"; }

compare -f json reports/a.json reports/b.json
is "two reports of one rule set and policy" "$rc" 0
is "... that is fair" "$(get '[r["schema"], r["fair"], r["forced"], r["why"], r["remarks"]]')" '["probity-compare/1", true, false, [], []]'
is "... in their order" "$(get '[p["name"] for p in r["products"]]')" '["alpha", "beta"]'
is "... with the numbers of the reports" "$(get 'all(p[k] == json.load(open("reports/%s.json" % n))["score"][k] for p, n in zip(r["products"], "ab") for k in ("trust_tenths", "floor_tenths", "confidence_permille", "decision"))')" true
is "... findings by severity" "$(get 'all(sum(p["findings"].values()) + p["waived"] == len(json.load(open("reports/%s.json" % n))["findings"]) for p, n in zip(r["products"], "ab"))')" true
is "... four pillars, every claim, every check" "$(get '[len(r["pillars"]), len(r["claims"]) == len(json.load(open("reports/a.json"))["claims"]), len(r["checks"]) == len(json.load(open("reports/a.json"))["checks"])]')" '[4, true, true]'
is "... what differs is marked, what does not is not" "$(get 'all(c["differs"] == (c["values"][0] != c["values"][1]) for k in ("pillars", "claims", "checks") for c in r[k]) and any(c["differs"] for c in r["checks"]) and not all(c["differs"] for c in r["checks"])')" true
is "... what only one has" "$(get '[(i["item"], i["in"]) for l in r["lists"] if l["list"] == "hosts" for i in l["items"]]')" '[["collect.vendor-host.net", [false, true]]]'
first=$out
compare -f json reports/b.json reports/a.json
is "the other way round: the same rows" "$(get 'sorted(c["id"] for c in r["checks"] if c["differs"])')" "$(out=$first get 'sorted(c["id"] for c in r["checks"] if c["differs"])')"
compare reports/a.json reports/b.json
plain=$out
like "text: decision, trust with its floor" "$out" $'Trust, from its floor +[0-9.]+ \\[[0-9.]+\\.\\.\\]'
like "text: practices of data care" "$out" $'\nData care: (Collect|Protect|Share)\n'
is "text: no wider than 80 columns" "$(LC_ALL=C.UTF-8 awk 'length($0) > 80' <<<"$out")" ""
is "text: no escapes where it is piped" "${out//[^$'\x1b']/}" ""
compare --color always reports/a.json reports/b.json
is "--color always: only that differs" "$(sed $'s/\x1b\\[[01]m//g' <<<"$out")" "$plain"
compare -v reports/a.json reports/a.json
like "the same twice, verbose: nothing differs" "$(grep -c '^\* ' <<<"$out") $out" '^1 .*alpha 1\.0 \(2\)' # the legend's star
compare -f json reports
is "a folder: all of it, sorted" "$(get '[p["name"][:5] for p in r["products"]]')" '["alpha", "beta", "<img "]'
cat reports/a.json reports/b.json >lines.jsonl
compare -f json lines.jsonl
is "a file of several, one a line" "$out" "$first"
/usr/bin/python3 -c 'import json; json.dump(json.load(open("reports/a.json")), open("wide.json", "w"), indent=2)'
compare -f json wide.json reports/b.json
is "one over many lines" "$out" "$first"
"$PROBITY" pack key new -W -s k.key -p k.pub >/dev/null && "$PROBITY" sign reports/a.json --key k.key -o signed.json 2>/dev/null
compare -f json signed.json reports/b.json
is "a signed one" "$out" "$first"
cat reports/a.json reports/b.json reports/x.json | /usr/bin/python3 "$here/tests/make_store.py" store.db
compare -f json --store store.db 1 2
is "numbers of a store" "$out" "$first"

# formats
compare -f csv reports
printf '%s\n' "$out" >c.csv
is "csv: every row has all columns; what is a formula is none" "$(/usr/bin/python3 -c '
import csv
rows = list(csv.reader(open("c.csv", newline="")))
print(len({len(r) for r in rows}), rows[0][:4] + rows[0][4:6], any(f[:1] in "=+-@" and len(f) > 1 for r in rows for f in r))')" \
  "1 ['section', 'id', 'label', 'differs', 'alpha 1.0', 'beta 1.0'] False"
status "html" 0 "$PROBITY" compare -f html -o c.html reports
cat >parse.py <<'PY'
import html.parser, sys
void = {"meta", "link", "br", "hr", "col", "wbr"}
class P(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(); self.stack, self.bad, self.text, self.tags = [], [], [], set()
    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.bad += [f"{tag} {k}" for k, v in attrs if k.startswith("on") or k == "style" or (k in ("src", "href") and v.split(":")[0] in ("http", "javascript", "data"))]
        if tag not in void: self.stack.append(tag)
    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag: self.bad.append("</" + tag)
    def handle_data(self, data): self.text.append(data)
p = P(); p.feed(open(sys.argv[1], encoding="utf-8").read()); p.close()
text = "".join(p.text)
print(p.bad + p.stack, sorted(p.tags & {"img", "script", "iframe", "object", "base"}), sys.argv[2] in text)
PY
is "html: well formed, what is hostile is text" "$(/usr/bin/python3 parse.py c.html '<img src=x onerror=alert(1)>')" "[] [] True"
ok "html: a policy that allows nothing but its own style" grep -q "Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;sha256-" c.html
compare -f html --lang fr reports
like "html in French" "$out" '<html lang="fr">.*Produits côte à côte'
for f in text html csv json; do
  for l in C C.UTF-8; do LC_ALL=$l TZ=Asia/Tokyo "$PROBITY" compare -f $f reports; done >both.$f
  "$PROBITY" compare -f $f reports >once.$f
  is "$f: the same reports, the same bytes" "$(cat once.$f once.$f | sha256sum)" "$(sha256sum <both.$f)"
done

# not fair
"$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database db -p government b >gov.json
/usr/bin/python3 -c 'import json; r = json.load(open("reports/b.json")); r["assessment"]["rules_digest"] = "0" * 64; r["assessment"]["as_of"] = "2026-11-20"
json.dump(r, open("rules.json", "w"))'
compare reports/a.json gov.json
is "another policy: refused" "$rc $out" "1 "
like "... with the reason" "$err" "the policies differ: reports/a.json has [0-9a-f]{12}, gov.json has [0-9a-f]{12}; assess them anew"
compare reports/a.json rules.json
like "other rules: refused" "$rc $err" "^1 .*the rules differ: reports/a.json has [0-9a-f]{12}, rules.json has 000000000000"
for f in text html csv json; do
  compare --force -f $f reports/a.json rules.json gov.json
  case $f in json) want='"fair":false,"forced":true' ;; csv) want='"why-2"' ;; *) want='this comparison is not fair' ;; esac
  like "$f: --force compares, and says that it is not fair" "$rc $out" "^0 .*$want"
  compare --force -f $f reports/a.json reports/b.json
  case $f in json) want='"fair":true,"forced":false' ;; csv) want='"fair",[^,]*[^\n]*,"false"' ;; *) want='lpha' ;; esac
  like "$f: --force of what is fair forces nothing" "$out" "$want"
done
compare --force -f json reports/a.json rules.json
is "another day is noted" "$(get 'r["remarks"]')" '["as-of"]'

# what is none
status "nothing named" 2 "$PROBITY" compare
status "one alone" 2 "$PROBITY" compare reports/a.json
like "... says so" "$err" "at least two"
status "nothing there" 2 "$PROBITY" compare reports/a.json none.json
like "... is named" "$err" "none.json"
printf '{"schema":"probity-report/1","product":{}}\n' >broken.json
status "half a report" 2 "$PROBITY" compare broken.json reports/a.json
like "... is named, with its field" "$err" "broken.json: "
status "no report" 2 "$PROBITY" compare a/package.json reports/a.json
cp broken.json reports/z.json
compare -f json reports
like "in a folder: left out, with a note" "$rc $(get 'len(r["products"])') $err" "^0 3 .*left out: reports/z.json"
/usr/bin/python3 -c '
line = open("reports/a.json").read()
open("many.jsonl", "w").write(line * 33)'
status "too many" 2 "$PROBITY" compare many.jsonl
like "... says how many" "$err" "33 reports: at most 32"
status "no such format" 2 "$PROBITY" compare -f pdf reports
like "... those there are" "$err" "no format .pdf.*csv"
status "help" 0 "$PROBITY" compare --help
like "... tells the statuses" "$out" "1 refused"

# the difference of two versions, as a page
run "$PROBITY" diff -f html reports/a.json reports/x.json
printf '%s' "$out" >d.html
is "diff -f html: its status is that of diff" "$rc" 1
is "... well formed, what is hostile is text" "$(/usr/bin/python3 parse.py d.html '<img src=x onerror=alert(1)>')" "[] [] True"
like "... what is new" "$out" 'evil\.example\.net'
run "$PROBITY" diff -f html --lang fr reports/a.json reports/a.json
like "... nothing, in French" "$rc $out" "^0 .*Aucune différence"
status "diff: no such format" 2 "$PROBITY" diff -f pdf reports/a.json reports/b.json
done_testing
