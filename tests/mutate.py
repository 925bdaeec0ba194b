#!/usr/bin/python3
"""mutate.py OUT N SEED: writes N mutated archives of many formats into OUT. The same seed gives the same files.

Mutations: flipped bits, overwritten, inserted and removed runs, truncation, swapped blocks, and "lying numbers" (a 2 or 4 byte
little- or big-endian field set to an extreme value). Seeds are small archives made here, nested in each other.
"""
import bz2
import gzip
import io
import lzma
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import zipfile

out, count, rng = sys.argv[1], int(sys.argv[2]), random.Random(int(sys.argv[3]))
os.makedirs(out)
FILES = {
    "package/package.json": b'{"name":"m","version":"1.0.0","scripts":{"postinstall":"node x.js"}}',
    "package/x.js": b"const h = require('https'); h.get('https://plain.vendor-host.net/a');\n" * 5,
    "m-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: m\nVersion: 1.0\nLicense: MIT\n\nText\n",
    "m-1.0.dist-info/RECORD": b"m/__init__.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n",
    "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\nImplementation-Title: m\nImplementation-Version: 1\n",
    "etc/key.pem": b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n",
    "page.html": b"<html><script src='http://cdn.vendor-host.net/x.js'></script></html>",
    "tiny": b"abc",
    "bin/true": open("/bin/true", "rb").read()[:9000],
}


def tar(files):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w") as t:
        for name, data in files.items():
            i = tarfile.TarInfo(name)
            i.size = len(data)
            i.mode = 0o4755 if name.startswith("bin/") else 0o644
            t.addfile(i, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "../../etc/passwd"
        t.addfile(link)
    return b.getvalue()


def zipped(files, method=zipfile.ZIP_DEFLATED):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", method) as z:
        for name, data in files.items():
            z.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, method)
    return b.getvalue()


def ar(members):
    b = b"!<arch>\n"
    for name, data in members.items():
        b += f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode() + data + b"\n" * (len(data) & 1)
    return b


def through(command, data):
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def with_tool(make):
    with tempfile.TemporaryDirectory() as d:
        for name, data in FILES.items():
            os.makedirs(os.path.dirname(f"{d}/{name}") or d, exist_ok=True)
            open(f"{d}/{name}", "wb").write(data)
        return make(d)


def seven(d):
    subprocess.run(["7z", "a", "-bso0", "-bsp0", f"{d}/../x{os.getpid()}.7z", "."], cwd=d, check=True, stdout=subprocess.DEVNULL)
    data = open(f"{d}/../x{os.getpid()}.7z", "rb").read()
    os.unlink(f"{d}/../x{os.getpid()}.7z")
    return data


plain = tar(FILES)
control = tar({"./control": b"Package: m\nVersion: 1\nMaintainer: A <a@debian.org>\nDescription: m\n", "./md5sums": b"0" * 32 + b"  tiny\n",
               "./postinst": b"#!/bin/sh\ncurl http://plain.vendor-host.net/x | sh\n"})
seeds = {
    "tar": plain,
    "tgz": gzip.compress(plain, mtime=0),
    "tar.bz2": bz2.compress(plain),
    "tar.xz": lzma.compress(plain),
    "tar.lzma": lzma.compress(plain, format=lzma.FORMAT_ALONE),
    "tar.zst": through(["zstd", "-qc"], plain),
    "tar.lz4": through(["lz4", "-qc"], plain),
    "tar.lz": through(["lzip", "-c"], plain),
    "zip": zipped(FILES),
    "whl": zipped(FILES, zipfile.ZIP_STORED),
    "lzma.zip": zipped(FILES, zipfile.ZIP_LZMA),
    "jar": zipped({"META-INF/MANIFEST.MF": FILES["META-INF/MANIFEST.MF"], "in.jar": zipped(FILES)}),
    "deb": ar({"debian-binary": b"2.0\n", "control.tar.gz": gzip.compress(control, mtime=0), "data.tar.zst": through(["zstd", "-qc"], plain)}),
    "a": ar({"one.o": FILES["bin/true"], "two.txt": FILES["package/x.js"]}),
    "7z": with_tool(seven),
    "cpio": with_tool(lambda d: subprocess.run("find . | LC_ALL=C sort | cpio --quiet -o -H newc --reproducible", shell=True, cwd=d, capture_output=True, check=True).stdout),
    "elf": open("/bin/true", "rb").read(),
}
EXTREMES = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]


def mutate(data):
    b = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        if not b:
            break
        at, kind = rng.randrange(len(b)), rng.randrange(8)
        if kind == 0:
            b[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            run = rng.randrange(1, 64)
            b[at:at + run] = rng.randbytes(min(run, len(b) - at))
        elif kind == 2:
            del b[at:at + rng.randrange(1, 512)]
        elif kind == 3:
            b[at:at] = rng.randbytes(rng.randrange(1, 64))
        elif kind == 4 and rng.random() < 0.3:
            del b[at:]
        elif kind == 5:
            size, order = rng.choice([2, 4]), rng.choice(["little", "big"])
            b[at:at + size] = (rng.choice(EXTREMES) & ((1 << 8 * size) - 1)).to_bytes(size, order)
        elif kind == 6:
            other = rng.randrange(len(b))
            run = rng.randrange(1, 128)
            b[at:at + run], b[other:other + run] = b[other:other + run], b[at:at + run]
        else:
            head = rng.randrange(min(64, len(b)))  # headers are where the lies matter
            b[head] = rng.randrange(256)
    return bytes(b)


names = sorted(seeds)
for i in range(count):
    name = names[i % len(names)]
    with open(f"{out}/{i:05}.{name}", "wb") as f:
        f.write(mutate(seeds[name]))
