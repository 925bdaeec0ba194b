# scripts/README.md, as a new author reads it: its files are written and its commands run, from top to bottom in an empty folder, and what they
# say is what it says (tests/readme.py). That this notices what differs is tried first, on a page of its own.
. tests/tap.sh
mkdir "$scratch/bin" "$scratch/home" "$scratch/author" "$scratch/self"
ln -s "$PROBITY" "$scratch/bin/probity"
export PATH=$scratch/bin:$PATH HOME=$scratch/home
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
page() { PYTHONDONTWRITEBYTECODE=1 timeout 900 /usr/bin/python3 "$here/tests/readme.py" "$@" 2>&1; }

cat >"$scratch/page.md" <<'MD'
```text a/b.txt
one
two
```
```sh
$ cat a/b.txt
one
two
$ cat <<'END'
> x y
> END
x y
$ seq 5
1
...
5
$ echo says 17 things
says ... things
$ true
$ seq 3
1
3
$ seq 3
1
2
$ echo more
$ echo that
this
$ false
$ seq 2
...
3
$ probityy
...
```
```lua
not a file
```
MD
is "what fits and what does not" "$(page "$scratch/page.md" "$scratch/self" | grep -v '^#' | cut -d ' ' -f 1 | tr '\n' ' ')" \
  "ok ok ok ok ok not not not not not not not 1..12 "

# What probityd would have kept of four products.
/usr/bin/python3 - <<'PY' | /usr/bin/python3 "$here/tests/make_store.py" "$scratch/author/probity.db"
import json
for status, waived in (("fail", [None, "until 2027-03-01: asked for by the customer"]), ("fail", [None]), ("unknown", []), ("pass", [])):
    print(json.dumps({"findings": [{"check": "data-care.clipboard-upload", "waived": w} for w in waived], "checks": [
        {"id": "data-care.clipboard-upload", "title": "Clipboard and a host in one script", "status": status, "reason": "limit instructions"},
        {"id": "integrity.editor-backup", "title": "Backup file of an editor", "status": "pass"}]}))
PY
relay < <(page "$here/scripts/README.md" "$scratch/author")
done_testing
