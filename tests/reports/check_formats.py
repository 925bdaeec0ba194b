#!/usr/bin/env python3
"""check_formats.py PROBITY SCHEMAS [--only NAME,...] REPORT.json...: renders each report in every format of `probity report --list`, reads the text
with a parser of that format, and holds what a reader gets against the report: the report's texts are there, as text only. TAP.

SCHEMAS is a folder with sarif.json and cyclonedx/ (bom-1.6.SNAPSHOT.schema.json and what it refers to), as they are published.
A format that nobody here knows is held against what holds for every text."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import read_documents  # noqa: E402
import read_pages  # noqa: E402

# What moves a cursor, ends a line elsewhere, turns a line round, or is not seen.
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f" + read_documents.UNSEEN + "]")
READERS = {
    "json": read_documents.canonical, "csv": read_documents.table, "opinion": read_documents.opinion,
    "openmetrics": read_documents.metrics, "badge": read_pages.badge, "markdown": read_pages.markdown, "html": read_pages.html,
}
RAW = {"json"}  # the report itself: it holds what it held


def run(*command):
    return subprocess.run(command, capture_output=True, timeout=300, check=False)


def inert(text, name):
    """What holds for every format."""
    text = text.replace("\r\n", "\n") if name == "csv" else text
    found = None if name in RAW else FORBIDDEN.search(text)
    if found:
        yield "character U+%04X at %d: %r" % (ord(found.group()), found.start(), text[max(0, found.start() - 40):][:80])


def problems(done, name, report, readers, plain):
    if done.returncode != 0:
        yield "status %d: %s" % (done.returncode, done.stderr.decode(errors="replace")[:300])
        return
    try:
        text = done.stdout.decode("utf-8")
    except UnicodeDecodeError as error:
        yield "no UTF-8: %s" % error
        return
    yield from inert(text, name)
    reader = readers.get(name)
    try:
        if reader is read_pages.html:
            yield from read_pages.html(text, report, plain.stdout.decode("utf-8"))
        elif reader:
            yield from reader(text, report)
    except Exception as error:  # whatever a parser raises: it cannot read this
        yield "%s: %s" % (type(error).__name__, error)


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    probity, schemas, files, only = sys.argv[1], sys.argv[2], sys.argv[3:], None
    if files[0] == "--only":
        only, files = files[1].split(","), files[2:]
    rows = [json.loads(line) for line in run(probity, "report", "--list", "-f", "json").stdout.decode().splitlines() if line]
    names = sorted(row["name"] for row in rows if row["folder"] == "" and (not only or row["name"] in only))
    if not names:
        sys.exit("not ok 1 - there are formats")
    readers = dict(READERS)
    if os.path.exists(os.path.join(schemas, "sarif.json")):
        readers["sarif"] = read_documents.Sarif(os.path.join(schemas, "sarif.json"))
    if os.path.isdir(os.path.join(schemas, "cyclonedx")):
        readers["cyclonedx"] = read_documents.CycloneDx(os.path.join(schemas, "cyclonedx"))
    print("# formats: %s; read by a parser of their own: %s" % (", ".join(names), ", ".join(sorted(set(readers) & set(names)))))
    # Texts are made while others are read.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        made = {(file, name): pool.submit(run, probity, "report", "-f", name, file) for file in files for name in names}
        for file in files:
            with open(file, encoding="utf-8") as f:
                report = json.loads(f.readline())
            for name in names:
                found = list(problems(made[file, name].result(), name, report, readers, made[files[0], name].result()))
                print("%s 1 - %s: %s" % ("not ok" if found else "ok", name, os.path.basename(file)))
                for one in found[:8]:
                    print("# " + ascii(one)[:400])


if __name__ == "__main__":
    main()
