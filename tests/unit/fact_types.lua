-- Do the classes of YARA's modules in bindings/types/yara.lua say what libyara declares? Run by test_fact_types.c with stock Lua:
-- ... are the classes that types.lua read, and lines "elf.sections[].name string" of all that libyara declares. Returns what is wrong.
local classes, lines = ...
local wrong, told = {}, {}
local roots = { elf = "probity.Elf", pe = "probity.Pe", dotnet = "probity.Dotnet", macho = "probity.Macho" }

local function tell(place, type)
  local inner = type:match("^(.*)%[%]$")
  if inner then return tell(place .. "[]", inner) end
  inner = type:match("^table<string, (.*)>$")
  if inner then return tell(place .. "{}", inner) end
  local class = classes[type]
  if not class then
    told[place .. " " .. type] = true
    return
  end
  for name, field in pairs(class.fields) do
    if not field.optional then wrong[#wrong + 1] = place .. "." .. name .. ": all of YARA's may be undefined" end
    if name ~= "cut" then tell(place .. "." .. name, (field.type or "nothing"):gsub("%?$", "")) end
  end
end

for name, class in pairs(roots) do
  if classes[class] then tell(name, class) else wrong[#wrong + 1] = class .. " is not there" end
end
for line in lines:gmatch("[^\n]+") do
  if not told[line] then wrong[#wrong + 1] = "not described: " .. line end
  told[line] = nil
end
for line in pairs(told) do
  wrong[#wrong + 1] = "YARA has no " .. line
end
table.sort(wrong)
return wrong
