#!/usr/bin/env python3
"""readme.py FILE.md FOLDER: does what a page tells its reader to do, from top to bottom in FOLDER, and holds the answers against those on
the page. TAP on standard output.

    ```sh            a line "$ COMMAND" is run by bash; lines "> ..." under it go on with it (a here-document). What follows is what it
                     writes, standard error included. "..." stands for anything inside of a line, and for any lines where it stands alone.
    ```LANG PATH     what the reader puts into that file
Blocks of other forms are passed over.
"""
import os
import re
import subprocess
import sys

SECONDS = 120


def blocks(text):
    """(line of the fence, its words, the lines inside) of each fenced block."""
    inside, begin, words = None, 0, []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if inside is None:
                inside, begin, words = [], number, line[3:].split()
            else:
                yield begin, words, inside
                inside = None
        elif inside is not None:
            inside.append(line)
    if inside is not None:
        raise SystemExit(f"line {begin}: a block without an end")


def commands(begin, lines):
    """(line, command, wanted lines) of a block of the form sh."""
    steps = []
    for number, line in enumerate(lines, begin + 1):
        if line.startswith("$ "):
            steps.append((number, [line[2:]], []))
        elif not steps:
            raise SystemExit(f"line {number}: an answer without a command")
        elif line.startswith("> ") and not steps[-1][2]:
            steps[-1][1].append(line[2:])
        else:
            steps[-1][2].append(line)
    return [(number, "\n".join(command), wanted) for number, command, wanted in steps]


def pattern(line):
    if line == "...":
        return r"(?:[^\n]*\n)*?"
    return "[^\\n]*".join(re.escape(part) for part in line.split("...")) + r"\n"


def differs(wanted, got):
    """None where got is as wanted; else the wanted line at which they part."""
    text = "".join(line + "\n" for line in got)
    patterns = [pattern(line) for line in wanted]
    if re.fullmatch("".join(patterns), text):
        return None
    for i in range(len(patterns)):
        if not re.match("".join(patterns[:i + 1]), text):
            return wanted[i]
    return "(no more lines)"


def show(lines):
    print("\n".join("# " + line for line in lines[:60]))


def main():
    page, folder = sys.argv[1:]
    tests = 0
    for begin, words, lines in blocks(open(page, encoding="utf-8").read()):
        if len(words) == 2:
            path = os.path.join(folder, words[1])
            if not os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep):
                raise SystemExit(f"line {begin}: {words[1]} lies outside")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
        elif words == ["sh"]:
            for number, command, wanted in commands(begin, lines):
                tests += 1
                try:
                    done = subprocess.run(["bash", "-c", command], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, timeout=SECONDS, check=False)
                    got, status = done.stdout.decode("utf-8", "replace").splitlines(), done.returncode
                except subprocess.TimeoutExpired:
                    got, status = [f"took longer than {SECONDS} s"], 124
                miss = f"status {status}" if status >= 124 or (status and not wanted) else differs(wanted, got)
                title = f"line {number}: {command.splitlines()[0][:90]}".replace("#", "")
                print(f"ok {tests} - {title}" if miss is None else f"not ok {tests} - {title}")
                if miss is not None:
                    show(["wanted: " + miss, "got:"] + got)
    print(f"1..{tests}")


main()
