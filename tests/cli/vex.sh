# V-08 and its supplier's word: a signed "not affected" or "fixed" lowers a finding's certainty as a waiver does, and nothing else does.
. tests/tap.sh
samples=$here/tests/samples/verification/known-vulnerability
at() { get '[(f["severity"], f["kappa"]) for f in found("V-08")]'; }
mkdir -p "$scratch/nobody"
vex() { # STATUS PURL
  printf '{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://twin.example.net/vex/1","author":"x","timestamp":"2026-10-02T00:00:00Z","version":1,"statements":[{"vulnerability":{"name":"CVE-2021-44906"},"products":[{"@id":"%s"}],"status":"%s","justification":"vulnerable_code_not_present"}]}\n' "$2" "$1"
}
scan --trust "$scratch/nobody" --evidence "$samples/bundled.evidence" "$samples/bundled"
is "nobody says anything" "$(at)" '[["critical", 800]]'
t0=$(get 'r["score"]["trust_tenths"]')
scan --trust "$samples/stated.trust" --evidence "$samples/stated.evidence" "$samples/stated"
is "its vendor's signed word: as critical, less certain" "$(at)" '[["critical", 500]]'
ok "... a critical stays below what a waiver's would" test "$(get 'r["score"]["trust_tenths"]')" -le 390
ok "... and trust is not below that without" test "$(get 'r["score"]["trust_tenths"]')" -ge "$t0"
is "... the statement is told, as nobody else's" "$(get '[s["status"] for s in r["statements"] if s["document"] == "openvex.json"]')" '["none"]'
like "... with the finding" "$(get 'found("V-08")[0]["says"]')" "its supplier states that it is not affected"
scan --trust "$scratch/nobody" --evidence "$samples/stated.evidence" "$samples/stated"
is "where nobody knows the key it changes nothing" "$(at)" '[["critical", 800]]'
if command -v minisign >/dev/null; then
  minisign -G -W -f -p "$scratch/v.pub" -s "$scratch/v.key" >/dev/null 2>&1 </dev/null
  run "$PROBITY" trust add "$scratch/v.pub" --role vendor --name v --trust "$scratch/trust"
  d=$scratch/d
  mkdir -p "$d"
  sed 's#C:H/I:H/A:H#C:H/I:N/A:N#' "$samples/bundled.evidence/minimist.json" >"$d/minimist.json"
  signed() {
    rm -f "$d/vex.json.minisig"
    vex "$@" >"$d/vex.json"
    minisign -S -s "$scratch/v.key" -m "$d/vex.json" >/dev/null 2>&1 </dev/null
    scan --trust "$scratch/trust" --evidence "$d" "$samples/bundled"
  }
  signed not_affected pkg:npm/minimist
  is "high, not affected: 200, as high" "$(at)" '[["high", 200]]'
  signed fixed pkg:npm/minimist
  is "fixed: likewise" "$(at)" '[["high", 200]]'
  signed affected pkg:npm/minimist
  is "affected: as without" "$(at)" '[["high", 800]]'
  signed under_investigation pkg:npm/minimist
  is "looked into: as without" "$(at)" '[["high", 800]]'
  signed not_affected pkg:npm/other
  is "of another component: as without" "$(at)" '[["high", 800]]'
  signed not_affected pkg:npm/minimist
  printf ' ' >>"$d/vex.json"
  scan --trust "$scratch/trust" --evidence "$d" "$samples/bundled"
  is "one byte more: as without" "$(at)" '[["high", 800]]'
else
  skip "signed statements" "no minisign here"
fi
done_testing
