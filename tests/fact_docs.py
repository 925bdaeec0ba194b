#!/usr/bin/env python3
"""fact_docs.py [--check | --fits FILE...]: writes bindings/FACTS.md from the classes in bindings/types/facts.lua and yara.lua.
--check: changes nothing, and ends with 1 where the file is not what would be written.
--fits: holds lines "PLACE TYPE" of the files, as seen in objects, against the classes: "object.binary.needed[] string". Names what is not
described, what has another type, and what is described, was not seen, and is not in NOT_SEEN. YARA's modules are left to
unit/test_fact_types.c."""
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "bindings"
MODULES = {"probity.Elf", "probity.Pe", "probity.Dotnet", "probity.Macho"}
FIELD = re.compile(r'---@field (\[\w+\]|\w+)(\??) ((?:table<[^>]*>|"[^"]*"|[\w.]+)(?:\[\])?(?:\|(?:table<[^>]*>|"[^"]*"|[\w.]+)(?:\[\])?)*)(?: (.*))?')
# Described, and in none of the objects that cli/facts.sh looks at: what would be needed to see them.
NOT_SEEN = {}


def classes(text):
    """{name: (parent, prose, {field: (optional, type, words)})} in the order of the file."""
    out, prose, fields = {}, [], None
    for line in text.split("\n"):
        head = re.fullmatch(r"---@class probity\.(\w+)(?:: probity\.(\w+))?", line)
        if head:
            fields = {}
            out[head[1]] = (head[2], " ".join(prose), fields)
        elif line.startswith("---@field"):
            field = FIELD.fullmatch(line)
            if not field:
                sys.exit(f"types: no field of a fact: {line}")
            fields[field[1]] = (field[2] == "?", field[3], field[4] or "")
        elif line.startswith("---") and not line.startswith("---@"):
            prose.append(line[3:])
            continue
        prose = []
    return out


def cell(text):
    return text.replace("|", "\\|")


def link(type_, known):
    """A type for readers: the class's name links to its table."""
    shown = re.sub(r"probity\.(\w+)", lambda m: f"[{m[1]}](#{m[1].lower()})" if m[1] in known else m[1], cell(type_))
    return shown if "[" in shown and "](" in shown else f"`{type_}`".replace("|", "\\|")


def page(known):
    out = ["# Facts: what a check may read in `object.facts` and `o.facts`", "",
           "This page is made by `make docs` of the classes in `types/facts.lua` and `types/yara.lua`, which editors read, too: change it there. Tests hold both",
           "against YARA and against the facts of real objects. `?` behind a name: it may be absent. Where facts come from, and how to",
           "add one, says `plugin/facts/README.md`."]
    for name, (parent, prose, fields) in known.items():
        top = name in ("Facts", "ObjectFacts")
        out += ["", f"## {name}"] + ([prose] if prose else [])
        if parent:
            out += [f"All of [{parent}](#{parent.lower()}), and"]
        if not top and not any(words for _, _, words in fields.values()):
            out += ["", ", ".join(f"`{n}{'?' * o}` {link(t, known)}" for n, (o, t, _) in fields.items())]
            continue
        out += ["", "| fact | type | objects that have it | |" if top else "| | | |", "|---|---|---|---|" if top else "|---|---|---|"]
        for field, (optional, type_, words) in fields.items():
            row = [f"`{field}{'?' * optional}`", link(type_, known)]
            if top:
                objects, colon, words = words.partition(": ")
                if not colon:
                    sys.exit(f"types: {name}.{field} does not say which objects have it")
                row.append(cell(objects))
            out.append("| " + " | ".join(row + [cell(words)]) + " |")
    return "\n".join(out) + "\n"


def fields_of(known, name):
    parent, _, fields = known[name]
    return {**(fields_of(known, parent) if parent else {}), **fields}


def steps(place):
    """a.b[].c -> a, b, [], c"""
    return [part for word in place.split(".") for part in re.findall(r"\[\]|[^\[]+", word)]


def inner(type_, step, known, seen):
    """The types of what this step leads to, from this type: none where it leads nowhere."""
    out = []
    for one in re.findall(r'table<[^>]*>(?:\[\])?|"[^"]*"|[\w.]+(?:\[\])?', type_):
        table = re.fullmatch(r"table<string, (.*)>", one)
        if step == "[]":
            out += [one[:-2]] if one.endswith("[]") else []
        elif table:
            out.append(table[1])
        elif one.startswith("probity.") and one[8:] in known:
            fields = fields_of(known, one[8:])
            key = step if step in fields else "[string]"
            if key in fields:
                owner = next(n for n in (one[8:], known[one[8:]][0]) if n and key in known[n][2])
                seen.add(f"{owner}.{key}")
                out.append(fields[key][1])
    return out


def plain(type_):
    return {"string" if one.startswith('"') else one for one in re.findall(r'"[^"]*"|[\w.]+', type_)}


def fits(known, lines):
    wrong, seen = set(), set()
    for line in sorted(lines):
        place, type_ = line.rsplit(" ", 1)
        walk = steps(place)
        types = {"object": ["probity.ObjectFacts"], "o": ["probity.Facts"]}[walk[0]]
        if walk[0] == "object" and len(walk) > 1 and walk[1] in ("elf", "pe", "dotnet", "macho"):
            seen.add(f"ObjectFacts.{walk[1]}")
            continue
        for step in walk[1:]:
            types = [t for one in types for t in inner(one, step, known, seen)]
        if not types:
            wrong.add(f"not described: {place}")
        elif not any(type_ in plain(t) for t in types):
            wrong.add(f"{place} is a {type_}, not {' or '.join(types)}")
    modules = {n for n in known if any(n.startswith(m[8:]) for m in MODULES)}
    for name, (_, _, fields) in known.items():
        for field in fields:
            what = f"{name}.{field}"
            if name not in modules and what not in seen and what not in NOT_SEEN:
                wrong.add(f"in no object: {what}")
    for what in NOT_SEEN:
        if what in seen or what.split(".")[0] not in known or what.split(".")[1] not in known[what.split(".")[0]][2]:
            wrong.add(f"NOT_SEEN, but seen or not described: {what}")
    return sorted(wrong)


def main():
    known = classes("".join((FOLDER / "types" / name).read_text() for name in ("facts.lua", "yara.lua")))
    text, target = page(known), FOLDER / "FACTS.md"
    if sys.argv[1:] == ["--check"]:
        if target.read_text() != text:
            sys.exit("bindings/FACTS.md is not what bindings/types/ says: run \"make docs\"")
    elif sys.argv[1:2] == ["--fits"] and len(sys.argv) > 2:
        wrong = fits(known, {line for name in sys.argv[2:] for line in pathlib.Path(name).read_text().splitlines()})
        if wrong:
            sys.exit("\n".join(wrong))
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        target.write_text(text)


main()
