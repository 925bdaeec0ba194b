# What suppliers say, handed in: it may raise confidence and floor, it takes no finding away and raises no trust; whose word counts for what.
. tests/tap.sh
samples=$here/tests/samples
at() { scan --as-of 2026-01-01 "$@"; }
# Each sample with a dossier: nothing that is found without it is gone with it, or weighs less.
less=$(cat <<'P'
import json, sys
order = ["info", "low", "medium", "high", "critical"]
def findings(r): return {(f["check"], f["key"]): (order.index(f["severity"]), f["kappa"]) for f in r["findings"]}
without, with_it = ([json.loads(l) for l in open(f)] for f in sys.argv[1:3])
assert len(without) == len(with_it) == int(sys.argv[3]), (len(without), len(with_it))
for a, b in zip(without, with_it):
    have, name = findings(b), a["product"]["name"]
    assert name == b["product"]["name"]
    if b["score"]["trust_tenths"] > a["score"]["trust_tenths"]:
        print(f"{name}: trust rose")
    for key, was in findings(a).items():
        if key not in have or have[key][0] < was[0] or have[key][1] < was[1]:
            print(f"{name}: {key} is gone or weighs less")
P
)
dossiers=("$samples"/{culture,data-care}/*/*.evidence)
at "${dossiers[@]%.evidence}" && printf '%s\n' "$out" >"$scratch/without"
mkdir -p "$scratch/nobody"
for dossier in "${dossiers[@]}"; do
  trust=${dossier%.evidence}.trust && [[ -d $trust ]] || trust=$scratch/nobody
  at --evidence "$dossier" --trust "$trust" "${dossier%.evidence}" && printf '%s\n' "$out" >>"$scratch/with"
done
ok "there are ${#dossiers[@]} dossiers" test "${#dossiers[@]}" -ge 40
is "... and none takes a finding away, or raises trust" \
  "$(/usr/bin/python3 -c "$less" "$scratch/without" "$scratch/with" "${#dossiers[@]}" 2>&1)" ""

# handed SAMPLE ROW: status, reliability and what is left of the coverage of the row's check
handed() {
  at --evidence "$samples/$1.evidence" --trust "${3:-$samples/$1.trust}" "$samples/$1"
  get "[(c['status'], c['reliability'], c['coverage'] * c.get('freshness', 1000) // 1000) for c in r['checks'] if c['catalogue'] == '$2']"
}
is "C-06: signed" "$(handed culture/commitments/signed C-06)" '[["pass", "vendor-signed", 894]]'
is "C-06: the same, and nobody is trusted" "$(handed culture/commitments/signed C-06 "$scratch/nobody")" '[["fail", "third-party", 1000]]'
is "C-06: too old" "$(handed culture/commitments/stale C-06 "$scratch/nobody")" '[["unknown", "third-party", 0]]'
is "C-07: an auditor apart from the supplier" "$(handed culture/independence/apart C-07)" '[["pass", "third-party", 894]]'
is "C-07: nobody known signed the audit" "$(handed culture/independence/unsigned C-07)" '[["unknown", "third-party", 0]]'
is "C-08: within twelve months" "$(handed culture/transparency-report/current C-08)" '[["pass", "vendor-signed", 747]]'
is "C-09: a log whose chain holds, signed" "$(handed culture/assessment-record/newest-first C-09)" '[["pass", "vendor-signed", 1000]]'
is "C-09: unsigned, it is worth less" "$(handed culture/assessment-record/whole C-09 "$scratch/nobody")" '[["pass", "self-declared", 1000]]'
is "C-10: statements that agree" "$(handed culture/contradiction/honest C-10)" '[["pass", "vendor-signed", 894]]'
is "C-10: of another product they say nothing" "$(handed culture/contradiction/of-another-product C-10)" '[["unknown", "parsed", 0]]'
is "C-03: a signed support period" "$(handed culture/support-period/statement C-03)" '[["pass", "vendor-signed", 1000]]'
is "C-01: a signed declaration adds to what the package says" "$(handed culture/accountable-maintainer/declared C-01)" \
  '[["pass", "vendor-signed", 894]]'
is "... unsigned, it does not" "$(handed culture/accountable-maintainer/declared C-01 "$scratch/nobody")" '[["pass", "self-declared", 1000]]'
is "D-25: regions that are stated" "$(handed data-care/residency/stated D-25)" '[["pass", "heuristic", 894]]'
is "D-26: recipients that are stated" "$(handed data-care/data-manifest/supplied D-26)" '[["pass", "heuristic", 894]]'
is "I-27: signed by whom you trust" "$(handed integrity/release-digests/signed.txt I-27)" '[["pass", "verified", 1000]]'
is "I-27: a signed list" "$(handed integrity/release-digests/signed-list.txt I-27)" '[["pass", "verified", 1000]]'
is "I-27: signed by a stranger: as before" "$(handed integrity/release-digests/by-a-stranger.txt I-27)" '[["pass", "self-declared", 1000]]'
is "I-27: other bytes than were signed: rejected" "$(handed integrity/release-digests/other-bytes.txt I-27 >/dev/null && get 'r["score"]["decision"]')" reject
is "I-25: signed by the registry" "$(handed integrity/npm-lock/signed-1.0.0.tgz I-25)" '[["pass", "verified", 1000]]'
is "I-25: other bytes than the registry has: rejected" "$(handed integrity/npm-lock/other-1.0.0.tgz I-25 >/dev/null && get 'r["score"]["decision"]')" reject
made=$scratch/made && /usr/bin/python3 "$here/tests/samples/make_signed.py" "$made"
samples=$made
is "I-28: signed with a certificate that you trust" "$(handed integrity/binary-signature/pinned.exe I-28)" '[["pass", "verified", 1000]]'
is "I-28: with that of a stranger" "$(handed integrity/binary-signature/pinned.exe I-28 "$scratch/nobody")" '[["pass", "parsed", 1000]]'
samples=$here/tests/samples

# A broken one is named, and counts for nothing.
mkdir "$scratch/d"
printf '{"schema":"probity-statement/1","type":"commitment","issued":"2025-11-03","by":"x","content":{"names":[],"nmaes":[]}}\n' >"$scratch/d/c.json"
at --evidence "$scratch/d" --trust "$scratch/nobody" "$samples/culture/commitments/none"
is "a statement with an unknown field: refused, and told" "$(get '[(s["status"], s["why"][:60]) for s in r["statements"]]')" \
  '[["none", "content: unknown field: nmaes (did you mean names?)"]]'

# A key in two roles counts in neither.
at --evidence "$samples/culture/independence/two-roles.evidence" --trust "$samples/culture/independence/two-roles.trust" \
  "$samples/culture/independence/two-roles"
like "a key in two roles is told as a limit" "$(get '[l["why"] for l in r["limits"]]')" "have one key in two roles: neither counts"
done_testing
