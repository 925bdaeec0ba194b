"""What tests of breaking things share: TAP, products, processes. Used by chaos_cli.py and chaos_clamd.py."""
import collections, contextlib, glob, io, os, random, re, signal, tarfile, time, zipfile

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


def done():
    print(f"1..{tests}")
