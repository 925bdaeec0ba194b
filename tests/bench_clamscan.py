"""clamscan with the plugin against clamscan without; and the second run of an unchanged product."""
import collections
import os
import statistics
import subprocess
import sys
import time

from bench_keeper import Keeper


def host(argv, env, log):
    """Wall and processor seconds of one command by itself, and when it ended."""
    start = time.monotonic()
    process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
    _, status, used = os.wait4(process.pid, 0)
    end = time.monotonic()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"bench: {argv[0]} ended with {process.returncode}")
    return end - start, used.ru_utime + used.ru_stime, end


def files_in(tree):
    return sum(len([f for f in files if os.path.isfile(f"{at}/{f}") and not os.path.islink(f"{at}/{f}")])
               for at, _, files in os.walk(tree))


def spread(values):
    """How far the middle half of repeated figures lies apart, in percent of their median."""
    if len(values) < 2:
        return 0
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return round(100 * (high - low) / statistics.median(values))


def against(b, tree):
    """b: the bench. Interleaved runs; the first warms the page cache and is not counted."""
    argv = ["clamscan", "-r", "--quiet", "-d", b.database, tree]
    keeper = Keeper(b.build, b.work, f"clamscan-{os.path.basename(tree)}", cache=False)
    loaded = dict(b.env, LD_PRELOAD=f"{b.build}/probity.so", PROBITY_SOCKET=keeper.socket)
    expected, runs = files_in(tree), []
    failures = collections.Counter()
    try:
        for run in range(b.runs + 1):
            plain_first = run % 2 == 0
            plain = host(argv, b.env, subprocess.DEVNULL) if plain_first else None
            before, cpu, number = keeper.status(), keeper.cpu(), keeper.last()
            hooked = host(argv, loaded, subprocess.DEVNULL)
            done, after = keeper.settle(before, expected)
            used = keeper.cpu() - cpu
            plain = plain or host(argv, b.env, subprocess.DEVNULL)
            if run:
                runs.append({"wall": hooked[0] / plain[0], "cpu": hooked[1] / plain[1], "keeper": used / plain[1],
                             "after": max(0.0, done - hooked[2]), "plain": plain[0],
                             "scans": after["scans"] - before["scans"], "skipped": after["skipped"] - before["skipped"],
                             "assessed": after["assessed"] - before["assessed"],
                             "deaths": after["deaths"] - before["deaths"],
                             "gaps": keeper.gaps(number)})
                failures.update(keeper.failures(number))
            b.progress(f"clamscan {tree}: run {run} of {b.runs}")
    finally:
        keeper.stop()
    middle = {k: statistics.median(r[k] for r in runs) for k in runs[0] if k != "gaps"}
    noise = f"plain runs differ by {spread([r['plain'] for r in runs])} %"
    b.add(f"clamscan, {tree}: wall, with the plugin / without", 1.05, middle["wall"], "x",
          f"{middle['plain']:.2f} s without; {noise}")
    b.add("  cpu of clamscan itself, with / without", None, middle["cpu"], "x")
    b.add("  cpu of the keeper's processes / clamscan's without", None, middle["keeper"], "x")
    b.add("  all reports there after clamscan's end", None, middle["after"], "s",
          f"{middle['assessed']:.0f} reports, {middle['skipped']:.0f} of {middle['scans']:.0f} scans of no product")
    lost = [r["gaps"] for r in runs]
    b.add("  objects or events dropped", None, statistics.median(n for n, _ in lost), "",
          f"in {statistics.median(n for _, n in lost):.0f} products; {middle['deaths']:.0f} workers died")
    for why, count in failures.items():
        b.add("  products not assessed, all runs together", None, count, "", why)


def again(b, tree):
    """Each time with an empty cache: the first run fills it."""
    argv, ratios, firsts, deaths = ["clamscan", "-r", "--quiet", "-d", b.database, tree], [], [], 0
    for run in range(b.runs):
        keeper = Keeper(b.build, b.work, f"again-{run}", cache=True)
        loaded = dict(b.env, LD_PRELOAD=f"{b.build}/probity.so", PROBITY_SOCKET=keeper.socket)
        used = []
        try:
            for _ in range(2):
                before, cpu = keeper.status(), keeper.workers()
                host(argv, loaded, subprocess.DEVNULL)
                _, after = keeper.settle(before, files_in(tree))
                used.append(keeper.workers() - cpu)
                deaths += after["deaths"] - before["deaths"]
        finally:
            keeper.stop()
        ratios.append(100 * used[1] / used[0])
        firsts.append(used[0])
        b.progress(f"second run from the cache: {run + 1} of {b.runs}")
    b.add(f"map time of a second run from the cache, {tree}", 2, statistics.median(ratios), "%",
          f"cpu of the workers; {statistics.median(firsts):.2f} s in the first; {deaths} workers died")
