#!/usr/bin/env python3
"""corpus_matrix.py [--json OUT] PROBITY DIR: scans the products of tests/corpus.lock that DIR holds, and holds what the checks found against
tests/corpus.expect. Prints a line for each product (T, what fired above info), then the matrix: for each check in how many products it was
expected, fired where expected, was missed, may fire, and fired above low where nobody expects it. Exit 1 where something was missed or a bound
of T does not hold; false alarms are counted, not judged. Progress goes to stderr where that is a terminal."""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
DISCOUNTED = 200  # kappa of what lies in tests, documentation, comments
RANK = ["info", "low", "medium", "high", "critical"]


def table(name, columns):
    """The rows of a list: words between blanks, "#" begins a comment."""
    for number, line in enumerate((HERE / name).read_text().splitlines(), 1):
        words = line.split("#")[0].split()
        if words and len(words) < columns:
            sys.exit(f"{name}:{number}: a row has {columns} words")
        if words:
            yield words


def expectations():
    """{product: {check: "must"|"may"|"never"}}, {product: [(">=", tenths)]}"""
    wanted, bounds = collections.defaultdict(dict), collections.defaultdict(list)
    for product, what, word in table("corpus.expect", 3):
        if what == "T":
            bounds[product].append((word[:2], int(word[2:]) * 10))
        elif word in ("must", "may", "never"):
            wanted[product][what] = word
        else:
            sys.exit(f'corpus.expect: {product} {what}: "{word}" is none of must, may, never')
    return wanted, bounds


def fired(report):
    """{check: the worst severity of what it found above info, outside of tests and documentation}"""
    out = {}
    for f in report["findings"]:
        if f["kappa"] > DISCOUNTED and f["severity"] != "info":
            out[f["check"]] = max(out.get(f["check"], "low"), f["severity"], key=RANK.index)
    return out


def scans(probity, files):
    """(file, report or None) of each, in order; one process for all."""
    command = [probity, "scan", "-q", "-f", "json", "--as-of", "2026-11-22", "--database", str(HERE.parent / "rulesets/clamav"), *map(str, files)]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for i, file in enumerate(files):
        if sys.stderr.isatty():
            print(f"\r{i + 1}/{len(files)} {file.name[:60]:60}", end="", file=sys.stderr, flush=True)
        line = run.stdout.readline()
        yield file, json.loads(line) if line.strip() else None
    if sys.stderr.isatty():
        print("\r" + " " * 80 + "\r", end="", file=sys.stderr)
    run.stdout.close()
    run.wait()


def judge(name, found, checks, wanted, matrix, said):
    for check in checks:
        want = wanted.get(name, {}).get(check)
        row = matrix[check]
        if want == "must":
            row["expected"] += 1
            row["fired" if check in found else "missed"] += 1
            if check not in found:
                said.append(f"missed: {name}: {check}")
        elif want == "may":
            row["may"] += check in found
        elif check in found and (want == "never" or RANK.index(found[check]) > RANK.index("low")):
            row["false"] += 1
            said.append(f"false: {name}: {check} ({found[check]})")
        if want != "must":
            row["clean"] += want is None or want == "never"


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("probity")
    ask.add_argument("dir", type=pathlib.Path)
    ask.add_argument("--json", metavar="OUT", help="also write the matrix there")
    args = ask.parse_args()
    wanted, bounds = expectations()
    lock = {row[4]: row[1] for row in table("corpus.lock", 5)}
    files = [args.dir / f for f in lock if (args.dir / f).exists()]
    rows = subprocess.run([args.probity, "check", "list", "-f", "json"], capture_output=True, text=True, check=True).stdout.splitlines()
    checks = [r["id"] for r in map(json.loads, rows) if "id" in r]
    for product, of in wanted.items():
        for check in of:
            if check not in checks:
                sys.exit(f'corpus.expect: {product}: there is no check "{check}"')
    matrix = {c: collections.Counter() for c in checks}
    said, broken, trusts = [], [], []
    for file, report in scans(args.probity, files):
        name = lock[file.name]
        if report is None:
            broken.append(f"no report: {name}")
            continue
        found, tenths = fired(report), report["score"]["trust_tenths"]
        trusts.append(tenths)
        judge(name, found, checks, wanted, matrix, said)
        for sign, bound in bounds[name]:
            if not (tenths >= bound if sign == ">=" else tenths <= bound):
                broken.append(f"T: {name}: {tenths / 10} is not {sign} {bound / 10}")
        print(f"{tenths / 10:5} {name:40} {' '.join(f'{c}:{s}' for c, s in sorted(found.items()))}")
    print(f"\n{'check':40} {'expected':>8} {'fired':>6} {'missed':>6} {'may':>4} {'false':>6} {'of':>4}")
    for check, row in matrix.items():
        print(f"{check:40} {row['expected']:8} {row['fired']:6} {row['missed']:6} {row['may']:4} {row['false']:6} {row['clean']:4}")
    total = sum(matrix.values(), collections.Counter())
    print(f"{'all':40} {total['expected']:8} {total['fired']:6} {total['missed']:6} {total['may']:4} {total['false']:6}")
    print("\n" + "\n".join(said + broken))
    print(f"{len(trusts)} of {len(lock)} products; T >= 90: {sum(t >= 900 for t in trusts)}; T < 70: {sum(t < 700 for t in trusts)}; "
          f"missed {total['missed']}, false alarms {total['false']}, other {len(broken)}")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps({c: dict(r) for c, r in matrix.items()}, indent=1, sort_keys=True) + "\n")
    sys.exit(1 if total["missed"] or broken else 0)


main()
