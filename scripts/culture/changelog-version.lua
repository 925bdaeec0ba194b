local packages = require "lib.packages"
local hints = require "probity.hints"

-- What a rebuild, an epoch or a letter in front adds to a version: "1:2.3-4+b1" is "2.3-4", "v1.2" is "1.2".
local function plain(version)
  return (version:lower():gsub("^%d+:", ""):gsub("^v", ""):gsub("%+b%d+$", ""):gsub("^release[-_]", ""))
end

-- A changelog of what was packed need not know the revision of the package.
local function upstream(version)
  return (version:gsub("%-[^-]*$", ""):gsub("[+~.]dfsg.*$", ""):gsub("[+~.]ds[%d.]*$", ""):gsub("[+~]really.*$", ""))
end

-- "1.2" and "1.2.0" are one.
local function short(version)
  local out = version:gsub("%.0$", "")
  return out
end

local function tells(changelog, version)
  local whole, base = plain(version), short(upstream(plain(version)))
  for _, told in ipairs(changelog.versions) do
    local v = plain(told)
    if v == whole or short(v) == base or short(upstream(v)) == base then
      return true
    end
  end
  return false
end

-- The changelogs by the package that they belong to, not to what it bundles: a list of { package, changelogs... }.
local function by_package(product)
  local list, at = {}, {}
  for o in product:objects { fact = "changelog" } do
    local about = o.facts.changelog.versions and not hints.path(o.path).vendored and product:declared(o)
    local package = about and about.packages[1]
    if package and package.version then
      local key = table.concat(package.path, "\0")
      if not at[key] then
        at[key] = { package = package }
        list[#list + 1] = at[key]
      end
      table.insert(at[key], o)
    end
  end
  return list
end

---@type probity.Check
return {
  title       = "The changelog describes this version",
  why         = "Who updates has to know what changed, and whether a weakness was mended.",
  confirm     = [[Compare `dpkg-deb -f PRODUCT Version` (or the version in the package's metadata) with the top
    entries of the changelog: `zcat -f CHANGELOG | head -n 40`.]],
  catalogue   = "C-04",
  claim       = "maintenance",
  severity    = "low",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package" },
  findings    = {
    missing = {
      says = "the changelog of %s tells of %d versions, this one is not among them (the first is %s)",
      fix = "Describe this version in the changelog, and say which weaknesses it mends.",
    },
  },
  maps        = { "paris:P6", "cra:II.4", "req:R13" },
  samples     = {
    hit = { "behind", "behind.deb" },
    clean = { "described", "described.deb", "of-a-dependency", "no-changelog" },
  },

  product = function(product, found)
    local groups = by_package(product)
    for _, group in ipairs(groups) do
      local package, told = group.package, false
      for _, o in ipairs(group) do
        told = told or tells(o.facts.changelog, package.version)
      end
      if not told then
        local versions = group[1].facts.changelog.versions
        found.missing {
          key = (package.name or "") .. ":" .. package.kind,
          object = group[1],
          packages.title(package),
          #versions,
          versions[1],
        }
      end
    end
    if #groups == 0 then
      found.unknown("no changelog that names versions")
    end
  end,
}
