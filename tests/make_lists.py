#!/usr/bin/env python3
"""make_lists.py [--check]: writes rulesets/lists/trackers.tsv from the npm package third-party-web (MIT), as the registry serves it.

The version and the digest of the package are pinned here: the same package gives the same file. It is fetched as data with `npm pack`;
nothing of it is installed or run. To take a newer one, change PIN, run it, and read the difference before it is committed.
--check writes nothing and ends with 1 where the file is not what would be written; with 77 where the registry cannot be reached."""
import base64
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

PIN = {
    "version": "0.30.0",
    "date": "2026-09-14",  # when it was published
    "sha512": "p+PfyL5U0ediGzvwPzMSdD9MnC8rHW6nWJJVLIQvqN7RsSqfaZ+7n4c9GILqH36EYR0eXB9CzAeCRnKFr/9uJg==",
}
FILE = pathlib.Path(__file__).resolve().parent.parent / "rulesets/lists/trackers.tsv"
MEMBERS = {"entities": "package/dist/entities-nostats.json", "licence": "package/LICENSE"}
MEMBER_MAX = 4 << 20

# Its categories, and what we call them. Others (hosting, content, utility, other) hold what products use for their own work.
KINDS = {"ad": "ads", "analytics": "analytics", "marketing": "marketing", "tag-manager": "tag-manager", "social": "social",
         "customer-success": "support-chat", "consent-provider": "consent", "cdn": "cdn", "video": "video"}

# Entities whose domain is mostly another business: a URL there says nothing of tracking.
LEFT_OUT = {"Accenture", "Amazon Associates", "ARM", "Bet365", "Better Business Bureau", "Bigcommerce", "Channel 5 Media", "Fivetran", "HERE",
            "Keynote", "LINE Corporation", "Logicalis", "Microsoft XBox Live", "Okta", "Oracle", "Salesforce", "ScientiaMobile", "Seldon",
            "Spiceworks", "SurveyMonkey", "The Guardian", "Tivo", "Wayfair", "Yahoo!", "jsonip.com"}
HOSTS_LEFT_OUT = {"aol.co.uk", "aol.com", "apple.com", "bing.com", "ebay.com", "hp.com", "microsoft.com", "salesforce.com", "where.com",
                  "www.linkedin.com"}


def fetch(folder):
    """The verified package; None where the registry does not give it."""
    name = f"third-party-web@{PIN['version']}"
    run = subprocess.run(["npm", "pack", "--ignore-scripts", "--silent", "--fetch-retries=1", name], cwd=folder, capture_output=True, timeout=300, check=False)
    packed = sorted(pathlib.Path(folder).glob("*.tgz"))
    if run.returncode or len(packed) != 1:
        return None
    data = packed[0].read_bytes()
    if base64.b64encode(hashlib.sha512(data).digest()).decode() != PIN["sha512"]:
        sys.exit(f"make_lists: {name}: its SHA-512 is not the pinned one")
    return packed[0]


def member(archive, name):
    info = archive.getmember(name)
    if not info.isfile() or info.size > MEMBER_MAX:
        sys.exit(f"make_lists: {name}: no file of at most {MEMBER_MAX} bytes")
    return archive.extractfile(info).read().decode("utf-8")


def rows(entities):
    """{host: (kind, whose)}. "*.a.org" means a.org and all below, as every row of a list that matches by domain."""
    out = {}
    for entity in entities:
        kind = KINDS.get(entity.get("category"))
        if kind is None or entity["name"] in LEFT_OUT:
            continue
        whose = re.sub(r"\s+", " ", entity["name"]).strip()
        for domain in entity["domains"]:
            host = domain.removeprefix("*.").lower()
            if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
                sys.exit(f"make_lists: {domain!r} is no host")
            if host not in HOSTS_LEFT_OUT:
                out.setdefault(host, (kind, whose))
    return out


def text(package):
    with tarfile.open(package) as archive:
        entities = json.loads(member(archive, MEMBERS["entities"]))
        licence = member(archive, MEMBERS["licence"])
    lines = ["# about: hosts of third parties that web pages and programs report to or load from, by entity",
             f"# source: npm third-party-web {PIN['version']}, dist/entities-nostats.json; made by tests/make_lists.py",
             "# licence: MIT", f"# date: {PIN['date']}", "# match: domain", "# columns: host kind whose", "#"]
    lines += [f"# {line}".rstrip() for line in licence.strip().splitlines()]
    body = [(host.replace(".", ","), *rest) for host, rest in rows(entities).items()]
    body.sort(key=lambda row: row[0].encode())
    return "\n".join(lines + ["\t".join(row) for row in body]) + "\n"


def main():
    with tempfile.TemporaryDirectory() as folder:
        package = fetch(folder)
        if package is None:
            print("make_lists: third-party-web is not to be had from the registry", file=sys.stderr)
            return 77
        made = text(package)
    if sys.argv[1:] == ["--check"]:
        return 0 if FILE.is_file() and FILE.read_text() == made else 1
    FILE.write_text(made)
    print(f"{FILE.name}: {sum(1 for line in made.splitlines() if not line.startswith('#'))} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
