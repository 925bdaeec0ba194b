"""`probity site` on a store of 1,000 assessments, beside Python that does the least that such a site takes: read each report from the store, parse it,
write it anew, canonical, as two files. Processor time is user + system of the command and all its descendants. A run of an unchanged store beside the
first; and seconds for 10,000 assessments, as this machine does them."""
import os
import shutil
import statistics
import subprocess
import sys

from bench_cli import once

ASSESSMENTS = 1000
PRODUCTS = ("/usr/bin/openssl", "/usr/bin/env", "/usr/bin/perl")

LEAST = """
import json, os, sqlite3, sys
os.makedirs(sys.argv[2])
for number, text in sqlite3.connect(sys.argv[1]).execute("SELECT id, text FROM report"):
    for ending in ("html", "json"):
        with open(f"{sys.argv[2]}/{number}.{ending}", "w", encoding="utf-8") as out:
            json.dump(json.loads(text), out, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
"""


def make_store(b, store):
    reports = []
    os.makedirs(f"{b.work}/site-db")
    for i, product in enumerate(p for p in PRODUCTS if os.path.exists(p)):
        reports.append(f"{b.work}/site-{i}.json")
        done = subprocess.run([b.probity, "scan", "-q", "-f", "json", "--no-cache", "--database", f"{b.work}/site-db", "--as-of", "2026-11-21",
                               "-o", reports[-1], product], env=b.env, check=False)
        if done.returncode == 2:
            sys.exit(f"bench: {product} was not assessed")
    rows = subprocess.run([sys.executable, f"{b.top}/tests/make_assessments.py", str(ASSESSMENTS), *reports], stdout=subprocess.PIPE, check=True)
    subprocess.run([sys.executable, f"{b.top}/tests/make_store.py", store], input=rows.stdout, check=True)


def site(b):
    store = f"{b.work}/site.store"
    make_store(b, store)
    command = [b.probity, "site", "-q", "--store", store, "--as-of", "2026-11-21"]
    todo = {"least": [sys.executable, "-c", LEAST, store, f"{b.work}/least"], "first": [*command, f"{b.work}/site"],
            "again": [*command, f"{b.work}/site"], "all pages": [*command, "--all-pages", f"{b.work}/whole"]}
    times = {name: [] for name in todo}
    for run in range(b.runs):
        for folder in ("least", "site", "whole"):
            shutil.rmtree(f"{b.work}/{folder}", ignore_errors=True)
        for name, command in todo.items():
            times[name].append(once([command], b.env))
        b.progress(f"site: run {run + 1} of {b.runs}")

    def ratio(label, name, peer, which):
        b.add(label, None, statistics.median(t[which] / p[which] for t, p in zip(times[name], times[peer])), "x")

    ratio("site: 1,000 assessments of 250 products / Python that reads and writes them, processor time", "first", "least", 1)
    ratio("site: ... with whole pages of all / the same", "all pages", "least", 1)
    ratio("site: an unchanged store / the first run, wall time", "again", "first", 0)
    b.add("site: seconds for 10,000 assessments of 2,500 products, wall time", 60,
          statistics.median(t[0] for t in times["first"]) * 10000 / ASSESSMENTS, "s")
