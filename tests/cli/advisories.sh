#!/usr/bin/env bash
# scripts/lib: orders of versions, package URLs, and whether an advisory speaks of a component.
. "$(dirname "$0")/../tap.sh"
here=$(cd "$(dirname "$0")/../.." && pwd)
rules=$scratch/rules/integrity
mkdir -p "$rules/run.samples"
echo 'x = 1' >"$rules/run.samples/a.py"
echo 'y = 1' >"$rules/run.samples/b.js"
run_lua() { # NAME: the Lua on stdin gives a list of what is wrong
  {
    echo 'local advisories, purl, versions = require "lib.advisories", require "lib.purl", require "lib.versions"'
    echo 'local function wrong()'
    cat
    echo 'end
return {
  title = "Run", why = "A test.", claim = "permissions", severity = "low", reliability = "exact", applies = { "python" },
  findings = { it = { says = "fine", fix = "Do not." } }, maps = { "paris:P6" }, samples = { hit = { "a.py" }, clean = { "b.js" } },
  product = function(product, found)
    for o in product:objects { kind = "python" } do
      local list = wrong()
      if #list > 0 then error(table.concat(list, "; ")) end
      found.it { key = "k", object = o }
    end
  end,
}'
  } >"$rules/run.lua"
  run "$PROBITY" check test "$rules"
  is "$1" "$rc $(tail -1 <<<"$out")" "0 2 passed, 0 failed"
  [[ $rc == 0 ]] || sed 's/^/# /' <<<"$out$err"
}

cd "$here" || exit 1
run_lua "orders of versions" <<'L'
  -- each list goes up
  local lists = {
    ["npm"] = { "0.0.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc.1", "1.0.0", "v1.2.0", "1.10.0" },
    ["Go"] = { "1.20rc1", "1.20", "v1.20.1", "1.21.0-0", "1.21.0" },
    ["PyPI"] = { "1.0.dev1", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.1", "1!0.1" },
    ["Debian:12"] = { "1.0~rc1-1", "1.0-1", "1.0-1+b1", "1.0-1+deb12u1", "1.0-2", "1:0.1-1" },
    ["Alpine:v3.18"] = { "1.2.3_alpha1-r0", "1.2.3_rc1-r0", "1.2.3-r0", "1.2.3-r1", "1.2.3_p1-r0", "1.2.4-r0" },
    ["Maven"] = { "1-alpha-1", "1-beta", "1-m2", "1-rc1", "1-SNAPSHOT", "1.0", "1-sp", "1.1", "1.2.0.Foo", "1.10" },
    ["RubyGems"] = { "1.0.0.beta1", "1.0.0.rc1", "1.0.0", "1.0.1", "1.10" },
    ["NuGet"] = { "1.0.0-beta", "1.0.0-rc.1", "1.0.0", "1.0.0.1", "1.0.10" },
    ["Rocky Linux:9"] = { "1.0-1.el9", "1.0-2.el9", "1:0.5-1" },
  }
  local out = {}
  for ecosystem, list in pairs(lists) do
    local order = versions.order(ecosystem)
    for i = 1, #list do
      for k = 1, #list do
        local wanted = i == k and 0 or i < k and -1 or 1
        if order(list[i], list[k]) ~= wanted then out[#out + 1] = ecosystem .. " " .. list[i] .. " " .. list[k] end
      end
    end
  end
  for _, pair in ipairs { { "Maven", "1", "1.0.0" }, { "Maven", "1.0.ga", "1" }, { "NuGet", "1.0", "1.0.0.0" }, { "RubyGems", "1", "1.0" }, { "Go", "v1.2", "1.2.0" } } do
    if versions.order(pair[1])(pair[2], pair[3]) ~= 0 then out[#out + 1] = table.concat(pair, " ") end
  end
  if versions.order("GIT") or versions.order("") then out[#out + 1] = "an order of nothing" end
  for _, bad in ipairs { "", "latest", "1 2", ("9"):rep(300) .. "x y" } do
    for ecosystem in pairs(lists) do
      local order = versions.order(ecosystem)(bad, "1.0.0")
      if order and ecosystem ~= "Debian:12" and ecosystem ~= "Alpine:v3.18" and ecosystem ~= "Rocky Linux:9" then out[#out + 1] = ecosystem .. " takes " .. bad end
    end
  end
  return out
L

run_lua "package URLs" <<'L'
  local out = {}
  for text, wanted in pairs {
    ["pkg:npm/%40scope/name@1.0.0-rc%2B1?x=y#z"] = "npm|@scope|name|1.0.0-rc+1|@scope/name",
    ["pkg:npm/@scope/name"] = "npm|@scope|name||@scope/name",
    ["pkg:deb/debian/curl@1:7.88-1?arch=amd64"] = "deb|debian|curl|1:7.88-1|curl",
    ["pkg:maven/org.a/b@2"] = "maven|org.a|b|2|org.a:b",
    ["pkg:golang/github.com/a/b/v2@v2.0.0"] = "golang|github.com/a/b|v2|v2.0.0|github.com/a/b/v2",
    ["pkg:PyPI/Some_Name@1"] = "pypi||some-name|1|some-name",
    ["pkg:generic/openssl"] = "generic||openssl||openssl",
  } do
    local p = purl.parse(text)
    local got = p and table.concat({ p.type, p.namespace, p.name, p.version, purl.full_name(p) }, "|")
    if got ~= wanted then out[#out + 1] = text .. " " .. tostring(got) end
  end
  for _, bad in ipairs { "", "npm/a", "pkg:", "pkg:npm", "pkg:npm/", "pkg:npm/?a", ("pkg:npm/"):rep(1000) } do
    if purl.parse(bad) then out[#out + 1] = "takes " .. bad end
  end
  return out
L

run_lua "advisories and components" <<'L'
  local function component(text, source, name)
    local p = purl.parse(text)
    return { purl = text, name = name or purl.full_name(p), version = p.version, source = source }
  end
  local function range(kind, introduced, fixed, last)
    return { type = kind, introduced = introduced, fixed = fixed or "", last_affected = last or "" }
  end
  local function record(...)
    return { id = "X-1", aliases = { "CVE-2024-1" }, withdrawn = "", score_tenths = -1, vector = "", severity = "", packages = { ... } }
  end
  local function package(ecosystem, name, ranges, list)
    return { ecosystem = ecosystem, name = name, purl = "", ranges = ranges, versions = list or {} }
  end
  local npm = record(package("npm", "minimist", { range("SEMVER", "0", "0.2.4"), range("SEMVER", "1.0.0", "1.2.6") }))
  local debian = record(package("Debian:11", "curl", { range("ECOSYSTEM", "0", "7.74.0-1.3+deb11u12") }),
                        package("Debian:12", "curl", { range("ECOSYSTEM", "0", "7.88.1-10+deb12u6") }))
  local cases = {
    { "pkg:npm/minimist@0.2.3", npm, "affected", "0.2.4" }, { "pkg:npm/minimist@0.2.4", npm, "not affected" },
    { "pkg:npm/minimist@1.2.5", npm, "affected", "1.2.6" }, { "pkg:npm/minimist@1.2.6", npm, "not affected" },
    { "pkg:npm/minimist", npm, "unknown" }, { "pkg:npm/minimist@latest", npm, "unknown" }, { "pkg:npm/minimis@0.2.3", npm },
    { "pkg:pypi/minimist@0.2.3", npm }, { "pkg:npm/%40x/minimist@0.2.3", npm }, { "pkg:generic/minimist@0.2.3", npm },
    { "pkg:deb/debian/libcurl4@7.88.1-10+deb12u5", debian, "affected", "7.88.1-10+deb12u6", "curl" },
    { "pkg:deb/debian/libcurl4@7.88.1-10+deb12u6", debian, "not affected", nil, "curl" },
    { "pkg:deb/debian/curl@7.80-1", debian, "unknown" }, { "pkg:deb/debian/curl@7.1-1", debian, "affected" },
    { "pkg:deb/debian/libcurl4@7.1-1", debian }, { "pkg:deb/ubuntu/curl@7.1-1", debian },
    { "pkg:pypi/jinja2@2.11", record(package("PyPI", "Jinja2", { range("ECOSYSTEM", "0", "", "2.11.0") })), "affected" },
    { "pkg:pypi/jinja2@2.11.1", record(package("PyPI", "Jinja2", { range("ECOSYSTEM", "0", "", "2.11.0") })), "not affected" },
    { "pkg:pypi/x@1.0", record(package("PyPI", "x", {}, { "1.0.0" })), "affected" },
    { "pkg:pypi/x@1.1", record(package("PyPI", "x", {}, { "1.0.0" })), "not affected" },
    { "pkg:pypi/x@1.1", record(package("PyPI", "x", { range("GIT", "0", "abcdef") })), "unknown" },
    { "pkg:pypi/x@1.1", record(package("PyPI", "x", {})), "unknown" },
    { "pkg:maven/org.a/b@2.14.1", record(package("Maven", "org.a:b", { range("ECOSYSTEM", "2.0-beta9", "2.15.0") })), "affected", "2.15.0" },
    { "pkg:golang/stdlib@1.20", record(package("Go", "stdlib", { range("SEMVER", "1.20.0-0", "1.20.3") })), "affected", "1.20.3" },
    { "pkg:golang/github.com/a/b@v1.2.3", record(package("Go", "github.com/A/b", { range("SEMVER", "0") })), "affected", nil, nil, "github.com/A/b" },
    { "pkg:composer/a/b@1.0", record(package("Packagist", "a/b", { range("ECOSYSTEM", "0", "2") })), "unknown" },
  }
  local out = {}
  for i, c in ipairs(cases) do
    local verdict, detail = advisories.match(component(c[1], c[5], c[6]), c[2])
    if verdict ~= c[3] or (c[4] and detail.fixed ~= c[4]) or (verdict == "unknown" and not detail.why) then
      out[#out + 1] = i .. " " .. c[1] .. " " .. tostring(verdict) .. " " .. tostring(detail and detail.fixed)
    end
  end
  local withdrawn = record(package("npm", "minimist", { range("SEMVER", "0") }))
  withdrawn.withdrawn = "2024-01-01"
  if advisories.match(component "pkg:npm/minimist@1.0.0", withdrawn) then out[#out + 1] = "withdrawn" end

  -- what suppliers say of it
  local main, own = component "pkg:deb/debian/app@1.0", component "pkg:npm/minimist@1.2.5"
  local function says(status, id, ...)
    return { vulnerability = id, aliases = {}, status = status, products = { ... } }
  end
  local function product(text, name, version) return { purl = text or "", name = name or "", version = version or "" } end
  local stated = {
    { "not_affected", says("not_affected", "CVE-2024-1", product "pkg:npm/minimist@1.2.5") },
    { "not_affected", says("not_affected", "X-1", product "pkg:npm/minimist") },
    { "fixed", says("fixed", "X-1", product "pkg:deb/debian/app@1.0") },
    { "fixed", says("fixed", "X-1", product(nil, "app")) },
    { nil, says("not_affected", "X-1", product "pkg:npm/minimist@1.2.4") }, { nil, says("not_affected", "X-1", product(nil, "app", "2.0")) },
    { nil, says("not_affected", "CVE-2024-2", product "pkg:npm/minimist@1.2.5") }, { nil, says("not_affected", "X-1") },
    { nil, says("", "X-1", product "pkg:npm/minimist") },
  }
  for i, c in ipairs(stated) do
    if advisories.stated({ c[2] }, npm, own, main) ~= c[1] then out[#out + 1] = "statement " .. i end
  end
  if advisories.stated({ stated[1][2], says("affected", "X-1", product "pkg:npm/minimist") }, npm, own, main) ~= "affected" then
    out[#out + 1] = "the worst one does not count"
  end

  -- scores, as the calculators of FIRST give them
  for vector, tenths in pairs {
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"] = 98, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"] = 100,
    ["CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"] = 61, ["CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H"] = 78,
    ["CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P"] = 59, ["CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N"] = 0,
  } do
    if advisories.cvss(vector) ~= tenths then out[#out + 1] = vector .. " " .. tostring(advisories.cvss(vector)) end
  end
  for _, bad in ipairs { "", "CVSS:4.0/AV:N", "CVSS:3.1/AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } do
    if advisories.cvss(bad) then out[#out + 1] = "a score of " .. bad end
  end
  return out
L
done_testing
