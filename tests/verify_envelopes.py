#!/usr/bin/python3
"""verify_envelopes.py PROBITY TRUST ENVELOPE COUNT SEED: changes single bytes of a signed report; `probity verify` must name each. TAP."""
import json
import os
import random
import subprocess
import sys
import tempfile

probity, trust, name, count, seed = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
rng, text = random.Random(seed), open(name, "rb").read()
low = text.index(b'"payloadType"')  # what is not the payload is small: half of the changes go there
places = [rng.randrange(low, len(text)) if i % 2 else rng.randrange(len(text)) for i in range(count)] + [len(text) - 1, 0]
with tempfile.TemporaryDirectory() as folder:
    for number, place in enumerate(places, 1):
        byte = rng.choice([b for b in range(256) if b != text[place]] if number % 3 == 0 else
                          [b for b in b"ABCDEFabcdef0123456789+/=" if b != text[place]])
        file = os.path.join(folder, "e.json")
        open(file, "wb").write(text[:place] + bytes([byte]) + text[place + 1:])
        run = subprocess.run([probity, "verify", "-f", "json", "--trust", trust, file], capture_output=True, timeout=60, check=False)
        rows = [json.loads(line) for line in run.stdout.splitlines()]
        fine = run.returncode == 1 and any(r["problems"] for r in rows)
        print(f"{'ok' if fine else 'not ok'} {number} - byte {place} of {len(text)}: {text[place:place + 1]!r} -> {bytes([byte])!r}")
        if not fine:
            print(f"# status {run.returncode} {run.stdout[:300]!r} {run.stderr[:300]!r}")
print(f"1..{len(places)}")
