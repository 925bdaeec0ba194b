#!/usr/bin/python3
"""Recomputes the score of a probity-report/1 from the report alone, and names each field that differs.

    recompute.py REPORT.json...      each file one report, or one report a line
    ... | recompute.py               one report a line

Written from the specification of the score (plugin/score/README.md), apart from the C code, with which it shares nothing:
where both agree, the report says all that its numbers rest on. What else it says of the bytes (findings, composition, endpoints, what is
declared and observed) no report can show by itself: `probity verify` with the product does; here the rows of the composition have to hold
the product's bytes, and every endpoint has to be a host of the inventory. Exit status: 0 all equal, 1 something differs, 2 no report.
"""
import datetime
import decimal
import functools
import json
import sys

SEVERITIES = ["info", "low", "medium", "high", "critical"]
POINTS = {"info": 0, "low": 500, "medium": 2000, "high": 6000, "critical": 20000}
RHO = {"verified": 1000, "parsed": 900, "third-party": 900, "exact": 700,
       "vendor-signed": 600, "heuristic": 500, "self-declared": 300}
PILLARS = ["integrity", "data-care", "verification", "culture"]
DIMINISH = [1000, 500, 250, 125, 62, 31, 15, 7, 3, 1]
NO_CAP = 100


@functools.lru_cache(maxsize=None)
def step(i):
    """floor(10^9 * 2^(-i/1000)), by 60 decimal digits: far more than tells a whole number from its neighbour."""
    with decimal.localcontext() as context:
        context.prec = 60
        return int(decimal.Decimal(10) ** 9 * decimal.Decimal(2) ** (-decimal.Decimal(i) / 1000))


def half(x):
    return step(x % 1000) >> (x // 1000) if x < 40000 else 0


def breadth(n):
    if n <= 1:
        return 1000
    k = n.bit_length() - 1
    return min(2000, 1000 + (k * 1000 + ((n - 2**k) * 1000 >> k)) // 4)


def demerit(findings):
    """v of one check: [(key, severity, kappa)]. At each severity count all findings of it or above; of all k up to the
    largest kappa, with n the keys of at least half of k, the largest S * f(n) * k holds."""
    worst = 0
    for severity in SEVERITIES:
        kappas = {}
        for key, own, kappa in findings:
            if SEVERITIES.index(own) >= SEVERITIES.index(severity):
                kappas[key] = max(kappa, kappas.get(key, 0))
        top = max(kappas.values(), default=0)
        for k in {min(top, 2 * kappa) for kappa in kappas.values()}:
            n = sum(2 * kappa >= k for kappa in kappas.values())
            worst = max(worst, POINTS[severity] * breadth(n) // 1000 * k // 1000)
    return worst


def diminished(values):
    return sum(v * q for v, q in zip(sorted(values, reverse=True), DIMINISH)) // 1000


def trust_of(total, cap):
    return min(10 * cap, 1000 * half(total // 10) // 10**9)


class Check:
    def __init__(self, row):
        self.id, self.catalogue = row["id"], row["catalogue"]
        self.claim, self.pillar = row["claim"], row["pillar"]
        self.severity, self.online = row["severity"], row["online"]
        self.status, self.coverage, self.fresh = row["status"], row["coverage"], row.get("freshness", 1000)
        self.rho = RHO[row["reliability"]]
        self.worst = 2 * POINTS[self.severity]
        self.hidden = not self.online and self.status != "n/a" and self.coverage < 1000
        self.findings, self.unwaived, self.cap, self.plain_cap = [], [], NO_CAP, NO_CAP
        self.rejects = self.open_high = False

    def add(self, row):
        severity = min(row["severity"], self.severity, key=SEVERITIES.index)
        kappa, waived = row["kappa"], bool(row.get("waived"))
        self.findings.append((row["key"], severity, min(kappa, 200) if waived else kappa))
        self.unwaived.append((row["key"], severity, kappa))
        if severity == "critical":
            plain = 19 if kappa >= 800 else 39 if kappa >= 500 else NO_CAP
            self.plain_cap = min(self.plain_cap, plain)
            self.cap = min(self.cap, max(plain, 39) if waived else plain)
            self.rejects |= kappa >= 800 and not waived
        if severity in ("high", "critical") and kappa >= 800 and not waived:
            self.open_high = True

    def counts(self):
        """For the confidence: an online check counts only when it failed."""
        if self.online:
            return self.status == "fail" and self.coverage > 0
        return self.status != "n/a"


def by_claim(checks):
    claims = {}
    for check in checks:
        if check.status != "n/a":
            claims.setdefault((check.claim, check.pillar), []).append(check)
    return claims


def confidence_of(checks):
    """Permille, or None where nothing applies."""
    asked = [c for c in checks if c.counts()]
    if not asked:
        return None
    seen = sum(max(c.worst, 500) * c.rho * c.coverage * c.fresh // 10**9 for c in asked)
    return 1000 * seen // sum(max(c.worst, 500) for c in asked)


def required_met(required, checks):
    by_row = [c for c in checks if c.catalogue in required["rows"]]
    only_if = required.get("only_if") or []
    if only_if and not any(c.status == "fail" and c.catalogue in only_if for c in checks):
        return True
    least = RHO[required["reliability"]] if "reliability" in required else 0
    return any(c.status == "pass" and c.coverage > 0 and c.rho >= least for c in by_row)


def decide(checks, policy, trust, floor, confidence):
    accept = policy["accept"]
    if any(c.rejects for c in checks) or trust < 10 * policy["reject_below"]:
        return "reject"
    if confidence < 250:
        return "not-rated"
    reached = trust >= 10 * accept["trust"] and floor >= 10 * accept["floor"] and confidence >= 10 * accept["confidence"]
    proven = all(required_met(r, checks) for r in policy["required"])
    return "accept" if reached and proven and not any(c.open_high for c in checks) else "conditional"


def aged(mean, days, policy):
    return mean * half(days * 1000 // policy["half_life_days"]) // 10**9


def valid_until(mean, assessed, policy):
    day = next((d for d in range(36500) if aged(mean, d, policy) < 10 * policy["accept"]["confidence"]), 36500)
    last = datetime.date.max.toordinal()
    return datetime.date.fromordinal(min(last, assessed.toordinal() + day)).isoformat()


def recompute(report):
    """What the report must say: {name of the field: value}."""
    policy, out = report["policy"], {}
    checks = {row["id"]: Check(row) for row in report["checks"]}
    if len(checks) != len(report["checks"]):
        raise ValueError("a check stands there twice")
    for row in report["findings"]:
        checks[row["check"]].add(row)
    for check in checks.values():
        check.v = demerit(check.findings)
        out[f"checks[{check.id}].demerit_milli"] = check.v
        out[f"checks[{check.id}].keys"] = len({key for key, _, _ in check.findings})
        if (check.status == "fail") != bool(check.findings):
            raise ValueError(f"check {check.id} has status {check.status} and {len(check.findings)} findings")
    everything = list(checks.values())
    total = worst_total = plain_total = 0
    pillar_total = dict.fromkeys(PILLARS, 0)
    for (claim, pillar), members in by_claim(everything).items():
        weight = policy["weights"][pillar]
        found = diminished(c.v for c in members)
        worst = diminished(max(c.v, c.worst) if c.hidden else c.v for c in members)
        plain = diminished(demerit(c.unwaived) for c in members)
        out[f"claims[{claim}, {pillar}].lambda_milli"] = found
        out[f"claims[{claim}, {pillar}].worst_milli"] = worst
        total += found * weight // 1000
        worst_total += worst * weight // 1000
        plain_total += plain * weight // 1000
        pillar_total[pillar] += found
    cap = min([c.cap for c in everything], default=NO_CAP)
    hidden_cap = 19 if any(c.hidden and c.severity == "critical" for c in everything) else NO_CAP
    trust = trust_of(total, cap)
    floor = min(trust, trust_of(worst_total, hidden_cap))
    weighed = []
    for pillar in PILLARS:
        mine = [c for c in everything if c.pillar == pillar]
        known = confidence_of(mine)
        if known is not None:
            weighed.append((known, policy["confidence_weights"][pillar]))
        out[f"pillars[{pillar}].trust_tenths"] = trust_of(pillar_total[pillar], min([c.cap for c in mine], default=NO_CAP))
        out[f"pillars[{pillar}].confidence_permille"] = known or 0
        out[f"pillars[{pillar}].rated"] = (known or 0) >= 250
    weights = sum(w for _, w in weighed)
    mean = sum(c * w for c, w in weighed) // weights if weights else 0
    as_of = datetime.date.fromisoformat(report["assessment"]["as_of"])
    assessed = datetime.date.fromisoformat(report["assessment"].get("assessed", report["assessment"]["as_of"]))
    confidence = aged(mean, (as_of - assessed).days, policy)
    plain_trust = trust_of(plain_total, min([c.plain_cap for c in everything], default=NO_CAP))
    out.update({
        "score.trust_tenths": trust, "score.floor_tenths": floor, "score.confidence_permille": confidence,
        "score.demerit_milli": total, "score.cap": cap, "score.unwaived_trust_tenths": plain_trust,
        "score.decision": decide(everything, policy, trust, floor, confidence),
        "score.valid_until": valid_until(mean, assessed, policy),
    })
    if "composition" in report:
        out["composition.bytes"] = report["product"]["bytes"]
    if "endpoints" in report.get("inventory", {}):
        out["inventory.endpoints.hosts"] = report["inventory"].get("hosts")
    return out


def said(report):
    """The same fields as the report has them."""
    out = {}
    for row in report["checks"]:
        for field in ("demerit_milli", "keys"):
            out[f"checks[{row['id']}].{field}"] = row.get(field)
    for row in report["claims"]:
        for field in ("lambda_milli", "worst_milli"):
            out[f"claims[{row['claim']}, {row['pillar']}].{field}"] = row.get(field)
    for pillar, row in report["pillars"].items():
        for field in ("trust_tenths", "confidence_permille", "rated"):
            out[f"pillars[{pillar}].{field}"] = row.get(field)
    for field, value in report["score"].items():
        if field not in ("conditions", "conditions_suffice"):
            out[f"score.{field}"] = value
    if "composition" in report:
        out["composition.bytes"] = sum(row["bytes"] for row in report["composition"]["rows"])
    if "endpoints" in report.get("inventory", {}):
        out["inventory.endpoints.hosts"] = [row["host"] for row in report["inventory"]["endpoints"]]
    return out


def compare(name, report):
    """Prints what differs; how many fields do."""
    if report.get("schema") != "probity-report/1":
        raise ValueError(f"schema {report.get('schema')!r} is not probity-report/1")
    ours, theirs = recompute(report), said(report)
    if "score.unwaived_trust_tenths" not in theirs: # not every report has a waiver to speak of
        del ours["score.unwaived_trust_tenths"]
    wrong = 0
    for field in sorted(ours.keys() | theirs.keys()):
        if field.startswith("pillars[") and field not in theirs and not ours.get(f"{field.split(']')[0]}].confidence_permille"):
            continue # a pillar in which nothing applies need not be there
        if ours.get(field, "absent") != theirs.get(field, "absent"):
            print(f"{name}: {field} is {theirs.get(field, 'absent')}, recomputed {ours.get(field, 'absent')}")
            wrong += 1
    return wrong


def documents(name, text):
    """(name, report) of one report, or of one report a line."""
    try:
        yield name, json.loads(text)
    except json.JSONDecodeError:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield f"{name}:{number}", json.loads(line)


def main(files):
    reports = wrong = 0
    try:
        for name in files or ["-"]:
            with sys.stdin if name == "-" else open(name, encoding="utf-8") as file:
                text = file.read()
            for where, report in documents(name, text):
                reports += 1
                wrong += compare(where, report)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"recompute: {name}: {type(error).__name__}: {error}")
        return 2
    if reports == 0:
        print("recompute: no report to look at")
        return 2
    print(f"recompute: {reports} reports, {wrong} fields differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
