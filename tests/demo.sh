#!/usr/bin/env bash
# demo.sh PROBITY: scores two real products, prints why, and writes a page of each into demo/ beside PROBITY. Fetches them with apt-get; where no mirror answers it takes two
# products found on this machine, and says so. Nothing is installed or run.
set -euo pipefail
probity=$(realpath "$1")
pages=$(dirname "$probity")/demo
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
products=()
chmod 755 "$dir" # apt's own user downloads
if apt-get -q download netcat-traditional hello >apt.log 2>&1 || { apt-get -q update >>apt.log 2>&1 && apt-get -q download netcat-traditional hello >>apt.log 2>&1; }; then
  products=(netcat-traditional_*.deb hello_*.deb)
  echo "demo: two packages from Debian: ${products[*]}"
else
  echo "demo: no mirror answers; two products found on this machine instead"
  for f in /var/cache/apt/archives/*.deb /usr/bin/bash /usr/bin/perl /usr/bin/apt-get; do
    [[ -f $f && ${#products[@]} -lt 2 ]] && products+=("$f")
  done
fi
status=0
"$probity" scan "${products[@]}" || status=$?
# 0 accept, 1 reject, 3 conditional and 4 not rated are answers; 2 is an error.
if [[ $status == 2 ]]; then
  echo "demo: the scan failed"
  exit 1
fi
echo
echo "demo: exit status $status (0 accept, 1 reject, 3 conditional, 4 not rated). The same as JSON: probity scan -f json ${products[0]}"

# The same as a page for a browser, which stays: one file each, that asks no network.
rm -rf "$pages"
status=0
"$probity" scan -q -f html -o "$pages/" "${products[@]}" || status=$?
if [[ $status == 2 ]]; then
  echo "demo: the pages could not be written"
  exit 1
fi
for page in "$pages"/*.html; do
  echo "demo: the report as a page, to be opened in a browser: file://$page"
done

# The same inside an unmodified clamscan: its own output stays as it is, the score follows. ClamAV has no database here: two lines of our own.
mkdir db
printf 'Eicar-Test-Signature:0:*:58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e444152442d414e544956495255532d544553542d46494c452124482b482a\n' >db/demo.ndb
echo
echo "demo: the same inside clamscan: probity run --group file -- clamscan ${products[1]}"
"$probity" run -q --group file -f json -o report.json -- clamscan --no-summary --database db "${products[1]}"
LC_ALL=C grep -o '"decision":"[^"]*"' report.json | head -n 1 | sed 's/^/demo: the report that the plugin made: /'
