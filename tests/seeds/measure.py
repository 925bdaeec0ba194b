#!/usr/bin/env -S python3 -B
"""measure.py [--write] [-n N] PROBITY CLEAN WORK [CHECK...]: plants findings in clean products (npm packages and .debs of the folder CLEAN) and
counts which of them the checks find: N variants a recipe (default 12), each seeded by its number. A variant counts as found where the check has
a finding above info outside of tests and documentation that the clean product does not have. Prints the share for each check; --write puts it
into `measured` of the check's header, with the alarms on CLEAN itself. Products are data: nothing of them is run."""
import argparse
import importlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zlib

import host
from recipe import Random, recipes

for each in sorted(pathlib.Path(__file__).parent.glob("recipes_*.py")):
    importlib.import_module(each.stem)  # it registers its recipes

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAY = "2026-11-22"
DISCOUNTED = 200
HOST_BYTES = 400_000  # small products: what is planted, not what is there, shall take the time


def scan(probity, files, extra=()):
    """{file: {(check, key)} of what was found above info}; one process for all."""
    command = [probity, "scan", "-q", "-f", "json", "--as-of", DAY, "--no-cache", "--database", str(ROOT / "rulesets/clamav"), *extra, *map(str, files)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    lines = run.stdout.splitlines()
    if len(lines) != len(files):
        sys.exit(f"measure: {len(files)} products, {len(lines)} reports")
    out = {}
    for file, line in zip(files, lines):
        report = json.loads(line)
        out[file] = {(f["check"], f["key"]): f["severity"] for f in report["findings"] if f["kappa"] > DISCOUNTED and f["severity"] != "info"}
    return out


def hosts_of(clean):
    """{"npm": [...], "deb": [...]}: small products, in order."""
    of = {"npm": [], "deb": [], "tree": []}
    for file in sorted(clean.rglob("*")):
        kind = {".tgz": "npm", ".deb": "deb"}.get(file.suffix)
        if kind and file.stat().st_size <= HOST_BYTES:
            of[kind].append(file)
    return of


def plant(work, hosts, chosen, n):
    """[(check, recipe, host file, product)]"""
    planted = []
    for check in chosen:
        for kinds, recipe in recipes[check]:
            for i in range(n):
                r = Random(zlib.crc32(f"{check} {recipe.__name__} {i}".encode()))
                kind = kinds[i % len(kinds)]
                folder = work / "unpacked"
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                if kind == "tree":
                    file, product = None, host.Host("tree", "tree", folder)
                    product.put("README.md", "# A product\n\nIt sorts lists of words.\n")
                else:
                    file = r.choice(hosts[kind])
                    product = host.unpack(file, folder)
                recipe(r, product)
                out = work / f"{check}-{recipe.__name__}-{i}"
                if out.exists():
                    shutil.rmtree(out)
                planted.append((check, recipe.__name__, file, product.pack(out)))
    shutil.rmtree(work / "unpacked", ignore_errors=True)
    return planted


def write(check, row):
    """measured = {...} behind the line `reliability` of the check's header."""
    pillar, stem = check.split(".", 1)
    file = ROOT / "scripts" / pillar / f"{stem}.lua"
    text = re.sub(r"\n  measured *= \{[^}]*\},", "", file.read_text())
    line = "  measured    = { " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in row.items()) + " },"
    text = re.sub(r"(\n  reliability *= [^\n]*\n)", lambda m: m[1] + line + "\n", text, count=1)
    file.write_text(text)


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--write", action="store_true")
    ask.add_argument("-n", type=int, default=12)
    ask.add_argument("probity")
    ask.add_argument("clean", type=pathlib.Path)
    ask.add_argument("work", type=pathlib.Path)
    ask.add_argument("check", nargs="*")
    args = ask.parse_args()
    for check in args.check:
        if check not in recipes:
            sys.exit(f"measure: no recipe for {check}")
    args.work.mkdir(parents=True, exist_ok=True)
    hosts = hosts_of(args.clean)
    chosen = args.check or sorted(recipes)
    planted = plant(args.work, hosts, chosen, args.n)
    used = sorted({f for _, _, f, _ in planted if f})
    before = scan(args.probity, used)
    after = scan(args.probity, [p for _, _, _, p in planted])
    for check in chosen:
        mine = [row for row in planted if row[0] == check]
        missed = [(name, p) for c, name, f, p in mine if not any(k[0] == check and k not in before.get(f, {}) for k in after[p])]
        recall = 1000 * (len(mine) - len(missed)) // len(mine)
        alarms = sum(any(k[0] == check and s not in ("info", "low") for k, s in of.items()) for of in before.values())
        print(f"{check:40} {recall / 10:5} % of {len(mine):4}  alarms {alarms} of {len(before)}")
        for name, p in missed[:6]:
            print(f"    missed: {name} {p.name}")
        if args.write:
            write(check, {"recall": recall, "planted": len(mine), "alarms": alarms, "clean": len(before), "date": DAY})


main()
