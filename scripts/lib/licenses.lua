--- Licence names: what a field of metadata says, and whether it says it so that a machine can read it.

local licenses = {}

-- Names that people write and that stand for several licences.
local VAGUE = { ["bsd"] = true, ["bsd license"] = true, ["bsd-like"] = true, ["gpl"] = true, ["lgpl"] = true, ["agpl"] = true,
  ["apache"] = true, ["apache license"] = true, ["mpl"] = true, ["cc"] = true, ["creative commons"] = true, ["free"] = true,
  ["open source"] = true, ["freeware"] = true, ["custom"] = true, ["other"] = true, ["license"] = true, ["see license"] = true }

local NONE = { [""] = true, ["unknown"] = true, ["none"] = true, ["n/a"] = true, ["tbd"] = true, ["todo"] = true }

--- What a package's metadata say about its licence; nil where they say nothing.
function licenses.declared(package)
  local license = package.license
  return license and not NONE[license:lower()] and license or nil
end

--- Is the name one that stands for several licences?
function licenses.vague(name)
  return VAGUE[name:lower()] == true
end

-- Licences that let everybody put the code under other terms.
local PERMISSIVE = { ["MIT"] = true, ["ISC"] = true, ["BSD-2-Clause"] = true, ["BSD-3-Clause"] = true, ["0BSD"] = true,
  ["Apache-2.0"] = true, ["Zlib"] = true, ["Unlicense"] = true, ["BSL-1.0"] = true, ["MIT-0"] = true, ["X11"] = true,
  ["PSF-2.0"] = true, ["Python-2.0"] = true, ["CC0-1.0"] = true }

--- Is it one such licence, and nothing else?
function licenses.permissive(name)
  return PERMISSIVE[name] == true
end

--- The licence among those of one file (the `license` fact's ids) which demands that what is made of it is published under the
--- same terms, where the file offers no other; or nil. Libraries under the LGPL may be used by anybody.
function licenses.only_copyleft(ids)
  local copyleft
  for _, id in ipairs(ids or {}) do
    if not id:find("^A?GPL%-") then
      return nil
    end
    copyleft = id
  end
  return copyleft
end

return licenses
