#!/usr/bin/python3
"""bench.py PROBITY TREE RUNS: interleaved timing of whole commands, wall and CPU, medians and ratios.

The peers: `clamscan -r` alone with the same small database and the same size limits; and clamscan, then `yara -r` with exactly
the patterns that Probity compiled, then sha256sum, one after the other. CPU is user + system of the command and all its children.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

probity, tree, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
top = os.getcwd()
work = tempfile.mkdtemp(prefix="probity-bench-")
os.makedirs(f"{work}/db")
env = dict(os.environ, XDG_CACHE_HOME=f"{work}/cache", LC_ALL="C")
subprocess.run([probity, "check", "patterns", f"{work}/patterns"], check=True, env=env)
rules = [f"p{i}:{work}/patterns/{f}" for i, f in enumerate(sorted(os.listdir(f"{work}/patterns")))]
files = f"{work}/files"
with open(files, "wb") as out:
    subprocess.run(["find", tree, "-type", "f", "-print0"], stdout=out, check=True)
count = open(files, "rb").read().count(b"\0")
size = int(subprocess.run(["du", "-sb", tree], capture_output=True, text=True).stdout.split()[0])

clamscan = ["clamscan", "-r", "--quiet", "-d", f"{top}/rulesets/clamav", "--max-filesize=1000M", "--max-scansize=4000M",
            "--max-scantime=600000", tree]
scan = [probity, "scan", "-q", "-f", "json", "-o", f"{work}/report.json", "--database", f"{work}/db", "--as-of", "2026-11-21"]
commands = {
    "clamscan": [clamscan],
    "yara": [["yara", "-r", "-N", "-w", *rules, tree]],
    "sha256sum": [["xargs", "-0", "-a", files, "sha256sum"]],
    "probity --jobs 1": [[*scan, "--jobs", "1", tree]],
    "probity --jobs 2": [[*scan, "--jobs", "2", tree]],
}


def once(parts):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    for argv in parts:
        done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
        if done.returncode not in (0, 1, 3, 4, 123):
            sys.exit(f"bench: {argv[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


times = {name: [] for name in commands}
for run in range(runs + 1):  # the first warms the page cache and Probity's pattern cache; it is not counted
    for name, parts in commands.items():
        figure = once(parts)
        if run:
            times[name].append(figure)
    print(f"bench: run {run} of {runs}", file=sys.stderr)


def median(name, which):
    return statistics.median(t[which] for t in times[name])


print(f"{tree}: {count} files, {size / 1e6:.0f} MB; medians of {runs} interleaved runs, {os.cpu_count()} processors")
for name in commands:
    spread = sorted(t[0] for t in times[name])
    print(f"  {name:18} wall {median(name, 0):7.2f} s  cpu {median(name, 1):7.2f} s   (wall {spread[0]:.2f}..{spread[-1]:.2f})")


def ratio(label, name, which, peers):
    """The median over runs of the ratio within one run: what drifts in the machine drifts in both."""
    r = statistics.median(times[name][i][which] / sum(times[p][i][which] for p in peers) for i in range(runs))
    print(f"  {label:62} {r:.2f}")


ratio("cpu: probity --jobs 1 / (clamscan + yara), aim 1.25", "probity --jobs 1", 1, ["clamscan", "yara"])
ratio("cpu: probity --jobs 2 / (clamscan + yara)", "probity --jobs 2", 1, ["clamscan", "yara"])
ratio("cpu: probity --jobs 1 / clamscan", "probity --jobs 1", 1, ["clamscan"])
ratio("wall: probity --jobs 2 / clamscan, aim below 1", "probity --jobs 2", 0, ["clamscan"])
ratio("wall: probity --jobs 2 / (clamscan, then yara, then sha256sum)", "probity --jobs 2", 0, ["clamscan", "yara", "sha256sum"])
shutil.rmtree(work)
