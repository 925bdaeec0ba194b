#!/usr/bin/env bash
# What a product is made of, as its bytes say: product.components, and objects by digests of any sort.
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")/../.." && pwd)
data=$scratch/data
mkdir -p "$data/scripts/integrity"
cp -r "$here/rulesets" "$data/"
cat >"$data/scripts/integrity/told.lua" <<'LUA'
local hash = require "probity.hash"
return {
  title = "What is told", why = "A test.", claim = "permissions", severity = "low", reliability = "parsed", applies = { "any" },
  findings = { told = { says = "%s", fix = "None." } }, maps = { "paris:P6" }, samples = { hit = { "a" }, clean = { "b" } },
  product = function(product, found)
    local function say(o, line) found.told { key = line, object = o, line } end
    local first
    for _, c in ipairs(product.components) do
      local o = product:object(c.path)
      first = first or o
      say(o, ("%s %s %s%s%s"):format(c.purl, c.from, o.basename, c.source and " of " .. c.source or "", c.main and " (main)" or ""))
      assert(o.sha256 == c.sha256)
    end
    say(first, "cut " .. tostring(product.components_cut))
    for o in product:objects() do
      local again, n = product:by_digest("sha256", o.sha256:upper())
      assert(again.sha256 == o.sha256 and n >= 1)
      for algorithm, hex in pairs(o.facts.digests or {}) do
        assert(product:by_digest(algorithm, hex).sha256 == o.sha256)
        say(o, o.basename .. " has " .. algorithm)
      end
    end
    local _, n = product:by_digest("sha256", hash.sha256("the same words twice"))
    say(first, "copies " .. tostring(n))
    assert(product:by_digest("sha512", "00") == nil and product:by_digest("md5", "") == nil)
    assert(product:by_digest("sha1", ("a"):rep(5000)) == nil)
  end,
}
LUA
told() { # PRODUCT
  run env PROBITY_DATA="$data" "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" "$1"
  got=$(/usr/bin/python3 -c 'import json,sys
for line in sorted(f["says"] for f in json.load(sys.stdin)["findings"] if "told" in f["check"]): print(line)' <<<"$out")
}

# --- a system's files: lists of what is installed count where they belong
root=$scratch/root
mkdir -p "$root/var/lib/dpkg/status.d" "$root/lib/apk/db" "$root/srv" "$root/app/node_modules/@s/b/node_modules/c" "$root/app/tests" "$root/app/lib"
printf 'Package: zlib1g\nStatus: install ok installed\nSource: zlib\nVersion: 1:1.2-1\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n' \
  >"$root/var/lib/dpkg/status"
cp "$root/var/lib/dpkg/status" "$root/srv/backup-status"
printf 'Package: base-files\nVersion: 12\nArchitecture: amd64\n' >"$root/var/lib/dpkg/status.d/base"
printf 'C:Q1abc=\nP:musl\nV:1.2.4-r2\n\n' >"$root/lib/apk/db/installed"
printf '{"name":"@s/b","version":"1.0.0"}' >"$root/app/node_modules/@s/b/package.json"
printf '{"name":"c","version":"2.0.0"}' >"$root/app/node_modules/@s/b/node_modules/c/package.json"
printf '/*! jQuery v3.6.0 | (c) OpenJS */\n!function(){}();\n' >"$root/app/lib/vendor.js"
printf '/*! jQuery v1.2.3 | (c) OpenJS */\n!function(){}();\n' >"$root/app/tests/old.js"
printf "the same words twice" >"$root/srv/one"
printf "the same words twice" >"$root/srv/two"
told "$root"
is "a folder" "$got" 'copies 2
cut false
pkg:apk/alpine/musl@1.2.4-r2 apk-installed installed
pkg:deb/debian/base-files@12 dpkg-status base
pkg:deb/debian/zlib1g@1:1.2-1 dpkg-status status of zlib
pkg:npm/%40s/b@1.0.0 node_modules package.json
pkg:npm/c@2.0.0 node_modules package.json
pkg:npm/jquery@3.6.0 banner vendor.js'

# --- Java: Maven'\''s files, else the manifest, else the name of the file
/usr/bin/python3 - "$scratch/app.jar" <<'PY'
import io, sys, zipfile
def jar(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, text in files.items():
            z.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()
manifest = "Manifest-Version: 1.0\r\n"
pom = "<project><groupId>g</groupId><artifactId>other</artifactId><version>9</version></project>"
open(sys.argv[1], "wb").write(jar({
    "META-INF/MANIFEST.MF": manifest + "Implementation-Title: app\r\nImplementation-Version: 4\r\n\r\n",
    "lib/io.jar": jar({"META-INF/MANIFEST.MF": manifest, "META-INF/maven/g/io/pom.properties": "groupId=g\nartifactId=io\nversion=2\n",
                       "META-INF/maven/g/io/pom.xml": pom}),
    "lib/xml.jar": jar({"META-INF/MANIFEST.MF": manifest, "META-INF/maven/g/other/pom.xml": pom, "docs/pom.xml": pom}),
    "lib/named-1.5.jar": jar({"META-INF/MANIFEST.MF": manifest + "\r\n"})}))
PY
told "$scratch/app.jar"
like "of a .jar" "$got" 'pkg:generic/app@4 jar MANIFEST.MF'
like "by the name of the file" "$got" 'pkg:generic/named@1.5 jar MANIFEST.MF'
like "by pom.properties" "$got" 'pkg:maven/g/io@2 pom pom.properties'
like "by pom.xml" "$got" 'pkg:maven/g/other@9 pom.xml pom.xml'
is "each once" "$(grep -c '^pkg:' <<<"$got")" 4
like "packages have further digests" "$got" 'app.jar has sha512'

# --- a package and what it is called; a library is no news in a package of its name
mkdir -p "$scratch/npm/package"
printf '{"name":"jquery","version":"3.6.0"}' >"$scratch/npm/package/package.json"
cp "$root/app/lib/vendor.js" "$scratch/npm/package/jquery.js"
tar -C "$scratch/npm" -czf "$scratch/jquery-3.6.0.tgz" package
told "$scratch/jquery-3.6.0.tgz"
is "the product itself" "$(grep '^pkg:' <<<"$got")" "pkg:npm/jquery@3.6.0 npm package.json (main)"
done_testing
