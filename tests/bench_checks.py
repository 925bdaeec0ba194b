"""1,000 checks against 100: what a scan of a tree of real files costs with ten times the checks, each with two patterns of its own; and
what it costs to begin, on one small file. The checks are generated, from a seed: the 100 are the first of the 1,000. Processor time is
user + system of the command and all its descendants."""
import os
import random
import shutil
import statistics
import subprocess

from bench_cli import once

CHECKS, FEW = 1000, 100
TREE_BYTES = 300_000_000
# Where the tree comes from, and at most how much of each: what a Debian machine has.
PLACES = [("/usr/bin", 90_000_000), ("/usr/lib/python3", 40_000_000), ("/usr/lib/python3.11", 40_000_000), ("/usr/share/perl", 25_000_000),
          ("/usr/share/perl5", 20_000_000), ("/usr/share/doc", 20_000_000), ("/var/cache/apt/archives", 40_000_000),
          ("/usr/lib/x86_64-linux-gnu", TREE_BYTES), ("/usr/share", TREE_BYTES)]

# As in our own checks: a quarter looks at everything, most at some kinds of objects.
APPLIES = ([["any"]] * 5 + [["binary"]] * 3 + [["elf"]] * 3 + [["pe"]] * 2 + [["macho"]] + [["script"]] * 4 + [["python"]] * 3 +
           [["javascript"]] * 2 + [["shell"]] * 2 + [["text"]] * 2 + [["data"]] + [["perl"]] + [["binary", "script", "text", "data"]] * 5 +
           [["script", "text"]] * 3 + [["manifest"]] * 2 + [["java"]])
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYLLABLES = "con ser ver get set key net file data user host load read send auth log in er tion able config path time sys crypt url".split()


# What such a machine has in some files, of many kinds: one check in forty looks for one of these, and finds it.
THERE = ["setlocale", "Larry Wall", "unittest", "GLIBC_2.14", "bugs.debian.org", "getpwnam", "urllib.request", "EVP_sha256", "IO::Socket",
         "Free Software Foundation", "X-Mailer", "ptrace", "socketpair", "BEGIN CERTIFICATE", "sqlite3_open", "DEBIAN_FRONTEND"]


def word(r):
    """Rare, but of what code is made of."""
    if r.random() < 1 / 80:
        return r.choice(THERE)
    parts = [r.choice(SYLLABLES).capitalize() if r.random() < 0.4 else r.choice(SYLLABLES) for _ in range(r.randint(2, 4))]
    parts.insert(r.randint(0, len(parts)), "".join(r.choice(LETTERS) for _ in range(r.randint(3, 6))))
    return r.choice(["", "_", "."]).join(parts)


def pattern(r):
    text = word(r)
    return r.choice([f'"{text}"'] * 5 + [f'"{text}" nocase', f'"{text}" ascii wide', f'"{text}" fullword'] +
                    [f"/{text.replace('.', '[.]')}[-_ ]?[0-9a-z]{{2,8}}/"] * 3 +
                    ["{ " + " ".join(r.choice([f"{r.randint(0, 255):02x}"] * 9 + ["??"]) for _ in range(12)) + " 5a a5 }"])


CHECK = """return {{
  title       = "Generated check {i}",
  why         = "It costs what checks cost.",
  claim       = "{claim}",
  severity    = "low",
  reliability = "heuristic",
  applies     = {{ {applies} }},
  looks       = [[
    strings:
      $a = {a}
      $b = {b}
    condition:
      {condition}
  ]],
  findings    = {{
    one = {{ says = "names %s", fix = "Do not." }},
  }},
  maps        = {{ "paris:P7" }},
  samples     = {{ hit = {{ "hit" }}, clean = {{ "clean" }} }},

  object = function(object, found)
{fact}    for at, length, id in object:hits() do
      local text = object:bytes(at, math.min(length, 40))
      found.one {{ key = text, at = at, length = length, text }}
    end
  end,
}}
"""

FACTS = ["    if object.facts.elf and object.size < 64 then\n      return\n    end\n",
         "    if object.class == \"text\" and #(object.facts.urls or {}) > 1000 then\n      return\n    end\n"]
CLAIMS = {"integrity": "credentials", "data-care": "crypto"}


def generate(folder, checks, name="generated"):
    r = random.Random(4)
    for i in range(checks):
        pillar = r.choice(list(CLAIMS))
        os.makedirs(f"{folder}/{pillar}", exist_ok=True)
        text = CHECK.format(i=i, claim=CLAIMS[pillar], applies=", ".join(f'"{a}"' for a in r.choice(APPLIES)), a=pattern(r), b=pattern(r),
                            condition=r.choice(["any of them"] * 3 + ["all of them"]), fact=r.choice(FACTS + [""] * 4))
        with open(f"{folder}/{pillar}/{name}-{i:04}.lua", "w", encoding="ascii") as out:
            out.write(text)


def plant(tree):
    """The same files in the same order, as long as the machine is the same. Bytes."""
    total, n = 0, 0
    for place, most in PLACES:
        taken = 0
        for folder, folders, files in os.walk(place):
            folders.sort()
            for name in sorted(files):
                path = f"{folder}/{name}"
                if not os.path.isfile(path) or os.path.islink(path) or not os.access(path, os.R_OK):
                    continue
                size = os.path.getsize(path)
                if taken + size > most or total + size > TREE_BYTES:
                    continue
                if place.endswith("gnu") and ".so" not in name:
                    continue
                where = f"{tree}{folder}"
                os.makedirs(where, exist_ok=True)
                if not os.path.exists(f"{where}/{name}"):
                    shutil.copyfile(path, f"{where}/{name}")
                    taken, total, n = taken + size, total + size, n + 1
    return total, n


def scan(b, rules, what, *more):
    return [b.probity, "scan", "-q", "-f", "json", "-o", f"{b.work}/report.json", "--database", f"{b.work}/empty", "--as-of", "2026-11-21",
            "--rules", rules, *more, what]


def cost_of_checks(b, rules):
    tree = f"{b.work}/tree"
    size, n = plant(tree)
    times = {name: [] for name in rules}
    for run in range(b.runs + 1):  # the first warms the page cache and Probity's own; it is not counted
        for name, folder in rules.items():
            figure = once([scan(b, folder, tree, "--no-cache", "--jobs", "2")], b.env)
            if run:
                times[name].append(figure)
            b.progress(f"checks: run {run} of {b.runs}, {name} checks: {figure[0]:.1f} s, {figure[1]:.1f} s of processor time")
    note = f"{n} files, {size / 1e6:.0f} MB"
    for which, label in ((1, "cpu"), (0, "wall")):
        many, few = ([t[which] for t in times[name]] for name in (CHECKS, FEW))
        b.add(f"{label}: a scan with {CHECKS} checks / with {FEW}", 1.2, statistics.median(m / f for m, f in zip(many, few)), "x",
              f"{statistics.median(many):.1f} s, {statistics.median(few):.1f} s; {note}")


def cost_of_beginning(b, rules):
    small = f"{b.work}/small.txt"
    with open(small, "w", encoding="ascii") as out:
        out.write("one line of text\n" * 60)
    for name, folder in rules.items():
        cold, warm = [], []
        for _ in range(b.runs):
            shutil.rmtree(f"{b.env['XDG_CACHE_HOME']}/probity", ignore_errors=True)
            cold.append(once([scan(b, folder, small, "--no-cache")], b.env))
            warm.append(once([scan(b, folder, small, "--no-cache")], b.env))
        for what, taken in (("nothing in the cache", cold), ("patterns from the cache", warm)):
            b.add(f"cpu: a scan of 1 KB with {name} checks, {what}", None, statistics.median(t[1] for t in taken), "s",
                  f"{statistics.median(t[0] for t in taken):.2f} s of wall time")


def checks(b):
    rules = {CHECKS: f"{b.work}/checks-{CHECKS}", FEW: f"{b.work}/checks-{FEW}"}
    os.makedirs(f"{b.work}/empty")
    for n, folder in rules.items():
        generate(folder, n)
    listed = subprocess.run([b.probity, "check", "list", "--rules", rules[CHECKS]], env=b.env, capture_output=True, text=True, check=True)
    if listed.stderr or listed.stdout.count(".generated-") != CHECKS:
        raise RuntimeError(f"not all of the generated checks load: {listed.stderr[:300]}")
    cost_of_beginning(b, rules)
    cost_of_checks(b, rules)
