-- Modules whose functions start programs, run texts or reach out, as a pickle names them.
local MODULES = { "os", "posix", "nt", "subprocess", "builtins", "__builtin__", "runpy", "webbrowser", "pty", "socket", "shutil",
  "importlib", "code", "bdb", "commands", "pip", "requests.api", "urllib.request", "asyncio.subprocess", "_posixsubprocess" }
local CALLS = { "system", "popen", "execv", "execve", "Popen", "run", "call", "check_output", "getoutput",
  "getstatusoutput", "eval", "exec", "compile", "__import__",
  "run_path", "run_module", "spawn", "open", "rmtree", "get", "post", "urlopen", "urlretrieve", "interact", "import_module", "getattr",
  "spawnv", "startfile", "create_connection", "main", "execfile", "run_code" }
-- Ordinary pickles look up attributes, open nothing by these, but do so with names of builtins.
local ORDINARY = { ["builtins getattr"] = true, ["__builtin__ getattr"] = true }

local MOST = 2048 -- bytes between the two names, and behind them, that are looked at

local function set(list)
  local out = {}
  for _, name in ipairs(list) do
    out[name] = true
  end
  return out
end

local IS_MODULE, IS_CALL = set(MODULES), set(CALLS)

-- "module", "name" of a GLOBAL (c module \n name \n) or of two short texts, one behind the other.
local function named(bytes)
  local module, name = bytes:match("^c([%w_.]+)\n([%w_.]+)\n")
  if module then
    return module, name
  end
  local first, rest = bytes:match("^\x8c(.)(.*)$")
  if not first then
    return nil
  end
  module = rest:sub(1, first:byte())
  rest = rest:sub(first:byte() + 1):gsub("^\x94", ""):gsub("^h.", "")
  local second = rest:match("^\x8c(.)")
  return module, second and rest:sub(3, 2 + second:byte()) or nil
end

---@type probity.Check
return {
  title       = "Stored Python object that calls programs",
  why         = "To load a pickle is to run it: a model or a table that names functions of the system does more than hold data.",
  confirm     = [[Show its steps without loading it: `python3 -m pickletools OBJECT | grep -E 'GLOBAL|REDUCE'`. A
    GLOBAL of os, builtins or subprocess before a REDUCE is a call.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 24, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "data", "text" },
  looks       = [[
    strings:
      $global = /c(os|posix|nt|subprocess|commands|builtins|__builtin__|runpy|webbrowser|pty|socket|shutil|importlib|code|bdb)]]
    .. [[\n[A-Za-z_]{3,20}\n/
      $short = /\x8c[\x02-\x0b](os|posix|nt|subprocess|builtins|__builtin__|runpy|webbrowser|pty|socket|shutil)\x94?\x8c[\x03-\x10]/
    condition:
      any of them and (uint8(0) == 0x80 or uint8(0) == 0x63 or uint8(0) == 0x28 or uint8(0) == 0x5d or uint8(0) == 0x7d)
  ]],
  findings    = {
    calls = {
      says = "calls %s.%s when it is loaded",
      fix = "Do not load it. Vendors: ship data in a form that holds data alone (safetensors, JSON, NumPy's .npy).",
    },
  },
  maps        = { "paris:P5", "cwe:506", "attack:T1195.002", "req:R3" },
  samples     = { hit = { "protocol-0.pkl", "protocol-4.pkl" }, clean = { "weights.pkl", "attributes.pkl" } },

  object = function(object, found)
    for at in object:hits() do
      local module, name = named(object:bytes(at, math.min(MOST, object.size - at)))
      if module and name and IS_MODULE[module] and IS_CALL[name] and not ORDINARY[module .. " " .. name] then
        found.calls { key = module .. "." .. name, at = at, module, name }
      end
    end
  end,
}
