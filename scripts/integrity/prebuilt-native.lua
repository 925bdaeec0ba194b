local json = require "probity.json"
local packages = require "lib.packages"
local text = require "probity.text"

local PROGRAM = { elf = true, pe = true, macho = true }

-- What machine code is built from, or by.
local RECIPES = { ["binding.gyp"] = true, ["CMakeLists.txt"] = true, ["Cargo.toml"] = true, ["Makefile"] = true,
  ["meson.build"] = true, ["go.mod"] = true, ["build.zig"] = true, ["configure"] = true, ["Package.swift"] = true,
  ["build.rs"] = true }
local SOURCE = { c = true, cpp = true, ["rust-source"] = true, ["go-source"] = true, assembler = true, swift = true,
  csharp = true }

-- Names of what is read, shown or interpreted, and never is machine code.
local HARMLESS = { [".png"] = true, [".jpg"] = true, [".jpeg"] = true, [".gif"] = true, [".svg"] = true,
  [".ico"] = true, [".bmp"] = true, [".webp"] = true, [".txt"] = true, [".md"] = true, [".json"] = true,
  [".js"] = true, [".mjs"] = true, [".cjs"] = true, [".ts"] = true, [".css"] = true, [".html"] = true,
  [".htm"] = true, [".xml"] = true, [".yml"] = true, [".yaml"] = true, [".csv"] = true, [".pdf"] = true,
  [".ttf"] = true, [".woff"] = true, [".woff2"] = true, [".mp3"] = true, [".mp4"] = true, [".wav"] = true,
  [".log"] = true, [".py"] = true, [".rb"] = true, [".sh"] = true, [".php"] = true, [".pl"] = true, [".lua"] = true,
  [".map"] = true, [".doc"] = true, [".docx"] = true, [".xls"] = true, [".xlsx"] = true, [".rtf"] = true }

-- Is the package one for a single platform, by what it says of itself? npm: os, cpu. A wheel: its file's name.
local function platform_of(product, package)
  if package.kind == "wheel" then
    local file = package.path[#package.path - 1]
    return not text.ends(file, "-any.whl") and file or nil
  end
  local manifest = product:object(package.path)
  local note = manifest and manifest.notes[1]
  return note and note.platform
end

-- Packages by the place that is theirs: the container and, of npm, the folder of the manifest. A wheel owns all that
-- lies in it, whatever its folder of metadata is called; unpacked ones do not say what is theirs.
local function places(owners)
  local at = {}
  for _, package in ipairs(owners) do
    local folder = package.kind ~= "wheel" and packages.folder(package) or ""
    at[table.concat(package.path, "\n", 1, #package.path - 1) .. "\n" .. folder] = package
  end
  return at
end

-- The innermost package around an object.
local function owner(at, path)
  for depth = #path, 1, -1 do
    local container, folder = table.concat(path, "\n", 1, depth - 1) .. "\n", path[depth]
    repeat
      folder = folder:match("^(.*/)[^/]+/?$") or ""
      if at[container .. folder] then
        return at[container .. folder]
      end
    until folder == ""
  end
  return nil
end

-- Machine code and what it could be built from, by package.
local function collect(product, owners)
  local at = places(owners)
  local of = {}
  for o in product:objects() do
    local program = PROGRAM[o.kind]
    if program or SOURCE[o.kind] or RECIPES[o.basename] then
      local package = owner(at, { table.unpack(o.path) })
      if package then
        local key = table.concat(package.path, "\n")
        local seen = of[key] or { package = package, programs = 0 }
        of[key] = seen
        if program and not (o.parent and PROGRAM[o.parent.kind]) then
          seen.programs = seen.programs + 1
          seen.first = seen.first or o
        elseif not program then
          seen.recipe = seen.recipe or o
        end
      end
    end
  end
  return of
end

local function judge(product, seen, found)
  local package = seen.package
  local raise = { key = (package.name or "") .. " prebuilt", object = seen.first, seen.programs,
    packages.title(package),
    packages.place(seen.first.path) }
  if seen.recipe then
    raise[4] = seen.recipe.basename
    found.with_recipe(raise)
  elseif platform_of(product, package) then
    found.one_platform(raise)
  else
    found.without(raise)
  end
end

---@type probity.Check
return {
  title       = "Machine code in a package of scripts",
  why         = "What was compiled elsewhere cannot be read, and nobody can tell whether it was built from the " ..
                "sources that the package shows. A program under the name of a picture or a text is not meant to be " ..
                "seen at all.",
  confirm     = [[List them: `find FOLDER -type f -exec file {} + | grep -E 'ELF|PE32|Mach-O'`, look for the sources
    and recipe they were built of, and build one to compare its SHA-256.]],
  catalogue   = "I-42",
  claim       = "prebuilt",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "npm", "wheel", "package", "elf", "pe", "macho" },
  findings    = {
    disguised = {
      says = "%s is a program (%s) under the name of something that is none",
      fix = "Give it its own name, or leave it out; ask whoever built the package what starts it.",
    },
    without = {
      says = "%d programs come ready-made in %s, without sources or a recipe to build them: %s",
      fix = "Ship the sources and a recipe, or publish where and how they were built (provenance).",
      severity = "medium",
      reliability = "heuristic",
    },
    with_recipe = {
      says = "%d programs come ready-made in %s: %s (%s)",
      fix = "Publish where and how they were built (provenance), so that others can compare.",
      severity = "info", -- ordinary for add-ons
    },
    one_platform = {
      says = "%d programs come ready-made in %s, which is for one platform: %s",
      fix = "Publish where and how they were built (provenance), so that others can compare.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "attack:T1195.001", "req:R25", "req:R26" },
  samples     = {
    hit = { "no-sources", "any-wheel", "picture", "twin-1.0.tar.gz", "with-recipe", "one-platform" },
    clean = { "scripts-only", "plain-program", "picture-file" },
  },

  object = function(object, found)
    if object.name ~= "package.json" then
      return
    end
    local manifest = json.decode(object)
    if type(manifest) == "table" and (type(manifest.os) == "table" or type(manifest.cpu) == "table") then
      found.note { platform = "os, cpu" }
    end
  end,

  product = function(product, found)
    for _, kind in ipairs { "elf", "pe", "macho" } do
      for o in product:objects { kind = kind } do
        if HARMLESS[o.name_class] then
          found.disguised { key = o.sha256, object = o, packages.place(o.path), kind }
        end
      end
    end
    local owners = {}
    for _, package in ipairs(product.packages) do
      local file = package.path[#package.path - 1] or ""
      if package.kind == "npm" or package.kind == "sdist" or (package.kind == "wheel" and text.ends(file, ".whl")) then
        owners[#owners + 1] = package
      end
    end
    if #owners > 0 then
      for _, seen in pairs(collect(product, owners)) do
        if seen.programs > 0 then
          judge(product, seen, found)
        end
      end
    end
  end,
}
