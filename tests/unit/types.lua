-- What bindings/types/ says, read by the grammar of LuaCATS (the part of it that the file uses), and held against what is
-- there. Run by test_binding_types.c with stock Lua: ... is the text and a table of what is there:
--   modules  { ["probity.text"] = { trim = "function", ... } }, tables in modules as modules of their own
--   handles  { ["probity.Object"] = { bytes = "method", kind = "field" } }
--   values   { ["probity.Key"] = { the keys of one such table } }, of which every field that is not optional must be there
-- Returns what is wrong, one message each; and the classes.
local text, real = ...
local wrong = {}
local function complain(line, format, ...)
  wrong[#wrong + 1] = (line and "types:" .. line .. ": " or "") .. string.format(format, ...)
end

-- Types: each function takes text and an offset, and gives the offset behind what it read, or nil.
local known = { integer = true, string = true, boolean = true, number = true, table = true, any = true, ["nil"] = true }
local used = {} -- names, and the first line that uses them
local current
local read_type

local function blanks(s, at)
  return s:match("^ *()", at)
end

local function read_list(s, at, close, read)
  at = blanks(s, at)
  if s:sub(at, at) == close then return at + 1 end
  while true do
    at = read(s, blanks(s, at))
    if not at then return nil end
    at = blanks(s, at)
    local c = s:sub(at, at)
    at = at + 1
    if c == close then return at end
    if c ~= "," then return nil end
  end
end

local function read_member(s, at) -- NAME[?]: TYPE
  local after = s:match("^[%a_][%w_]*%??: *()", at)
  return after and read_type(s, after)
end

local function read_parameter(s, at) -- NAME[?][: TYPE]
  return read_member(s, at) or s:match("^[%a_][%w_]*%??()", at)
end

local function read_one(s, at)
  local after = s:match('^"[^"]*"()', at) or s:match("^%-?%d+()", at)
  if after then return after end
  if s:sub(at, at) == "(" then
    after = read_type(s, at + 1)
    return after and s:match("^%)()", after)
  end
  if s:sub(at, at) == "{" then return read_list(s, at + 1, "}", read_member) end
  after = s:match("^fun%(()", at)
  if after then
    after = read_list(s, after, ")", read_parameter)
    local returns = after and s:match("^: *()", after)
    while returns do
      after = read_type(s, returns)
      returns = after and s:match("^, *()", after)
    end
    return after
  end
  local name
  name, after = s:match("^([%a_][%w_.]*)()", at)
  if not name then return nil end
  used[name] = used[name] or current
  if name == "table" and s:sub(after, after) == "<" then return read_list(s, after + 1, ">", read_type) end
  return after
end

function read_type(s, at)
  while true do
    at = read_one(s, at)
    while at and s:match("^%[%]", at) do at = at + 2 end
    if at and s:sub(at, at) == "?" then at = at + 1 end
    if not at or s:sub(at, at) ~= "|" then return at end
    at = at + 1
  end
end

-- The file, line by line.
local classes, class, parameters, returns = {}, nil, {}, 0
local variables, functions = {}, {} -- variable -> class; "probity.text" -> { trim = line }
local tags = {}

local function typed(line, rest) -- TYPE, then nothing or words
  local after = read_type(rest, 1)
  if not after or not (after > #rest or rest:sub(after, after) == " ") then
    complain(line, "no type: %s", rest)
    return nil
  end
  return rest:sub(1, after - 1)
end

function tags.meta(line, rest)
  complain(line, "@meta has no name here: %s", rest)
end

function tags.alias(line, rest)
  local name, type = rest:match("^([%w_.]+) (.+)$")
  if not name then return complain(line, "@alias NAME TYPE") end
  known[name] = true
  typed(line, type)
end

function tags.class(line, rest)
  local name, parent = rest:match("^([%w_.]+)$"), nil
  if not name then name, parent = rest:match("^([%w_.]+): ([%w_.]+)$") end
  if not name then return complain(line, "@class NAME or @class NAME: PARENT") end
  if parent and not classes[parent] then complain(line, "there is no class %s above", parent) end
  if classes[name] then complain(line, "%s is there twice", name) end
  class = { name = name, line = line, fields = {}, parent = parent }
  classes[name], known[name] = class, true
end

function tags.operator(line, rest) -- NAME: TYPE
  local after = rest:match("^%l+: ()")
  if not class or not after then return complain(line, "@operator NAME: TYPE in a @class") end
  typed(line, rest:sub(after))
end

function tags.field(line, rest)
  if not class then return complain(line, "@field outside of a @class") end
  local after = rest:match("^%[()")
  if after then -- [TYPE] TYPE
    after = read_type(rest, after)
    after = after and rest:match("^%] ()", after)
    if not after then return complain(line, "@field [TYPE] TYPE") end
    typed(line, rest:sub(after))
    return
  end
  local name, optional, type = rest:match("^([%a_][%w_]*)(%??) (.+)$")
  if not name then return complain(line, "@field NAME TYPE") end
  if class.fields[name] then complain(line, "the field %s is there twice", name) end
  local read = typed(line, type)
  class.fields[name] = { line = line, optional = optional == "?" or (read and read:sub(-1) == "?"), type = read }
end

function tags.param(line, rest)
  local name, _, type = rest:match("^([%a_][%w_]*)(%??) (.+)$")
  if not name then return complain(line, "@param NAME TYPE") end
  parameters[#parameters + 1] = name
  typed(line, type)
end

tags["return"] = function(line, rest)
  typed(line, rest)
  returns = returns + 1
end

local function declared(line, holder, sign, name, list)
  local of = variables[holder]
  if not of then return complain(line, "%s is no variable of a class", holder) end
  if table.concat(parameters, ", ") ~= list then
    complain(line, "@param says (%s), the function (%s)", table.concat(parameters, ", "), list)
  end
  if sign == "." and returns == 0 then complain(line, "%s.%s returns nothing?", holder, name) end
  functions[of] = functions[of] or {}
  if functions[of][name] then complain(line, "%s%s%s is there twice", holder, sign, name) end
  functions[of][name] = { line = line, sign = sign }
end

local function outside(number, line)
  local variable = line:match("^local ([%a_][%w_]*) = {}$")
  local holder, sign, name, list = line:match("^function ([%a_][%w_]*)([.:])([%a_][%w_]*)%(([%w_, ]*)%) end$")
  if variable then
    if not class then complain(number, "%s is of no class", variable) end
    variables[variable] = class and class.name
  elseif holder then
    declared(number, holder, sign, name, list)
  elseif line ~= "" and not line:match("^%-%- ") then
    complain(number, "neither an annotation, a comment, a table nor a function: %s", line)
  end
  if line == "" or holder then parameters, returns = {}, 0 end
  if line == "" or variable then class = nil end
end

local number = 0
for line in (text .. "\n"):gmatch("(.-)\n") do
  number, current = number + 1, number + 1
  local tag, rest = line:match("^%-%-%-@(%a+) (.+)$")
  if line == "---@meta" then -- a file begins
  elseif tag and tags[tag] then
    tags[tag](number, rest)
  elseif line:match("^%-%-%-@") then
    complain(number, "no annotation that is used here: %s", line)
  elseif not line:match("^%-%-%-") then
    outside(number, line)
  end
end

local function sorted(t)
  local keys = {}
  for k in pairs(t) do keys[#keys + 1] = k end
  table.sort(keys)
  return keys
end

for _, name in ipairs(sorted(used)) do
  if not known[name] then complain(used[name], "there is no type %s", name) end
end

-- What a class has, with what it has from its parents.
local function all_of(name)
  local of, has, own = classes[name], {}, {}
  while of do
    for key, field in pairs(of.fields) do has[key] = has[key] or field end
    for key, f in pairs(functions[of.name] or {}) do own[key] = own[key] or f end
    of = classes[of.parent]
  end
  return has, own
end

-- What is declared is there, and what is there is declared.
local function compare(name, there, is_method)
  local of = classes[name]
  if not of then return complain(nil, "%s has no @class", name) end
  local fields, own = all_of(name)
  for _, key in ipairs(sorted(there)) do
    if is_method(there[key]) then
      if not own[key] then complain(of.line, "%s has a function %s that is not declared", name, key) end
    elseif not fields[key] then
      complain(of.line, "%s has a field %s that is not declared", name, key)
    end
  end
  for _, key in ipairs(sorted(own)) do
    if not there[key] or not is_method(there[key]) then complain(own[key].line, "%s has no function %s", name, key) end
  end
  for _, key in ipairs(sorted(fields)) do
    if not there[key] or is_method(there[key]) then complain(fields[key].line, "%s has no field %s", name, key) end
  end
end

for _, name in ipairs(sorted(real.modules)) do
  compare(name, real.modules[name], function(kind) return kind == "function" end)
end
for _, name in ipairs(sorted(real.handles)) do
  compare(name, real.handles[name], function(kind) return kind == "method" end)
end
local parents = {}
for _, of in pairs(classes) do
  if of.parent then parents[of.parent] = true end
end
for _, name in ipairs(sorted(functions)) do
  if not real.modules[name] and not real.handles[name] and not parents[name] then
    complain(classes[name].line, "%s has functions, and is neither a module nor a handle", name)
  end
end
for _, name in ipairs(sorted(real.values)) do
  local of, there = classes[name], {}
  if not of then
    complain(nil, "%s has no @class", name)
  else
    for _, one in ipairs(real.values[name]) do
      for _, key in ipairs(one) do
        there[key] = (there[key] or 0) + 1
        if not of.fields[key] then complain(of.line, "%s has a field %s that is not declared", name, key) end
      end
    end
    for _, key in ipairs(sorted(of.fields)) do
      local field = of.fields[key]
      if not there[key] then
        complain(field.line, "no %s had a field %s", name, key)
      elseif not field.optional and there[key] < #real.values[name] then
        complain(field.line, "a %s had no field %s", name, key)
      end
    end
  end
end
return wrong, classes
