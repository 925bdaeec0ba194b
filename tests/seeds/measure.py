#!/usr/bin/env -S python3 -B
"""measure.py [--write] [-n N] [--round R] PROBITY CLEAN WORK [CHECK...]: plants findings in clean products (npm packages and .debs of the folder
CLEAN) and counts which of them the checks find: N variants a check (default 12), shared by its recipes, each seeded by its number and the round, so that another
round plants others than those that a check was mended by. A variant counts as found where the check has a finding above info outside of tests
and documentation that the clean product does not have. Prints the share for each check and what is below its aim; --write puts the share into
`measured` of the check's header, with the alarms on CLEAN itself. Products are data: nothing of them is run."""
import argparse
import importlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import zlib
from collections import namedtuple

import host
from program import NoTool
from recipe import Random, recipes

for each in sorted(pathlib.Path(__file__).parent.glob("recipes_*.py")):
    importlib.import_module(each.stem)  # it registers its recipes

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAY = "2026-11-22"
DISCOUNTED = 200
HOST_BYTES = 400_000  # small products: what is planted, not what is there, shall take the time
AIMS = {"heuristic": 700, "self-declared": 700}  # thousandths, by reliability; all others 900
UPDATES = ("verification.update-diff",)  # of an earlier version and a later one

# earlier: the clean product, as a file; own: whether it was made for this variant alone
Planted = namedtuple("Planted", "check recipe light earlier own product")


def options():
    return ["--as-of", DAY, "--database", str(ROOT / "rulesets/clamav")]


def scan(probity, files):
    """{file: its findings}; one process for all."""
    if not files:
        return {}
    command = [probity, "scan", "-q", "-f", "json", "--no-cache", *options(), *map(str, files)]
    lines = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    if len(lines) != len(files):
        sys.exit(f"measure: {len(files)} products, {len(lines)} reports")
    return {file: json.loads(line)["findings"] for file, line in zip(files, lines)}


def diff(probity, old, new):
    run = subprocess.run([probity, "diff", "-f", "json", *options(), str(old), str(new)], stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)["findings"]["new"]


def hosts_of(clean):
    """{"npm": [(file, words), ...], "deb": [...]}: small products, in order."""
    of = {"npm": [], "deb": [], "tree": []}
    for file in sorted(clean.rglob("*")):
        kind = {".tgz": "npm", ".deb": "deb"}.get(file.suffix)
        if kind and file.stat().st_size <= HOST_BYTES:
            of[kind].append((file, host.says(file)))
    return of


def plant_one(work, hosts, check, recipe, i, round_):
    name = recipe.plant.__name__
    r = Random(zlib.crc32(f"{check} {name} {i}{f' round {round_}' if round_ else ''}".encode()))
    kind = recipe.kinds[i % len(recipe.kinds)]
    folder = work / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if kind == "tree":
        file, product = None, host.Host("tree", "tree", folder)
        product.put("README.md", "# A product\n\nIt sorts lists of words.\n")
    else:
        file = r.choice([f for f, words in hosts[kind] if not words & recipe.unlike])
        product = host.unpack(file, folder)
    recipe.plant(r, product)
    out = work / f"{check}-{name}-{i}"
    for path in (out, pathlib.Path(f"{out}-before")):
        if path.exists():
            shutil.rmtree(path)
    earlier = product.earlier.pack(f"{out}-before") if product.earlier else file
    return Planted(check, name, recipe.light, earlier, bool(product.earlier), product.pack(out))


def plant(work, hosts, chosen, n, round_):
    """What was planted, and {check: what is missing here to plant it}"""
    planted, missing = [], {}
    for check in chosen:
        each = -(-n // len(recipes[check]))
        for recipe in recipes[check]:
            try:
                planted += [plant_one(work, hosts, check, recipe, i, round_) for i in range(each)]
            except NoTool as e:
                missing[check] = str(e)
    for folder in ("unpacked", "earlier"):
        shutil.rmtree(work / folder, ignore_errors=True)
    return planted, missing


def weighs(finding):
    return finding["severity"] != "info" and finding["kappa"] > DISCOUNTED


def is_found(row, before, after):
    """Of a product made for the variant, what the check calls it must be new; else its key."""
    name = "finding" if row.own else "key"
    had = {f[name] for f in before if f["check"] == row.check and (row.light or weighs(f))}
    return any(f["check"] == row.check and (row.light or weighs(f)) and f[name] not in had for f in after)


def header(check):
    pillar, stem = check.split(".", 1)
    return ROOT / "scripts" / pillar / f"{stem}.lua"


def write(check, row):
    """measured = {...} behind the line `reliability` of the check's header."""
    file = header(check)
    text = re.sub(r"\n  measured *= \{[^}]*\},", "", file.read_text())
    line = "  measured    = { " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in row.items()) + " },"
    text = re.sub(r"(\n  reliability *= [^\n]*\n)", lambda m: m[1] + line + "\n", text, count=1)
    file.write_text(text)


def judge(args, planted, check, clean, before, after):
    mine = [row for row in planted if row.check == check]
    missed = [row for row in mine if not is_found(row, before.get(row.earlier, []), after[row.product])]
    recall = 1000 * (len(mine) - len(missed)) // len(mine)
    alarms = sum(any(f["check"] == check and weighs(f) and f["severity"] != "low" for f in before[file]) for file in clean)
    aim = AIMS.get(re.search(r'\n  reliability *= "([^"]*)"', header(check).read_text())[1], 900)
    below = "" if recall >= aim else f"  below {aim // 10} %"
    print(f"{check:40} {recall / 10:5} % of {len(mine):4}  alarms {alarms} of {len(clean)}{below}")
    for row in missed[:8]:
        print(f"    missed: {row.recipe} {row.product.name} of {row.earlier.name if row.earlier else 'a tree'}")
    if args.write:
        write(check, {"recall": recall, "planted": len(mine), "alarms": alarms, "clean": len(clean), "date": DAY})


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--write", action="store_true")
    ask.add_argument("-n", type=int, default=12)
    ask.add_argument("--round", type=int, default=0)
    ask.add_argument("probity")
    ask.add_argument("clean", type=pathlib.Path)
    ask.add_argument("work", type=pathlib.Path)
    ask.add_argument("check", nargs="*")
    args = ask.parse_args()
    for check in args.check:
        if check not in recipes:
            sys.exit(f"measure: no recipe for {check}")
    args.work = args.work.resolve()
    args.work.mkdir(parents=True, exist_ok=True)
    chosen = args.check or sorted(recipes)
    hosts = hosts_of(args.clean)
    clean = [file for kind in hosts.values() for file, _ in kind]
    planted, missing = plant(args.work, hosts, chosen, args.n, args.round)
    plain = [row for row in planted if row.check not in UPDATES]
    before = scan(args.probity, sorted({row.earlier for row in plain if row.earlier} | set(clean)))
    after = scan(args.probity, [row.product for row in plain])
    for row in planted:
        if row.check in UPDATES:
            after[row.product] = diff(args.probity, row.earlier, row.product)
    for check in chosen:
        if check in missing:
            print(f"{check:40} not measured: needs {missing[check]}")
        else:
            judge(args, planted, check, clean, before, after)


if __name__ == "__main__":
    main()
