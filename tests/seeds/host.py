"""A clean product in a folder of its own, into which something is planted, and its packing. Data only: nothing of it is run."""
import io
import json
import pathlib
import re
import shutil
import subprocess
import tarfile


class Host:
    """dir: the unpacked product. kind: "npm", "deb" or "tree" (a folder, scanned as it is)."""

    def __init__(self, kind, name, folder):
        self.kind, self.name, self.dir = kind, name, pathlib.Path(folder)
        self.earlier = None

    def before(self):
        """What the product is now is clean; what comes after this is what is planted."""
        folder = self.dir.parent / "earlier"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.dir, folder, symlinks=True)
        self.earlier = Host(self.kind, self.name, folder)

    def put(self, path, content, mode=0o644):
        """A new file. path: below the product's top (npm: its package folder)."""
        file = self.dir / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        file.write_bytes(content)
        file.chmod(mode)
        return file

    def text(self, path):
        return (self.dir / path).read_text(errors="surrogateescape")

    def change(self, path, turn):
        """turn: a function from the file's text to its new text."""
        file = self.dir / path
        file.write_text(turn(self.text(path)), errors="surrogateescape")

    def manifest(self, turn):
        """npm: turn changes the dict of package.json in place."""
        about = json.loads(self.text("package.json"))
        turn(about)
        self.put("package.json", json.dumps(about, indent=2) + "\n")

    def main(self):
        """The file that runs when the product is used: npm's main; of a tree src/main.js; None elsewhere."""
        if self.kind == "npm":
            main = json.loads(self.text("package.json")).get("main") or "index.js"
            for path in (main, main + ".js", main + "/index.js", "index.js"):
                if (self.dir / path).is_file():
                    return path
            return None
        return None

    def add_code(self, code):
        """JavaScript that runs when the product is used: behind what its main file holds; where there is none, in a file of its own."""
        main = self.main()
        if main:
            self.change(main, lambda text: text + "\n" + code + "\n")
        else:
            self.put("lib/helper.js", code)

    def at_install(self, script, text):
        """Runs when the product is installed. npm: `script` is the file's name, called by postinstall; deb: text goes into postinst."""
        if self.kind == "npm":
            self.put(script, text)
            runner = "node " if script.endswith(("js", "cjs", "mjs")) else "sh "
            self.manifest(lambda m: m.setdefault("scripts", {}).update(postinstall=runner + script))
        else:
            path = "DEBIAN/postinst"
            before = self.text(path) if (self.dir / path).exists() else "#!/bin/sh\nset -e\n"
            lines = before.split("\n")
            self.put(path, "\n".join(lines[:1] + [text] + lines[1:]), 0o755)

    def pack(self, out):
        """Writes the product to out (without an ending); returns what is to be scanned."""
        if self.kind == "npm":
            file = pathlib.Path(f"{out}.tgz")
            with tarfile.open(file, "w:gz") as tar:
                for path in sorted(self.dir.rglob("*")):
                    tar.add(path, "package/" + str(path.relative_to(self.dir)), recursive=False, filter=plain)
            return file
        if self.kind == "deb":
            file = pathlib.Path(f"{out}.deb")
            self.sums()
            subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-b", self.dir, file], check=True, stdout=subprocess.DEVNULL)
            return file
        file = pathlib.Path(out)
        shutil.copytree(self.dir, file, symlinks=True)
        return file

    def sums(self):
        """md5sums of a .deb anew: the vendor would do so."""
        import hashlib
        lines = [f"{hashlib.md5(p.read_bytes()).hexdigest()}  {p.relative_to(self.dir)}\n" for p in sorted(self.dir.rglob("*"))
                 if p.is_file() and not p.is_symlink() and p.relative_to(self.dir).parts[0] != "DEBIAN"]
        self.put("DEBIAN/md5sums", "".join(lines))


def plain(info):
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    return info


def says(file):
    """The words that the product `file` says of itself: its name, description, section, keywords."""
    if file.suffix == ".deb":
        form = "${Package} ${Section} ${Description}"
        run = subprocess.run(["dpkg-deb", "-W", f"--showformat={form}", file], check=True, capture_output=True, text=True)
        text = run.stdout
    else:
        with tarfile.open(file) as tar:
            manifest = next((m for m in tar if m.name.count("/") == 1 and m.name.endswith("/package.json")), None)
            about = json.loads(tar.extractfile(manifest).read()) if manifest else {}
        text = " ".join([about.get("name") or "", about.get("description") or "", " ".join(about.get("keywords") or [])])
    return frozenset(re.findall(r"[a-z0-9]+", text.lower()))


def unpack(file, folder):
    """The clean product `file` (npm tgz or deb) below folder."""
    folder = pathlib.Path(folder)
    if file.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-R", file, folder], check=True)
        return Host("deb", file.name, folder)
    with tarfile.open(fileobj=io.BytesIO(file.read_bytes())) as tar:
        for member in tar:
            parts = pathlib.PurePosixPath(member.name).parts[1:]
            if not member.isfile() or not parts or ".." in parts:
                continue
            to = folder.joinpath(*parts)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(tar.extractfile(member).read())
    return Host("npm", file.name, folder)
