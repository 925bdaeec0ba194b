--- Packages of a product: which files belong to them, and what they run when they are installed.

local text = require "probity.text"

local packages = {}

--- Does the path (a list) begin with all elements of the prefix?
function packages.below(path, prefix)
  if #path < #prefix then
    return false
  end
  for i = 1, #prefix do
    if path[i] ~= prefix[i] then
      return false
    end
  end
  return true
end

--- The path chain as people read it, without the product's own name: two packings of one product then give the same text.
function packages.place(path)
  local parts = {}
  for i = math.min(2, #path), #path do
    parts[#parts + 1] = path[i]
  end
  return table.concat(parts, " > ")
end

-- npm packs all below one folder, and the package's manifest lies at its top.
local function is_npm_layout(entries)
  local top, manifest
  for _, entry in ipairs(entries) do
    local first, rest = entry.path:match("^([^/]+)/?(.*)$")
    if first and (top or first) ~= first then
      return false
    end
    top = top or first
    manifest = manifest or rest == "package.json"
  end
  return manifest == true
end

-- Packages whose path is that of their container; of all others it is that of a manifest.
local WHOLE = { deb = true, rpm = true, gem = true, conda = true, image = true }

-- Packages whose files become those of an installed system, modes and links as they are.
local SYSTEM = { deb = true, rpm = true, pacman = true, alpine = true, snap = true, image = true }

--- How a listing's modes and links are meant: "system" where they become those of an installed system (the data of a .deb, an
--- .rpm), "language" where an installer sets modes of its own (npm, wheel, jar), else "plain". A folder, its .tar and
--- its .zip get the same answer.
function packages.role(product, container, entries)
  if container.kind == "wheel" or container.kind == "jar" or is_npm_layout(entries) then
    return "language"
  end
  for _, p in ipairs(product.packages) do
    local root = #p.path - (WHOLE[p.kind] and 0 or 1)
    if SYSTEM[p.kind] and #container.path <= root + 2 and packages.below(container.path, { table.unpack(p.path, 1, root) }) then
      return "system"
    end
  end
  return "plain"
end

--- The folder in which a package's manifest lies, with "/" at its end, or "": "package/package.json" gives "package/".
function packages.folder(package)
  return package.path[#package.path]:match("^(.*/)[^/]*$") or ""
end

--- Does the object lie inside of the package: below a .deb, .rpm, .gem and the like, below the folder of a manifest?
function packages.owns(package, o)
  if WHOLE[package.kind] then
    return packages.below(o.path, package.path)
  end
  local n = #package.path
  return #o.path >= n and packages.below(o.path, { table.unpack(package.path, 1, n - 1) })
    and text.starts(o.path[n], packages.folder(package))
end

-- What node tries when a script asks for "./x".
local ENDINGS = { "", ".js", ".cjs", ".mjs", ".json", "/index.js" }

--- The object that `o` imports by a relative name ("./x", "../lib/x"), or nil.
function packages.import(product, o, name)
  if not text.starts(name, ".") then
    return nil
  end
  local parts = {}
  for part in ((o.name:match("^(.*)/[^/]*$") or "") .. "/" .. name):gmatch("[^/]+") do
    if part == ".." then
      if #parts == 0 then
        return nil
      end
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  local path = { table.unpack(o.path) }
  for _, ending in ipairs(ENDINGS) do
    path[#path] = table.concat(parts, "/") .. ending
    local file = product:object(path)
    if file then
      return file
    end
  end
  return nil
end

--- The object at a path, or the nearest container around it that is there: evidence for what never became an object itself.
function packages.nearest(product, path)
  for n = #path, 1, -1 do
    local o = product:object({ table.unpack(path, 1, n) })
    if o then
      return o
    end
  end
  return product:objects({})()
end

-- Hooks that run while a package is put in place or taken away, by the package manager itself.
local LATER = { prerm = true, postrm = true, preun = true, postun = true, preuntrans = true, postuntrans = true, verify = true,
  preuninstall = true, uninstall = true, postuninstall = true, ["uninstall.ps1"] = true, ["chocolateyuninstall.ps1"] = true,
  ["pre-unlink"] = true, remove = true, ["pre-deinstall"] = true, ["post-deinstall"] = true }

--- Does this script run when the package is installed (and not only when it is removed)?
function packages.at_install(script)
  return not LATER[script.name]
end

--- All scripts that package managers run: `for package, script, object in packages.scripts(product) do`.
--- object: the script's own file, or the package's manifest where the script is only a command.
function packages.scripts(product)
  local p, s = 1, 0
  return function()
    while product.packages[p] do
      s = s + 1
      local package = product.packages[p]
      local script = package.scripts and package.scripts[s]
      if script then
        local object = script.path and product:object(script.path) or product:object(package.path)
        if object then
          return package, script, object
        end
      else
        p, s = p + 1, 0
      end
    end
  end
end

--- Is it a package of a distribution, whose programs are built to work together? about: of product:declared, or nil.
function packages.of_distribution(about)
  local kind = about and about.packages[1] and about.packages[1].kind
  return kind == "deb" or kind == "rpm"
end

--- A key for a script: by its bytes, so that the same script in two packages is one; by the command's words where it is
--- no file. An .rpm's scriptlets have no file of their own: their text stands for it.
function packages.script_key(script)
  local command = script.command or ""
  if command ~= "" then
    return script.name .. ":" .. text.sha256(command):sub(1, 32)
  end
  return script.name .. ":" .. (script.sha256 or "")
end

--- A name for people: "hello 2.10", or the package's file.
function packages.title(package)
  local name = package.name or package.path[#package.path]
  return package.version and (name .. " " .. package.version) or name
end

return packages
