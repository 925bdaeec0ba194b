#!/usr/bin/env bash
# `probity check coverage`: rows against checks; and the page that is made of it.
. "$(dirname "$0")/../tap.sh"
cd "$scratch" || exit 1
out=$("$PROBITY" check coverage -f json)
like "a row and its check" "$out" '\{"checks":\[\{"clean":[0-9]+,"hit":[0-9]+,"id":"integrity.private-key",'
is "as many rows as the catalogue has" "$(wc -l <<<"$out")" "$(grep -c '^[IDVC]-[0-9][0-9] = ' "$here/rulesets/catalogue.ini")"
like "the sum, in words" "$("$PROBITY" check coverage)" $'\n[0-9]+ of 94 rows have a check$'
mkdir -p mine/integrity/second-key.samples
sed -e '/^  measured /d' -e 's/^  title .*/  title = "A second one of the row",\n  measured = { recall = 955, planted = 20, alarms = 1, clean = 210, date = "2026-11-22" },/' \
  "$here/scripts/integrity/private-key.lua" >mine/integrity/second-key.lua
out=$("$PROBITY" check coverage --rules mine)
like "a second check of a row, with what was measured" "$out" 'integrity.second-key +[0-9]+ \+ [0-9]+ +95.5 % of 20; 1 of 210'
like "in the list as well" "$("$PROBITY" check list -f json --rules mine)" '"measured":\{"alarms":1,"clean":210,"date":"2026-11-22","planted":20,"recall":955\}'
sed -i 's/planted = 20/planed = 20/; s/2026-11-22/2026-11-32/; s/955/1001/' mine/integrity/second-key.lua
status "mistakes in it are told" 1 "$PROBITY" check lint mine
like "a misspelt field" "$out" 'measured: unknown field "planed"; did you mean "planted"'
like "what is missing" "$out" 'measured.planted: must be a whole number'
like "a share of more than all" "$out" 'measured.recall: must be a whole number from 0 to 1000, thousandths'
like "a day that is none" "$out" 'measured.date: must be the day'
status "no such format" 2 "$PROBITY" check coverage -f html
status "words are refused" 2 "$PROBITY" check coverage integrity
ok "scripts/CATALOGUE.md is what the checks say" "$here/tests/catalogue_docs.py" "$PROBITY" --check
done_testing
