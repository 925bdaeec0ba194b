--- Which texts are settings that a program reads, and not documents that tell of them.

local settings = {}

local KINDS = { ini = true, yaml = true, toml = true, json = true, xml = true }

local NAMES = { [".conf"] = true, [".cfg"] = true, [".cnf"] = true, [".ini"] = true, [".env"] = true, [".properties"] = true,
  [".config"] = true, [".prop"] = true, [".service"] = true, [".socket"] = true, [".production"] = true, [".local"] = true, [".cf"] = true,
  [".rc"] = true, [""] = true, inittab = true, sshd_config = true, dockerfile = true }

-- Where a file is there to be filled in, what stands in it is a suggestion.
local TEMPLATES = { [".sample"] = true, [".example"] = true, [".dist"] = true, [".template"] = true, [".tmpl"] = true, [".tpl"] = true,
  [".in"] = true, [".j2"] = true, [".erb"] = true, [".default"] = true }

--- Is this object a file of settings?
function settings.is(object)
  if object.class ~= "text" or TEMPLATES[object.name] then
    return false
  end
  return KINDS[object.kind] or object.kind == "text" and NAMES[object.name] or false
end

return settings
