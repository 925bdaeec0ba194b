"""Two clamd, with the plugin and without, under the same four clients; and the plugin's part of clamd's memory."""
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

from bench_keeper import Keeper

CLIENTS, OTHERS = 4, 180


class Clamd:
    """The program is copied: a profile of AppArmor goes by its path and would keep it out of a temporary folder."""

    def __init__(self, b, name, keeper, extra):
        at = f"{b.work}/{name}"
        os.makedirs(at)
        self.socket, self.name = f"{at}/socket", name
        program = shutil.which("clamd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        shutil.copy(program, f"{at}/clamd")
        with open(f"{at}/conf", "w", encoding="utf-8") as conf:
            conf.write(f"LocalSocket {self.socket}\nForeground yes\nDatabaseDirectory {b.database}\n"
                       f"MaxThreads {CLIENTS}\n{extra}")
        env = dict(b.env)
        if keeper:
            env.update(LD_PRELOAD=f"{b.build}/probity.so", PROBITY_SOCKET=keeper.socket)
        self.log = open(f"{at}/log", "wb")
        self.process = subprocess.Popen([f"{at}/clamd", "-c", f"{at}/conf"], env=env, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        for _ in range(600):
            try:
                if self.ask(b"PING")[1].startswith(b"PONG"):
                    return
            except OSError:
                time.sleep(0.1)
            if self.process.poll() is not None:
                break
        self.stop()
        sys.exit(f"bench: clamd does not start; see clamd -c {at}/conf")

    def ask(self, command):
        """Seconds, and the answer."""
        start = time.perf_counter()
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.socket)
            s.sendall(b"z" + command + b"\0")
            answer = b""
            while not answer.endswith(b"\0"):
                got = s.recv(4096)
                if not got:
                    break
                answer += got
        return time.perf_counter() - start, answer

    def serve(self, paths):
        """Times of all scans, asked for by clients at the same time, in the order of the list."""
        times, turn = [], iter(list(paths))
        lock = threading.Lock()

        def client():
            while True:
                with lock:
                    path = next(turn, None)
                if path is None:
                    return
                spent, answer = self.ask(b"SCAN " + os.fsencode(path))
                with lock:
                    times.append(spent if b": " in answer else float("inf"))

        threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        if float("inf") in times:
            sys.exit(f"bench: {self.name} did not answer")
        return times

    def memory(self):
        """Rss and Pss of the whole, and of what the plugin has mapped, in KB; and how many rings there are."""
        total, own, rings, name = [0, 0], [0, 0], 0, ""
        with open(f"/proc/{self.process.pid}/smaps", encoding="utf-8", errors="replace") as f:
            for line in f:
                if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
                    name = line.split(None, 5)[5].strip() if len(line.split(None, 5)) > 5 else ""
                    rings += "probity-stream" in name
                elif m := re.match(r"(Rss|Pss):\s+(\d+) kB", line):
                    which = m[1] == "Pss"
                    total[which] += int(m[2])
                    own[which] += int(m[2]) if "probity" in name else 0
        return total, own, rings

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def forget(paths):
    """Out of the page cache, as far as nobody has them mapped."""
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)


def sample(b):
    """Copies of the products, and of files of the tree at equal distances; the same ones each time."""
    at = f"{b.work}/files"
    os.makedirs(at)
    tree = sorted(f"{d}/{f}" for d, _, files in os.walk(b.tree) for f in files if not os.path.islink(f"{d}/{f}"))
    chosen = [f"{b.corpus}/{f}" for f in sorted(os.listdir(b.corpus))] + tree[::max(1, len(tree) // OTHERS)]
    paths = []
    for i, path in enumerate(chosen):
        if os.path.isfile(path) and os.access(path, os.R_OK):
            paths.append(shutil.copy(path, f"{at}/{i}-{os.path.basename(path)}"))
    os.sync()
    return paths


def compare(b, paths, label, extra, cold, cached, each_run=None):
    """Interleaved passes of the same files in the same order."""
    keeper = Keeper(b.build, b.work, f"keeper-{label}", cache=cached)
    hosts, runs, everything = [], [], ([], [])
    try:
        hosts = [Clamd(b, f"clamd-{i}-{label}", keeper if i else None, extra) for i in (0, 1)]
        for run in range(b.runs + 1):
            order = random.Random(run).sample(paths, len(paths))
            times = [None, None]
            for i in ((0, 1), (1, 0))[run % 2]:
                if cold:
                    forget(paths)
                before = keeper.status()
                times[i] = sorted(hosts[i].serve(order))
                if i:
                    keeper.settle(before, len(order))
                if each_run and run:
                    each_run(hosts[i], i)
            if run:
                runs.append([(percentile(times[1], p), percentile(times[0], p)) for p in (0.5, 0.99)])
                for i in (0, 1):
                    everything[i].extend(times[i])
            b.progress(f"clamd, {label}: run {run} of {b.runs}")
    finally:
        for host in hosts:
            host.stop()
        keeper.stop()
    for at, p in ((0, 0.5), (1, 0.99)):
        ratio = statistics.median(r[at][0] / r[at][1] for r in runs)
        with_, without = (1000 * percentile(sorted(everything[i]), p) for i in (1, 0))
        b.add(f"  p{100 * p:.0f}" if at else f"clamd, {CLIENTS} clients, {label}: p{100 * p:.0f}, with / without",
              1.10 if at else None, ratio, "x", f"{with_:.1f} / {without:.1f} ms of {len(everything[0])} scans each")


def percentile(ordered, p):
    return ordered[min(len(ordered) - 1, int(p * len(ordered)))]


def clamd(b):
    paths = sample(b)
    seen = ([], [])
    compare(b, paths, "cold", "DisableCache yes\n", True, False)
    compare(b, paths, "warm, ClamAV without its cache", "DisableCache yes\n", False, True)
    compare(b, paths, "warm, ClamAV with its cache", "", False, True, lambda host, i: seen[i].append(host.memory()))
    whole = [statistics.median(w[0][i] - o[0][i] for o, w in zip(*seen)) / 1024 for i in (0, 1)]
    own = [statistics.median(w[1][i] for w in seen[1]) / 1024 for i in (0, 1)]
    rings = statistics.median(w[2] for w in seen[1])
    plain = [o[0][1] for o in seen[0]]
    b.add("memory of clamd after the same scans, difference in Pss", 4, whole[1], "MB",
          f"in Rss {whole[0]:.1f} MB; without, Pss varies by {(max(plain) - min(plain)) / 1024:.1f} MB from run to run")
    b.add("  of that in probity.so and its rings, Pss", None, own[1], "MB", f"Rss {own[0]:.1f} MB, {rings:.0f} rings")
