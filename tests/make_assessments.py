#!/usr/bin/env python3
"""make_assessments.py N REPORT...: N rows for tests/make_store.py, of products that have the given reports in turn, under names of their own: four
versions of each product, some without a report, some judged by another policy, each in its own words enough that no two are equal."""
import hashlib
import json
import sys

STORED = {"accept": "ACCEPT", "conditional": "CONDITIONAL", "reject": "REJECT", "not-rated": "NOT RATED"}
START = 1795269600  # 2026-11-21 14:00 UTC
VERSIONS = 4


def main():
    n, files = int(sys.argv[1]), sys.argv[2:]
    bases = [open(f, encoding="utf-8").read().splitlines()[0] for f in files]
    for i in range(n):
        product, version = i // VERSIONS, i % VERSIONS
        report = json.loads(bases[product % len(bases)])
        p, s = report["product"], report["score"]
        p["name"], p["version"] = f"{p['name']}-{product}", f"1.{version}"
        p["sha256"] = hashlib.sha256(f"{product} {version}".encode()).hexdigest()
        if product % 10 == 9:
            report["assessment"]["policy"].update(name="government", digest="0" * 64)
        s["trust_tenths"] = max(s["floor_tenths"], s["trust_tenths"] - (product * 7 + version * 31) % 400)
        s["unwaived_trust_tenths"] = min(s["unwaived_trust_tenths"], s["trust_tenths"])
        s["valid_until"] = f"2026-{12 - product % 3:02}-{1 + (product + version) % 28:02}"
        missing = i % 97 == 96
        row = dict(time=START + 60 * i, path=f"/srv/in/{p['name']}", name=p["name"], version=p["version"], kind=p["kind"], sha256=p["sha256"],
                   policy=report["assessment"]["policy"]["name"], rules_digest=report["assessment"]["rules_digest"], trust_tenths=s["trust_tenths"],
                   floor_tenths=s["floor_tenths"], confidence_permille=s["confidence_permille"], decision=STORED[s["decision"]])
        if missing:
            row.update(trust_tenths=None, floor_tenths=None, confidence_permille=None, decision="NOT ASSESSED", reason="the worker was killed")
        print(json.dumps({"report": None if missing else report, "row": row}))


main()
