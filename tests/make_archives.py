#!/usr/bin/python3
"""make_archives.py DIR: small archives of many kinds, each a package as its own tools would make it, made of harmless files. Used by
tests/cli/archives.sh; no package manager is needed for it, and nothing of them is ever installed."""
import gzip
import hashlib
import io
import json
import lzma
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

OUT = Path(sys.argv[1])
FETCH = "require 'net/http'\nNet::HTTP.get(URI('http://files.vendor-host.net/x'))\n"
SHELL = "#!/bin/sh\ncurl -fsS http://files.vendor-host.net/x -o /tmp/x\n"


def tar(files, mode=0o644):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as t:
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(data), mode, 0
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in files.items():
            z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def write(name, data):
    (OUT / name).write_bytes(data)


def gz(data):
    return gzip.compress(data, mtime=0)


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


def sdist():
    info = "Metadata-Version: 2.1\nName: twin\nVersion: 1.0\nSummary: reads twins\nLicense: MIT\nRequires-Dist: six (>=1)\n\nText.\n"
    write("twin-1.0.tar.gz", gz(tar({
        "twin-1.0/PKG-INFO": info, "twin-1.0/twin.egg-info/PKG-INFO": info, "twin-1.0/setup.py":
        "import urllib.request\nfrom setuptools import setup\nurllib.request.urlopen('http://files.vendor-host.net/x')\nsetup(name='twin')\n",
        "twin-1.0/twin/__init__.py": "value = 1\n"})))
    write("twin-1.0-py3.egg", zipped({"EGG-INFO/PKG-INFO": info, "twin/__init__.py": "value = 1\n"}))


def gem():
    spec = """--- !ruby/object:Gem::Specification
name: twin
version: !ruby/object:Gem::Version
  version: 1.2.3
platform: ruby
authors:
- A. Author
dependencies:
- !ruby/object:Gem::Dependency
  name: rake
  requirement: !ruby/object:Gem::Requirement
    requirements:
    - - ">="
      - !ruby/object:Gem::Version
        version: '0'
  type: :runtime
description: Greets twins.
extensions:
- ext/twin/extconf.rb
files:
- lib/twin.rb
homepage: https://twin.vendor-host.net
licenses:
- MIT
summary: Greets
"""
    data = gz(tar({"lib/twin.rb": "puts 'twin'\n", "ext/twin/extconf.rb": "require 'mkmf'\n" + FETCH, "lib/rubygems_plugin.rb": "# nothing much\n"}))
    write("twin-1.2.3.gem", tar({"metadata.gz": gz(spec.encode()), "data.tar.gz": data, "checksums.yaml.gz": gz(b"---\nSHA256: {}\n")}))


def nupkg():
    spec = """<?xml version="1.0"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
<id>Twin</id><version>1.2.3</version><authors>A. Author</authors><license type="expression">MIT</license>
<projectUrl>https://twin.vendor-host.net</projectUrl><description>Greets twins.</description><tags>greeting twin</tags>
<dependencies><group><dependency id="Newtonsoft.Json" version="13.0.1" /></group></dependencies></metadata></package>
"""
    write("Twin.1.2.3.nupkg", zipped({
        "Twin.nuspec": spec, "[Content_Types].xml": "<Types/>", "tools/install.ps1":
        "Invoke-WebRequest -Uri http://files.vendor-host.net/x -OutFile x\n", "lib/net6.0/readme.txt": "nothing much in here\n"}))


def extensions():
    manifest = json.dumps({"manifest_version": 3, "name": "Twin", "version": "1.2.3", "description": "Greets twins.", "permissions": ["tabs", "cookies"],
                           "host_permissions": ["<all_urls>"], "background": {"service_worker": "background.js"}, "update_url": "https://twin.vendor-host.net/updates",
                           "content_scripts": [{"matches": ["https://*/*"], "js": ["content.js"]}]})
    files = {"manifest.json": manifest, "background.js": "chrome.tabs.query({}, t => console.log(t));\n", "content.js": "console.log(1);\n"}
    head = b"\x12\x02\x08\x01"
    write("twin.crx", b"Cr24" + struct.pack("<II", 3, len(head)) + head + zipped(files))
    write("twin.xpi", zipped(files))


def vsix():
    manifest = json.dumps({"name": "twin", "publisher": "author", "version": "1.2.3", "description": "Greets twins.", "license": "MIT",
                           "engines": {"vscode": "^1.80.0"}, "activationEvents": ["*"], "main": "./extension.js",
                           "scripts": {"postinstall": "curl http://files.vendor-host.net/x"}})
    write("twin-1.2.3.vsix", zipped({
        "extension.vsixmanifest": "<?xml version=\"1.0\"?><PackageManifest/>", "[Content_Types].xml": "<Types/>",
        "extension/package.json": manifest, "extension/extension.js": "exports.activate = () => console.log('twin');\n"}))


def asar_of(files, header=None):
    tree, data = {"files": {}}, b""
    for name, text in files.items():
        node = tree
        *folders, last = name.split("/")
        for f in folders:
            node = node["files"].setdefault(f, {"files": {}})
        node["files"][last] = {"size": len(text), "offset": str(len(data))}
        data += text.encode()
    text = (header or json.dumps(tree)).encode()
    padded = text + b"\0" * (-len(text) % 4)
    return struct.pack("<IIII", 4, len(padded) + 8, len(padded) + 4, len(text)) + padded + data


def asar():
    write("app.asar", asar_of({
        "package.json": json.dumps({"name": "twin", "version": "1.2.3", "description": "Greets twins.", "main": "main.js"}),
        "main.js": "const http = require('http');\nhttp.get('http://files.vendor-host.net/x');\n", "lib/deep/a.js": "module.exports = 'deep';\n"}))


def pool_string(text):
    return struct.pack("<H", len(text)) + text.encode("utf-16-le") + b"\0\0"


def android():
    strings = ["manifest", "package", "net.example.twin", "versionName", "1.2.3", "uses-permission", "name", "android.permission.READ_SMS",
               "application", "debuggable", "activity", "exported", ".Open", ".Main", "intent-filter", "category",
               "android.intent.category.LAUNCHER", "versionCode", "allowBackup", "usesCleartextTraffic", "uses-sdk", "minSdkVersion",
               "targetSdkVersion"]
    index = {s: i for i, s in enumerate(strings)}
    blob, offsets = b"", []
    for s in strings:
        offsets.append(len(blob))
        blob += pool_string(s)
    blob += b"\0" * (-len(blob) % 4)
    start = 28 + 4 * len(strings)
    pool = struct.pack("<HHIIIIII", 1, 28, start + len(blob), len(strings), 0, 0, start, 0) + struct.pack(f"<{len(strings)}I", *offsets) + blob

    def begin(tag, /, **attributes):
        rows = b""
        for key, value in attributes.items():
            if isinstance(value, bool):
                rows += struct.pack("<IIIHBBI", 0xFFFFFFFF, index[key], 0xFFFFFFFF, 8, 0, 0x12, 0xFFFFFFFF if value else 0)
            elif isinstance(value, int):
                rows += struct.pack("<IIIHBBI", 0xFFFFFFFF, index[key], 0xFFFFFFFF, 8, 0, 0x10, value)
            else:
                rows += struct.pack("<IIIHBBI", 0xFFFFFFFF, index[key], index[value], 8, 0, 3, index[value])
        return struct.pack("<HHIIIIIHHHHHH", 0x102, 16, 36 + len(rows), 1, 0xFFFFFFFF, 0xFFFFFFFF, index[tag], 20, 20, len(attributes), 0, 0, 0) + rows

    def end(name):
        return struct.pack("<HHIIIII", 0x103, 16, 24, 1, 0xFFFFFFFF, 0xFFFFFFFF, index[name])

    body = begin("manifest", package="net.example.twin", versionName="1.2.3", versionCode=7)
    body += begin("uses-permission", name="android.permission.READ_SMS") + end("uses-permission")
    body += begin("uses-sdk", minSdkVersion=21, targetSdkVersion=34) + end("uses-sdk")
    body += begin("application", debuggable=True, allowBackup=True, usesCleartextTraffic=True)
    body += begin("activity", name=".Main", exported=True) + begin("intent-filter")
    body += begin("category", name="android.intent.category.LAUNCHER") + end("category") + end("intent-filter") + end("activity")
    body += begin("activity", name=".Open", exported=True) + end("activity")
    body += end("application") + end("manifest")
    manifest = struct.pack("<HHI", 3, 8, 8 + len(pool) + len(body)) + pool + body
    write("twin.apk", zipped({"AndroidManifest.xml": manifest, "classes.dex": b"dex\n035\0" + b"\0" * 120, "assets/a.js": "console.log('twin');\n"}))


def image():
    first = gz(tar({"etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "usr/bin/tool": "#!/bin/sh\nexit 0\n", "usr/bin/gone": "#!/bin/sh\nexit 0\n"}))
    second = zstd(tar({"usr/bin/.wh.gone": "", "start.sh": SHELL}, 0o755))
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["sha256:00"]}, "config": {
        "User": "root", "Env": ["PATH=/usr/bin", "API_TOKEN=none"], "Entrypoint": ["/start.sh"], "Cmd": ["--serve"], "ExposedPorts": {"8080/tcp": {}},
        "Labels": {"org.opencontainers.image.description": "Greets twins."}}}).encode()
    docker = json.dumps([{"Config": "config.json", "RepoTags": ["registry.vendor-host.net:5000/twin:1.2.3"], "Layers": ["a/layer.tar"]}])
    write("docker.tar", tar({"manifest.json": docker, "config.json": config, "a/layer.tar": gzip.decompress(first)}))

    def blob(data):
        return "blobs/sha256/" + hashlib.sha256(data).hexdigest()

    labelled = json.loads(config)
    labelled["config"]["Labels"].update({"org.opencontainers.image.title": "twin", "org.opencontainers.image.source": "https://twin.vendor-host.net/git",
                                         "org.opencontainers.image.version": "1.2.3"})
    labelled = json.dumps(labelled).encode()
    manifest = json.dumps({"schemaVersion": 2, "config": {"digest": "sha256:" + hashlib.sha256(labelled).hexdigest()}, "layers": []}).encode()
    write("oci.tar", tar({"oci-layout": '{"imageLayoutVersion":"1.0.0"}', "index.json": '{"schemaVersion":2,"manifests":[]}', blob(manifest): manifest,
                          blob(labelled): labelled, blob(first): first, blob(second): second}))


def conda():
    index = json.dumps({"name": "twin", "version": "1.2.3", "build": "0", "build_number": 0, "depends": ["python >=3.8"], "license": "MIT"})
    files = {"bin/.twin-post-link.sh": SHELL, "lib/twin.py": "value = 1\n"}
    info = {"info/index.json": index}
    write("twin-1.2.3-0.conda", zipped({"metadata.json": '{"conda_pkg_format_version": 2}', "pkg-twin-1.2.3-0.tar.zst": zstd(tar(files)),
                                        "info-twin-1.2.3-0.tar.zst": zstd(tar(info))}))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:bz2") as t:
        for name, text in {**info, **files}.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            t.addfile(member, io.BytesIO(text.encode()))
    write("twin-1.2.3-0.tar.bz2", out.getvalue())


def distributions():
    info = "pkgname = twin\npkgver = 1.2.3-1\npkgdesc = Greets twins\nurl = https://twin.vendor-host.net\npackager = A <a@b.org>\nlicense = MIT\ndepend = glibc\n"
    write("twin-1.2.3-1-x86_64.pkg.tar.zst", zstd(tar({".PKGINFO": info, ".INSTALL": "post_install() {\n  curl http://files.vendor-host.net/x\n}\n",
                                                      "usr/bin/twin": "#!/bin/sh\nexit 0\n"}, 0o755)))
    alpine = gz(tar({".PKGINFO": info + "origin = twin\ndatahash = 00\n", ".post-install": SHELL, "usr/bin/twin": "#!/bin/sh\nexit 0\n"}, 0o755))
    write("twin-alpine.apk", alpine)


def cpio_of(files):
    out = b""
    for n, (name, text) in enumerate([*files.items(), ("TRAILER!!!", "")]):
        data, path = text.encode(), name.encode() + b"\0"
        fields = [n + 1, 0o100755 if data else 0, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0]
        out += b"070701" + b"".join(b"%08x" % f for f in fields) + path
        out += b"\0" * (-len(out) % 4) + data
        out += b"\0" * (-len(out) % 4)
    return out + b"\0" * (-len(out) % 512)


def initramfs():
    write("initrd.img", cpio_of({"kernel/x86/microcode/GenuineIntel.bin": "microcode" * 10}) +
          gz(cpio_of({"init": SHELL, "etc/shadow": "root::0:0:99999:7:::\n"})))


def squashfs():
    folder = OUT / "tree"
    for name, text in {"meta/snap.yaml": "name: twin\nversion: '1.2.3'\nsummary: Greets twins\ndescription: Greets.\nconfinement: classic\ngrade: stable\n"
                       "apps:\n  twin:\n    command: bin/twin\n", "meta/hooks/install": SHELL, "bin/twin": "#!/bin/sh\nexit 0\n",
                       "big.txt": "a line of a text that goes on\n" * 20000}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    (folder / "bin/suid").write_text("#!/bin/sh\nexit 0\n")
    (folder / "bin/suid").chmod(0o4755)
    (folder / "bin/link").symlink_to("twin")
    for packed in ("gzip", "xz", "zstd", "lzo", "lz4"):
        subprocess.run(["mksquashfs", str(folder), str(OUT / f"{packed}.squashfs"), "-comp", packed, "-quiet", "-no-progress", "-noappend",
                        "-all-root", "-mkfs-time", "0", "-all-time", "0"], check=True, stdout=subprocess.DEVNULL)
    (OUT / "twin_1.snap").write_bytes((OUT / "xz.squashfs").read_bytes())
    (OUT / "firmware.bin").write_bytes(b"\x27\x05\x19\x56" + b"bootloader" * 400 + (OUT / "xz.squashfs").read_bytes())
    program = Path("/bin/true").read_bytes()
    (OUT / "Twin.AppImage").write_bytes(program[:8] + b"AI\x02" + program[11:] + (OUT / "gzip.squashfs").read_bytes())


OUT.mkdir(parents=True, exist_ok=True)
for make in (sdist, gem, nupkg, extensions, vsix, asar, android, image, conda, distributions, initramfs):
    make()
if len(sys.argv) > 2:
    squashfs()
write("twin.tar.xz", lzma.compress(tar({"a/readme.txt": "nothing much in here\n"})))
