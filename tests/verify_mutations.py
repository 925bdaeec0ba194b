#!/usr/bin/python3
"""verify_mutations.py PROBITY DATABASE REPORT PRODUCT REPORTS PRODUCTS SEED [OPTION OF VERIFY...]: changes single bytes, and asks `probity verify` what was changed. TAP.

REPORTS mutations of the report, each in one byte, every part of it hit; PRODUCTS mutations of the product's file. The same seed gives the same
mutations. Each must be named: the field that differs, or where the bytes are no report any more. What two readers of JSON would call equal is a
change as well, since a report has one form.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

PROBITY, DATABASE, REPORT, PRODUCT = sys.argv[1:5]
MORE = sys.argv[8:]  # options of verify
REPORTS, PRODUCTS, SEED = (int(a) for a in sys.argv[5:8])
NAMED = {"checks": ["id"], "claims": ["claim", "pillar"], "findings": ["check", "finding", "key"], "principles": ["id"],
         "limits": ["path", "why"], "required": ["id"], "evidence": ["name", "sha256"], "statements": ["document", "claim", "check"],
         "endpoints": ["host"], "declared": ["what", "value"], "rows": ["path", "kind"]}
BATCH = 25
rng = random.Random(SEED)


def dumps(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def spans(text):
    """Byte range of each part of the report."""
    report, out, at = json.loads(text), {}, 1
    for key in sorted(report, key=lambda k: k.encode()):
        size = len((dumps(key) + ":" + dumps(report[key])).encode())
        out[key] = (at, at + size)
        at += size + 1
    return out


def another(byte):
    """A byte that is not this one; more often than not one of its kind, which leaves the report well-formed."""
    for kind in (b"0123456789", b"abcdef", b"abcdefghijklmnopqrstuvwxyz", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        if byte in kind and rng.random() < 0.8:
            return rng.choice([b for b in kind if b != byte])
    return rng.choice([b for b in range(256) if b != byte])


def mutations(text):
    parts = spans(text.decode())
    places = [len(text) - 1, 0]
    for low, high in parts.values():  # every part, then the large ones
        places += [rng.randrange(low, high) for _ in range(6)]
    places += [rng.randrange(len(text)) for _ in range(REPORTS - len(places))]
    for place in places[:REPORTS]:
        yield place, text[:place] + bytes([another(text[place])]) + text[place + 1:]


def name(row, keys):
    try:
        return ", ".join(" > ".join(row[k]) if isinstance(row[k], list) else row[k] for k in keys)
    except (KeyError, TypeError):
        return None


def changed(a, b, at="", key=""):
    """Where two values differ: beginnings of field names, by place and by name, of which verify must say one."""
    if isinstance(a, dict) and isinstance(b, dict):
        for k in sorted(a.keys() | b.keys()):
            if k not in a or k not in b:
                yield f"{at}.{k}" if at else k
            elif a[k] != b[k] or type(a[k]) is not type(b[k]):
                yield from changed(a[k], b[k], f"{at}.{k}" if at else k, k)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            if x != y:
                yield f"{at}[{i}]"
                for row in (x, y):
                    if key in NAMED and name(row, NAMED[key]) is not None:
                        yield f"{at}[{name(row, NAMED[key])}]"
    else:
        yield at


def parse(text):
    return json.loads(text.decode("utf-8"))


def verify(product, files, many):
    command = [PROBITY, "verify", "-f", "json", "--database", DATABASE, *MORE, "--product", product] + files
    run = subprocess.run(command, capture_output=True, timeout=300, check=False)
    rows = {}
    for line in run.stdout.splitlines():
        row = json.loads(line)
        rows.setdefault(row["file"], []).append(row)
    return run.returncode, rows, run.stderr.decode(errors="replace")[:500] if many else ""


def named(original, text, rows):
    """None where the change is named; else what is wrong."""
    problems = [p for row in rows for p in row["problems"]]
    if not problems or any(row["holds"] for row in rows if row["problems"]):
        return "nothing is told"
    try:
        mutated = parse(text)
    except ValueError:
        return None if any(p["part"] == "form" for p in problems) else "broken JSON is not told"
    if mutated == original and dumps(mutated) == dumps(original):
        return None if any(p["part"] == "canonical" for p in problems) else "another form of the same is not told"
    wanted = list(changed(original, mutated))
    if any(p["field"].startswith(w) or w in p["says"] or w.startswith(p["field"]) and p["field"] for p in problems for w in wanted):
        return None
    if any(p["part"] in ("form", "canonical") for p in problems):  # no report any more: told with where
        return None
    return f"wanted one of {wanted}, told {[p['field'] for p in problems][:5]}"


def tell(number, why, what):
    print(f"ok {number} - {what}" if why is None else f"not ok {number} - {what}\n# {why}")


def main():
    text = open(REPORT, "rb").read()
    original, number, hit = parse(text), 0, set()
    parts = spans(text.decode())
    with tempfile.TemporaryDirectory() as folder:
        cases = []
        for place, mutated in mutations(text):
            file = os.path.join(folder, f"r{len(cases)}.json")
            open(file, "wb").write(mutated)
            cases.append((file, place, mutated))
        for at in range(0, len(cases), BATCH):
            some = cases[at:at + BATCH]
            status, rows, errors = verify(PRODUCT, [c[0] for c in some], True)
            for file, place, mutated in some:
                number += 1
                part = next((k for k, (low, high) in parts.items() if low <= place < high), "frame")
                hit.add(part)
                why = named(original, mutated, rows.get(file, [])) if status == 1 else f"status {status}: {errors}"
                tell(number, why, f"byte {place} ({part}): {text[place:place + 1]!r} -> {mutated[place:place + 1]!r}")
        product = open(PRODUCT, "rb").read()
        for _ in range(PRODUCTS):
            number += 1
            place = rng.randrange(len(product))
            file = os.path.join(folder, os.path.basename(PRODUCT))
            byte = bytes([rng.choice([b for b in range(256) if b != product[place]])])
            open(file, "wb").write(product[:place] + byte + product[place + 1:])
            status, rows, errors = verify(file, [REPORT], True)
            fields = {p["field"] for row in rows.get(REPORT, []) for p in row["problems"]}
            why = None if status == 1 and "product.sha256" in fields else f"status {status}, {sorted(fields)[:5]} {errors}"
            tell(number, why, f"byte {place} of the product")
    tell(number + 1, None if hit >= set(parts) else f"not hit: {sorted(set(parts) - hit)}", "every part of the report was hit")
    print(f"1..{number + 1}")


main()
