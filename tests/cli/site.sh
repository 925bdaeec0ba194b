# probity site: a static site of the store. Every link leads somewhere, hostile names are text, only what changed is written, nothing of others goes.
. tests/tap.sh
cd "$scratch" || exit 1
mkdir one two
printf '{"name":"one","version":"1"}\n' >one/package.json
printf '{"name":"two","version":"2"}\n' >two/package.json
for p in one two; do scan $p && printf '%s\n' "$out" >$p.json; done
/usr/bin/python3 "$here/tests/make_assessments.py" 12 one.json two.json >rows
# a name that is markup, and one that is a path
/usr/bin/python3 - <<'PY'
import json
rows = [json.loads(l) for l in open("rows")]
for r, name in zip(rows[4:6], ("<img src=x onerror=alert(1)>", "../../../etc/passwd")):
    r["row"]["name"] = r["report"]["product"]["name"] = name
rows.append({"report": {"schema": "probity-report/1", "product": {"name": "broken"}}, "row": {"name": "broken", "decision": "REJECT"}})
open("rows", "w").writelines(json.dumps(r) + "\n" for r in rows)
PY
/usr/bin/python3 "$here/tests/make_store.py" s.db <rows
cat >links.py <<'PY'
import html.parser, os, sys
root = sys.argv[1]
void = {"meta", "link", "br", "hr", "col", "wbr", "path", "line", "rect", "circle", "polygon", "polyline"}
bad, pages, seen = [], 0, {"index.html"}
class P(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__(); self.page, self.ids, self.to, self.stack, self.bad = page, set(), [], [], []
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if "id" in a: self.ids.add(a["id"])
        if tag in ("img", "iframe", "object", "base") or any(k.startswith("on") or k == "style" for k in a): self.bad.append(tag)
        for k in ("href", "src"):
            if k in a and not a[k].startswith(("https:", "http:", "mailto:")): self.to.append(a[k])
        if tag not in void: self.stack.append(tag)
    def handle_startendtag(self, tag, attrs): pass
    def handle_endtag(self, tag):
        if tag not in void and (not self.stack or self.stack.pop() != tag): self.bad.append("/" + tag)
for folder, _, names in os.walk(root):
    for name in names:
        if not name.endswith(".html"): continue
        page = os.path.join(folder, name); p = P(page); p.feed(open(page, encoding="utf-8").read()); pages += 1
        bad += [(page, b) for b in p.bad + p.stack]
        for to in p.to:
            file, _, place = to.partition("#")
            target = os.path.normpath(os.path.join(folder, file)) if file else page
            if not target.startswith(root) or not os.path.exists(target): bad.append((page, to))
            elif file: seen.add(os.path.relpath(target, root))
            elif place and place not in p.ids: bad.append((page, to))
alone = sorted(os.path.relpath(os.path.join(f, n), root) for f, _, ns in os.walk(root) for n in ns if n.endswith(".html") and os.path.relpath(os.path.join(f, n), root) not in seen)
print(bad, alone, pages > 10)
PY
site() { run "$PROBITY" site --store s.db --as-of 2026-11-22 "$@" out; }
state() { find out -type f -printf '%P %T@ %i\n' | sort; }
sums() { find out -type f ! -name manifest.json -exec sha256sum {} + | sort -k 2; }

site
is "a site is written" "$rc $out" "0 "
like "what has no page is told, and the others are there" "$err" "assessment 13 has no page: .*13 assessments"
is "well formed, all links lead somewhere, every page is reached" "$(/usr/bin/python3 links.py "$scratch/out")" "[] [] True"
ok "JSON beside each page" bash -c 'for f in $(find out -name "*.html"); do /usr/bin/python3 -m json.tool "${f%.html}.json" >/dev/null || exit 1; done'
is "the report itself is beside its page" "$(sha256sum <out/a/1.json)" "$(/usr/bin/python3 -c '
import sqlite3, sys
sys.stdout.write(sqlite3.connect("s.db").execute("SELECT text FROM report WHERE id = 1").fetchone()[0])' | sha256sum)"
whole() { grep -l 'id="glossary"' out/a/*.html | grep -oE '[0-9]+' | sort -n | tr '\n' ' '; }
is "whole pages: the newest assessment of each product" "$(whole)" "4 5 6 8 12 "
like "the others are short, and say how to get the whole" "$(<out/a/1.html)" "probity report 1 -f html.*href=.1.json"
ok "a hostile name is text" grep -q '&lt;img src=x onerror=alert(1)&gt;' out/index.html
is "names of files are ours" "$(find out -type f -printf '%P\n' | grep -vE '^([acp]/)?[a-z0-9-]+\.(html|json|css|js)$')" ""
like "what falls due: days from --as-of" "$(<out/due.html)" "days (left|overdue)"
like "an overview with counts" "$(<out/index.html)" 'class="counts"'
first=$(sums) before=$(state)
site
is "again: nothing is written" "$rc $(state | grep -v manifest)" "0 $(grep -v manifest <<<"$before")"
site -j 3
is "the same bytes by another number of processes" "$(sums)" "$first"
mv out whole && LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$PROBITY" site -q -j 1 --store s.db --as-of 2026-11-22 out 2>/dev/null
is "the same store, the same bytes" "$(sums)" "$first"
rm -rf whole
today=$(state)
run "$PROBITY" site --store s.db --as-of 2026-11-23 out
is "the next day only what counts days is written anew" "$(diff <(grep -v manifest <<<"$today") <(state | grep -v manifest) | sed -n 's/^> \([^ ]*\).*/\1/p' | tr '\n' ' ')" "due.html due.json index.html index.json "
site --all-pages
is "all pages, when they are asked for" "$(whole)" "1 2 3 4 5 6 7 8 9 10 11 12 "
is "... and all links lead somewhere" "$(/usr/bin/python3 links.py "$scratch/out")" "[] [] True"
site
is "back to short ones" "$(sums)" "$first"

# one more, one less
cp s.db before.db
/usr/bin/python3 -c '
import sqlite3
db = sqlite3.connect("s.db"); db.execute("DELETE FROM assessment WHERE id = 4"); db.execute("DELETE FROM report WHERE id = 4"); db.commit()'
site
is "the one before becomes the newest: its page is whole" "$rc $(whole)" "0 3 5 6 8 12 "
cp before.db s.db
site
now=$(state)
/usr/bin/python3 -c '
import sqlite3
db = sqlite3.connect("s.db"); db.execute("DELETE FROM assessment WHERE id = 2"); db.execute("DELETE FROM report WHERE id = 2"); db.commit()'
echo mine >out/a/mine.txt
site
is "what went from the store goes from the site" "$rc $(ls out/a/2.* 2>/dev/null)" "0 "
is "a file of others stays" "$(<out/a/mine.txt)" "mine"
is "pages that did not change were not written" "$(state | grep '^a/1.html')" "$(grep '^a/1.html' <<<"$now")"
is "links are whole" "$(/usr/bin/python3 links.py "$scratch/out")" "[] [] True"
cp before.db s.db
rm -f out/a/2.*; echo mine >out/a/2.html
site
like "a file of others is not written over" "$rc $err" "^2 .*a/2.html: is there, and was not written"
is "... and stays" "$(<out/a/2.html)" mine
rm out/a/2.html

# killed in between: what is there is whole, and the next run ends it
rm -rf out
for wait in 0.05 0.15 0.3 0.6; do
  "$PROBITY" site -q --store s.db --as-of 2026-11-22 out 2>/dev/null & pid=$!
  sleep $wait; kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
  sleep 0.3
  find out -name '*.html' -size 0 | grep -q . && flunk "half a page after a kill"
done
site
is "after kills: written to its end" "$rc $(sums | grep -v a/mine)" "0 $first"
is "... nothing is left over" "$(find out -name '.probity*' -o -name 'manifest.pending*')" ""

mkdir full && echo x >full/file
run "$PROBITY" site --store s.db full
like "a folder with files of others is refused" "$rc $err $(ls full)" "^2 .*full: not empty, and no site of Probity.* file$"
status "no store" 2 "$PROBITY" site --store none.db out
status "no folder named" 2 "$PROBITY" site --store s.db
status "no such language" 2 "$PROBITY" site --store s.db --lang xx out
run "$PROBITY" site -q --store s.db --as-of 2026-11-22 --lang fr out
like "in French" "$rc $(<out/index.html)" '^0 .*lang="fr".*Toutes les évaluations'
status "help" 0 "$PROBITY" site --help
done_testing
