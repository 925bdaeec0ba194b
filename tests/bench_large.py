#!/usr/bin/python3
"""bench_large.py PROBITY FILE...: what each process of a scan of a large product has in memory, at the most. For each product: seconds, the peak
of a process's own memory (RssAnon) and of mapped files by what the process is, of all together (PSS, own and shared), and each limit that
the report names. Looked at five times a second: a peak between two looks is not seen."""
import collections
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

from chaos import below, kinds

MIB = 1 << 20


def values(path):
    with open(path, encoding="ascii", errors="replace") as f:
        return {k: int(v.split()[0]) << 10 for k, _, v in (line.partition(":") for line in f) if v.strip().endswith("kB")}


def watch(probity, product, out):
    what, peaks, together = {}, collections.defaultdict(collections.Counter), 0
    with open(out, "wb") as report:
        p = subprocess.Popen([probity, "scan", "-q", "-f", "json", "--jobs", "1", "--no-cache", product], stdout=report)
        while p.poll() is None:
            what.update({pid: kind for kind, pids in kinds(p.pid).items() for pid in pids})
            total = 0
            for pid in [p.pid, *below(p.pid)]:
                try:
                    status, smaps = values(f"/proc/{pid}/status"), values(f"/proc/{pid}/smaps_rollup")
                except (OSError, ValueError):
                    continue  # it has ended
                peak = peaks["probity" if pid == p.pid else what.get(pid, "other")]
                for key in ("RssAnon", "RssFile"):
                    peak[key] = max(peak[key], status.get(key, 0))
                total += smaps.get("Pss_Anon", 0) + smaps.get("Pss_Shmem", 0)
            together = max(together, total)
            time.sleep(0.2)
    return p.returncode, peaks, together


def main(probity, *products):
    for product in products:
        with tempfile.TemporaryDirectory(prefix="probity-large-") as work:
            begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            status, peaks, together = watch(probity, product, f"{work}/report.json")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            with open(f"{work}/report.json", encoding="utf-8") as f:
                text = f.readline()
        print(f"{os.path.basename(product)}: {os.path.getsize(product) // MIB} MiB, {time.monotonic() - begin:.0f} s, {cpu:.0f} s of processor time, "
              f"exit status {status}; all processes together {together // MIB} MiB")
        for kind, peak in sorted(peaks.items()):
            print(f"  {kind}: {peak['RssAnon'] // MIB} MiB of its own, {peak['RssFile'] // MIB} MiB of files")
        for limit in json.loads(text)["limits"] if text else []:
            print(f"  limit: {' > '.join(limit['path'])}: {limit['why']}")
        if not text:
            sys.exit(f"{product}: no report")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
