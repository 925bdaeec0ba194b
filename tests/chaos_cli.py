"""chaos_cli.py BIN SCRATCH RUNS SEED: `probity scan` while its processes are killed, and interrupted.

BIN: the folder with probity. SCRATCH: ours, empty. Speaks TAP.
"""
import collections, contextlib, json, os, random, re, signal, subprocess, sys, time

from chaos import SLACK, alive, below, check, done, kill, kinds, note, products, until

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


if __name__ == "__main__":
    note(f"seed {sys.argv[4]}")
    Cli(sys.argv[1], sys.argv[2], int(sys.argv[4])).run(int(sys.argv[3]))
    done()
