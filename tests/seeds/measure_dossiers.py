#!/usr/bin/env -S python3 -B
"""measure_dossiers.py [--write] [-n N] PROBITY CLEAN WORK [CHECK...]: what the checks of dossiers find of papers that are not true. N clean products of
the folder CLEAN (default 12) get an honest dossier each, and for each check one with one thing in it that the bytes, another paper or the signer speak
against (papers.py). It counts as found where the check says something that it does not say of the honest dossier. Alarms: clean products of which a check
has a finding above low, without a dossier or with an honest one; those below are told and not counted, as in measure.py."""
import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import zlib

import host
import measure
import papers
from recipe import Random

ALARM_AT = ("medium", "high", "critical")


def files_of(product):
    """{path: SHA-256} of an unpacked product."""
    return {str(p.relative_to(product.dir)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(product.dir.rglob("*"))
            if p.is_file() and not p.is_symlink() and p.relative_to(product.dir).parts[0] != "DEBIAN"}


def scan(probity, file, *more):
    command = [probity, "scan", "-q", "-f", "json", "--no-cache", *measure.options(), *more, str(file)]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if not run.stdout.strip():
        sys.exit(f"measure_dossiers: {file}: {run.stderr.strip()}")
    return json.loads(run.stdout)


def counted(report):
    """What each check says, but for what is discounted."""
    return {(f["check"], f["finding"], f["key"]) for f in report["findings"] if f["kappa"] > measure.DISCOUNTED}


def unpacked(file, work):
    folder = work / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return host.unpack(file, folder)


def product_of(r, i, hosts, work):
    """A clean product with a rule file and a socket in it, that papers may speak of; its file and files."""
    product = unpacked(r.choice(hosts[("npm", "deb")[i % 2]])[0], work)
    product.put(f"usr/share/{r.word()}/rules/{r.word()}.yar", f'rule {r.word()} {{ strings: $a = "{r.letters(12)}" condition: $a }}\n')
    product.put(f"usr/lib/systemd/system/{r.word()}.socket", f"[Socket]\nListenStream={r.randint(1024, 60000)}\n")
    return product.pack(work / f"product-{i}"), files_of(product)


def spoilt(args, desk, honest, about, check, i):
    """The report of product i with one thing in its dossier wrong."""
    file, files = about["file"], about["files"]
    folder = args.work / f"{check}-{i}"
    p = papers.Papers(desk, folder, file, about["product"], files)
    shutil.copytree(honest, folder, dirs_exist_ok=True)
    change = papers.PLANTS[check][i % len(papers.PLANTS[check])]
    change(Random(zlib.crc32(f"{check} {i}".encode())), p)
    return scan(args.probity, file, "--trust", desk.trust, "--evidence", str(folder))


def recalls(args, desk, hosts, chosen):
    """{check: [found or not, one a product]}"""
    found = {check: [] for check in chosen}
    for i in range(args.n):
        file, files = product_of(Random(zlib.crc32(f"product {i}".encode())), i, hosts, args.work)
        about = {"file": file, "files": files, "product": scan(args.probity, file)["product"]}
        honest = args.work / f"honest-{i}"
        papers.Papers(desk, honest, file, about["product"], files).honest()
        before = counted(scan(args.probity, file, "--trust", desk.trust, "--evidence", str(honest)))
        for check in chosen:
            after = counted(spoilt(args, desk, honest, about, check, i))
            found[check].append(any(f[0] == check for f in after - before))
    return found


def alarms(args, desk, clean):
    """({check: how many products}, {check: how many, of low findings}), without and with an honest dossier."""
    grave, light = {}, {}
    for i, file in enumerate(clean):
        plain = scan(args.probity, file)
        folder = args.work / f"clean-{i}"
        papers.Papers(desk, folder, file, plain["product"], files_of(unpacked(file, args.work))).honest()
        both = [plain, scan(args.probity, file, "--trust", desk.trust, "--evidence", str(folder))]
        said = {(f["check"], f["severity"] in ALARM_AT) for report in both for f in report["findings"] if measure.weighs(f)}
        for check, is_grave in said:
            of = grave if is_grave else light
            of[check] = of.get(check, 0) + 1
    return grave, light


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
        if check not in papers.PLANTS:
            sys.exit(f"measure_dossiers: nothing is planted for {check}")
    args.work = args.work.resolve()
    args.work.mkdir(parents=True)
    chosen = args.check or sorted(papers.PLANTS)
    hosts = measure.hosts_of(args.clean)
    clean = [file for kind in hosts.values() for file, _ in kind]
    desk = papers.Desk(args.probity, args.work)
    found = recalls(args, desk, hosts, chosen)
    grave, light = alarms(args, desk, clean)
    for check in chosen:
        hits = found[check]
        recall = 1000 * sum(hits) // len(hits)
        print(f"{check:40} {recall / 10:5} % of {len(hits):4}  alarms {grave.get(check, 0)} of {len(clean)}, low ones {light.get(check, 0)}")
        if not all(hits):
            print("    missed:", *(i for i, hit in enumerate(hits) if not hit))
        if args.write:
            measure.write(check, {"recall": recall, "planted": len(hits), "alarms": grave.get(check, 0), "clean": len(clean), "date": measure.DAY})


main()
