--- Does an advisory speak of a component? Components are those of `product.components`; advisories the `records` of an evidence document of
--- the kind osv; statements those of the kinds vex, advisories and sbom.
---
--- advisories.match(component, record): "affected" | "not affected" | "unknown" | nil (it is about other packages), then a table with
--- `fixed`, the version that is told to be without it, or why it is unknown.
--- advisories.stated(statements, record, component, main): what a supplier says of it.
--- advisories.severity(record): "critical" ... "low", and the CVSS score in tenths or nil.

local purl = require "lib.purl"
local versions = require "lib.versions"

local advisories = {}

local ECOSYSTEMS = {
  npm = "npm", pypi = "PyPI", maven = "Maven", golang = "Go", gem = "RubyGems", nuget = "NuGet", cargo = "crates.io",
  composer = "Packagist", hex = "Hex", pub = "Pub", ["deb/debian"] = "Debian", ["deb/ubuntu"] = "Ubuntu",
  ["apk/alpine"] = "Alpine", ["rpm/redhat"] = "Red Hat", ["rpm/rocky"] = "Rocky Linux", ["rpm/almalinux"] = "AlmaLinux",
  ["rpm/opensuse"] = "openSUSE", ["rpm/suse"] = "SUSE", ["rpm/fedora"] = "Fedora",
}

-- What a component is called in advisories: its ecosystem and name. Distributions name source packages.
local function called(component)
  local p = purl.parse(component.purl)
  if not p then
    return nil
  end
  local system = p.type == "deb" or p.type == "apk" or p.type == "rpm"
  local ecosystem = ECOSYSTEMS[system and p.type .. "/" .. p.namespace or p.type]
  -- The component's own name keeps its capital letters, which a purl of Go does not.
  local name = p.type == "golang" and component.name or purl.full_name(p)
  return p, ecosystem, system and component.source or name, system and component.source_version or component.version
end

--- The name under which advisories have a component; nil where its purl is none.
function advisories.name(component)
  local _, _, name = called(component)
  return name
end

local function same_name(ecosystem, a, b)
  if ecosystem == "PyPI" then
    return a:lower():gsub("[-_.]+", "-") == b:lower():gsub("[-_.]+", "-")
  end
  return a == b or ((ecosystem == "NuGet" or ecosystem == "Go") and a:lower() == b:lower())
end

local function concerns(package, p, ecosystem, name)
  local family = package.ecosystem:match("^[^:]*")
  if family ~= "" and package.name ~= "" then
    return family == ecosystem and same_name(ecosystem, package.name, name)
  end
  local other = package.purl ~= "" and purl.parse(package.purl)
  return other and purl.same(other, p) or false
end

-- true, false, or nil: nobody can say.
local function within(range, version, order)
  local function at_least(bound)
    if bound == "" or bound == "0" then
      return true
    end
    local c = order(version, bound)
    return c and c >= 0
  end
  local from = at_least(range.introduced)
  if not from then
    return from
  end
  if range.fixed ~= "" then
    local c = order(version, range.fixed)
    return c and c < 0
  elseif range.last_affected ~= "" then
    local c = order(version, range.last_affected)
    return c and c <= 0
  end
  return true
end

-- One package of a record: "affected", "not affected", "unknown"; the version with a remedy, or why.
local function judge(package, version, ecosystem)
  if version == "" then
    return "unknown", "its version is not known"
  end
  local order = versions.order(ecosystem)
  for _, one in ipairs(package.versions) do
    if one == version or (order and order(one, version) == 0) then
      return "affected"
    end
  end
  local looked, why = #package.versions > 0, "it names revisions of its source only"
  local unsure = false
  for _, range in ipairs(package.ranges) do
    local compare = range.type == "SEMVER" and versions.semver or range.type == "ECOSYSTEM" and order
    if compare then
      local inside = within(range, version, compare)
      looked = true
      if inside then
        return "affected", range.fixed
      elseif inside == nil then
        unsure, why = true, ("the version %s cannot be held against its range"):format(version)
      end
    elseif range.type == "ECOSYSTEM" then
      unsure, why = true, ("the order of versions of %s is not known here"):format(package.ecosystem)
    end
  end
  if unsure or not looked then
    return "unknown", why
  end
  return "not affected"
end

-- "Debian:12" concerns a package that says of itself that it is of Debian 12 ("1.0-1+deb12u1").
local function other_release(package, version)
  local release, own = package.ecosystem:match(":(%d+)"), version:match("[+~]deb(%d+)u")
  return release ~= nil and own ~= nil and release ~= own
end

function advisories.match(component, record)
  local p, ecosystem, name, version = called(component)
  if not p or record.withdrawn ~= "" then
    return nil
  end
  local verdict, detail
  for _, package in ipairs(record.packages) do
    if concerns(package, p, ecosystem, name) and not other_release(package, version or "") then
      local one, more = judge(package, version or "", ecosystem or "")
      if verdict == nil or verdict == one then
        verdict, detail = one, detail or more
      elseif package.ecosystem:find(":", 1, true) then
        -- Releases of a distribution have versions of their own, and which one this is of is not known.
        verdict, detail = "unknown", "it depends on the release of the distribution"
      elseif one == "affected" or verdict == "not affected" then
        verdict, detail = verdict == "affected" and verdict or one, verdict == "affected" and detail or more
      end
    end
  end
  if verdict == nil then
    return nil
  end
  return verdict, verdict == "unknown" and { why = detail } or { fixed = detail ~= "" and detail or nil }
end

local function about(products, component, main)
  for _, product in ipairs(products) do
    local said = product.purl ~= "" and purl.parse(product.purl)
    for _, one in ipairs(main and main ~= component and { component, main } or { component }) do
      local own = purl.parse(one.purl)
      local version = said and said.version ~= "" and said.version or product.version
      local same = said and own and purl.same(said, own) or not said and product.name ~= "" and product.name == one.name
      if same and (version == "" or version == one.version) then
        return true
      end
    end
  end
  return false
end

local RANK = { not_affected = 1, fixed = 2, under_investigation = 3, affected = 4 }

--- The status that statements give it for this component, or for the product as a whole (main: its component, or nil); nil:
--- they do not speak of it. Where they disagree, the worst one counts. Second result: that statement.
function advisories.stated(statements, record, component, main)
  local ids = { [record.id] = true }
  for _, alias in ipairs(record.aliases) do
    ids[alias] = true
  end
  local status, which
  for _, s in ipairs(statements) do
    local named = ids[s.vulnerability]
    for _, alias in ipairs(s.aliases) do
      named = named or ids[alias]
    end
    if named and RANK[s.status] and about(s.products, component, main) and (not status or RANK[s.status] > RANK[status]) then
      status, which = s.status, s
    end
  end
  return status, which
end

local METRICS = {
  AV = { N = 85, A = 62, L = 55, P = 20 }, AC = { L = 77, H = 44 }, UI = { N = 85, R = 62 },
  C = { H = 56, L = 22, N = 0 }, I = { H = 56, L = 22, N = 0 }, A = { H = 56, L = 22, N = 0 },
}
local PRIVILEGES = { U = { N = 85, L = 62, H = 27 }, C = { N = 85, L = 68, H = 50 } }

--- The base score of a vector of CVSS 3.0 or 3.1 in tenths; nil where it is none.
function advisories.cvss(vector)
  local rest, m = vector:match("^CVSS:3%.[01]/(.+)$"), {}
  for key, value in (rest or ""):gmatch("(%a+):(%a)") do
    m[key] = m[key] or value
  end
  local privileges = PRIVILEGES[m.S or ""]
  if not privileges or not privileges[m.PR or ""] then
    return nil
  end
  for key, values in pairs(METRICS) do
    if not values[m[key] or ""] then
      return nil
    end
  end
  local function w(key) return METRICS[key][m[key]] / 100 end
  local iss = 1 - (1 - w "C") * (1 - w "I") * (1 - w "A")
  local power = 1
  for _ = 1, 15 do
    power = power * (iss - 0.02)
  end
  local impact = m.S == "U" and 6.42 * iss or 7.52 * (iss - 0.029) - 3.25 * power
  if impact <= 0 then
    return 0
  end
  local sum = impact + 8.22 * w "AV" * w "AC" * (privileges[m.PR] / 100) * w "UI"
  local score = math.min((m.S == "C" and 1.08 or 1) * sum, 10)
  -- Up to the next tenth, as CVSS 3.1 rounds: by whole numbers.
  local whole = math.floor(score * 100000 + 0.5)
  return whole % 10000 == 0 and whole // 10000 or whole // 10000 + 1
end

local WORDS = { critical = "critical", high = "high", important = "high", moderate = "medium", medium = "medium", low = "low" }

function advisories.severity(record)
  local tenths = record.score_tenths >= 0 and record.score_tenths or advisories.cvss(record.vector)
  if tenths then
    return tenths >= 90 and "critical" or tenths >= 70 and "high" or tenths >= 40 and "medium" or "low", tenths
  end
  return WORDS[record.severity] or "medium", nil
end

return advisories
