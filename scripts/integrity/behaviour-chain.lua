local NAMES = require "lib.chain_names"
local capabilities = require "lib.capabilities"
local chains = require "lib.chains"
local commands = require "lib.commands"
local hints = require "probity.hints"
local lists = require "probity.lists"
local packages = require "lib.packages"
local purpose = require "lib.purpose"
local reach = require "lib.reach"

local OWN = "integrity.behaviour-chain"

-- Names that nobody has a reason to encode.
local HIDDEN = { ["child_" .. "process"] = true, ["execSync"] = true, ["readFileSync"] = true, ["subprocess"] = true, ["requests"] = true,
  ["builtins"] = true, ["urllib.request"] = true, ["eval"] = true, ["writeFileSync"] = true, ["homedir"] = false }

local CALLS = 60 -- names of functions that a file runs at its import: one that runs more is a program
local LONG = 300 -- bytes of a literal that is no name and no table any more,
local OWN_FILE = 65536 -- larger ones are made of many files
local MOSTLY_TEXT = 500 -- in a file of which literals are such a share

-- What the tokens say, whatever the names in the file look like.
local function by_facts(o, list)
  local code = o.facts.code
  if code.measures.decode_eval > 0 then
    local m = code.measures
    local hides = (m.longest_string >= LONG and (m.string_share >= MOSTLY_TEXT or m.long_lines >= 200))
      or (o.kind ~= "python" and o.size <= OWN_FILE)
    local id, known = hides and "decodes-and-runs-hidden" or "decodes-and-runs", false
    for _, c in ipairs(list) do
      known = known or c.id == id
    end
    list[#list + 1] = not known and { id = id } or nil
  end
  if code.measures.far_right >= 30 then
    list[#list + 1] = { id = "far-right" }
  end
  for _, call in ipairs(code.calls or {}) do
    local spawns = call.name:find("^child_process%.") or call.name:find("^subprocess%.") or call.name:find("^os%.")
    for _, word in ipairs(spawns and call.args or {}) do
      if type(word) == "string" and (word:find("rundll32", 1, true) or word:find("regsvr32", 1, true)) then
        list[#list + 1] = { id = "system-loader", at = call.at }
        break
      end
    end
  end
  for _, s in ipairs(code.strings or {}) do
    if s.decoded and s.is == "command" then
      list[#list + 1] = { id = "decoded-command", at = s.at }
      break
    elseif s.decoded and s.is == "decoded" and HIDDEN[s.text] then
      list[#list + 1] = { id = "hidden-name", at = s.at }
      break
    end
  end
end

local function of_object(o)
  local list = {}
  for _, f in ipairs(o.findings) do
    if f.check == OWN and f.finding == "seen" then
      local where = f.key:match(":([^:]*)$")
      list[#list + 1] = { id = f.key:match("^[%w-]+"), at = f.at, load = where == "load", within = where:match("^in=(.*)$") }
    end
  end
  if o.facts.code then
    by_facts(o, list)
  end
  return list
end

-- Is this Python file one that others import, not one that somebody starts?
local function imported(product, o)
  local folder, name = o.name:match("^(.*)/([^/]*)$")
  if o.kind ~= "python" or hints.discounted(o.path) or (name or o.name) == "__main__.py" then
    return false
  end
  local path = { table.unpack(o.path) }
  path[#path] = (folder and folder .. "/" or "") .. "__init__.py"
  if product:object(path) or not folder or folder:find("[st]i?[te]?e?%-packages$") then
    return true
  end
  path[#path] = folder .. "/PKG-INFO" -- a module of its own in a source package
  return product:object(path) ~= nil
end

-- Does a file that imports this one call one of these functions at once?
local function called_by_importer(product, o, functions)
  for other in product:objects { kind = "python", noted = true } do
    local named
    for name in functions:gmatch("[^,]+") do
      named = named or other.notes[1].calls:find(" " .. name .. " ", 1, true)
    end
    for _, name in ipairs(named and imported(product, other) and other.facts.imports or {}) do
      local file = reach.import(product, other, name)
      if file and table.concat(file.path, "\0") == table.concat(o.path, "\0") then
        return true
      end
    end
  end
  return false
end

-- Modules that Python imports by itself each time it starts, and what pip asks to build a source package.
local function starts(product, o, list)
  if o.basename == "sitecustomize.py" or o.basename == "usercustomize.py" then
    return "start of Python"
  end
  for _, c in ipairs(list) do
    local folder = c.id == "build-backend" and (o.name:match("^([^/]+)/[^/]+$") or o.name:match("^([^/]+)/[^/]+/[^/]+$"))
    local path = { table.unpack(o.path) }
    path[#path] = folder and folder .. "/pyproject.toml" or ""
    if folder and product:object(path) and not purpose.word(product, o, { "build", "backend", "pep517", "packaging" }) then
      return "build backend"
    end
  end
  return nil
end

local STRONGER = { weak = "several", several = "strong", strong = "strong" }

-- What the chain weighs, and whether it runs when the file is imported.
local function strength_of(product, o, c, how, importable)
  local name = NAMES[c.id]
  if how then
    return name.installed, false
  end
  local load = importable and (c.load or (c.within and called_by_importer(product, o, c.within)))
  return load and (name.loaded or STRONGER[name.alone]) or name.alone, load
end

local function judge(product, found, o, list, how)
  local several, importable = 0, not how and imported(product, o)
  for _, c in ipairs(list) do
    c.strength, c.load = strength_of(product, o, c, how, importable)
    several = several + (c.strength == "several" and (c.load or not purpose.word(product, o, NAMES[c.id].expected)) and 1 or 0)
  end
  for _, c in ipairs(list) do
    local name = NAMES[c.id]
    local strength = c.strength
    local word = not how and not c.load and purpose.word(product, o, name.expected)
    local at = { key = c.id .. ":" .. o.sha256:sub(1, 16), object = o, at = c.at, packages.place(o.path), name.says }
    if how then
      at[1], at[2], at[3] = how, packages.place(o.path), name.says
      if strength ~= "weak" then
        found[strength == "strong" and "installed" or "installing"](at)
      end
    elseif word then
      at[3] = word
      found[strength == "strong" and "declared" or "expected"](at)
    elseif strength == "strong" or (strength == "several" and several >= 2) then
      at.severity = hints.discounted(o.path) and "medium" or nil -- tests do such things to see them fail
      found[c.load and "loading" or "chain"](at)
    elseif strength == "several" then
      found.part(at)
    end
  end
end

-- What a command line of a package tells about the machine, and words by which it does so.
local TELLS = { "who" .. "ami", "hostname", "$USER", "%USERNAME%", "$(id)", "`id`", "$(pwd)", "`pwd`", "userInfo(", "os.environ",
  "process.env)", "/etc/" .. "passwd" }
local RUNS = { "Function(", "eval(", "exec(", "execSync(", "runInThisContext(", "os.system(", "spawn(" }
local SENDS = { "http://", "https://", "nslookup ", "ping " }

local function reaches_out(command)
  for _, word in ipairs(SENDS) do
    if command:find(word, 1, true) then
      return true
    end
  end
  return commands.network(command) ~= nil
end

-- Commands of install hooks that are no file: curl https://host/?u=$(whoami), or to a service that only receives.
local function judge_commands(product, found)
  for package, script, o in packages.scripts(product) do
    local command = packages.at_install(script) and script.command
    local sends = command and reaches_out(command)
    local why
    for _, word in ipairs(sends and commands.inline(command) and RUNS or {}) do
      if command:find(word, 1, true) then
        why = NAMES["fetch-near-eval"].says
      end
    end
    for _, word in ipairs(sends and TELLS or {}) do
      if command:find(word, 1, true) then
        why = NAMES["telling-command"].says
      end
    end
    for place in (sends and command or ""):gmatch("[%w-]+%.[%w.-]+[%w/._-]*") do
      local row = lists.find("exfiltration", place:lower())
      if row and row.kind ~= "address" then
        why = why or NAMES["carrier-used"].says
      end
    end
    if why then
      found.installed { key = packages.script_key(script), object = o, excerpt = command, script.name, packages.title(package), why }
    end
  end
end

---@type probity.Check
return {
  title       = "What no ordinary package does: chains of behaviour",
  why         = "Reading secrets is ordinary, and so is sending; code that does one for the other has no place in a package.",
  confirm     = [[Read the code at each offset in the evidence, `tail -c +$((OFFSET+1)) OBJECT | head -c 400`, and
    follow the value from where it is taken to where it goes. Run it only in a machine that can be thrown away.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 944, planted = 36, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "javascript", "typescript", "python", "text" },
  looks       = chains.looks(),
  findings    = {
    seen = {
      says = "%s",
      fix = "Nothing to do where this is what the product is for.",
      severity = "info",
    },
    chain = {
      says = "%s %s",
      fix = "Do not install this version before somebody has read the code. Vendors: remove it, or say in the description what needs it.",
      severity = "high",
    },
    loading = {
      says = "%s %s, as soon as it is imported",
      fix = "Do not install this version before somebody has read the code. Vendors: only define things when a module is imported.",
      severity = "high",
    },
    part = {
      says = "%s %s",
      fix = "Say in the package's description or documentation what needs this, or remove it.",
      severity = "medium",
      reliability = "heuristic",
    },
    declared = {
      says = "%s %s, which its description may cover (%s)",
      fix = "Read the code before you rely on it.",
      severity = "medium",
      reliability = "heuristic",
    },
    expected = {
      says = "%s %s, which its description may cover (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
    installed = {
      says = "runs at installation (%s): %s %s",
      fix = "Do not install this version. Vendors: remove it; an install script has no use for this.",
      severity = "critical",
      reliability = "exact",
    },
    installing = {
      says = "runs at installation (%s): %s %s",
      fix = "Remove it from what runs at installation.",
      severity = "high",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:506", "cwe:912", "attack:T1195.002", "attack:T1059", "req:R3" },
  samples     = {
    hit = {
      "eslintscope-js", "depconf-js", "solana-js", "chalkplain-js", "farright-js", "persist-js", "fetchexec-py", "torch-py",
      "litellm-py", "clip-py", "dropper-js", "envreport-js", "hiddenfile-js", "payee-js", "charcodes-js", "fromroot-js",
      "channel-whl", "keyplant-whl", "escapes-whl", "recvrun-whl", "sysload-whl", "xor-whl",
      "atimport-whl", "byimporter-whl", "everystart-whl", "walletkey-whl", "compiled-whl", "zerowidth-whl", "backend-py",
      "headers-js", "skimmer-js", "slices-js", "visitors-js", "mailed-js", "archive-js", "logins-js", "requests-js", "seed-js",
      "publishes-js", "route-js",
    },
    clean = { "packed-names", "plain-whl", "plain-js", "ordinary-client", "tool-with-home.py", "config-loader",
      "browser-driver", "mocks-fetch" },
  },

  object = function(object, found)
    local list, calls = chains.of(object)
    for _, c in ipairs(list) do
      local where = c.load and "load" or c.within and "in=" .. table.concat(c.within, ",") or "code"
      found.seen { key = c.id .. ":" .. object.sha256:sub(1, 16) .. ":" .. where, at = c.at, NAMES[c.id].says }
    end
    local names = {}
    for name in pairs(calls or {}) do
      names[#names + 1] = name
    end
    table.sort(names)
    if #names > 0 then
      found.note { calls = " " .. table.concat(names, " ", 1, math.min(#names, CALLS)) .. " " }
    end
  end,

  product = function(product, found)
    judge_commands(product, found)
    local installed = {}
    for o, how in reach.installed(product) do
      installed[table.concat(o.path, "\0")] = how
    end
    for o in product:objects { class = "script" } do
      local list = of_object(o)
      if #list > 0 then
        judge(product, found, o, list, installed[table.concat(o.path, "\0")] or starts(product, o, list))
      end
    end
    for o, how, from in reach.installed(product) do
      if from and o.kind ~= "javascript" and o.kind ~= "typescript" and o.kind ~= "python" then
        local entry = capabilities.find(o.facts, "net-connect")
        if entry then
          judge(product, found, o, { { id = "started-script", at = entry.at } }, how)
        end
      end
    end
    for o in product:objects { glob = "*.pth" } do
      local list = of_object(o)
      if #list > 0 then
        judge(product, found, o, list, "start of Python")
      end
    end
  end,
}
