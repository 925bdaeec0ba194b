"""`probity site` on a store of 1,000 assessments, beside Python that does the least that such a site takes: read each report from the store, parse it,
write it anew, canonical, as two files. Processor time is user + system of the command and all its descendants. A run of an unchanged store beside the
first. And 10,000 assessments, once, beside the same Python: in seconds as this machine does them, which is an aim and says little of another machine."""
import os
import shutil
import statistics
import subprocess
import sys

from bench_cli import once

ASSESSMENTS, MANY = 1000, 10000
PRODUCTS = ("/usr/bin/openssl", "/usr/bin/env", "/usr/bin/perl")

LEAST = """
import json, os, sqlite3, sys
os.makedirs(sys.argv[2])
for number, text in sqlite3.connect(sys.argv[1]).execute("SELECT id, text FROM report"):
    for ending in ("html", "json"):
        with open(f"{sys.argv[2]}/{number}.{ending}", "w", encoding="utf-8") as out:
            json.dump(json.loads(text), out, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
"""


def make_reports(b):
    reports = []
    os.makedirs(f"{b.work}/site-db")
    for i, product in enumerate(p for p in PRODUCTS if os.path.exists(p)):
        reports.append(f"{b.work}/site-{i}.json")
        done = subprocess.run([b.probity, "scan", "-q", "-f", "json", "--no-cache", "--database", f"{b.work}/site-db", "--as-of", "2026-11-21",
                               "-o", reports[-1], product], env=b.env, check=False)
        if done.returncode == 2:
            sys.exit(f"bench: {product} was not assessed")
    return reports


def make_store(b, n, reports, store):
    rows = subprocess.Popen([sys.executable, f"{b.top}/tests/make_assessments.py", str(n), *reports], stdout=subprocess.PIPE)
    subprocess.run([sys.executable, f"{b.top}/tests/make_store.py", store], stdin=rows.stdout, check=True)
    rows.stdout.close()
    if rows.wait() != 0:
        sys.exit("bench: no store was made")


# Each run writes into a folder of its own, and nothing is removed before the end: a file system that has just freed many inodes (ext4) is slow to
# give out new ones, which would be measured as ours.


def site(b):
    store, out, reports = f"{b.work}/site.store", f"{b.work}/site", make_reports(b)
    make_store(b, ASSESSMENTS, reports, store)

    def ours(stored, *rest):
        return [b.probity, "site", "-q", "--store", stored, "--as-of", "2026-11-21", *rest]

    def least(stored, folder):
        return [sys.executable, "-c", LEAST, stored, folder]

    os.makedirs(out)
    times = {"least": [], "first": [], "again": [], "all pages": []}
    for run in range(b.runs):
        todo = {"least": least(store, f"{out}/least-{run}"), "first": ours(store, f"{out}/site-{run}"),
                "again": ours(store, f"{out}/site-{run}"), "all pages": ours(store, "--all-pages", f"{out}/whole-{run}")}
        for name, command in todo.items():
            times[name].append(once([command], b.env))
        b.progress(f"site: run {run + 1} of {b.runs}")
    os.remove(store)
    make_store(b, MANY, reports, store)
    b.progress(f"site: {MANY} assessments")
    many = [once([command], b.env) for command in (least(store, f"{out}/least-many"), ours(store, f"{out}/many"))]
    shutil.rmtree(out)
    os.remove(store)

    def ratio(label, name, peer, which):
        b.add(label, None, statistics.median(t[which] / p[which] for t, p in zip(times[name], times[peer])), "x")

    ratio("site: 1,000 assessments of 250 products / Python that reads and writes them, processor time", "first", "least", 1)
    ratio("site: ... with whole pages of all / the same", "all pages", "least", 1)
    ratio("site: an unchanged store / the first run, wall time", "again", "first", 0)
    b.add("site: 10,000 assessments of 2,500 products / the same, processor time", None, many[1][1] / many[0][1], "x")
    b.add("site: ... wall time", 60, many[1][0], "s")
