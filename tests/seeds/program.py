"""Small programs that recipes plant: compiled, never run."""
import subprocess


def elf(host, source, *options):
    c, out = host.dir / "x.c", host.dir / "x.out"
    c.write_text(source)
    subprocess.run(["gcc", "-w", "-s", "-O1", *options, "-o", out, c], check=True)
    data = out.read_bytes()
    c.unlink()
    out.unlink()
    return data
