--- Which code of a Python file runs as soon as the file is imported: what stands at its left edge, and the functions that this calls.
--- A library has reasons to read files, ask hosts and start programs, but hardly any to do it before somebody calls it.

local whole = require "lib.whole"

local python_load = {}

local MOST = 262144 -- bytes of a file that is looked at: larger ones are tables or made of many
local ROUNDS = 8 -- of functions that call functions

-- Where triple quotes of either kind stand, in order.
local function triples(text)
  local out = {}
  for _, quotes in ipairs { '"""', "'''" } do
    local at = text:find(quotes, 1, true)
    while at do
      out[#out + 1] = at
      at = text:find(quotes, at + 3, true)
    end
  end
  table.sort(out)
  return out
end

-- What begins with this line at the left edge: "def", "class", "main" (only what is started), "edge"; and its name.
local function head(line)
  local name = line:match("^async%s+def%s+([%w_]+)") or line:match("^def%s+([%w_]+)")
  if name then
    return "def", name
  end
  name = line:match("^class%s+([%w_]+)")
  if name then
    return "class", name
  end
  return line:find("^if%s+__name__") and "main" or "edge"
end

local SPACE = { [9] = true, [10] = true, [13] = true, [32] = true }

-- Parts of the file, in order: { from, to, kind, name, method }. Lines are not cut out before something is known to begin there:
-- most of a file is neither at the left edge nor the first line of a method.
local function parts_of(text)
  local parts, quotes, inside, next_quotes, size = {}, triples(text), false, 1, #text
  local at, before = 1, 1 -- where this line begins, and the one before it
  local function begin(kind, name, method)
    parts[#parts + 1] = { from = at - 1, kind = kind, name = name, method = method }
  end
  local function edge(line)
    local last = parts[#parts]
    if not line:find("^[%w_@(%[{\"']") or line:find("^[%w_]*['\"][^'\"]*$") then
      return
    end
    local kind, name = head(line)
    local goes_on = kind == "edge" and line:find("^e[lx][%w]+") and last and last.kind == "main" -- else:, except:
    if not goes_on and not (last and last.kind == "edge" and kind == "edge") then
      begin(kind, name)
      parts[#parts].now = text:find("^@[%w_.]*register%f[^%w_]", before) ~= nil
    end
  end
  while at <= size do
    local stop = text:find("\n", at, true) or size
    if not inside and not SPACE[text:byte(at)] then
      edge(text:sub(at, stop - (text:byte(stop) == 10 and 1 or 0)))
    elseif not inside then
      local last = parts[#parts]
      local deep, name = text:match("^([ \t]+)a?s?y?n?c?[ \t]*def%s+([%w_]+)", at)
      if name and #deep <= 4 and last and last.name and (last.kind == "class" or last.method) then
        begin("def", last.name, name)
      end
    end
    while quotes[next_quotes] and quotes[next_quotes] <= stop do
      inside, next_quotes = not inside, next_quotes + 1
    end
    at, before = stop + 1, at
  end
  for i, part in ipairs(parts) do
    part.to = parts[i + 1] and parts[i + 1].from or size
  end
  return parts
end

-- The code without its texts and comments: a word and a bracket in a docstring call nothing.
local function bare(code)
  code = code:gsub('""".-"""', '""'):gsub("'''.-'''", "''")
  code = code:gsub('"[^"\n]*"', '""'):gsub("'[^'\n]*'", "''")
  return (code:gsub("#[^\n]*", ""))
end

-- Names that a piece of code calls, or hands to a thread.
local function calls_in(code, names)
  code = bare(code)
  for name in code:gmatch("%f[%w_]([%a_][%w_]*)%s*%(") do
    names[name] = true
  end
  for name in code:gmatch("target%s*=%s*([%a_][%w_]*)") do
    names[name] = true
  end
  for name in code:gmatch("%.on_[%w_]+%s*=%s*([%a_][%w_]*)") do
    names[name] = true
  end
  for name in code:gmatch("[rcdt]%(%s*([%a_][%w_]*)%s*[,)]") do -- register(f), exec(f), thread(f, ...), submit(f)
    names[name] = true
  end
end

-- Does this part run, where these names are called?
local function runs(part, names)
  if part.kind == "edge" or part.kind == "class" or part.now then
    return true
  elseif part.method then
    return names[part.name] and (part.method == "__init__" or part.method == "__new__" or names[part.method])
  end
  return part.kind == "def" and names[part.name]
end

-- Functions that a test run calls before its first test.
local HOOKS = { "pytest_configure", "pytest_sessionstart", "pytest_load_initial_conftests", "pytest_addoption" }

-- Which parts run, where these names are called from outside: { [part] = true }, and all names that are then called.
local function running(parts, outside)
  local names, on = {}, {}
  for _, name in ipairs(outside) do
    names[name] = true
  end
  for _ = 1, ROUNDS do
    local more = false
    for _, part in ipairs(parts) do
      if not on[part] and runs(part, names) then
        on[part], more = true, true
        for name in pairs(part.calls()) do
          names[name] = true
        end
      end
    end
    if not more then
      break
    end
  end
  return on, names
end

-- { flush = "f" } for `from .stats import f as flush`.
local function aliases(text)
  local out = {}
  local from, to = text:find(" as ", 1, true)
  while from do
    local name = text:sub(math.max(1, from - 80), from - 1):match("([%a_][%w_]*)%s*$")
    local as = text:match("^%s*([%a_][%w_]*)", to + 1)
    if name and as then
      out[as] = name
    end
    from, to = text:find(" as ", to, true)
  end
  return out
end

--- What of the object runs when it is imported; nil where that cannot be told. `load.runs(at, [name])`: does what stands there,
--- or would it where somebody calls the function of that name? `load.calls`: names of functions that run then, by the names under
--- which they were imported. `load.functions`: names of functions at the left edge, in order, which nothing calls by itself.
function python_load.of(object)
  if object.kind ~= "python" or object.size > MOST then
    return nil
  end
  local text = whole(object, MOST)
  local parts, load, cache = parts_of(text), { calls = {}, functions = {} }, {}
  for _, part in ipairs(parts) do
    local calls
    function part.calls() -- most functions of a file are called by nothing in it: theirs are never looked for
      if not calls then
        local code = part.kind == "main" and "" or text:sub(part.from + 1, part.to)
        calls = {}
        calls_in(part.kind == "edge" and code or code:gsub("^[^\n]*\n", "", 1), calls) -- the line that names it calls nothing
      end
      return calls
    end
  end
  local on, names = running(parts, HOOKS)
  cache[""] = on
  local as = aliases(text)
  for name in pairs(names) do
    load.calls[as[name] or name] = true
  end
  for _, part in ipairs(parts) do
    if part.kind == "def" and not part.method and not on[part] then
      load.functions[#load.functions + 1] = part.name
    end
  end
  function load.runs(at, name)
    local key = name or ""
    cache[key] = cache[key] or running(parts, { name, table.unpack(HOOKS) })
    for _, part in ipairs(parts) do
      if at >= part.from and at < part.to then
        return cache[key][part] == true
      end
    end
    return false
  end
  return load
end

return python_load
