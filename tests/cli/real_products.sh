# Real products of tests/corpus.lock against what is known to be in their bytes. Fetched into the build folder once; a registry that
# cannot be reached skips its cases. Nothing is installed or run.
. tests/tap.sh
corpus=${PROBITY_TEST_CACHE:-$scratch}/corpus
# The rows of the ground truth; `make corpus` looks at the rest of the list.
"$here/tests/corpus.sh" "$corpus" age ca-certificates coreutils hello less libgnutls30 libpython3.11-testsuite netcat-traditional popularity-contest \
  wordpress zlib1g lodash semver ms is-number @scarf/scarf es5-ext @strapi/strapi robotjs @sentry/cli 2>"$scratch/corpus.log"
file_of() { awk -v n="$1" '$2 == n {print $5}' "$here/tests/corpus.lock"; }
# product NAME: scans it into $out; false (and a skip) where it is not to be had
product() {
  local f
  f=$corpus/$(file_of "$1")
  if [[ ! -f $f ]]; then
    skip "$1" "$(grep -F "$1" "$scratch/corpus.log" | head -n 1)"
    return 1
  fi
  scan "$f"
  ((rc != 2)) || { flunk "$1: assessed" "$err"; return 1; }
}
at='[(f["kappa"], f["severity"], f["key"]) for f in row("%s")]'
sev='["info", "low", "medium", "high", "critical"].index(f["severity"])'

# Clean controls: nothing above low, T >= 90.
for name in hello coreutils zlib1g less age libgnutls30 ca-certificates lodash semver ms is-number; do
  product "$name" || continue
  is "$name: no finding above low" "$(get "[(f['check'], f['severity'], f['says']) for f in r['findings'] if $sev > 1]")" "[]"
  ok "$name: T >= 90 ($(get 'r["score"]["trust_tenths"] // 10'))" test "$(get 'r["score"]["trust_tenths"]')" -ge 900
  is "$name: everything was examined" "$(get 'r["limits"]')" "[]"
done
product age && is "N10 age: no canary is not asked of Go" "$(get 'check("I-36")["status"]')" n/a
product ca-certificates && is "N13 ca-certificates: I-14 is declared" "$(get '[sorted({f["severity"] for f in row("I-14")}), len(row("I-14")) > 0]')" '[["info"], true]'
product libgnutls30 && is "N12 libgnutls30: its self-test vectors are noted at most" "$(get '[f["says"] for f in row("I-09") if f["severity"] != "info"]')" "[]"
product coreutils && is "N2 coreutils: 106 binaries without BIND_NOW" "$(get 'sum(1 for f in row("I-37") if f["finding"] == "bind_now" or "BIND_NOW" in f["says"])')" 106

if product libpython3.11-testsuite; then # P7
  # Of 14 files with a marker, badkey.pem's body is no key, keycert.pem and ssl_key.pem hold the same one, badcert.pem has it twice.
  is "P7: 12 keys in 13 files" "$(get '[len(row("I-09")), len({p for f in row("I-09") for p in paths(f)})]')" "[12, 13]"
  is "P7: each with kappa 200" "$(get 'sorted({f["kappa"] for f in row("I-09")})')" "[200]"
  ok "P7: what lies in tests alone raises no alarm" test "$(get 'r["score"]["trust_tenths"]')" -ge 700
fi
if product netcat-traditional; then # P9
  ok "P9 netcat: no reject" test "$(get 'r["score"]["decision"]')" != reject
  ok "P9 netcat: I-03" test "$(get 'len(row("I-03"))')" -ge 1
  is "P9 netcat: I-03 is a guess" "$(get 'max(f["kappa"] for f in row("I-03"))')" 500
  ok "P9 netcat: I-04" test "$(get 'len(row("I-04"))')" -ge 1
  is "P9 netcat: nothing above info, for it is what it says" "$(get '[f["says"] for f in r["findings"] if f["severity"] not in ("info", "low")]')" "[]"
  is "P9 netcat: I-39 declared: info" "$(get 'sorted({f["severity"] for f in row("I-39")})')" '["info"]'
fi
if product @scarf/scarf; then # P11
  is "P11 scarf: I-12 low" "$(get 'sorted({f["severity"] for f in row("I-12")})')" '["low"]'
  ok "P11 scarf: I-13" test "$(get 'len(row("I-13"))')" -ge 1
  like "P11 scarf: D-02 names scarf.sh" "$(get '[f["key"] for f in row("D-02")]')" "scarf\.sh"
  for row in D-04 D-07 D-22; do
    ok "P11 scarf: $row" test "$(get "len([f for f in row('$row') if f['severity'] != 'info'])")" -ge 1
  done
  is "P11 scarf: D-22: opt-out" "$(get '[f["finding"] for f in row("D-22")]')" '["opt_out"]'
  is "P11 scarf: D-23 passes: there is a switch, and DO_NOT_TRACK is one" "$(get '[row("D-23"), check("D-23")["status"]]')" '[[], "pass"]'
  is "P11 scarf: not malware" "$(get 'row("I-01")')" "[]"
fi
if product es5-ext; then # P12
  ok "P12 es5-ext: I-12" test "$(get 'len(row("I-12"))')" -ge 1
  ok "P12 es5-ext: I-16" test "$(get 'len(row("I-16"))')" -ge 1
  is "P12 es5-ext: no D-04, for it uses no network" "$(get 'row("D-04")')" "[]"
  ok "P12 es5-ext: I-39" test "$(get 'len(row("I-39"))')" -ge 1
fi
if product robotjs; then # P18
  ok "P18 robotjs: I-12" test "$(get 'len(row("I-12"))')" -ge 1
  ok "P18 robotjs: I-42" test "$(get 'len(row("I-42"))')" -ge 1
  for row in D-08 D-09 D-10; do
    is "P18 robotjs: $row is declared" "$(get "sorted({(f['severity'], 'which its purpose covers' in f['says']) for f in row('$row')})")" '[["info", true]]'
  done
  ok "P18 robotjs: T >= 90" test "$(get 'r["score"]["trust_tenths"]')" -ge 900
fi
if product @sentry/cli; then
  is "P18 sentry-cli: I-13 medium: its download is digest-checked" "$(get 'sorted({f["severity"] for f in row("I-13")})')" '["medium"]'
  ok "P18 sentry-cli: I-12" test "$(get 'len(row("I-12"))')" -ge 1
  is "P18 sentry-cli: no D-04" "$(get '[f["says"] for f in row("D-04")]')" "[]"
fi
if product popularity-contest; then # P1
  like "P1 popcon: D-14 names its real endpoint" "$(get '[f["key"] for f in row("D-14")]')" "popcon\.debian\.org"
  ok "P1 popcon: I-14, its job" test "$(get 'len(row("I-14"))')" -ge 1
  is "P1 popcon: D-22 passes: it asks first" "$(get '[row("D-22"), check("D-22")["status"]]')" '[[], "pass"]'
  is "P1 popcon: no I-13" "$(get 'row("I-13")')" "[]"
  like "P1 popcon: D-02" "$(get '[f["key"] for f in row("D-02")]')" "popcon\.debian\.org"
fi
if product wordpress; then # P4
  is "P4 wordpress: D-14 api.wordpress.org, one key" "$(get 'sum(1 for f in row("D-14") if f["key"] == "api.wordpress.org")')" 1
  is "P4 wordpress: no D-14 of jquery's home pages" "$(get '[f["key"] for f in row("D-14") if "jquery" in f["key"] and f["severity"] != "info"]')" "[]"
  like "P4 wordpress: D-02" "$(get '[f["key"] for f in row("D-02")]')" "api\.wordpress\.org"
  ok "P4 wordpress: D-25" test "$(get 'len(row("D-25"))')" -ge 1
  ok "P4 wordpress: D-07, pictures by digests of addresses" test "$(get 'len(row("D-07"))')" -ge 1
fi
if product @strapi/strapi; then # P15
  is "P15 strapi: D-02 is one key" "$(get '[f["key"] for f in row("D-02") if f["kappa"] > 200 and f["severity"] != "info"]')" '["analytics.strapi.io"]'
  is "P15 strapi: D-23: a switch of its own, and no look at DO_NOT_TRACK" "$(get '[(f["finding"], f["severity"]) for f in row("D-23")]')" '[["own", "low"]]'
fi

# hello with one byte of one file changed, packed again.
f=$corpus/$(file_of hello)
if [[ -f $f ]]; then
  mkdir "$scratch/hello" && cd "$scratch/hello" || exit 1
  ar x "$f" && mkdir data && tar -C data -xf data.tar.*
  printf Z | dd of=data/usr/bin/hello bs=1 seek=9000 conv=notrunc status=none
  rm -f data.tar.* && tar -C data --owner=0 --group=0 -cJf data.tar.xz . && ar rcD ../hello-changed.deb debian-binary control.tar.* data.tar.xz
  cd "$here" || exit 1
  scan "$scratch/hello-changed.deb"
  is "hello with one byte changed: reject" "$rc" 1
  ok "hello with one byte changed: T <= 19" test "$(get 'r["score"]["trust_tenths"]')" -le 190
  like "hello with one byte changed: I-22 names usr/bin/hello" "$(get '[f["says"] for f in row("I-22")]')" "usr/bin/hello"
fi
done_testing
