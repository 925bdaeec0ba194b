"""hostile.py PROBITY CONF REPORT FOLDER SEED ROUNDS: all sources of the collector against a mirror on loopback whose answers are made by a seed, of the
words that the sources look for. CONF: a probity.conf to which the mirrors are added. Prints one line a round that went wrong, and nothing else.

Whatever is answered: the collector ends in time with one of its statuses; no source fails for what it was told (an error of Lua); what is kept lies
below the source's own folder under a plain name, and collected.json gives its digest."""
import hashlib
import http.server
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading

PROBITY, CONF, REPORT, FOLDER, SEED, ROUNDS = *sys.argv[1:5], int(sys.argv[5]), int(sys.argv[6])
SOURCES = ("csaf", "debian", "npm-attestations", "osv", "repository-archive", "reputation", "rule-packs", "security-txt", "tls-posture")
WORDS = ("distributions", "directory_url", "vulns", "next_page_token", "id", "modified", "document", "category", "keys", "dist", "signatures", "status")
TEXTS = ("", "x", "../../../etc/passwd", "https://vendor.example/adv/", "https://vendor.example/adv//", "https://evil.invalid/", "file:///etc/passwd",
         "https://vendor.example:99999/", "http://127.0.0.1:22/", "a\0b", "https://vendor.example/\0", "\x1b[2J", "a" * 70000, "\u202e", "%2e%2e/%00",
         "https://[::1]/", "//", "?", "#", "\n", "next")
LINES = ("2026/a.json", "../a.json", "a.json", "/a.json", "//evil.invalid/a.json", "a" * 3000 + ".json", "a\0.json", ".json", "..json", "2026/..json",
         '"2026/b.json","2026-01-01"', '"b.json"', "a.json\r", "main/binary-amd64/Packages", " 0 1 main/binary-amd64/Packages.xz", "\xff\xfe.json")
rnd = random.Random()


def value(depth):
    kind = rnd.randrange(9 if depth > 0 else 5)
    if kind < 2:
        return rnd.choice(TEXTS)
    if kind < 5:
        return rnd.choice((None, True, 0, -1, 1 << 62, 1e308, 0.5, [], {}))
    if kind < 7:
        return [value(depth - 1) for _ in range(rnd.choice((0, 1, 2, 5, 60)))]
    return {rnd.choice(WORDS): value(depth - 1) for _ in range(rnd.randrange(6))}


def body():
    kind = rnd.randrange(8)
    if kind == 0: # as a provider would, but for where it leads
        text = json.dumps({"distributions": [{"directory_url": rnd.choice(TEXTS + ("https://vendor.example/d",) * 9)} for _ in range(rnd.choice((1, 3, 400)))]})
    elif kind == 1:
        text = json.dumps({"vulns": [], "next_page_token": rnd.choice(TEXTS + ("more",) * 9)})
    elif kind < 5:
        text = "\n".join(rnd.choice(LINES) for _ in range(rnd.choice((0, 1, 9, 3000))))
    elif kind == 5:
        text = "[" * rnd.choice((30, 5000, 100000))
    else:
        text = json.dumps(value(4))
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(rnd.choice((0, 0, 0, 1, 30)) if data else 0):
        data[rnd.randrange(len(data))] = rnd.randrange(256)
    return bytes(data)


class Answer(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = body()
        self.send_response(rnd.choice((200,) * 12 + (204, 206, 299, 304, 404, 410, 500)))
        self.send_header("Content-Length", str(len(data)))
        for name in ("ETag", "Last-Modified", "Strict-Transport-Security", "Content-Type"):
            if rnd.randrange(3) == 0:
                self.send_header(name, rnd.choice(('"a"', "max-age=1", "\x07", "\xe9" * 40, "a" * 9000, "", '"; x="\\')))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError: # it had enough
            pass

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def held(round_dir):
    """What is wrong with what was kept."""
    wrong, known = [], {"collected.json"}
    try:
        with open(f"{round_dir}/collected.json", encoding="utf-8") as f:
            entries = json.load(f)["entries"]
    except FileNotFoundError:
        entries = []
    for e in entries:
        known.add(e["file"])
        if not re.fullmatch(r"[a-z-]+/[A-Za-z0-9_-][A-Za-z0-9._-]*", e["file"]):
            wrong.append(f"a name: {e['file']!r}")
        with open(f"{round_dir}/{e['file']}", "rb") as f:
            if hashlib.sha256(f.read()).hexdigest() != e["sha256"]:
                wrong.append(f"another digest: {e['file']}")
    there = {os.path.relpath(os.path.join(at, name), round_dir) for at, _, names in os.walk(round_dir) for name in names}
    return wrong + [f"not in collected.json: {sorted(there - known)[:3]}"] * bool(there - known)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(CONF, encoding="utf-8") as f:
        conf = f.read()
    for name in SOURCES:
        conf += f"[collector {name}]\nmirror = http://127.0.0.1:{server.server_port}/{name}\nhosts = vendor.example\n" + "options = packs=a,b\n" * (name == "rule-packs")
    with open(f"{FOLDER}/hostile.conf", "w", encoding="utf-8") as f:
        f.write(conf)
    out, files = f"{FOLDER}/hostile", 0
    for n in range(ROUNDS):
        rnd.seed(f"{SEED} {n}")
        shutil.rmtree(out, ignore_errors=True)
        kind = ("npm", "deb")[n % 2]
        command = [PROBITY, "collect", "--config", f"{FOLDER}/hostile.conf", "-f", "json", "--for", REPORT, "-o", out, "--set", f"kind={kind}", "--set",
                   "domain=vendor.example", "--set", "repository=https://forge.example/s/x", "--set", "revision=v1", "--set", "sha256=" + "a" * 64]
        for name in SOURCES:
            command += ["--source", name]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            print(f"seed {SEED} {n}: took longer than 60 s")
            continue
        told = (done.stdout + done.stderr).decode("utf-8")
        wrong = held(out) if os.path.isdir(out) else []
        if done.returncode not in (0, 3):
            wrong.append(f"status {done.returncode}")
        try:
            problems = json.loads(done.stdout)["problems"]
        except (ValueError, KeyError):
            problems = [{"source": "", "why": ":0: no answer in JSON"}]
        # "csaf:52: ...": the line of a script where it failed
        wrong += [p["why"] for p in problems if re.match(rf"{p['source']}:\d+: ", p["why"]) or re.search(r"died|took longer|:0: ", p["why"])]
        if re.search(r"[\x00-\x09\x0b-\x1f]", told):
            wrong.append("a control character")
        files += sum(len(names) for _, _, names in os.walk(out))
        if wrong:
            print(f"seed {SEED} {n}:", *wrong[:5], told[-1500:])
    if files < ROUNDS:
        print(f"only {files} files were kept in {ROUNDS} rounds: nothing was tried")


main()
