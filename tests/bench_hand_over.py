"""What handing one object of 1 KB over costs the scanner: in the ring alone, and in the hook as a whole."""
import os
import shlex
import statistics
import subprocess
import sys

from bench_keeper import Keeper


def compile_all(b, at):
    cc = [*shlex.split(os.environ.get("CC", "gcc")), "-std=c11", "-D_GNU_SOURCE", "-O2", f"-I{b.top}/plugin"]
    found = subprocess.run(["pkg-config", "--cflags", "libclamav"], capture_output=True, text=True, check=True)
    clamav = shlex.split(found.stdout)
    hook = f"{b.top}/tests/bench_hook.c"
    subprocess.run([*cc, "-o", f"{at}/ring", f"{b.top}/tests/bench_ring.c", f"{b.top}/plugin/wire/ring.c"], check=True)
    subprocess.run([*cc, *clamav, "-DLIBRARY", "-fPIC", "-shared", "-Wl,-soname,libclamav.so.12",
                    "-o", f"{at}/libclamav.so.12", hook], check=True)
    subprocess.run([*cc, *clamav, "-o", f"{at}/host", hook, f"{at}/libclamav.so.12", f"-Wl,-rpath,{at}"], check=True)


def hand_over(b):
    at = f"{b.work}/hand-over"
    os.makedirs(at)
    compile_all(b, at)
    keeper = Keeper(b.build, b.work, "keeper-hand-over", cache=False)
    loaded = dict(b.env, LD_PRELOAD=f"{b.build}/probity.so", PROBITY_SOCKET=keeper.socket)
    rings, hooked, plain, gaps = [], [], [], 0

    def numbers(env, *argv):
        out = subprocess.run(argv, env=env, check=True, capture_output=True, text=True).stdout
        return [[int(n) for n in line.split()] for line in out.splitlines()]

    try:
        for run in range(b.runs):
            rings.append(numbers(b.env, f"{at}/ring"))
            plain.append(numbers(b.env, f"{at}/host")[0])
            before, number = keeper.status(), keeper.last()
            hooked.append(numbers(loaded, f"{at}/host")[0])
            _, after = keeper.settle(before, 1 << 30)
            if after["assessed"] == before["assessed"]:
                sys.exit("bench: nothing of what the hook was shown has reached the keeper")
            gaps += keeper.gaps(number)[0]
            b.progress(f"hand-over: {run + 1} of {b.runs}")
    finally:
        keeper.stop()

    def middle(values):
        return statistics.median(values) / 1000

    b.add("hand-over of 1 KB in the hook, all of the callback: median", 1,
          middle(h[0] - p[0] for h, p in zip(hooked, plain)), "us",
          f"p99 {middle(h[1] for h in hooked):.2f} us; {gaps} of {sum(h[2] for h in hooked)} objects dropped")
    for i, bytes_ in enumerate(r[0] for r in rings[0]):
        b.add(f"  in the ring alone, {bytes_ >> 10} KB: median", 1 if i == 0 else None, middle(r[i][1] for r in rings),
              "us", f"p99 {middle(r[i][2] for r in rings):.2f} us")
