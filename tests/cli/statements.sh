# What suppliers say, handed in: it may raise confidence and floor, it takes no finding away and raises no trust; whose word counts for what.
. tests/tap.sh
samples=$here/tests/samples
at() { scan --as-of 2026-01-01 "$@"; }
all='{"t": r["score"]["trust_tenths"], "f": sorted([f["check"], f["key"], f["severity"], f["kappa"]] for f in r["findings"])}'

# Each sample with a dossier: nothing that is found without it is gone with it, or weighs less.
worse=$(cat <<'P'
import json, sys
without, with_it = (json.loads(a) for a in sys.argv[1:])
have = {(c, k): (s, n) for c, k, s, n in with_it["f"]}
order = ["info", "low", "medium", "high", "critical"]
gone = [f for f in without["f"] if (f[0], f[1]) not in have or order.index(have[f[0], f[1]][0]) < order.index(f[2]) or have[f[0], f[1]][1] < f[3]]
print("trust rose" if with_it["t"] > without["t"] else f"gone: {gone}" if gone else "fine")
P
)
n=0
for dossier in "$samples"/{culture,data-care}/*/*.evidence; do
  product=${dossier%.evidence}
  trust=$scratch/nobody && mkdir -p "$trust" && [[ -d $product.trust ]] && trust=$product.trust
  at "$product" && without=$(get "$all")
  at --evidence "$dossier" --trust "$trust" "$product" && with=$(get "$all")
  said=$(/usr/bin/python3 -c "$worse" "$without" "$with" 2>&1)
  [[ $said == fine ]] || flunk "${product#"$samples/"}" "$said"
  n=$((n + 1))
done
ok "$n dossiers of samples: no finding taken away, no trust raised" test "$n" -ge 40

# handed SAMPLE ROW: status, reliability and coverage of the row's check
handed() {
  at --evidence "$samples/$1.evidence" --trust "${3:-$samples/$1.trust}" "$samples/$1"
  get "[(c['status'], c['reliability'], c['coverage']) for c in r['checks'] if c['catalogue'] == '$2']"
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

# A broken one is named, and counts for nothing.
mkdir "$scratch/d"
printf '{"schema":"probity-statement/1","type":"commitment","issued":"2025-11-03","by":"x","content":{"names":[],"nmaes":[]}}\n' >"$scratch/d/c.json"
at --evidence "$scratch/d" --trust "$scratch/nobody" "$samples/culture/commitments/none"
is "a statement with an unknown field: refused, and told" "$(get '[(s["status"], s["why"][:60]) for s in r["statements"]]')" \
  '[["none", "content: unknown field: nmaes (did you mean names?)"]]'

# A key in two roles counts in neither; the log of another's making.
at --evidence "$samples/culture/independence/two-roles.evidence" --trust "$samples/culture/independence/two-roles.trust" \
  "$samples/culture/independence/two-roles"
like "a key in two roles is told as a limit" "$(get '[l["why"] for l in r["limits"]]')" "have one key in two roles: neither counts"
done_testing
