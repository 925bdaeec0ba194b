"""All checks against the first 22: what a scan costs with the whole catalogue, on packages of npm and Debian, Python and programs, and on all
of them together. The same binary and the same libraries; processor time is user + system of the command and all its descendants."""
import glob
import os
import shutil
import statistics
import subprocess

from bench_cli import once

FIRST = ("accountable-maintainer archive-escape cleartext-endpoint deb-md5sums install-network install-obfuscated install-script known-malware licence "
         "no-pie no-stack-protector opaque-object private-key release-age sbom setuid telemetry-endpoint tls-verification-off undeclared-capability "
         "weak-segments wheel-record writable-files").split()
PILLARS = ("integrity", "data-care", "verification", "culture")
MOST = 20_000_000  # bytes of a tree
PACKED = MOST // 4  # ... of archives that are unpacked


def first_checks(b):
    """A folder of data with these checks alone."""
    data = f"{b.work}/first"
    for folder in ("scripts", "rulesets"):
        shutil.copytree(f"{b.top}/{folder}", f"{data}/{folder}")
    left = []
    for pillar in PILLARS:
        for path in glob.glob(f"{data}/scripts/{pillar}/*.lua"):
            if os.path.basename(path)[:-4] in FIRST:
                left.append(path)
            else:
                os.unlink(path)
    if len(left) != len(FIRST):
        raise SystemExit(f"bench: {len(left)} of the first {len(FIRST)} checks are there")
    return data


def some(paths, largest, most=MOST):
    """Every third file of up to `largest` bytes, by name, until there is enough."""
    total = 0
    for path in sorted(p for p in paths if os.path.isfile(p) and not os.path.islink(p) and os.path.getsize(p) <= largest)[::3]:
        if total + os.path.getsize(path) <= most:
            total += os.path.getsize(path)
            yield path


def plant(b, tree):
    for name in ("npm", "deb", "programs"):
        os.makedirs(f"{tree}/{name}")
    for i, path in enumerate(some(glob.glob(f"{b.corpus}/*.tgz"), 2_500_000, PACKED)):
        os.mkdir(f"{tree}/npm/{i}")  # tar leaves nothing outside of it, and no setuid bit
        subprocess.run(["tar", "-xzf", path, "-C", f"{tree}/npm/{i}", "--no-same-owner", "--no-same-permissions"], check=True)
    for path in some(glob.glob(f"{b.corpus}/*.deb"), 3_000_000):
        shutil.copy(path, f"{tree}/deb")
    for path in some(glob.glob("/usr/bin/*"), 2_000_000):
        shutil.copy(path, f"{tree}/programs")
    for part in ("asyncio", "email", "http", "json", "unittest", "xml", "distutils", "multiprocessing"):
        if os.path.isdir(f"/usr/lib/python3.11/{part}"):
            shutil.copytree(f"/usr/lib/python3.11/{part}", f"{tree}/python/{part}")


def catalogue(b):
    first, tree = first_checks(b), f"{b.work}/mixed"
    plant(b, tree)
    os.makedirs(f"{b.work}/none", exist_ok=True)
    for part in ("npm", "deb", "python", "programs", ""):
        what, ratios, all_of, few_of = f"{tree}/{part}".rstrip("/"), [], [], []
        size = sum(os.path.getsize(f"{d}/{f}") for d, _, files in os.walk(what) for f in files)
        scan = [b.probity, "scan", "-q", "-f", "json", "-o", f"{b.work}/report.json", "--no-cache", "--database", f"{b.work}/none",
                "--as-of", "2026-11-21", "--jobs", "2", what]
        for run in range(b.runs + 1):  # the first warms the page cache; it is not counted
            few = once([scan], dict(b.env, PROBITY_DATA=first))[1]
            everything = once([scan], b.env)[1]
            if run:
                ratios.append(everything / few)
                all_of.append(everything)
                few_of.append(few)
            b.progress(f"catalogue: {part or 'all together'}, run {run} of {b.runs}: {everything:.1f} s of processor time, {few:.1f} s with the first checks")
        b.add(f"cpu: {part or 'all together'}, all checks / the first {len(FIRST)}", 1.5, statistics.median(ratios), "x",
              f"{statistics.median(all_of):.1f} s, {statistics.median(few_of):.1f} s; {size / 1e6:.0f} MB")
