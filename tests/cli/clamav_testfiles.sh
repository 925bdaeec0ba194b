# clamav-testfiles, every one through the whole pipeline: no crash, no hang, a report each.
. tests/tap.sh
dir=/usr/share/clamav-testfiles
if [[ ! -d $dir ]]; then
  skip "clamav-testfiles" "Debian's package clamav-testfiles is not installed"
else
  n=$(find "$dir" -type f | wc -l)
  LIMIT=1200 run bash -c 'find "$1" -type f -print0 | LC_ALL=C sort -z | xargs -0 "$2" scan -q -f json --as-of 2026-11-21 --database "$3"' _ "$dir" "$PROBITY" "$scratch/db"
  printf '%s\n' "$out" >"$scratch/every-report.jsonl"
  is "one report a file" "$(wc -l <<<"$out")" "$n"
  is "no process died" "$(grep -cE 'died: signal|took longer|ended early' <<<"$out")" 0
  is "no message" "$err" ""
fi
done_testing
