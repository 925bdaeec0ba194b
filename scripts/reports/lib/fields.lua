--- Fields of a report that may come from anywhere: what is missing, or of another type, is the default. A report from
--- a file may hold a text where a list belongs.
local fields = {}

---@return any value nil where there is none
function fields.get(object, key)
  if type(object) == "table" then return object[key] end
  return nil
end
local get = fields.get

---@return string
function fields.str(object, key, default)
  local value = get(object, key)
  if type(value) == "string" then return value end
  return default or ""
end

---@return integer
function fields.int(object, key, default)
  local value = get(object, key)
  if math.type(value) == "integer" then return value end
  return default or 0
end

local none = {}
---@return table sequence, empty where there is none
function fields.list(object, key)
  local value = get(object, key)
  if type(value) == "table" then return value end
  return none
end

--- Division and remainder towards zero, as people write numbers: -5 tenths are 0 and 5.
---@return integer
function fields.div(a, b)
  return (a - math.fmod(a, b)) // b
end

--- The sum, or the largest integer.
---@return integer
function fields.sum(a, b)
  local n = a + b
  if a >= 0 and b >= 0 and n < 0 then return math.maxinteger end
  return n
end

return fields
