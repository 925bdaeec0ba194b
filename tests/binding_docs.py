#!/usr/bin/env python3
"""binding_docs.py [--check]: writes bindings/README.md from bindings/README.head.md and the comments of the bindings.

A line "<!-- pages: a.c b.c -->" of the head becomes the comments "/** ... */" of those files, in their order:
  # TITLE            the title of a page
  | CELL | TEXT      a row of a table; the lines below belong to it, up to the next row, a blank line, or the end
  all else           as it is
--check changes nothing, says what is wrong, and ends with 1 where the file is not what would be written."""
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "bindings"
MARKER = re.compile(r"<!-- pages: ([a-z0-9_. ]+) -->")
COMMENT = re.compile(r"^/\*\*[ \n](.*?)\*/", re.DOTALL | re.MULTILINE)


def comments(path):
    """The bodies of its doc comments, as lists of lines."""
    for match in COMMENT.finditer(path.read_text()):
        lines = [re.sub(r"^ \*( |$)", "", line).rstrip() for line in match[1].split("\n")]
        while lines and not lines[-1].strip():
            lines.pop()
        while lines and not lines[0].strip():
            lines.pop(0)
        yield lines


def row(path, line):
    cells = re.fullmatch(r"\| (.+?) \| (.+)", line)
    if not cells:
        sys.exit(f"{path.name}: a row is \"| CELL | TEXT\": {line}")
    return f"| {cells[1]} | {cells[2]} |"


def page(paths):
    """Markdown of all their comments. A table goes on over several comments until other text comes."""
    out, in_table = [], False
    for path in paths:
        for lines in comments(path):
            at, before = 0, len(out)
            while at < len(lines):
                line = lines[at]
                at += 1
                if line.startswith("| "):
                    while at < len(lines) and lines[at] and not lines[at].startswith("| "):
                        line += " " + lines[at].strip()
                        at += 1
                    if not in_table:
                        if out and out[-1]:
                            out.append("")
                        out += ["| | |", "|---|---|"]
                    in_table = True
                    out.append(row(path, line))
                    before = -1
                    continue
                if not line and in_table:
                    continue
                if line and (in_table or before == len(out)) and out and out[-1]:
                    out.append("")
                in_table, before = False, -1
                out.append("## " + line[2:] if line.startswith("# ") else line)
    return out


def generate():
    used, out = [], []
    for line in (FOLDER / "README.head.md").read_text().split("\n"):
        marker = MARKER.fullmatch(line)
        if not marker:
            out.append(line)
            continue
        names = marker[1].split()
        used += names
        out += page([FOLDER / name for name in names])
    documented = {path.name for path in FOLDER.glob("*.c") if COMMENT.search(path.read_text())}
    for name in sorted(documented.symmetric_difference(used)):
        sys.exit(f"{name}: {'no page of README.head.md has it' if name in documented else 'it has no comment /** ... */'}")
    if len(used) != len(set(used)):
        sys.exit("README.head.md: a file is on two pages")
    return "\n".join(out)


def main():
    target, text = FOLDER / "README.md", generate()
    if sys.argv[1:] == ["--check"]:
        if target.read_text() != text:
            sys.exit("bindings/README.md is not what its sources say: run \"make docs\"")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        target.write_text(text)


main()
