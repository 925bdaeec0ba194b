"""Recipes for checks of the pillars verification and culture."""
from recipe import plants


@plants("verification.build-paths", "npm", "deb")
def build_paths(r, host):
    person = r.choice(("j.berger", "mkowalski", "anneke", "r2d2dev"))
    path = r.choice((f"/home/{person}/src/{r.word()}/{r.word()}.c", f"C:\\Users\\{person}\\source\\repos\\{r.word()}\\{r.word()}.cpp", f"/Users/{person}/dev/{r.word()}/main.ts"))
    if host.kind == "npm":
        import json
        host.put("dist/bundle.js.map", json.dumps({"version": 3, "sources": [path], "mappings": "AAAA"}))
    else:
        from program import elf
        host.put(f"usr/bin/{r.name()}", elf(f"#include <stdio.h>\nint main(void) {{ puts(\"{path.replace(chr(92), chr(92) * 2)}\"); return 0; }}"), 0o755)


@plants("verification.contact", "tree", "npm")
def expired_contact(r, host):
    host.put(r.choice(("security.txt", ".well-known/security.txt")), f"Contact: mailto:security@{r.host()}\nExpires: 20{r.randint(19, 25)}-0{r.randint(1, 9)}-01T00:00:00Z\n")


@plants("culture.support-period", "tree", "deb")
def over(r, host):
    host.put(r.choice(("etc/os-release", "usr/lib/os-release")), f"NAME=\"{r.word()} OS\"\nID={r.word()}\nVERSION_ID=\"1\"\nSUPPORT_END=20{r.randint(18, 25)}-0{r.randint(1, 9)}-{r.randint(10, 28)}\n")


@plants("culture.accountable-maintainer", "npm")
def nobody(r, host):
    def turn(m):
        for key in ("author", "maintainers", "contributors", "publisher", "repository", "homepage", "bugs"):
            m.pop(key, None)
        if r.random() < 0.5:
            m["author"] = r.choice(("you@example.com", "Your Name <you@example.com>", "test <test@example.org>"))
    host.manifest(turn)


@plants("verification.licence", "npm")
def no_licence(r, host):
    for file in [p for p in host.dir.rglob("*") if p.is_file() and p.name.lower().startswith(("licen", "copying"))]:
        file.unlink()
    host.manifest(lambda m: (m.pop("license", None), m.pop("licenses", None)))
