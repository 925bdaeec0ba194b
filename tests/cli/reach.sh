# lib.reach: which files run when a product is installed, and which of its own these import.
. tests/tap.sh
data=$scratch/data
mkdir -p "$data/scripts/integrity" && cp -r "$here/rulesets" "$data/" && cp -r "$here/scripts/lib" "$data/scripts/"
cat >"$data/scripts/integrity/told.lua" <<'LUA'
local reach = require "lib.reach"
return {
  title = "What is told", why = "A test.", claim = "permissions", severity = "low", reliability = "parsed", applies = { "any" },
  findings = { told = { says = "%s", fix = "None." } }, maps = { "paris:P6" }, samples = { hit = { "a" }, clean = { "b" } },
  product = function(product, found)
    for o, how, from in reach.installed(product) do
      local line = o.name .. " " .. how .. (from and " from " .. from.name or "")
      found.told { key = line, object = o, line }
    end
  end,
}
LUA
reached() { # PRODUCT
  PROBITY_DATA=$data run "$PROBITY" scan -q -f json --no-cache --as-of 2026-11-21 --database "$scratch/db" "$1"
  printf '%s\n' "$out" | /usr/bin/python3 -c 'import json, sys; print(", ".join(sorted(f["says"] for f in json.load(sys.stdin)["findings"])))'
}

npm=$scratch/npm
mkdir -p "$npm/lib"
printf '{"name":"x","version":"1.0.0","scripts":{"postinstall":"node ./setup.js --quiet","test":"node test.js","postuninstall":"node bye.js"}}\n' >"$npm/package.json"
printf 'const a = require("./lib/one"), fs = require("fs"); import("./lib/two.mjs");\n' >"$npm/setup.js"
printf 'require("./deep");\n' >"$npm/lib/one.js"
printf 'export default 1;\n' | tee "$npm/lib/two.mjs" "$npm/lib/deep.js" "$npm/test.js" "$npm/bye.js" >/dev/null
is "npm: the script, and one hop" "$(reached "$npm")" \
  "lib/one.js postinstall from setup.js, lib/two.mjs postinstall from setup.js, setup.js postinstall"

py=$scratch/py
mkdir -p "$py/x-1.0/x/sub" "$py/x-1.0/tests/data"
printf 'import os, x.version\nfrom x import sub\nimport x.sub\nfrom helper import a\nfrom .. import up\n' >"$py/x-1.0/setup.py"
printf 'v = 1\n' | tee "$py/x-1.0/x/version.py" "$py/x-1.0/x/__init__.py" "$py/x-1.0/x/sub/__init__.py" "$py/x-1.0/helper.py" \
  "$py/x-1.0/other.py" "$py/x-1.0/tests/data/setup.py" >/dev/null
printf 'Metadata-Version: 2.1\nName: x\nVersion: 1.0\n' >"$py/x-1.0/PKG-INFO"
wanted="x-1.0/helper.py setup.py from x-1.0/setup.py, x-1.0/setup.py setup.py, x-1.0/x/__init__.py setup.py from x-1.0/setup.py, "
wanted+="x-1.0/x/sub/__init__.py setup.py from x-1.0/setup.py, x-1.0/x/version.py setup.py from x-1.0/setup.py"
is "a source package: setup.py, and one hop" "$(reached "$py")" "$wanted"
rm "$py/x-1.0/PKG-INFO"
is "a setup.py without a package around it is only a file" "$(reached "$py")" ""
done_testing
