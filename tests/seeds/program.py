"""Small programs that recipes plant: compiled, never run. A recipe whose compiler is not there is not measured, and measure.py says so."""
import pathlib
import re
import shutil
import subprocess
import tempfile

# Functions of Windows that are not in the libraries which the compiler takes by itself.
WINDOWS = [f"-l{name}" for name in "ws2_32 wininet winhttp urlmon crypt32 advapi32 user32 gdi32 shell32 dbghelp ole32 wtsapi32".split()]
LOOSE = ["-std=gnu89", "-w", "-O1", "-fno-builtin"]  # so that sources need no headers


class NoTool(Exception):
    """A compiler or packer that this machine does not have."""


def run(*command, **more):
    """Runs a tool that makes something; its output. Raises NoTool."""
    if not shutil.which(command[0]):
        raise NoTool(command[0])
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, **more).stdout


def built(source, ending, *command):
    """command with SOURCE and OUT in place of the files; the bytes of OUT."""
    with tempfile.TemporaryDirectory() as folder:
        to = {"SOURCE": pathlib.Path(folder, "x" + ending), "OUT": pathlib.Path(folder, "x.out")}
        to["SOURCE"].write_text(source)
        run(*[to.get(c, c) for c in command], cwd=folder)
        return to["OUT"].read_bytes()


def elf(source, *options):
    return built(source, ".c", "gcc", "-w", "-s", "-O1", "-o", "OUT", "SOURCE", *options)


def loose_elf(source, *options):
    """Of a source without headers. What it calls and nobody has is in a library that is made for it, and named after what it asks for."""
    try:
        return built(source, ".c", "gcc", "-s", *LOOSE, "-o", "OUT", "SOURCE", *options)
    except subprocess.CalledProcessError as e:
        names = sorted(set(re.findall(r"undefined reference to `([A-Za-z_0-9]+)'", e.stderr.decode())))
        if not names:
            raise
    with tempfile.TemporaryDirectory() as folder:
        library = pathlib.Path(folder, "lib" + names[0].split("_")[0] + ".so")
        code = "".join(f"int {name}() {{ return 0; }}\n" for name in names)
        library.write_bytes(built(code, ".c", "gcc", *LOOSE, "-shared", "-fPIC", f"-Wl,-soname,{library.name}.1", "-o", "OUT", "SOURCE"))
        return built(source, ".c", "gcc", "-s", *LOOSE, "-o", "OUT", "SOURCE", *options, str(library))


def pe(source, *options):
    """A program for Windows, of a source without headers."""
    return built(source, ".c", "x86_64-w64-mingw32-gcc", "-s", *LOOSE, "-o", "OUT", "SOURCE", *options, *WINDOWS)


def macho(source):
    """A program for macOS, of a source without headers."""
    with tempfile.TemporaryDirectory() as folder:
        c, o, out = (pathlib.Path(folder, name) for name in ("x.c", "x.o", "x"))
        c.write_text(source)
        run("clang", "-target", "x86_64-apple-macos11", *LOOSE, "-c", "-o", o, c)
        linker = next((name for name in ("ld64.lld", "ld64.lld-14") if shutil.which(name)), "ld64.lld")
        run(linker, "-arch", "x86_64", "-platform_version", "macos", "11.0", "11.0", "-undefined", "dynamic_lookup", "-dylib", "-o", out, o)
        return out.read_bytes()


def dotnet(source, *options):
    """An assembly of C#."""
    with tempfile.TemporaryDirectory() as folder:
        code, out = pathlib.Path(folder, "x.cs"), pathlib.Path(folder, "x.exe")
        code.write_text(source)
        run("mcs", "-nologo", "-warn:0", *options, f"-out:{out}", code)
        return out.read_bytes()
