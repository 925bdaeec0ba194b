#!/usr/bin/python3
"""Validates probity-report/1 documents, one a line, from the files named or from standard input.

usage: validate-report.py [FILE...]

Beyond the JSON schema it holds each line against the canonical form (sorted keys, no white space) and against the orders
that the schema cannot say. Exit status: 0 all valid, 1 a report is not (the first 10 errors of each, with their path),
2 nothing to validate.
"""
import json
import os
import sys

import jsonschema

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../plugin/report/probity-report-1.schema.json")
SEVERITIES = ["critical", "high", "medium", "low", "info"]
ERRORS_SHOWN = 10


def no_duplicates(pairs):
    keys = [k for k, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def no_floats(text):
    raise ValueError("a floating-point number: " + text)


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def place(path):
    return "$" + "".join("[%d]" % p if isinstance(p, int) else "." + p for p in path)


def by_bytes(path):
    return [p.encode() for p in path]


def order_errors(report):
    """The orders, as (path, message)."""
    def expect(name, rows, key):
        if [key(r) for r in rows] != sorted(key(r) for r in rows):
            yield "$." + name, "not sorted"

    yield from expect("checks", report["checks"], lambda c: c["id"].encode())
    yield from expect("claims", report["claims"], lambda c: (c["claim"].encode(), c["pillar"]))
    yield from expect("limits", report["limits"], lambda l: (by_bytes(l["path"]), l["why"].encode()))
    yield from expect("findings", report["findings"], lambda f: (
        SEVERITIES.index(f["severity"]), -f["kappa"], f["check"].encode(), f["key"].encode(), f["finding"].encode()))
    yield from expect("waivers", report.get("waivers", []), lambda w: tuple(w[k].encode() for k in (
        "document", "document_sha256", "check", "key", "sha256", "expires", "reason", "owner")))
    yield from expect("evidence", report.get("evidence", []), lambda d: (d["name"].encode(), d["sha256"]))
    yield from expect("statements", report.get("statements", []), lambda s: tuple(
        s[k].encode() for k in ("document", "sha256", "claim", "check", "status", "why")))
    for s in report.get("statements", []):  # of documents; and of what the product's own file carries, such as its signature
        if s["sha256"] != report["product"]["sha256"] and not any((d["name"], d["sha256"]) == (s["document"], s["sha256"]) for d in report["evidence"]):
            yield "$.statements", "of a document that was not handed in: " + s["document"]
    rows = report.get("composition", {}).get("rows", [])
    yield from expect("composition.rows", rows, lambda r: (by_bytes(r["path"]), r["kind"].encode()))
    if "composition" in report and sum(r["bytes"] for r in rows) != report["product"]["bytes"]:
        yield "$.composition.rows", "do not sum up to product.bytes"
    endpoints = report.get("inventory", {}).get("endpoints", [])
    if endpoints and [e["host"] for e in endpoints] != report["inventory"].get("hosts", []):
        yield "$.inventory.endpoints", "are not inventory.hosts"
    for e in endpoints:
        if (e["by"] == "none") != (not e["regions"]):
            yield "$.inventory.endpoints", "a region that nothing tells, or the other way round: " + e["host"]
    yield from expect("declared", report.get("declared", []), lambda d: (d["what"].encode(), d["value"].encode()))
    for d in report.get("declared", []):
        if not (d["declared"] or d["observed"]) or d["declared"] != bool(d["by"]):
            yield "$.declared", "neither declared nor observed, or declared by nothing: " + d["value"]
    for i, finding in enumerate(report["findings"]):
        yield from expect("findings[%d].maps" % i, finding["maps"], lambda m: m.encode())
    if [p["id"] for p in report["principles"]] != ["P%d" % n for n in range(1, 10)]:
        yield "$.principles", "not P1 to P9"
    ids = [c["id"] for c in report["checks"]]
    if len(ids) != len(set(ids)):
        yield "$.checks", "an id stands there twice"
    failed = {c["id"] for c in report["checks"] if c["status"] == "fail"}
    found = {f["check"] for f in report["findings"]}
    if failed != found:
        yield "$.findings", "checks that failed and checks with findings differ: " + ", ".join(sorted(failed ^ found))


def errors(line, validator):
    try:
        report = json.loads(line, object_pairs_hook=no_duplicates, parse_float=no_floats, parse_constant=no_floats)
    except ValueError as e:
        return [("$", str(e))]
    found = [(place(e.absolute_path), e.message[:300]) for e in
             sorted(validator.iter_errors(report), key=lambda e: [str(p) for p in e.absolute_path])]
    if found:
        return found
    found = list(order_errors(report))
    if canonical(report) != line:
        found.append(("$", "not in canonical form"))
    return found


def main(files):
    with open(SCHEMA, encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    reports = bad = 0
    for name in files or ["-"]:
        with (open(0, "rb") if name == "-" else open(name, "rb")) as f:
            for number, raw in enumerate(f, 1):
                if not raw.strip():
                    continue
                reports += 1
                try:
                    found = errors(raw.decode("utf-8").rstrip("\n"), validator)
                except UnicodeDecodeError as e:
                    found = [("$", str(e))]
                bad += bool(found)
                for path, message in found[:ERRORS_SHOWN]:
                    print("%s:%d: %s: %s" % (name, number, path, message))
                if len(found) > ERRORS_SHOWN:
                    print("%s:%d: and %d more" % (name, number, len(found) - ERRORS_SHOWN))
    if reports == 0:
        print("nothing to validate", file=sys.stderr)
        return 2
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
