#!/usr/bin/env bash
# make-samples.sh OUTDIR: all samples of the checks below OUTDIR: the kept ones are copied, the rest is made. See README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[[ $# == 1 ]] || { echo "usage: make-samples.sh OUTDIR" >&2; exit 2; }
out=$1
mkdir -p "$out"
out=$(cd "$out" && pwd)
for pillar in integrity data-care verification culture; do
  rm -rf "${out:?}/$pillar"
  cp -r "$here/$pillar" "$out/$pillar"
done
# Whose word counts in samples with signed documents, unless they say otherwise.
for check in sbom-content provenance false-provenance rebuilds disclosure-policy advisories audit source-supplied documentation detection-content; do
  for dossier in "$out/verification/$check"/*.evidence; do
    [[ -d ${dossier%.evidence}.trust ]] || cp -r "$here/trust" "${dossier%.evidence}.trust"
  done
done
find "$out" -type d -exec chmod 0755 {} +
find "$out" -type f -exec chmod 0644 {} +
python3 -B "$here/make_signed.py" "$out" # and all of make_archives.py
python3 "$here/make_secrets.py" "$out"
python3 "$here/make_programs.py" "$out"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >program.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[64];
	char *copy = malloc(64);

	if (!copy || !fgets(line, sizeof line, stdin))
		return 1;
	memcpy(copy, line, strlen(line) + 1);
	printf("%s %d %s\n", argv[0], argc, copy);
	fflush(stdout);
	free(copy);
	return isatty(0) ? 2 : 0;
}
C
# Enough functions with arrays on their stacks for a stack protector to have something to do.
{
  printf '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n'
  for i in $(seq 1 150); do
    printf 'int f%d(const char *s) { char a[80]; strncpy(a, s, 79); a[79] = 0; puts(a); printf("%%zu\\n", strlen(a)); return a[%d]; }\n' "$i" $((i % 79))
  done
  printf 'void *g(const char *n) { FILE *f = fopen(n, "r"); void *p = malloc(9); if (f) { fread(p, 1, 9, f); fclose(f); } else free(p), abort(); sleep(1); return p; }\n'
} >library.c
flags=(-O1 -w -Wl,--build-id=none)
harden=(-fPIE -pie -Wl,-z,relro,-z,now -fstack-protector-strong)
pie=$out/integrity/no-pie canary=$out/integrity/no-stack-protector segments=$out/integrity/weak-segments
mkdir -p "$pie" "$canary" "$segments"
gcc "${flags[@]}" -fno-pie -no-pie program.c -o "$pie/fixed-elf"
gcc "${flags[@]}" -fno-pie -no-pie -static program.c -o "$pie/static-elf"
gcc "${flags[@]}" "${harden[@]}" program.c -o "$pie/pie-elf"
gcc "${flags[@]}" -fPIC -shared library.c -o "$pie/library.so"
gcc "${flags[@]}" -c program.c -o "$pie/object.o"
gcc "${flags[@]}" -fno-stack-protector -fPIC -shared library.c -o "$canary/unprotected.so"
gcc "${flags[@]}" -fstack-protector-strong -fPIC -shared library.c -o "$canary/protected.so"
gcc "${flags[@]}" -fno-stack-protector program.c -o "$canary/tiny-elf"
gcc "${flags[@]}" "${harden[@]}" program.c -o "$segments/hardened"
gcc "${flags[@]}" -fPIE -pie -Wl,-z,relro,-z,lazy program.c -o "$segments/late-binding"
gcc "${flags[@]}" -fPIE -pie -Wl,-z,norelro,-z,lazy program.c -o "$segments/no-relro"
gcc "${flags[@]}" "${harden[@]}" -Wl,-z,execstack program.c -o "$segments/exec-stack"
# No linker makes this without a fight: the segment that holds the code is marked writable afterwards.
python3 - "$segments/hardened" "$segments/rwx-segment" <<'PY'
import struct, sys
elf = bytearray(open(sys.argv[1], "rb").read())
start, = struct.unpack_from("<Q", elf, 32)
size, count = struct.unpack_from("<HH", elf, 54)
for at in range(start, start + size * count, size):
    kind, flags = struct.unpack_from("<II", elf, at)
    if kind == 1 and flags & 1:
        struct.pack_into("<I", elf, at + 4, flags | 2)
open(sys.argv[2], "wb").write(elf)
PY
gcc "${flags[@]}" -fno-pie -no-pie -static program.c -o "$segments/static-elf"
cp "$pie/object.o" "$segments/object.o"
# Programs that carry a .zip, and one whose code happens to hold what begins a member of one, flagged as encrypted.
opaque=$out/integrity/opaque-object
cat "$pie/pie-elf" "$opaque/encrypted.zip" >"$opaque/encrypted-sfx"
cat "$pie/pie-elf" "$opaque/plain.zip" >"$opaque/plain-sfx"
{ cat "$pie/pie-elf" && head -c 600 "$opaque/encrypted.zip" && head -c 4096 /dev/zero; } >"$opaque/letters-of-zip"
# Programs that carry a text: a path of the machine where they were built, what Go writes of the sources.
told() { printf 'const char told[] = "%s";\n' "$2" >told.c && gcc "${flags[@]}" "${harden[@]}" program.c told.c -o "$out/$1"; }
mkdir -p "$out/verification/build-paths" "$out/verification/source-link"/{revision,changed,two-revisions,other-version}
told verification/build-paths/program /home/anneke/tool/src/main.c
told verification/build-paths/built-by-service /home/runner/tool/src/main.c
told verification/build-paths/names-a-folder /home/anneke/music/
link=verification/source-link
told $link/revision/tool 'path\tx.host/tool\nmod\tx.host/tool\tv1.2.0\t\nbuild\tvcs.revision=1111aaaa2222bbbb3333cccc4444dddd5555eeee\nbuild\tvcs.modified=false\n'
told $link/changed/tool 'path\tx.host/tool\nmod\tx.host/tool\t(devel)\t\nbuild\tvcs.revision=1111aaaa2222bbbb3333cccc4444dddd5555eeee\nbuild\tvcs.modified=true\n'
cp "$out/$link/revision/tool" "$out/$link/two-revisions/tool"
told $link/two-revisions/helper 'path\tx.host/tool/helper\nmod\tx.host/tool\tv1.2.0\t\nbuild\tvcs.revision=9999aaaa2222bbbb3333cccc4444dddd5555eeee\nbuild\tvcs.modified=false\n'
cp "$out/$link/revision/tool" "$out/$link/other-version/tool"
supplied=verification/source-supplied
for sample in same-revision other-revision; do cp "$out/$link/revision/tool" "$out/$supplied/$sample/tool"; done
for sample in other-version named; do cp "$pie/pie-elf" "$out/$supplied/$sample/tool"; done
mkdir -p "$out/$link/no-link" && cp "$pie/pie-elf" "$out/$link/no-link/tool"
