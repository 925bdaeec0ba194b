"""A keeper of the benchmark's own: started on a store and a socket in a temporary folder, asked, watched, and ended."""
import json
import mmap
import os
import re
import socket
import sqlite3
import struct
import subprocess
import time

QUERY, TICK, POLL = 64, os.sysconf("SC_CLK_TCK"), 0.02
QUIET, STUCK = 1.0, 120.0  # seconds without a change: then everything was told; then something is wrong
GAP = re.compile(r"(?:dropped|lost): .*\((\d+) (?:objects|events)\)")


def stat(pid):
    """The fields of /proc/PID/stat from the state on, or None where the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
            return f.read().rpartition(")")[2].split()
    except OSError:
        return None


def tree(top):
    """{pid: fields} of a process and all its descendants."""
    every = {int(p): s for p in os.listdir("/proc") if p.isdigit() and (s := stat(p))}
    found, front = {top: every[top]}, [top]
    while front:
        front = [p for p, s in every.items() if int(s[1]) in front]
        found.update((p, every[p]) for p in front)
    return found


class Keeper:
    def __init__(self, build, work, name, cache):
        self.at = f"{work}/{name}"
        os.makedirs(self.at)
        self.socket = f"{self.at}/socket"
        with open(f"{self.at}/conf", "w", encoding="utf-8") as conf:
            conf.write(f"[store]\nstore = {self.at}/store.db\ncache = {self.at + '/objects.db' if cache else ''}\n")
        self.log = open(f"{self.at}/log", "wb")
        self.process = subprocess.Popen([f"{build}/probityd", "-f", "-c", f"{self.at}/conf", "-s", self.socket],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.seen = {}  # worker: nanoseconds of processor time
        for _ in range(1200):
            if self.process.poll() is not None:
                break
            try:
                self.status()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        with open(f"{self.at}/log", encoding="utf-8", errors="replace") as f:
            raise SystemExit(f"bench: probityd does not start: {f.read()[-400:]}")

    def status(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
            s.settimeout(30)
            s.connect(self.socket)
            s.send(struct.pack("I", QUERY) + b'{"do":"status"}')
            _, fds, _, _ = socket.recv_fds(s, 4096, 4)
        with os.fdopen(fds[0], "rb") as f, mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ) as text:
            return json.loads(text[:])

    def settle(self, before, expected):
        """Waits until everything that was scanned is assessed: when that was (monotonic), and the counts.
        before: a status; expected: scans since then, as far as they are known."""
        last = changed = time.monotonic()
        seen = None
        while True:
            s = self.status()
            counts = [s[k] for k in ("scans", "assessed", "skipped", "not_assessed", "open")]
            now = time.monotonic()
            if counts != seen:
                seen, changed, last = counts, now, now
            if s["open"] == 0 and (s["scans"] - before["scans"] >= expected or now - last > QUIET):
                return changed, s
            if now - last > STUCK:
                raise SystemExit(f"bench: the keeper does not come to an end: {s}")
            self.workers()
            time.sleep(POLL)

    def cpu(self):
        """Seconds of the keeper and all its descendants so far, those included that have ended: their parents wait for
        them. Exact to a tick of the clock for each process that lives."""
        return sum(sum(map(int, s[11:15])) for s in tree(self.process.pid).values()) / TICK

    def workers(self):
        """Seconds of all processes that map objects. A worker is told by what it has in memory: a lane and the table of
        known results (so the keeper needs its cache). The scheduler's own count, in nanoseconds; of a worker that has
        ended, what it was when last looked at."""
        for pid in tree(self.process.pid):
            try:
                with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as f:
                    maps = f.read()
                if pid != self.process.pid and "probity-lane" in maps and "probity-known" in maps:
                    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
                        self.seen[pid] = int(f.read().split()[0])
            except OSError:
                pass
        return sum(self.seen.values()) / 1e9

    def last(self):
        """Number of the last assessment."""
        return self.rows("SELECT coalesce(max(id), 0) FROM assessment")[0][0]

    def rows(self, query, *values):
        with sqlite3.connect(f"file:{self.at}/store.db?mode=ro", uri=True, timeout=30) as db:
            return db.execute(query, values).fetchall()

    def gaps(self, after):
        """Objects and events that were left out, by the reports since number `after`; and in how many products."""
        lost = [sum(int(m[1]) for limit in json.loads(text)["limits"] if (m := GAP.match(limit["why"])))
                for (text,) in self.rows("SELECT text FROM report WHERE id > ?", after)]
        return sum(lost), sum(n > 0 for n in lost)

    def failures(self, after):
        """{why: how many} of the products since number `after` that could not be assessed."""
        query = "SELECT reason, count(*) FROM assessment WHERE id > ? AND reason != '' GROUP BY reason"
        return dict(self.rows(query, after))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
