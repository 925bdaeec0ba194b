"""5,000 YARA rules from elsewhere, generated: how long until they are compiled, and how long from the cache."""
import glob
import os
import random
import resource
import statistics
import subprocess
import time

RULES, A_FILE = 5000, 25
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


def rule(r, name):
    def word(n):
        return "".join(r.choice(LETTERS) for _ in range(n))

    texts = "\n".join(f'    $t{i} = "{word(r.randint(8, 40))}" {r.choice(["", "nocase", "wide ascii", "fullword"])}' for i in range(4))
    code = " ".join(r.choice([f"{r.randint(0, 255):02X}"] * 9 + ["??"]) for _ in range(20))
    condition = r.choice(["any of them", "2 of them", "all of ($t*) or $h or $r", "filesize < 1MB and any of them"])
    return (f'rule {name} {{\n  meta:\n    description = "generated {word(12)}"\n    score = {r.randint(0, 100)}\n'
            f"  strings:\n{texts}\n    $h = {{ {code} }}\n    $r = /{word(8)}[0-9]{{1,4}}{word(4)}/\n"
            f"  condition:\n    {condition}\n}}\n")


def generate(folder, rules):
    r = random.Random(1)
    os.makedirs(folder)
    for f in range(rules // A_FILE):
        with open(f"{folder}/f{f}.yar", "w", encoding="ascii") as out:
            if f % 3 == 0:
                out.write('import "pe"\n')
            out.writelines(rule(r, f"g{f}_{i}") for i in range(A_FILE))


def busy():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(b, *more):
    """Wall time, processor time."""
    begun, before = time.monotonic(), busy()
    subprocess.run([b.probity, "check", "list", *more], env=b.env, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - begun, busy() - before


def median_beyond(pairs):
    """Of (with, without): wall and processor time beyond that of our own patterns."""
    return [statistics.median(a[i] - b[i] for a, b in pairs) for i in (0, 1)]


def rules(b):
    folder = f"{b.work}/generated"
    generate(folder, RULES)
    seconds(b)  # our own patterns are in the cache from here on
    compiled, cached, sizes = [], [], 0
    for run in range(b.runs):
        b.progress(f"rules, run {run + 1} of {b.runs}")
        for f in glob.glob(f"{b.env['XDG_CACHE_HOME']}/probity/*-set.yac"):
            os.remove(f)
        compiled.append((seconds(b, "--rules", folder), seconds(b)))
        cached.append((seconds(b, "--rules", folder), seconds(b)))
        sizes = sum(os.path.getsize(f) for f in glob.glob(f"{b.env['XDG_CACHE_HOME']}/probity/*-set.yac"))
    wall, processor = median_beyond(compiled)
    b.add(f"{RULES} rules from elsewhere: compiled", 5, wall, "s", f"{processor:.2f} s of processor time")
    wall, processor = median_beyond(cached)
    b.add(f"{RULES} rules from elsewhere: from the cache", 0.3, wall, "s", f"{processor:.2f} s of processor time, {sizes / 1e6:.0f} MB")
