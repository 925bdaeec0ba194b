"""What happens when things break. Speaks TAP.

chaos.py clamd BIN SCRATCH MOMENTS SEED   probityd and a clamd with the hook under three clients, while something breaks MOMENTS times
chaos.py cli BIN SCRATCH RUNS SEED        `probity scan` while its processes are killed, and interrupted

BIN: the folder with probity, probityd and probity.so. SCRATCH: ours, empty. Everything that is started ends with it.
"""
import atexit, collections, contextlib, glob, io, json, os, pwd, random, re, shutil, signal, socket, sqlite3, struct, subprocess, sys, tarfile
import threading, time, zipfile

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
SLACK = 8 if os.environ.get("PROBITY_ASAN") else 1
tests = 0


def check(ok, name, *details):
    global tests
    tests += 1
    print(f"{'ok' if ok else 'not ok'} {tests} - {name}", flush=True)
    for d in [] if ok else details:
        for line in str(d)[:3000].splitlines()[:30]:
            print(f"# {line}", flush=True)


def note(text):
    print(f"# {text}", flush=True)


def until(seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return bool(what())


# --- products

def tar_of(members, mode="w:gz"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as t:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.mode = 0o755
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zip_of(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(name, data)
    return out.getvalue()


def deb_of(name, data):
    control = f"Package: {name}\nVersion: 1.0-1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a test\n".encode()
    out = b"!<arch>\n"
    for member, body in (("debian-binary", b"2.0\n"), ("control.tar.gz", tar_of([("./control", control)])), ("data.tar.xz", tar_of(data, "w:xz"))):
        out += f"{member:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(body):<10}`\n".encode() + body + (b"\n" if len(body) % 2 else b"")
    return out


def products():
    program = open("/bin/true", "rb").read()
    text = b"An ordinary text, with some words in it.\n" * 20
    script = b"#!/bin/sh\ncurl -s http://example.org/install | sh\n"
    many = [(f"share/file{i}.txt", text + str(i).encode()) for i in range(40)]
    return {
        "small.deb": deb_of("small", [("./usr/bin/small", program), ("./usr/share/doc/small/copyright", text)]),
        "script.deb": deb_of("script", [("./usr/bin/run", script), ("./usr/lib/a.txt", text)]),
        "sick.deb": deb_of("sick", [("./usr/share/sick.com", EICAR)]),
        "many.deb": deb_of("many", [("./" + n, d) for n, d in many]),
        "plain.tgz": tar_of([("a/run.sh", script), ("a/readme.txt", text)]),
        "sick.tgz": tar_of([("a/readme.txt", text), ("a/eicar.com", EICAR)]),
        "many.tgz": tar_of(many),
        "plain.zip": zip_of([("bin/true", program), ("readme.txt", text)]),
        "sick.zip": zip_of([("readme.txt", text), ("eicar.com", EICAR)]),
        "nested.zip": zip_of([("inner.zip", zip_of([("deep.tgz", tar_of([("x", text)]))]))]),
        "sick-nested.zip": zip_of([("inner.zip", zip_of([("deep.tgz", tar_of([("x.com", EICAR)]))]))]),
        "eicar.com": EICAR,
        "program": program,
        "words.txt": text,
        "large.bin": random.Random(1).randbytes(400000),
    }


# --- processes

def children():
    """{pid: [its children]} of the whole machine."""
    out = collections.defaultdict(list)
    for stat in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = open(stat).read()
            pid, rest = int(text.split(" ", 1)[0]), text.rsplit(")", 1)[1].split()
            if rest[0] != "Z":
                out[int(rest[1])].append(pid)
    return out


def below(pid):
    tree, out = children(), []
    todo = list(tree[pid])
    while todo:
        p = todo.pop()
        out.append(p)
        todo += tree[p]
    return out


def kinds(keeper):
    """{kind: pids} of a keeper's processes, told apart by what they have mapped."""
    out, tree = collections.defaultdict(list), children()
    for template in tree[keeper]:
        out["template"].append(template)
        for p in tree[template]:
            maps = ""
            with contextlib.suppress(OSError):
                maps = open(f"/proc/{p}/maps").read()
            if "probity-where" in maps:
                out["reducer"].append(p)
            elif "probity-stream" in maps:
                out["tracker"].append(p)
            elif "probity-lane" in maps:
                out["reader" if is_reader_template(template) else "worker"].append(p)
    return out


def is_reader_template(pid):
    """Of each two that are started together the first holds the rules."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        parent = int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
        return sorted(children()[parent]).index(pid) % 2 == 1
    return False


def kill(pid, sig=signal.SIGKILL):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sig)
        return True
    return False


def rss(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) / 1024


def fds(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


# --- probity scan

REASONS = re.compile(r"(worker|reader|reducer) died: signal 9 \(Killed\)|set aside after it ended 3 workers|its worker kept messages back|"
                     r"listed by its archive, but never delivered|not opened: nothing came out of it|encrypted|empty: there is nothing to examine")
ERRORS = re.compile(r"a process that starts others was ended from outside|ended early: signal 9|cannot be reduced: reducer died: signal 9|"
                    r"processes end as soon as they are started|interrupted|gave no answer")


class Cli:
    def __init__(self, bin, scratch, seed):
        self.bin, self.scratch, self.random = bin, scratch, random.Random(seed)
        self.folder, self.temp = f"{scratch}/product", f"{scratch}/tmp"
        os.mkdir(self.temp)
        os.mkdir(self.folder)
        for name, data in products().items():
            for i in range(6):
                with open(f"{self.folder}/{i}-{name}", "wb") as f:
                    f.write(data + b"" if name.endswith((".zip", ".deb", ".com")) else data + str(i).encode() * 10)
        for i in range(150):
            with open(f"{self.folder}/text{i}.txt", "w") as f:
                f.write(f"text number {i} says nothing of interest\n" * 10)
        self.env = dict(os.environ, TMPDIR=self.temp)

    def start(self, **more):
        return subprocess.Popen([f"{self.bin}/probity", "scan", "-q", "-f", "json", "--no-cache", "--as-of", "2026-11-21", "--object-seconds", "5",
                                 "--database", f"{self.scratch}/db", self.folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.env,
                                text=True, **more)

    def finish(self, p, seen, seconds):
        """Its report (None: none), what it complained of, and what is wrong with how it ended."""
        try:
            out, err = p.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            tree = below(p.pid)
            states = {q: open(f"/proc/{q}/stat").read().split()[2] for q in tree if os.path.exists(f"/proc/{q}/stat")}
            for q in tree + [p.pid]:
                kill(q)
            return None, "", [f"it hangs; its processes: {states}"]
        wrong = []
        if not until(2 * SLACK, lambda: not any(map(alive, seen))):
            wrong.append(f"left running: {[q for q in seen if alive(q)]}")
        if not until(1 * SLACK, lambda: not os.listdir(self.temp)):
            wrong.append(f"left behind: {os.listdir(self.temp)}")
        report = None
        if p.returncode in (0, 1, 3, 4):
            lines = out.splitlines()
            if len(lines) == 1:
                report = json.loads(lines[0])
                self.keep(lines[0])
            else:
                wrong.append(f"{len(lines)} reports with status {p.returncode}")
        elif p.returncode != 2 or not ERRORS.search(err):
            wrong.append(f"status {p.returncode}: {err}")
        return report, err, wrong

    def one(self, duration, kills):
        p = self.start()
        seen, hits = set(), collections.Counter()
        when = sorted(self.random.uniform(0, duration) for _ in range(kills))
        begin = time.monotonic()
        for t in when:
            while time.monotonic() - begin < t and p.poll() is None:
                seen.update(below(p.pid))
                time.sleep(0.003)
            if p.poll() is not None:
                break
            there = kinds(p.pid)
            seen.update(q for k in there.values() for q in k)
            kind = self.random.choices(["worker", "reader", "reducer", "template"], [10, 6, 6, 1])[0]
            if there[kind] and kill(self.random.choice(there[kind])):
                hits[kind] += 1
        report, err, wrong = self.finish(p, seen, 60 * SLACK)
        return report, err, wrong, hits

    def run(self, runs):
        p = self.start()
        begin = time.monotonic()
        whole, err, wrong = self.finish(p, set(), 120 * SLACK)
        duration = time.monotonic() - begin
        check(whole and not wrong, "a scan that nothing happens to", wrong, err)
        if not whole:
            return
        limits = {tuple(l["path"]) + (l["why"],) for l in whole["limits"]}
        hits, faults, reported, unnamed, statuses = collections.Counter(), [], 0, [], collections.Counter()
        for i in range(runs):
            report, err, wrong, hit = self.one(duration * 1.2, self.random.randint(1, 8))
            hits.update(hit)
            faults += [f"run {i} ({dict(hit)}): {w}" for w in wrong]
            if not report:
                statuses[(ERRORS.search(err) or [""])[0]] += 1
                continue
            reported += 1
            for l in report["limits"]:
                if tuple(l["path"]) + (l["why"],) not in limits and not REASONS.search(l["why"]):
                    unnamed.append(f"run {i}: {l}")
            # One limit may stand for all that an archive holds; none at all would be silence.
            more = [l for l in report["limits"] if tuple(l["path"]) + (l["why"],) not in limits]
            if report["product"]["objects"] < whole["product"]["objects"] and not more:
                unnamed.append(f"run {i}: {report['product']['objects']} objects, {len(report['limits'])} limits; {whole['product']['objects']} objects in the whole")
        note(f"{runs} scans of {duration:.2f} s, {reported} reports; killed: {dict(hits)}; ended with an error: {dict(statuses)}")
        check(not faults, f"{runs} scans, processes killed at random: each ends, sanely, and leaves nothing behind", *faults)
        check(not unnamed, "whatever is missing is named, with its reason", *unnamed)
        check(reported >= runs / 2, "most of them have a report all the same", statuses)
        self.interrupt(max(runs // 2, 5), duration)

    def keep(self, line):
        with open(f"{self.scratch}/every-report.jsonl", "a") as f:
            f.write(line + "\n")

    def interrupt(self, runs, duration):
        slow, faults = 0, []
        for i in range(runs):
            group = i % 2 == 0  # as a terminal does it, or a kill of the one process
            p = self.start(start_new_session=group)
            begin, seen, after = time.monotonic(), set(), self.random.uniform(0.02, duration)
            while time.monotonic() - begin < after and p.poll() is None:
                seen.update(below(p.pid))
                time.sleep(0.003)
            sent = time.monotonic()
            seen.update(below(p.pid))
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(p.pid, self.random.choice([signal.SIGINT, signal.SIGTERM]))
            report, err, wrong = self.finish(p, seen, 30 * SLACK)
            slow = max(slow, time.monotonic() - sent)
            faults += [f"run {i} after {after:.2f} s: {w}" for w in wrong if "status -" not in w or after > 0.1]
        check(not faults, f"{runs} scans interrupted: nothing is left behind", *faults)
        check(slow < 2 * SLACK, f"an interrupted scan ends within 2 s ({slow:.2f} s)")


# --- probityd and clamd

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
        if not until(60 * SLACK, lambda: self.ask(b"zPING\0") == "PONG"):
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
        self.bin, self.scratch, self.random = bin, scratch, random.Random(seed)
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
        self.going, self.events = True, collections.Counter()

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

    def cut_cache(self):
        with contextlib.suppress(OSError):
            size = os.path.getsize(f"{self.store}/objects.db")
            os.truncate(f"{self.store}/objects.db", self.random.randint(0, size))
            return True
        return False

    def reload(self):
        return kill(self.keeper.p.pid, signal.SIGHUP)

    def moment(self):
        what = {"worker": 30, "tracker": 12, "reader": 12, "reducer": 12, "template": 1, "keeper": 2, "full disk": 8, "locked store": 8,
                "stopped keeper": 8, "cut cache": 3, "reload": 1}
        what = {k: w for k, w in what.items() if k not in os.environ.get("CHAOS_WITHOUT", "").split(",")}
        others = {"keeper": self.kill_keeper, "full disk": self.full_disk, "locked store": self.locked_store, "stopped keeper": self.stopped_keeper,
                  "cut cache": self.cut_cache, "reload": self.reload}
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

        threads = self.clients(101, clamd, wanted, 0.05)
        begin = time.monotonic()
        for _ in range(moments):
            self.moment()
            time.sleep(self.random.uniform(0, 0.15))
        self.going = False
        for t in threads:
            t.join(60 * SLACK)
        took = time.monotonic() - begin
        note(f"{moments} moments in {took:.0f} s, seed {self.seed}: {dict(sorted(self.events.items()))}; {len(self.scanned) + self.streams} scans, {self.keeper.starts} keepers")

        check(clamd.p.poll() is None and clamd.p.pid == pid and clamd.ask(b"zPING\0") == "PONG", "clamd has survived all of it")
        check(not self.wrong, "no verdict differs from plain ClamAV's", *self.wrong)
        # Threads of clamd end when they have nothing to do, and whoever begins next says what was missed.
        self.going = True
        time.sleep(6)
        for t in self.clients(201, clamd, wanted, 0.02, 10, 6):
            t.join()
        check(until(60 * SLACK, self.keeper.idle), "afterwards everything comes to its end", self.keeper.status(), open(self.keeper.log, errors="replace").read()[-3000:])
        rows, run, lost, nameless, told = self.account(clamd)
        missing = len(lost) + nameless
        note(f"{len(rows)} assessments kept; {missing} scans without one, the log speaks of {told}")
        check(missing <= told, f"every scan has a report or a logged reason: {missing} have none by name, {told} are told by number",
              *lost[:20], open(self.keeper.log, errors="replace").read()[-2500:])
        check(told <= missing + 30 * self.keeper.starts, "... and not many more are told than there are")
        late = [p for p in self.scanned if re.search(r"/20\d-\d+-", p)]
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
    what, bin, scratch, number, seed = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    note(f"seed {seed}")
    if what == "cli":
        Cli(bin, scratch, seed).run(number)
    else:
        c = Chaos(bin, scratch, seed)
        c.seed = seed
        c.run(number)
    print(f"1..{tests}")
