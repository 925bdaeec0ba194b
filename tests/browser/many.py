#!/usr/bin/env python3
"""A report with many findings: those of the report on standard input again and again, each with a key and a path of its own."""
import copy
import json
import sys

report = json.load(sys.stdin)
wanted, few = int(sys.argv[1]), report["findings"]
findings = []
for n in range(wanted):
    finding = copy.deepcopy(few[n * len(few) // wanted])
    finding["key"] += f":{n}"
    for evidence in finding["evidence"]:
        evidence["path"] = evidence["path"][:-1] + [f"{evidence['path'][-1] if evidence['path'] else 'file'}-{n}"]
    findings.append(finding)
report["findings"] = findings
json.dump(report, sys.stdout, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
print()
