--- What runs when a product is installed: scripts of package managers, setup.py of a source package, and one hop further:
--- the product's own files that these import. So a check can ask more of code that nobody sees running than of code that somebody starts.

local packages = require "lib.packages"

local reach = {}

-- "a.b" and ".a.b" of Python as the paths that it tries, from the folder of the file that imports.
local function python_paths(name)
  local dots, rest = name:match("^(%.*)(.*)$")
  local up = #dots > 1 and ("../"):rep(#dots - 1) or "./"
  local path = up .. rest:gsub("%.", "/")
  return { path .. ".py", path .. "/__init__.py" }
end

--- The file of the product that `o` imports by this name, or nil.
function reach.import(product, o, name)
  if o.kind ~= "python" then
    return packages.import(product, o, name)
  end
  for _, path in ipairs(python_paths(name)) do
    local file = packages.import(product, o, path)
    if file then
      return file
    end
  end
  return nil
end

-- setup.py runs with `pip install` of a source package; in a folder of its own, not in tests or examples of another.
local function is_setup(product, o)
  if o.kind ~= "python" or not (o.name == "setup.py" or o.name:find("^[^/]+/setup%.py$")) then
    return false
  end
  local folder = o.name:match("^(.*/)") or ""
  for _, beside in ipairs { "PKG-INFO", "pyproject.toml", "setup.cfg", "MANIFEST.in", "README.md", "README.rst" } do
    local path = { table.unpack(o.path) }
    path[#path] = folder .. beside
    if product:object(path) then
      return true
    end
  end
  return false
end

-- Names of files in what a script starts: exec("/bin/bash setup.sh"), spawn("cmd", ["/c", "setup.bat"]).
local function started(o)
  local names = {}
  for _, call in ipairs((o.facts.code or {}).calls or {}) do
    local spawns = call.name:find("^child_process%.") or call.name:find("^subprocess%.") or call.name == "os.system"
    spawns = spawns or (o.kind == "python" and call.name == "open") -- exec(open("version.py").read())
    for _, arg in ipairs(spawns and call.args or {}) do
      for word in (type(arg) == "string" and #names < 50 and arg or ""):gmatch("[%w_./-]+%.%a+") do
        names[#names + 1] = word
      end
    end
  end
  return names
end

--- All files that run at installation: `for o, how, from in reach.installed(product) do`. how: "postinst", "setup.py", ...; from: the
--- file that imports it, where it is only imported. Each file once; a script that is only a command is not among them.
function reach.installed(product)
  local list, seen = {}, {}

  local function add(o, how, from)
    local key = table.concat(o.path, "\0")
    if not seen[key] then
      seen[key] = true
      list[#list + 1] = { o, how, from }
    end
  end

  for _, script, _ in packages.scripts(product) do
    local o = script.path and product:object(script.path)
    if o and packages.at_install(script) then
      add(o, script.name)
    end
  end
  for o in product:objects { kind = "python" } do
    if is_setup(product, o) then
      add(o, "setup.py")
    end
  end
  for i = 1, #list do
    local o, how = list[i][1], list[i][2]
    for _, name in ipairs(started(o)) do
      local file = packages.import(product, o, "./" .. name)
      if file then
        add(file, how, o)
      end
    end
    for _, name in ipairs(o.facts.imports or {}) do
      local file = reach.import(product, o, name)
      if file then
        add(file, how, o)
      end
    end
  end
  local i = 0
  return function()
    i = i + 1
    if list[i] then
      return list[i][1], list[i][2], list[i][3]
    end
  end
end

return reach
