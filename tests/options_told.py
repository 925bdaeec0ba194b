"""options_told.py PROBITY: each option that a command's --help tells is one that the command knows. Prints those that are not, one a line, and at the end
how many were asked about.

Each is tried with an option behind it that no command has, so that nothing but the reading of options ever runs."""
import re
import subprocess
import sys

UNKNOWN = "--there-is-no-such-option"


def run(*words):
    return subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def listed(text, head):
    """The words of an indented list, over all parts of it."""
    return re.findall(r"^  ([a-z][a-z-]*) {2,}\S", text[text.index(head):], re.M)


def commands():
    for command in listed(run("--help").stdout, "Commands:"):
        text = run(command, "--help").stdout
        if re.search(r"^Usage: probity \S+ VERB", text):
            for verb in listed(text, "VERB"):
                yield (command, verb), run(command, verb, "--help").stdout
        else:
            yield (command,), text


asked = 0
for words, text in commands():
    for line in text.splitlines():
        m = re.match(r"^ {2,6}(-\w, )?(--[a-z][a-z-]*)( [A-Z][A-Z|/]*)?", line)
        if not m or m.group(2) == "--help":
            continue
        asked += 1
        err = run(*words, m.group(2), *(["1"] if m.group(3) else []), UNKNOWN).stderr
        # One that is read but not looked at is called by its value.
        if re.search(f'no option "(?!{UNKNOWN})', err) or err == "":
            print(*words, m.group(2))
print(asked)
