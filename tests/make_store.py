#!/usr/bin/env python3
"""make_store.py FILE: a store as plugin/store/README.md has it, of the JSON lines on standard input, oldest first. Each is a report, or
{"report": a report or null, "row": {columns that shall differ}}."""
import hashlib
import json
import os
import sqlite3
import sys

TABLES = """
CREATE TABLE assessment (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL,
 version TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL, host TEXT NOT NULL, uid INTEGER, policy TEXT NOT NULL,
 rules_digest TEXT NOT NULL, trust_tenths INTEGER, floor_tenths INTEGER, confidence_permille INTEGER, decision TEXT NOT NULL,
 clamav TEXT NOT NULL, reason TEXT NOT NULL, alert TEXT NOT NULL) STRICT;
CREATE TABLE report (id INTEGER PRIMARY KEY REFERENCES assessment(id) ON DELETE CASCADE, text TEXT NOT NULL) STRICT;
CREATE TABLE log (n INTEGER PRIMARY KEY, line TEXT NOT NULL, digest TEXT NOT NULL) STRICT;
PRAGMA application_id=0x50524f42; PRAGMA user_version=1;"""
START = 1795269600  # 2026-11-21 14:00 UTC


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def main():
    file = sys.argv[1]
    if os.path.exists(file):
        os.remove(file)
    db = sqlite3.connect(file)
    db.executescript(TABLES)
    previous = "0" * 64
    for n, line in enumerate(filter(str.strip, sys.stdin), 1):
        given = json.loads(line)
        if "report" not in given:
            given = {"report": given}
        report = given["report"]
        product = (report or {}).get("product", {})
        row = dict(id=n, time=START + 3600 * n, path=f"/srv/{n}", name=product.get("name", f"product-{n}"), version=product.get("version", ""),
                   kind="folder", sha256=product.get("sha256", hashlib.sha256(str(n).encode()).hexdigest()), host="clamd", uid=1000, policy="business", rules_digest="r",
                   trust_tenths=960, floor_tenths=50, confidence_permille=570, decision="CONDITIONAL" if report else "NOT ASSESSED",
                   clamav="", reason="" if report else "the worker was killed", alert="")
        row.update(given.get("row", {}))
        db.execute(f"INSERT INTO assessment({','.join(row)}) VALUES ({','.join('?' * len(row))})", list(row.values()))
        digest = ""
        if report:
            text = canonical(report)
            digest = hashlib.sha256(text.encode()).hexdigest()
            db.execute("INSERT INTO report VALUES (?, ?)", (n, text))
        text = canonical({**row, "report_sha256": digest, "n": n, "previous": previous})
        previous = hashlib.sha256(text.encode()).hexdigest()
        db.execute("INSERT INTO log VALUES (?, ?, ?)", (n, text, previous))
    db.commit()


main()
