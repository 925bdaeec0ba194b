# The lists of rulesets/lists: each says what it is, where it is from and under which licence; its rows are sorted, whole and in one form.
# What the engine itself refuses is in tests/unit/test_binding_lists.c.
. tests/tap.sh
cd "$here/rulesets/lists" || exit 1
shippable='^# licence: (GPL-2\.0-or-later|MIT|PDDL-1\.0|MPL-2\.0|CC0-1\.0)$' # what shared/design/DATA.md lets us ship, and our own

ok "there are lists" test "$(ls ./*.tsv | wc -l)" -ge 8
for f in *.tsv namespaces.txt; do
  header=$(sed '/^#/!q' "$f" | grep '^#')
  for key in about source date; do ok "$f says its $key" grep -qE "^# $key: .{10,}" <<<"$header"; done
  ok "$f is under a licence that may be shipped" grep -qE "$shippable" <<<"$header"
  ok "$f: its date is one" grep -qE '^# date: 20[0-9]{2}-[01][0-9]-[0-3][0-9]$' <<<"$header"
  ok "$f ends with a line's end" test -z "$(tail -c 1 "$f")"
  is "$f: all comments stand on top" "$(sed '1,/^[^#]/d' "$f" | grep -c '^#')" 0
  ok "README.md tells of $f" grep -qF "\`$f\`" README.md
  rows=$(grep -v '^#' "$f" | cut -f 1)
  is "$f: sorted by byte, none twice" "$(LC_ALL=C sort -u <<<"$rows" | diff - <(cat <<<"$rows") | head -n 3)" ""
done
for f in *.tsv; do
  columns=$(sed -n 's/^# columns: //p' "$f")
  is "$f: each row has a cell for each of: $columns" "$(grep -v '^#' "$f" | awk -F '\t' -v n="$(wc -w <<<"$columns")" 'NF != n' | head -n 3)" ""
  is "$f: nothing has blanks around it, and only an empty password ends a key with one" \
    "$(grep -v '^#' "$f" | grep -E '(^|	) | $| 	' | grep -vE '^[A-Za-z0-9]+ 	' | head -n 3)" ""
  is "$f: no dot in its keys, no scheme anywhere" "$(grep -v '^#' "$f" | grep -E '^[^	]*\.|://' | head -n 3)" ""
  # Our own rows name their source; a list from elsewhere names it once, above.
  if [[ $columns == *source* ]]; then
    is "$f: each row names its source by host or host and path" \
      "$(grep -v '^#' "$f" | awk -F '\t' '$NF !~ /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^ ]*)?$/ {print $1, $NF}' | head -n 3)" ""
  else
    like "$f is of others, and brings their notice" "$(sed '/^#/!q' "$f")" "Permission is hereby granted"
  fi
done
kinds() { grep -v '^#' "$1" | cut -f "$2" | LC_ALL=C sort -u | tr '\n' ' '; }
is "kinds of telemetry" "$(kinds telemetry.tsv 2)" "ads attribution crash logs monitoring update usage "
is "kinds of libraries" "$(kinds sdks.tsv 2)" "ads attribution crash monitoring replay usage "
is "kinds of carriers" "$(kinds exfiltration.tsv 2)" "address bot drop dynamic-dns oast paste request-bin tunnel webhook "
is "ecosystems of libraries" "$(grep -v '^#' sdks.tsv | cut -d : -f 1 | LC_ALL=C sort -u | tr '\n' ' ')" \
  "cargo composer gem go java lib maven npm nuget pod pub pypi swift "
is "regions are in countries" "$(grep -v '^#' cloud-regions.tsv | cut -f 2 | grep -vE '^[A-Z]{2}$')" ""

cd "$here" || exit 1
# What libraries make of them: checks of our own, through the whole pipeline.
mkdir -p "$scratch"/rules/data-care/{carrier,region}.samples
cat >"$scratch/rules/data-care/carrier.lua" <<'L'
local lists = require "probity.lists"
local patterns = require "lib.list_patterns"
return {
  title = "Carriers and keys", why = "A test.", claim = "telemetry", severity = "low", reliability = "exact", applies = { "script" },
  looks = "strings:\n" .. patterns.hosts("exfiltration", function(row) return row.kind ~= "address" end) .. "\n"
    .. patterns.paths("credential-paths") .. "\ncondition: any of them",
  findings = { it = { says = "names %s", fix = "Do not." } },
  maps = { "paris:P1" },
  samples = { hit = { "webhook.js", "key.py", "windows.ps1", "tunnel.sh" }, clean = { "similar.js" } },
  object = function(object, found)
    for at, length in object:hits() do
      local bytes = object:bytes(at + 1, length - 2)
      local row = lists.find("exfiltration", bytes .. (object:line(at):match("%.com(/[%w/]*)") or "")) or lists.find("credential-paths", bytes)
      if row then found.it { key = row.whose, at = at, length = length, row.whose } end
    end
  end,
}
L
cd "$scratch/rules/data-care/carrier.samples" || exit 1
echo 'post("https://discord.com/api/webhooks/1/x", data)' >webhook.js
echo 'open(os.path.expanduser("~/.aws/credentials"))' >key.py
echo 'Get-Item "$env:LOCALAPPDATA\Google\Chrome\User Data\Default"' >windows.ps1
printf '#!/bin/sh\nhost="a1.trycloudflare.com"\n' >tunnel.sh
echo 'f("https://xdiscord.com/api", "my.npmrc.js", "https://discord.com/api/v9", "x.aws/credentialsx", "api.ipify.org")' >similar.js
cat >"$scratch/rules/data-care/region.lua" <<'L'
local geo = require "probity.geo"
return {
  title = "Regions", why = "A test.", claim = "telemetry", severity = "low", reliability = "exact", applies = { "script" },
  findings = { it = { says = "in %s", fix = "Do not." } },
  maps = { "paris:P1" },
  samples = { hit = { "frankfurt.js", "zone.js", "azure.js", "google.js" }, clean = { "nowhere.js" } },
  object = function(object, found)
    for _, url in ipairs(object.facts.urls or {}) do
      local where = geo.cloud(url.host)
      if where and where.country == object:line(0):match("(%u%u)$") then found.it { key = where.region, where.place } end
    end
  end,
}
L
cd ../region.samples || exit 1
echo 'f("https://b.s3.eu-central-1.amazonaws.com/x") // DE' >frankfurt.js
echo 'f("https://s3-ap-northeast-1.amazonaws.com/x") // JP' >zone.js
echo 'f("https://a.westeurope-01.azurewebsites.net/x") // NL' >azure.js
echo 'f("https://europe-west6-project.cloudfunctions.net/x") // CH' >google.js
echo 'f("https://eu-central-1.example.net/", "https://b.s3.amazonaws.com/", "https://eu-central-1x.amazonaws.com/") // DE' >nowhere.js
cd "$here" || exit 1
status "lists in checks: carriers, keys, regions" 0 "$PROBITY" check test "$scratch/rules/data-care"
like "... all samples" "$out" "10 passed, 0 failed"

if command -v npm >/dev/null; then
  run tests/make_lists.py --check
  if ((rc == 77)); then skip "trackers.tsv is what the pinned package gives" "$err"; else is "trackers.tsv is what the pinned package gives" "$rc" 0; fi
else
  skip "trackers.tsv is what the pinned package gives" "needs npm"
fi
done_testing
