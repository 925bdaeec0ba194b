"""chaos_clamd.py BIN SCRATCH MOMENTS SEED: probityd, and a clamd with the hook under three clients, while something breaks MOMENTS times.

BIN: the folder with probity, probityd and probity.so. SCRATCH: ours, with signatures/. Speaks TAP. Everything that is started ends with it.
"""
import atexit, collections, contextlib, json, os, pwd, random, re, shutil, signal, socket, sqlite3, struct, subprocess, sys, threading, time

from chaos import SLACK, alive, below, check, done, fds, kill, kinds, note, products, rss, until

class Clamd:
    """A clamd of our own, as user clamav where we are root."""

    def __init__(self, scratch, env):
        self.dir, self.socket = f"{scratch}/clamd", f"{scratch}/clamd/socket"
        shutil.rmtree(self.dir, ignore_errors=True)
        os.mkdir(self.dir)
        self.user = "clamav" if os.getuid() == 0 and user("clamav") else None
        with open(f"{self.dir}/conf", "w") as f:
            f.write(f"LocalSocket {self.socket}\nPidFile {self.dir}/pid\nLogFile {self.dir}/log\nDatabaseDirectory {scratch}/signatures\n"
                    "SelfCheck 0\nMaxThreads 6\nIdleTimeout 2\nForeground yes\n" + (f"User {self.user}\n" if self.user else ""))
        if self.user:
            shutil.chown(self.dir, self.user)
        self.p = subprocess.Popen(["clamd", "-c", f"{self.dir}/conf"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.p.kill)
        if not until(60, lambda: self.p.poll() is not None or self.ask(b"zPING\0") == "PONG") or self.p.poll() is not None:
            raise SystemExit("Bail out! clamd does not start")

    def ask(self, command, body=b"", fd=None):
        with contextlib.suppress(OSError):
            s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            s.settimeout(60 * SLACK)
            s.connect(self.socket)
            s.sendall(command)
            if fd is not None:
                socket.send_fds(s, [b"\0"], [fd])
            if body:
                s.sendall(body)
            reply = b""
            while part := s.recv(65536):
                reply += part
            s.close()
            return reply.rstrip(b"\0").decode(errors="replace").strip()
        return None

    def scan(self, mode, path):
        """The answer without what differs from call to call."""
        if mode == "INSTREAM":
            data = open(path, "rb").read()
            reply = self.ask(b"zINSTREAM\0", struct.pack("!I", len(data)) + data + struct.pack("!I", 0))
        elif mode == "FILDES":
            with open(path, "rb") as f:
                reply = self.ask(b"nFILDES\n", fd=f.fileno())
        else:
            reply = self.ask(f"z{mode} {path}\0".encode())
        return reply and re.sub(r"fd\[\d+\]", "fd", reply.replace(path, "FILE").replace("\0", "\n"))

    def end(self):
        self.p.terminate()
        try:
            self.p.wait(30)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait()


def user(name):
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


class Keeper:
    """probityd, started and started again as systemd does: the socket is ours and stays."""

    def __init__(self, bin, scratch, store):
        self.bin, self.scratch, self.store = bin, scratch, store
        self.path, self.log, self.temp = f"{scratch}/probityd.sock", f"{scratch}/probityd.log", f"{scratch}/tmp"
        os.mkdir(self.temp)
        self.user = "daemon" if os.getuid() == 0 and user("daemon") else None
        if self.user:
            for d in (self.temp, store):
                shutil.chown(d, self.user)
        everything = "archive package installer binary firmware text script media data"  # so each scan has its report
        with open(f"{scratch}/probity.conf", "w") as f:
            f.write(f"[assess]\nkinds = {everything}\n[budget]\nobject = 5s\nreduce = 30s\n"
                    f"[store]\nstore = {store}/probity.db\ncache = {store}/objects.db\n[access]\nsubmit = user:clamav user:{pwd.getpwuid(os.getuid()).pw_name}\n")
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(self.path)
        os.chmod(self.path, 0o666)
        self.listener.listen(128)
        self.p, self.starts, self.supervise = None, 0, True
        self.start()

    def start(self):
        self.starts += 1
        as_user = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"] if self.user else []
        fd = self.listener.fileno()
        with open(self.log, "ab") as log:
            self.p = subprocess.Popen(["sh", "-c", f'exec 3<&{fd}; [ {fd} = 3 ] || exec {fd}<&-; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', "sh", *as_user,
                                       f"{self.bin}/probityd", "-f", "-c", f"{self.scratch}/probity.conf"], pass_fds=[fd],
                                      env=dict(os.environ, TMPDIR=self.temp), stdout=log, stderr=log)
        atexit.register(self.p.kill)

    def look_after(self):
        """As systemd would: another one within a moment."""
        while self.supervise:
            if self.p.poll() is not None:
                time.sleep(0.1)
                if self.supervise:
                    self.start()
            time.sleep(0.05)

    def status(self):
        with contextlib.suppress(OSError, ValueError, IndexError):
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            s.settimeout(5)
            s.connect(self.path)
            s.send(struct.pack("=I", 64) + b'{"do":"status"}')
            _, descriptors, _, _ = socket.recv_fds(s, 64, 1)
            s.close()
            with open(descriptors[0], "rb") as f:
                f.seek(0)
                return json.loads(f.read())
        return None

    def idle(self):
        s = self.status()
        return bool(s) and s["open"] == 0 and s["following"] == 0 and s["unkept"] == 0

    def end(self):
        self.supervise = False
        time.sleep(0.2)
        self.p.terminate()
        try:
            return self.p.wait(20 * SLACK)
        except subprocess.TimeoutExpired:
            self.p.kill()
            return None


class Chaos:
    MODES = ["SCAN", "CONTSCAN", "MULTISCAN", "ALLMATCHSCAN", "INSTREAM", "FILDES"]

    def __init__(self, bin, scratch, seed):
        self.bin, self.scratch, self.seed, self.random = bin, scratch, seed, random.Random(seed)
        self.files, self.links, self.store = f"{scratch}/files", f"{scratch}/links", f"{scratch}/store"
        for d in (self.files, self.links, self.store):
            os.mkdir(d)
        self.small_disk = os.getuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", self.store], capture_output=True).returncode == 0
        if self.small_disk:
            atexit.register(subprocess.run, ["umount", "-l", self.store])
        self.products = products()
        for name, data in self.products.items():
            with open(f"{self.files}/{name}", "wb") as f:
                f.write(data)
        self.wrong, self.scanned, self.streams, self.lock = [], [], 0, threading.Lock()
        self.going, self.events, self.stopped = True, collections.Counter(), []

    def verdicts(self, clamd):
        return {(mode, name): clamd.scan(mode, f"{self.files}/{name}") for mode in self.MODES for name in self.products}

    def client(self, number, clamd, wanted, pause, count=None):
        r, n = random.Random(number), 0
        while self.going and (count is None or n < count):
            n += 1
            name, mode = r.choice(list(self.products)), r.choice(self.MODES)
            path = f"{self.links}/{number}-{n}-{name}"
            os.link(f"{self.files}/{name}", path)
            got = clamd.scan(mode, path)
            with self.lock:
                if got != wanted[mode, name]:
                    self.wrong.append(f"{mode} {name}: {got!r} instead of {wanted[mode, name]!r}")
                if mode == "INSTREAM":
                    self.streams += 1
                else:
                    self.scanned.append(path)
            time.sleep(pause)

    def clients(self, first, clamd, wanted, pause, count=None, n=3):
        threads = [threading.Thread(target=self.client, args=(first + i, clamd, wanted, pause, count), daemon=True) for i in range(n)]
        for t in threads:
            t.start()
        return threads

    # --- what breaks

    def kill_one(self, kind):
        there = kinds(self.keeper.p.pid)[kind]
        return bool(there) and kill(self.random.choice(there))

    def kill_keeper(self):
        return kill(self.keeper.p.pid)

    def full_disk(self):
        if not self.small_disk:
            return False
        try:
            with open(f"{self.store}/filler", "wb") as f:
                free = os.statvfs(self.store)
                with contextlib.suppress(OSError):
                    os.posix_fallocate(f.fileno(), 0, free.f_bavail * free.f_frsize)
                with contextlib.suppress(OSError):
                    while True:
                        f.write(b"x" * 4096)
                        f.flush()
                time.sleep(self.random.uniform(0.1, 0.5))
        except OSError:
            pass
        os.unlink(f"{self.store}/filler")
        return True

    def locked_store(self):
        if not os.path.exists(f"{self.store}/probity.db"):
            return False
        with contextlib.suppress(sqlite3.Error):
            db = sqlite3.connect(f"{self.store}/probity.db", timeout=0.5, isolation_level=None)
            db.execute("BEGIN EXCLUSIVE")
            time.sleep(self.random.uniform(0.1, 0.5))
            db.execute("ROLLBACK")
            db.close()
            return True
        return False

    def stopped_keeper(self):
        pid = self.keeper.p.pid
        if not kill(pid, signal.SIGSTOP):
            return False
        time.sleep(self.random.uniform(0.1, 0.5))
        return kill(pid, signal.SIGCONT)

    def stopped_tracker(self):
        """What a hang looks like: after 30 s it is found out."""
        there = kinds(self.keeper.p.pid)["tracker"]
        pid = self.random.choice(there) if there else 0
        if not pid or not kill(pid, signal.SIGSTOP):
            return False
        self.stopped.append(pid)
        return True

    def cut_cache(self):
        with contextlib.suppress(OSError):
            size = os.path.getsize(f"{self.store}/objects.db")
            os.truncate(f"{self.store}/objects.db", self.random.randint(0, size))
            return True
        return False

    def reload(self):
        return kill(self.keeper.p.pid, signal.SIGHUP)

    def moment(self, without):
        what = {"worker": 30, "tracker": 12, "reader": 12, "reducer": 12, "template": 1, "keeper": 8, "full disk": 8, "locked store": 8,
                "stopped keeper": 8, "stopped tracker": 2, "cut cache": 3, "reload": 1}
        what = {k: w for k, w in what.items() if k not in without}
        others = {"keeper": self.kill_keeper, "full disk": self.full_disk, "locked store": self.locked_store, "stopped keeper": self.stopped_keeper,
                  "stopped tracker": self.stopped_tracker, "cut cache": self.cut_cache, "reload": self.reload}
        for _ in range(20):  # some of it is not there at every moment
            kind = self.random.choices(list(what), list(what.values()))[0]
            if others[kind]() if kind in others else self.kill_one(kind):
                self.events[kind] += 1
                return
            time.sleep(0.01)

    # --- what is known afterwards

    def rows(self):
        run = subprocess.run([f"{self.bin}/probity", "list", "-f", "json", "--store", f"{self.store}/probity.db"], capture_output=True, text=True)
        return [json.loads(l) for l in run.stdout.splitlines()], run

    def account(self, clamd):
        """Scans of which neither the store nor the log says by name what became, and how many the log says there are."""
        rows, run = self.rows()
        log = open(self.keeper.log, errors="replace").read()
        said = set(re.findall(r'assessed id=\d+ .*? path="([^"]*)"', log))
        paths = {r["path"] for r in rows} | said
        lines = [l for l in re.findall(r"probityd: (\d+) scans? of \S+ \(process \d+\) (?:was|were) not assessed", log)]
        nameless = sum("instream" in r["path"] or not r["path"] for r in rows)
        lost = [p for p in self.scanned if p not in paths]
        return rows, run, lost, max(self.streams - nameless, 0), sum(map(int, lines))

    def log(self):
        return open(self.keeper.log, errors="replace").read()

    def storm(self, clamd, wanted, first, moments, without):
        """Three clients, while something breaks so many times."""
        self.going = True
        threads = self.clients(first, clamd, wanted, 0.05)
        for _ in range(moments):
            self.moment(without)
            time.sleep(self.random.uniform(0, 0.1))
        self.going = False
        for t in threads:
            t.join(60 * SLACK)

    def settle(self, clamd, wanted, first):
        """Threads of clamd end when they have nothing to do, and whoever begins next says what was missed. What hangs has been found out by then:
        it is over when nothing is broken any more."""
        time.sleep(5.5)
        found_out = until(60 * SLACK, lambda: not any(map(alive, self.stopped)))
        self.going = True
        for t in self.clients(first, clamd, wanted, 0.02, 10, 6):
            t.join()
        return until(60 * SLACK, self.keeper.idle) and found_out

    def run(self, moments):
        plain = dict(os.environ)
        plain.pop("LD_PRELOAD", None)
        clamd = Clamd(self.scratch, plain)
        wanted = self.verdicts(clamd)
        clamd.end()
        found = sum(bool(v and "FOUND" in v) for v in wanted.values())
        check(found >= 24 and None not in wanted.values(), f"plain ClamAV: {len(wanted)} verdicts, {found} of them found", wanted)

        self.keeper = Keeper(self.bin, self.scratch, self.store)
        threading.Thread(target=self.keeper.look_after, daemon=True).start()
        check(until(60 * SLACK, lambda: self.keeper.status()), "probityd answers", open(self.keeper.log).read())
        preload = os.environ.get("CHAOS_PRELOAD", f"{self.bin}/probity.so")
        clamd = Clamd(self.scratch, dict(plain, LD_PRELOAD=preload, PROBITY_SOCKET=self.keeper.path))
        pid = clamd.p.pid

        # Calm: everything has its report.
        for t in self.clients(1, clamd, wanted, 0.01, 20):
            t.join()
        settled = until(60 * SLACK, self.keeper.idle)
        rows, run, lost, nameless, told = self.account(clamd)
        check(not self.wrong, f"calm: {len(self.scanned) + self.streams} verdicts are ClamAV's own", *self.wrong)
        check(settled and not lost and not nameless and told == 0, "calm: every scan has its report", self.keeper.status(), lost, nameless, told, run.stderr,
              open(self.keeper.log).read()[-2000:])
        memory, files = rss(pid), fds(pid)
        keeper_files, keeper_memory = fds(self.keeper.p.pid), rss(self.keeper.p.pid)

        begin = time.monotonic()
        self.storm(clamd, wanted, 101, moments * 7 // 10, ["keeper"])
        check(clamd.p.poll() is None and clamd.ask(b"zPING\0") == "PONG", "clamd has survived")
        for again in range(4):  # a busy machine: a thread that was still there in the first round says in a later one what it missed
            check(self.settle(clamd, wanted, 201 + 20 * again), "everything comes to its end", self.keeper.status(), self.log()[-3000:])
            rows, run, lost, nameless, told = self.account(clamd)
            missing = len(lost) + nameless
            if missing == told:
                break
            note(f"round {again + 1}: {missing} scans without an assessment, the log speaks of {told}")
        note(f"{len(rows)} assessments kept; {missing} scans without one, the log speaks of {told}")
        check(missing == told, f"each scan has its report or its reason by name, or is counted in the log ({missing}, {told} are told)", *lost[:10],
              *re.findall(r".*not assessed.*", self.log()), self.log()[-2500:])

        # The keeper too. Hosts that are still connected to it count what went with it; of those that had left before, its successor says
        # that there may have been some.
        self.storm(clamd, wanted, 301, moments - moments * 7 // 10, [])
        check(clamd.p.poll() is None and clamd.p.pid == pid and clamd.ask(b"zPING\0") == "PONG", "clamd has survived all of it")
        check(not self.wrong, "no verdict differs from plain ClamAV's", *self.wrong)
        check(self.settle(clamd, wanted, 401), "everything comes to its end again", self.keeper.status(), self.log()[-3000:])
        rows, run, lost, nameless, more = self.account(clamd)
        uncounted, killed = len(lost) + nameless - more, self.log().count("was ended without notice")
        note(f"seed {self.seed}, {time.monotonic() - begin:.0f} s: {dict(sorted(self.events.items()))}; {len(self.scanned) + self.streams} scans, "
             f"{self.keeper.starts} keepers; {len(rows)} assessments kept, {len(lost) + nameless} scans without one, the log speaks of {more}")
        check(uncounted <= (150 if killed else 0), f"the same, and a line in the log for each keeper that was killed ({uncounted} are not counted)", *lost[:10])
        check(killed == self.events["keeper"] or killed >= 1 or not self.events["keeper"], f"killed keepers are told by their successors ({killed})")
        check(more - told <= len(lost) + nameless - missing + 10 * self.keeper.starts, "... and not many more are told than there are")
        late = [p for p in self.scanned if re.search(r"/40\d-\d+-", p)]
        seen = {r["path"] for r in rows}
        check(all(p in seen for p in late), "what was scanned when all was over has its report", *[p for p in late if p not in seen][:10])
        check(rss(pid) < memory + 40 * SLACK, f"clamd's memory: {memory:.0f} MB, {rss(pid):.0f} MB afterwards")
        check(fds(pid) <= files + 8, f"clamd's descriptors: {files}, {fds(pid)} afterwards")
        k = self.keeper.p.pid
        check(rss(k) < keeper_memory + 64 * SLACK, f"probityd's memory: {keeper_memory:.0f} MB, {rss(k):.0f} MB afterwards")
        check(fds(k) <= keeper_files + 16, f"probityd's descriptors: {keeper_files}, {fds(k)} afterwards")
        mine = below(k)
        check(len(mine) < 30, f"probityd's processes: {len(mine)}")
        clamd.end()
        status = self.keeper.end()
        check(not re.search("AddressSanitizer|runtime error", self.log()), "no sanitizer has complained", self.log()[-3000:])
        check(status == 0, "probityd ends as it is told", status, open(self.keeper.log, errors="replace").read()[-1500:])
        check(until(5 * SLACK, lambda: not any(map(alive, mine))), "no process is left", [p for p in mine if alive(p)])
        check(not os.listdir(self.keeper.temp), "no temporary folder is left", os.listdir(self.keeper.temp))
        verify = subprocess.run([f"{self.bin}/probity", "log", "verify", "--store", f"{self.store}/probity.db"], capture_output=True, text=True)
        check(verify.returncode == 0, f"the log's chain holds: {verify.stdout.strip()[:60]}", verify.stdout, verify.stderr)
        rows, run = self.rows()
        check(run.returncode == 0 and len(rows) > 0, "the store opens", run.stderr)
        db = sqlite3.connect(f"file:{self.store}/probity.db?mode=ro", uri=True)
        check(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "SQLite finds nothing wrong with it")
        with open(f"{self.scratch}/every-report.jsonl", "w") as f:
            for (text,) in db.execute("SELECT text FROM report ORDER BY id DESC LIMIT 300"):
                f.write(text + "\n")


if __name__ == "__main__":
    note(f"seed {sys.argv[4]}")
    Chaos(sys.argv[1], sys.argv[2], int(sys.argv[4])).run(int(sys.argv[3]))
    done()
