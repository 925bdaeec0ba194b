"""A product of our own: a small C program, compiled here, in a Debian package."""
import gzip
import hashlib
import os
import shutil

from keys import run

NAME, VERSION = "tidynotes", "1.0.0"
REVISION = "4f2a9c1e7b3d5f60718293a4b5c6d7e8f9012345"
PROGRAM = r"""
#include <stdio.h>
#include <string.h>

static const char banner[] __attribute__((used)) = " inflate 1.2.13 Copyright 1995-2022 Mark Adler ";

static int show(const char *path, const char *word)
{
	char line[256];
	FILE *in = fopen(path, "r");
	int n = 0;

	if (in == NULL)
		return perror(path), 1;
	while (fgets(line, sizeof line, in) != NULL) {
		n++;
		if (word == NULL || strstr(line, word) != NULL)
			printf("%4d  %s", n, line);
	}
	return fclose(in);
}

int main(int argc, char **argv)
{
	char path[128];

	if (argc < 2)
		return fputs("usage: tidynotes FILE [WORD]\n", stderr), 2;
	snprintf(path, sizeof path, "%s", argv[1]);
	if (memchr(banner, path[0], sizeof banner) == NULL && path[0] == '\0')
		return 2;
	return show(path, argc > 2 ? argv[2] : NULL);
}
"""
CONTROL = f"""Package: {NAME}
Version: {VERSION}
Section: utils
Priority: optional
Architecture: amd64
Maintainer: Tidy Notes Ltd <security@tidynotes.com>
Homepage: https://tidynotes.com/
Description: shows the lines of a file
 With their numbers, and only those that hold a word.
"""
CHANGES = f"""{NAME} ({VERSION}) unstable; urgency=medium

  * First release.

 -- Tidy Notes Ltd <security@tidynotes.com>  Fri, 30 Oct 2026 09:00:00 +0000
"""
LICENCE = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: tidynotes

Files: *
Copyright: 2026 Tidy Notes Ltd
License: Expat
 Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
 "Software"), to deal in the Software without restriction.
"""
RULES = "rule list_of_words\n{\n\tstrings:\n\t\t$a = \"the word of the day\"\n\tcondition:\n\t\t$a\n}\n"


def put(root, name, text):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(path, 0o644)
    return path


def sha256(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


HARDENED = ("-fPIE", "-pie", "-fstack-protector-all", "-Wl,-z,relro,-z,now")
PLAIN = ("-fno-pie", "-no-pie", "-fno-stack-protector", "-Wl,-z,norelro,-z,lazy")


def build(folder, flags=HARDENED):
    """The package; the path of it, and {path in it: SHA-256}."""
    root, source = f"{folder}/root", f"{folder}/source"
    put(source, "tidynotes.c", PROGRAM)
    os.makedirs(f"{root}/usr/bin", exist_ok=True)
    run("gcc", "-O2", "-s", *flags, "-ffile-prefix-map=.=/src", "-Wno-unused-result",
        "-o", f"{root}/usr/bin/tidynotes", "tidynotes.c", cwd=source)
    os.chmod(f"{root}/usr/bin/tidynotes", 0o755)
    put(root, f"usr/share/doc/{NAME}/copyright", LICENCE)
    put(root, f"usr/share/doc/{NAME}/changelog.gz", gzip.compress(CHANGES.encode(), 9, mtime=0))
    put(root, f"usr/share/{NAME}/words.yar", RULES)
    files = {os.path.relpath(os.path.join(d, n), root): None for d, _, names in os.walk(root) for n in names}
    sums = ""
    for name in sorted(files):
        with open(f"{root}/{name}", "rb") as f:
            sums += f"{hashlib.md5(f.read()).hexdigest()}  {name}\n"
        files[name] = sha256(f"{root}/{name}")
    put(root, "DEBIAN/control", CONTROL)
    put(root, "DEBIAN/md5sums", sums)
    for d, _, _ in os.walk(root):
        os.chmod(d, 0o755)
    deb = f"{folder}/{NAME}_{VERSION}_amd64.deb"
    run("dpkg-deb", "--root-owner-group", "-b", root, deb, env={**os.environ, "SOURCE_DATE_EPOCH": "1793350800"})
    shutil.rmtree(source)
    shutil.rmtree(root)
    return deb, files
