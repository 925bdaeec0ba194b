local licenses = require "lib.licenses"
local packages = require "lib.packages"

-- Papers that state a licence, by their name class (LICENSE.txt, COPYING.LESSER, copyright).
local PAPERS = { license = true, copying = true, copyright = true, notice = true }

-- Code of others that came along keeps its own licence; the package's declaration does not speak of it.
local OTHERS = { "node_modules/", "vendor/", "third_party/", "third-party/", "3rdparty/", "external/", "deps/", "contrib/", "_vendor/",
  "licenses/", "LICENSES/" }

local function is_others(name)
  for _, folder in ipairs(OTHERS) do
    if name:find(folder, 1, true) then
      return true
    end
  end
  return false
end

-- Licence files of the whole product, once.
local function licence_files(product)
  local files = {}
  for o in product:objects() do
    if PAPERS[o.name_class] or o.basename:upper():find("^UNLICENSE") then
      files[#files + 1] = o
    end
  end
  return files
end

-- Debian keeps one copyright file for several packages of one source: the folder is then a link to another package's.
local function shares_documents(product, package)
  local link = "usr/share/doc/" .. (package.name or "")
  for o in product:objects({ tag = "manifest" }) do
    if packages.below(o.path, package.path) then
      for _, entry in ipairs(o.facts.members and o.facts.members.entries or {}) do
        if entry.type == "symlink" and entry.path == link then
          return true
        end
      end
    end
  end
  return false
end

local function has_file(package, files)
  for _, o in ipairs(files) do
    if packages.owns(package, o) then
      return true
    end
  end
  return false
end

local function contradictions(product, package, declared, found)
  for o in product:objects({ fact = "license" }) do
    if packages.owns(package, o) and not is_others(o.name) then
      local other = licenses.only_copyleft(o.facts.license.spdx)
      if other then
        found.contradiction { key = o.sha256, object = o, excerpt = other, packages.title(package), declared, o.basename, other }
      end
    end
  end
end

---@type probity.Check
return {
  title       = "Licence",
  why         = "Without a licence nobody may use the product; with two that contradict each other, nobody knows on what terms.",
  confirm     = [[Read what it says (`dpkg-deb --fsys-tarfile PRODUCT | tar -xO ./usr/share/doc/NAME/copyright`,
    license in package.json) and compare with the licence files in it: `licensecheck -r FOLDER`.]],
  catalogue   = "V-11",
  claim       = "licence",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  findings    = {
    missing = {
      says = "%s says nothing about its licence, and ships no licence file",
      fix = "State the licence as an SPDX expression in the package's metadata, and ship its text.",
      severity = "low",
    },
    vague = {
      says = "%s gives \"%s\" as its licence, which stands for several",
      fix = "Use the licence's SPDX identifier, such as BSD-3-Clause.",
      severity = "info",
    },
    contradiction = {
      says = "%s declares %s, but %s is under %s",
      fix = "Find out under which licence the file may be shipped, and declare it.",
      severity = "medium",
    },
  },
  maps        = { "paris:P6", "cra:annex-VII", "req:R2" },
  samples     = { hit = { "missing", "contradiction", "vague" }, clean = { "mit", "file-only", "bundled-others" } },

  product = function(product, found)
    local files = licence_files(product)
    for _, package in ipairs(product.packages) do
      local declared = licenses.declared(package)
      local told = declared or package.kind == "jar" or has_file(package, files) or
        (package.kind == "deb" and shares_documents(product, package))
      if not told then
        found.missing {
          key = (package.name or "") .. ":" .. package.kind,
          object = packages.nearest(product, package.path),
          packages.title(package),
        }
      elseif declared and licenses.vague(declared) then
        found.vague {
          key = (package.name or "") .. ":" .. declared,
          object = packages.nearest(product, package.path),
          packages.title(package),
          declared,
        }
      elseif declared and licenses.permissive(declared) then
        contradictions(product, package, declared, found)
      end
    end
    if #product.packages == 0 and #files == 0 then
      found.unknown("no package metadata and no licence file")
    end
  end,
}
