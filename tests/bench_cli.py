"""The command line beside the tools that it replaces: `clamscan -r` alone with the same small database and the same
size limits; and clamscan, then `yara -r` with exactly the patterns that Probity compiled, then sha256sum, one after the
other. Processor time is user + system of the command and all its descendants: Probity's templates wait for theirs, and
it for them."""
import os
import resource
import statistics
import subprocess
import sys
import time


def once(parts, env):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    for argv in parts:
        done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, check=False)
        if done.returncode not in (0, 1, 3, 4, 123):
            sys.exit(f"bench: {argv[0]} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}")
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def commands(b, files):
    os.makedirs(f"{b.work}/db")
    subprocess.run([b.probity, "check", "patterns", f"{b.work}/patterns"], check=True, env=b.env,
                   stdout=subprocess.DEVNULL)
    rules = [f"p{i}:{b.work}/patterns/{f}" for i, f in enumerate(sorted(os.listdir(f"{b.work}/patterns")))]
    clamscan = ["clamscan", "-r", "--quiet", "-d", b.database, "--max-filesize=1000M", "--max-scansize=4000M",
                "--max-scantime=600000", b.tree]
    scan = [b.probity, "scan", "-q", "-f", "json", "-o", f"{b.work}/report.json", "--database", f"{b.work}/db",
            "--as-of", "2026-11-21"]
    return {
        "clamscan": [clamscan],
        "yara": [["yara", "-r", "-N", "-w", *rules, b.tree]],
        "sha256sum": [["xargs", "-0", "-a", files, "sha256sum"]],
        "probity --jobs 1": [[*scan, "--no-cache", "--jobs", "1", b.tree]],
        "probity --jobs 2": [[*scan, "--no-cache", "--jobs", "2", b.tree]],
        "probity again": [[*scan, "--jobs", "2", b.tree]],  # the run that is not counted fills the cache of results
    }


def cli(b):
    files = f"{b.work}/files.list"
    with open(files, "wb") as out:
        subprocess.run(["find", b.tree, "-type", "f", "-print0"], stdout=out, check=True)
    with open(files, "rb") as f:
        count = f.read().count(b"\0")
    size = int(subprocess.run(["du", "-sb", b.tree], capture_output=True, text=True, check=True).stdout.split()[0])
    todo = commands(b, files)
    times = {name: [] for name in todo}
    for run in range(b.runs + 1):  # the first warms the page cache and Probity's own; it is not counted
        for name, parts in todo.items():
            figure = once(parts, b.env)
            if run:
                times[name].append(figure)
        b.progress(f"command line: run {run} of {b.runs}")

    def ratio(label, aim, name, which, *peers):
        r = statistics.median(times[name][i][which] / sum(times[p][i][which] for p in peers) for i in range(b.runs))
        b.add(label, aim, r, "x")

    print(f"{b.tree}: {count} files, {size / 1e6:.0f} MB")
    for name, taken in times.items():
        wall = sorted(t[0] for t in taken)
        print(f"  {name:18} wall {statistics.median(wall):7.2f} s  cpu {statistics.median(t[1] for t in taken):7.2f} s"
              f"   (wall {wall[0]:.2f}..{wall[-1]:.2f})")
    ratio("cpu: probity --jobs 1 / (clamscan + yara)", 1.25, "probity --jobs 1", 1, "clamscan", "yara")
    ratio("cpu: probity --jobs 2 / (clamscan + yara)", None, "probity --jobs 2", 1, "clamscan", "yara")
    ratio("cpu: probity --jobs 1 / clamscan", None, "probity --jobs 1", 1, "clamscan")
    ratio("wall: probity --jobs 2 / clamscan", 1, "probity --jobs 2", 0, "clamscan")
    ratio("wall: probity --jobs 2 / (clamscan, then yara, then sha256sum)", None, "probity --jobs 2", 0,
          "clamscan", "yara", "sha256sum")
    ratio("wall: probity --jobs 2 again, results from the cache / first", None, "probity again", 0, "probity --jobs 2")
