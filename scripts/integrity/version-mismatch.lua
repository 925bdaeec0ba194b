local packages = require "lib.packages"

-- The numbers of a version, without epoch, revision and what marks a pre-release: "2:1.4.0-3~rc1" gives 1, 4, 0.
local function numbers(version)
  local v = version:gsub("^%d+:", ""):gsub("^%s*[vV]", "")
  local out = {}
  for part in (v:match("^%s*([%d.]+)") or ""):gmatch("%d+") do
    out[#out + 1] = tonumber(part)
  end
  return out
end

-- Do both say the same, as far as both say something? "4.1" and "4.1.0.0" do; so do "1.23.2510" and "1.23.251008001",
-- where the third number counts builds.
local function agree(a, b)
  local x, y = numbers(a), numbers(b)
  for i = 1, math.min(#x, #y, 3) do
    if x[i] ~= y[i] then
      return i == 3 and math.max(x[i], y[i]) >= 1000
    end
  end
  return true
end

local function plain(name)
  return (name:lower():gsub("^@[^/]*/", ""):gsub("^lib", ""):gsub("%-java$", ""):gsub("[^%w]", ""))
end

-- "name-1.0-..." of a wheel's file.
local function wheel_file(package)
  local file = package.path[#package.path - 1] or ""
  return file:match("^.-%-([^-]+)%-[^-]+%-[^-]+%-[^-]+%.whl$") or file:match("^.-%-([^-]+)%-.*%.whl$")
end

local function deb_file(package)
  return package.path[#package.path]:match("^[^_]+_([^_]+)_[^_]+%.deb$")
end

local function by_file(product, package, found)
  local told = package.kind == "wheel" and wheel_file(package) or package.kind == "deb" and deb_file(package) or nil
  local evidence = product:object(package.path)
  if told and package.version and evidence and not agree(told:gsub("%%3[aA]", ":"), package.version) then
    found.file { key = (package.name or "") .. " file", object = evidence, packages.title(package), told }
  end
end

-- The main package of the product: what else the product says should agree with it.
local function main_of(product)
  for _, package in ipairs(product.packages) do
    if package.version and package.name then
      return package
    end
  end
  return nil
end

local function by_program(product, package, found)
  for o in product:objects { kind = "pe" } do
    local b = o.facts.binary
    if b and b.product and b.product_version and plain(b.product) == plain(package.name)
      and not agree(b.product_version, package.version) then
      found.program { key = b.product .. " " .. b.product_version, object = o, packages.place(o.path),
        b.product_version,
        packages.title(package) }
    end
  end
  for o in product:objects { fact = "elf_note" } do
    local note = o.facts.elf_note
    if note.name and note.version and plain(note.name) == plain(package.name) and not agree(note.version,
      package.version) then
      found.program { key = note.name .. " " .. note.version, object = o, packages.place(o.path), note.version,
        packages.title(package) }
    end
  end
end

-- A .jar says its version up to three times.
local function by_manifest(product, package, found)
  for o in product:objects { fact = "jar" } do
    local jar = o.facts.jar
    local title = jar["implementation-title"] or jar["bundle-name"] or ""
    local version = jar["implementation-version"]
    local bundle = jar["bundle-version"]
    if version and bundle and not agree(version, bundle) then
      found.jar { key = title .. " " .. version, object = o, packages.place(o.path), version, bundle }
    elseif package.kind ~= "jar" and version and title ~= "" and plain(title) == plain(package.name)
      and not agree(version, package.version) then
      found.program { key = title .. " " .. version, object = o, packages.place(o.path), version,
        packages.title(package) }
    end
  end
end

-- What the module says of itself that has the wheel's name.
local function by_module(product, package, found)
  if package.kind ~= "wheel" then
    return
  end
  local name = package.name:lower():gsub("[-.]", "_")
  for o in product:objects { noted = true } do
    local told = o.notes[1].version
    if o.name:lower() == name .. "/__init__.py" and told and not agree(told, package.version) then
      found.program { key = name .. " " .. told, object = o, packages.place(o.path), told, packages.title(package) }
    end
  end
end

---@type probity.Check
return {
  title       = "One version, stated the same everywhere",
  why         = "Where the package says one version and what is in it another, one of them came from somewhere " ..
                "else: an old build, another product, or a change that no release tells of.",
  confirm     = [[Read each place: `dpkg-deb -f PRODUCT Version`, version in package.json, PKG-INFO or METADATA, `grep
    -rn __version__ FOLDER`. They have to be the same.]],
  catalogue   = "I-40",
  claim       = "version-consistency",
  severity    = "medium",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package", "python" },
  looks       = [[ strings: $v = "\x5f_version__" condition: $v ]],
  findings    = {
    file = {
      says = "%s lies in a file that says version %s",
      fix = "Build the package again, and name it by what is in it.",
    },
    program = {
      says = "%s says version %s, and belongs to %s",
      fix = "Build all parts from one state of the sources, with the version taken from one place.",
      reliability = "heuristic",
    },
    jar = {
      says = "%s says version %s in one line and %s in another",
      fix = "Take the version from one place when the manifest is written.",
      severity = "low",
    },
  },
  maps        = { "paris:P6", "cwe:1104", "req:R25" },
  samples     = {
    hit = { "renamed-2.0-py3-none-any.whl", "module-1.0-py3-none-any.whl", "other-program", "two-versions.jar" },
    clean = { "same-1.0-py3-none-any.whl", "same-program", "other-product", "one-version.jar" },
  },

  object = function(object, found)
    if object.kind == "python" then
      local _, _, version = object:find([=[(?m)^_{2}version_{2}\s*=\s*["']([0-9][^"'\n]{0,40})]=])
      if version then
        found.note { version = version }
      end
    end
  end,

  product = function(product, found)
    for _, package in ipairs(product.packages) do
      by_file(product, package, found)
    end
    local main = main_of(product)
    if main then
      by_program(product, main, found)
      by_manifest(product, main, found)
      by_module(product, main, found)
    end
  end,
}
