#!/usr/bin/python3
"""run.py PROBITY DATABASE FOLDER: a complete dossier of a product of our own, what it does to the score, and what each of many things that may be wrong
with it does (corruptions.py). TAP. FOLDER is empty, and keeps the product, the dossier, the trust roots, and the reports (reports.jsonl)."""
import copy
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import corruptions  # noqa: E402
import documents  # noqa: E402
import product  # noqa: E402

PROBITY, DATABASE, FOLDER = sys.argv[1:4]
ONLY = sys.argv[4:]  # names of rows
STATUS = {"accept": 0, "reject": 1, "conditional": 3, "not-rated": 4}
tests = 0


def ok(name, good, *why):
    global tests
    tests += 1
    print(("ok" if good else "not ok"), tests, "-", name, flush=True)
    for line in why if not good else ():
        print("#", str(line)[:600])


def same(name, got, wanted):
    ok(name, got == wanted, f"got:    {got}", f"wanted: {wanted}")


def scan(deb, *more, form="json", day=documents.DAY):
    command = [PROBITY, "scan", "-q", "--no-cache", "-f", form, "--as-of", day, "--database", DATABASE, *more, deb]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
    if form == "text":
        return done.returncode, done.stdout.decode("utf-8")
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return done.returncode, None, done.stderr.decode(errors="replace")
    with open(f"{FOLDER}/reports.jsonl", "ab") as f:
        f.write(done.stdout)
    return done.returncode, report, done.stderr.decode(errors="replace")


def numbers(report):
    return tuple(report["score"][k] for k in ("trust_tenths", "confidence_permille", "floor_tenths"))


def passing(report):
    return {c["id"] for c in report["checks"] if c["status"] == "pass"}


def document(report, name):
    return next((e for e in report["evidence"] if e["name"] == name), {})


def complete(d, plain, full):
    """What a complete dossier is to do: T as without, C and L raised, and each claim agrees."""
    (t0, c0, l0), (t, c, l) = numbers(plain), numbers(full)
    print(f"# without a dossier: T {t0 / 10} C {c0 / 10} L {l0 / 10}; with the complete one: T {t / 10} C {c / 10} L {l / 10}")
    same("nothing is found in the product", [t0, plain["findings"]], [1000, []])
    same("the complete dossier leaves trust as it is", t, t0)
    ok(f"... raises confidence ({c0} to {c} permille)", c >= c0 + 150, c0, c)
    ok(f"... raises the floor ({l0} to {l} tenths)", l > l0, l0, l)
    same("... finds nothing", full["findings"], [])
    same("... all that is open: no official database of ClamAV, and no program says of which source it is",
         sorted(x["id"] for x in full["checks"] if x["status"] == "unknown"), ["integrity.known-malware", "verification.source-link"])
    same("... one condition is left, and it suffices",
         [[x["what"] for x in full["score"]["conditions"]], full["score"]["conditions_suffice"], full["score"]["decision"]], [["integrity.known-malware"], True, "conditional"])
    last = full["score"]["conditions"][0]
    ok(f"... with it: T {last['trust_tenths'] / 10} C {last['confidence_permille'] / 10} L {last['floor_tenths'] / 10}",
       last["trust_tenths"] == 1000 and last["confidence_permille"] >= 700 and last["floor_tenths"] >= 800, last)
    ok("... no check passes for less than it did without", passing(plain) <= passing(full), passing(plain) - passing(full))
    said = {}
    for s in full["statements"]:
        said.setdefault(s["document"], set()).add(s["status"])
    papers = sorted(e["name"] for e in full["evidence"] if e["kind"] not in ("signature", "unknown", "osv"))
    same("... each document has its claims", [n for n in papers if n not in said], [])
    for name in papers:
        ok(f"{name}: agrees", "agrees" in said.get(name, ()) and said[name] <= {"agrees", "none"}, said.get(name))
    roles = {e["name"]: e["reliability"] for e in full["evidence"]}
    same("... by whose word", [roles[n] for n in ("audit.json", "provenance.dsse.json", "source.json", "security.txt", "Release")],
         ["third-party", "third-party", "vendor-signed", "vendor-signed", "third-party"])
    code, text = scan(d.deb, "-v", "--trust", d.trust, "--evidence", d.documents, form="text")
    text = " ".join(text.split())
    same("... in words", [code, [n for n in papers if f"- {n} " not in text or f"({n})" not in text]], [3, []])


def aged(d, full):
    """The same dossier later: trust and what was found stay, confidence falls."""
    before = numbers(full)
    for day in ("2026-11-22", "2026-12-21", "2027-11-21"):
        _, report, err = scan(d.deb, "--trust", d.trust, "--evidence", d.documents, day=day)
        if report is None:
            ok(f"on {day}", False, err)
            continue
        now = numbers(report)
        ok(f"on {day}: T {now[0] / 10} C {now[1] / 10} L {now[2] / 10}: confidence no higher than before, nor the floor of what nothing new is found in",
           now[0] <= before[0] and now[1] <= before[1] and (now[2] <= before[2] or report["findings"] != full["findings"]), before, now, [(f["check"], f["says"]) for f in report["findings"]])
        if day == "2026-11-22":
            ok("... what was looked at yesterday was looked at: the floor is what it was", now[2] == before[2], before, now)
        before = (before[0], now[1], now[2])


def one(d, plain, full, name, change, expected):
    spoilt = copy.copy(d)
    spoilt.folder = f"{FOLDER}/row"
    shutil.rmtree(spoilt.folder, ignore_errors=True)
    spoilt.documents, spoilt.trust = f"{spoilt.folder}/dossier", f"{spoilt.folder}/trust"
    shutil.copytree(d.documents, spoilt.documents)
    shutil.copytree(d.trust, spoilt.trust)
    os.makedirs(f"{spoilt.folder}/db")
    options = ["--trust", spoilt.trust, "--evidence", change(spoilt) or spoilt.documents]
    code, report, err = scan(d.deb, *options)
    if report is None:
        ok(name, code == 2 and "error" in expected and re.search(expected["error"], err), f"status {code}", err)
        return
    wrong = ["no error"] if "error" in expected else []

    def want(what, got, wanted):
        if got != wanted:
            wrong.append(f"{what}: got {got}, wanted {wanted}")

    t0, t = plain["score"]["trust_tenths"], report["score"]["trust_tenths"]
    if t > t0:
        wrong.append(f"trust rose from {t0} to {t}")
    want("status", code, STATUS[report["score"]["decision"]])
    before = {f"{f['check']} {f['finding']}" for f in plain["findings"]}
    found = {f"{f['check']} {f['finding']}" for f in report["findings"]}
    want("findings of the product, which no dossier takes away", before - found, set())
    found -= before
    want("findings", found, expected.get("findings", set()))
    failed = {c["id"] for c in report["checks"] if c["status"] == "fail"}
    if not expected.get("same"):
        want("lost", passing(full) - passing(report) - failed, expected.get("lost", set()) - failed)
    else:
        want("score", numbers(report), numbers(plain))
    for paper, wanted in expected.get("status", {}).items():
        check, status = wanted.split(" ")
        want(f"{paper}, {check}", {s["status"] for s in report["statements"] if s["document"] == paper and s["check"] == check}, {status})
    for paper, wanted in expected.get("state", {}).items():
        want(f"{paper}: state", document(report, paper).get("state"), wanted)
    for paper, wanted in expected.get("why", {}).items():
        if not re.search(wanted, document(report, paper).get("why", "")):
            wrong.append(f"{paper}: {document(report, paper).get('why')!r} is not like {wanted!r}")
    told = json.dumps([report["limits"], report["evidence"], report["statements"]])
    if "told" in expected and not re.search(expected["told"], told):
        wrong.append(f"nowhere is told {expected['told']!r}; limits: {report['limits']}")
    again, text = scan(d.deb, *options, form="text")
    want("status of the text", again, code)
    if "\x1b" in text or (not expected.get("same") and "EVIDENCE" not in text):
        wrong.append("the report in words: " + text[:200])
    ok(name, not wrong, *wrong, [(s["document"], s["check"], s["status"], s["why"]) for s in report["statements"] if s["status"] != "agrees"])


def made(name, flags):
    """A product with its complete dossier: the dossier, the report without it, and with it."""
    folder = f"{FOLDER}/{name}"
    os.makedirs(f"{folder}/nobody")
    d = documents.Dossier(PROBITY, folder, *product.build(folder, flags))
    try:
        d.write()
    finally:
        d.end()
    _, plain, err = scan(d.deb, "--trust", f"{folder}/nobody")
    _, full, more = scan(d.deb, "--trust", d.trust, "--evidence", d.documents)
    if plain is None or full is None:
        raise SystemExit(err + more)
    return d, plain, full


def main():
    if not ONLY:
        d, plain, full = made("tidy", product.HARDENED)
        complete(d, plain, full)
        aged(d, full)
    # One in which something is found: else trust has nowhere to rise to.
    d, plain, full = made("plain", product.PLAIN)
    ok(f"the other product has findings: T {plain['score']['trust_tenths'] / 10}", plain["findings"] and plain["score"]["trust_tenths"] < 980, plain["score"])
    same("a complete dossier takes none of them away", [full["score"]["trust_tenths"], full["findings"]], [plain["score"]["trust_tenths"], plain["findings"]])
    try:
        for name, change, expected in corruptions.ROWS:
            if not ONLY or name in ONLY:
                one(d, plain, full, name, change, expected)
    finally:
        d.end()


main()
