-- What a report says, in the reader's language: one file each, words_LANGUAGE.lua, a table of ["key"] = "text with
-- {names}".
--
--   local words = require("lib.words")(options.lang)
--   words("head.policy", { policy = name })
--
-- Where a value has both key.one and key.other, {n} decides. A value may be an element of lib/html: then the answer is
-- a list of texts and elements, which is a child of an element like any other. A key or a name that is not there
-- raises: nothing is silently left out. words("lang") is the language's code; words(key, false) is nil where there is
-- no such key.
--
-- A further language is one more file of the same keys. ["plural.zero"] says whether none of a thing is told like one
-- of it ("one", as in French) or like many ("other").
local english = require "lib.words_en"

-- 1234567 -> "1 234 567", with the language's mark between thousands.
local function grouped(n, mark)
  local digits = tostring(n)
  if n < 1000 and n > -1000 then
    return digits
  end
  local sign = digits:sub(1, 1) == "-" and "-" or ""
  local first = (#digits - #sign) % 3
  local parts = {}
  if first > 0 then
    parts[1] = digits:sub(#sign + 1, #sign + first)
  end
  for at = #sign + first + 1, #digits, 3 do
    parts[#parts + 1] = digits:sub(at, at + 2)
  end
  return sign .. table.concat(parts, mark)
end

-- 996, 10 -> "99.6"
local function decimal(n, unit, mark)
  local sign = n < 0 and "-" or ""
  n = n < 0 and -n or n
  return sign .. n // unit .. mark .. string.format(unit == 10 and "%d" or "%03d", n % unit)
end

-- A value as it stands in a text, and whether it is one (else an element, or a list of them).
local shown
function shown(value, words)
  if math.type(value) == "integer" then
    return grouped(value, words("number.thousands")), true
  end
  if type(value) ~= "table" then
    return value, type(value) == "string"
  end
  if value.tenths then
    return decimal(value.tenths, 10, words("number.decimal")), true
  end
  if value.milli then
    return decimal(value.milli, 1000, words("number.decimal")), true
  end
  if value.said then
    return english[value.key] == value.said and words(value.key) or value.said, true
  end
  if value.key then
    local said = words(value.key, value.values or false) or value.otherwise
    return said, type(said) == "string"
  end
  if value.list then
    local parts = {}
    for i, item in ipairs(value.list) do
      parts[i] = shown(item, words)
    end
    return table.concat(parts, words("list.comma")), true
  end
  return value, false
end

-- A template taken apart: text, name, text, name, ..., text; a text alone where it has no names.
local function pieces_of(template)
  if not template:find("{", 1, true) then
    return template
  end
  local pieces, from = {}, 1
  while true do
    local at, to, name = template:find("{([%w_]+)}", from)
    pieces[#pieces + 1] = template:sub(from, (at or 0) - 1)
    if not at then
      return pieces
    end
    pieces[#pieces + 1] = name
    from = to + 1
  end
end

local function filled(pieces, values, key, words)
  local parts, plain = {}, true
  for i = 1, #pieces - 1, 2 do
    local name = pieces[i + 1]
    parts[i] = pieces[i]
    local value = values[name]
    if value == nil then
      error('words: "' .. key .. '" needs a value for {' .. name .. "}")
    end
    local said, is_text = shown(value, words)
    plain = plain and is_text
    parts[i + 1] = said
  end
  parts[#pieces] = pieces[#pieces]
  return plain and table.concat(parts) or parts
end

local NONE = {}

---@param language string  a code, for which there is a file
---@return fun(key: string, values: table|false|nil): any
return function(language)
  local table_of = require("lib.words_" .. language)
  local zero = table_of["plural.zero"] == "one"
  local apart = {} -- by key: texts that were used, taken apart
  local function words(key, values)
    local name = key
    if values and values.n and not table_of[key] then
      local one = values.n == 1 or values.n == 0 and zero
      name = key .. (one and ".one" or ".other")
    end
    local pieces = apart[name]
    if not pieces then
      local template = table_of[name]
      if not template then
        if values == false then
          return nil
        end
        error('words: there is no text "' .. key .. '"')
      end
      pieces = pieces_of(template)
      apart[name] = pieces
    end
    if type(pieces) == "string" then
      return pieces
    end
    return filled(pieces, values or NONE, key, words)
  end
  return words
end
