local commands = require "lib.commands"
local json = require "probity.json"
local packages = require "lib.packages"
local text = require "probity.text"
local whole = require "lib.whole"

local MOST = 262144 -- bytes of a file of settings that is read
local SHOWN = 2048 -- bytes of a list of entry points in which its first section begins
local SETTINGS = 16384 -- of an editor or an assistant: an object has no name of its own but for what tools look for

-- Where code of other people lies in the open, with a history.
local FORGES = { ["github.com"] = true, ["codeload.github.com"] = true, ["gitlab.com"] = true, ["bitbucket.org"] = true,
  ["codeberg.org"] = true, ["registry.npmjs.org"] = true, ["registry.yarnpkg.com"] = true, ["pkg.pr.new"] = true,
  ["cdn.sheetjs.com"] = true }

-- What runs a package that it fetches itself, and packages that ask only which manager is used.
local RUNNERS = { "npx%s+(.*)", "bunx%s+(.*)", "pnpm%s+dlx%s+(.*)", "yarn%s+dlx%s+(.*)", "npm%s+exec%s+(.*)", "uvx%s+(.*)" }
local ASKING = { ["only-allow"] = true, husky = true, ["patch-package"] = true, opencollective = true, ["force-resolutions"] = true,
  ["npm-force-resolutions"] = true, ["check-node-version"] = true, ["prebuild-install"] = true, ["node-gyp"] = true, rimraf = true }

-- Endings of files in which nobody looks for code.
local NO_CODE = { md = true, txt = true, map = true, css = true, png = true, jpg = true, jpeg = true, gif = true, svg = true,
  ico = true,
  woff = true, woff2 = true, ttf = true, log = true, lock = true, html = true, rst = true, dat = true }

local RUNS = { "child_process", "eval(", "Function(", "fetch(", "https.", "http.", "Buffer.from", "atob(", "urlopen", "os.system" }

-- Commands that people type their passwords into, or that every shell script calls.
local COMMANDS = {}
for name in ("sudo su ssh scp sh bash zsh ls cat ps top git python python3 pip pip3 curl wget login passwd docker kubectl "
  .. "aws gcloud npm node systemctl apt gpg doas"):gmatch("%S+") do
  COMMANDS[name] = true
end

-- Entry points that are called like commands of the system.
local function entry_points(object, found)
  local scripts = whole(object, MOST):match("%[console_scripts%]([^%[]*)") or ""
  for command in ("\n" .. scripts):gmatch("\n%s*([%w_.-]+)%s*=") do
    if COMMANDS[command] then
      found.note { shadows = command }
    end
  end
end

-- A package of that name may be called so.
local function judge_entry_points(product, found)
  for o in product:objects { noted = true } do
    local folder = o.name:match("([^/]+)/entry_points%.txt$") or ""
    local package = folder:match("^(.+)%-[^-]*%.dist%-info$") or folder:match("^(.+)%.egg%-info$")
    for _, note in ipairs(package and o.notes or {}) do
      if not package:lower():find(note.shadows:match("^(.-)%d*$"), 1, true) then
        found.shadows { key = note.shadows .. ":" .. package, object = o, note.shadows }
      end
    end
  end
end

-- The package's dependencies that are addresses.
local function dependencies(object, found)
  local manifest = json.decode(whole(object, MOST))
  if type(manifest) ~= "table" then
    return
  end
  for _, list in ipairs { "dependencies", "optionalDependencies" } do
    for name, from in pairs(type(manifest[list]) == "table" and manifest[list] or {}) do
      local host = type(from) == "string" and from:match("^[a-z+]+://([^/:?#]+)")
      host = host and (host:match("@(.*)$") or host):lower()
      if host and not FORGES[host] then
        local clear = text.starts(from, "http://")
        found[clear and "clear" or "address"] { key = tostring(name) .. "@" .. host, tostring(name), host }
      end
    end
  end
end

local function does(code)
  for _, word in ipairs(RUNS) do
    if code:find(word, 1, true) then
      return word
    end
  end
  if code:find(">%s*/dev/null") and code:find("[;&]%s*echo%s") then
    return "a command whose output nobody sees, and a fixed word in its place"
  end
  return commands.network(code)
end

local function recipe(object, found)
  local all = whole(object, MOST)
  for code in all:gmatch("<!@?(%b())") do
    local what = does((code:gsub("\\", "")))
    if what then
      found.recipe { key = object.sha256, what }
      return
    end
  end
end

-- A program that runs a file, as a command names it.
local PROGRAMS = { "node [%w_./~-]+", "bun [%w_./~-]+", "deno run [%w_./~-]+", "python3? [%w_./~-]+", "%f[%w]b?a?sh [%w_.~-]*/[%w_./~-]+",
  "%f[%w]b?a?sh [%w_-]+%.sh", "%f[%w]pwsh [%w_./~-]+", "powershell [%w_./~-]+" }

local function started(all)
  for _, pattern in ipairs(PROGRAMS) do
    local what = all:match(pattern)
    if what then
      return what
    end
  end
  return nil
end

local function settings(object, found)
  local all = whole(object, MOST)
  local opens = all:find("folderOpen", 1, true) or all:find("SessionStart", 1, true)
  if opens then
    local what = commands.network((all:gsub("[\\{}%[%]:,]", " "))) or started(all)
    if what then
      found.opened { key = object.sha256, at = opens - 1, what }
    end
  end
end

local function workflow(object, found)
  local all = whole(object, MOST)
  local at = all:find("toJSON(secret" .. "s)", 1, true) or all:find("toJson(secret" .. "s)", 1, true)
  local what = at and (commands.network(all) or all:match("actions/upload%-artifact"))
  if what then
    found.secrets { key = object.sha256, at = at - 1, what }
  end
end

-- The package that a command fetches and runs, or nil.
local function fetched(command, package)
  for _, runner in ipairs(RUNNERS) do
    local rest = command:match("%f[%w]" .. runner)
    for word in (rest or ""):gmatch("%S+") do
      if not text.starts(word, "-") then
        local name = word:match("^(@?[^@]+)")
        for _, own in ipairs(package.depends or {}) do
          if own == name then
            return nil
          end
        end
        return not ASKING[name] and name or nil
      end
    end
  end
  return nil
end

-- The file without code that an interpreter is given, or nil.
local function odd_file(command)
  for program, file in command:gmatch("%f[%w]([%w.]+)%s+([%w_./@-]+)") do
    local ending = (program == "node" or program == "bun" or program:find("^python")) and file:match("%.(%w+)$")
    if ending and NO_CODE[ending:lower()] then
      return file
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Hooks and sources that a package brings along",
  why         = "Builds, editors and package managers run what settings say, and fetch what a manifest says, without being asked.",
  confirm     = [[Read the file that is named: dependencies and scripts in package.json, .vscode/tasks.json,
    .github/workflows, setup.py. `npm pkg get scripts` and `grep -nE 'git\+|https?://' FILE` show what is fetched from
    where.]],
  catalogue   = "I-13",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "json", "yaml", "text", "python", "package" },
  findings    = {
    clear = {
      says = "needs %s from an address without encryption (%s)",
      fix = "Take it from the registry.",
      severity = "high",
    },
    address = {
      says = "needs %s from an address of its own (%s): no registry keeps what it was",
      fix = "Take it from the registry, or ship it.",
      severity = "high",
    },
    recipe = {
      says = "the build recipe runs at installation more than it needs to find headers (%s)",
      fix = "Do not install this version. Vendors: a recipe needs paths, and nothing from outside.",
      severity = "critical",
      reliability = "exact",
    },
    opened = {
      says = "runs something when somebody opens the folder in an editor or an assistant (%s)",
      fix = "Remove it from what is shipped.",
      severity = "high",
    },
    secrets = {
      says = "a workflow takes all secrets of the repository, and hands them on (%s)",
      fix = "Remove the workflow, and change every secret of repositories in which it ran.",
      severity = "high",
    },
    shadows = {
      says = "installs a command %s, in the way of the system's own",
      fix = "Call it otherwise. Users: do not install this version before somebody has read what it does.",
      severity = "high",
    },
    fetched = {
      says = "%s of %s fetches and runs the package %s, whatever it is that day",
      fix = "Depend on it in a version that is locked, and run it from there.",
      severity = "high",
    },
    disguised = {
      says = "%s of %s runs %s, whose name says that it holds no code",
      fix = "Do not install this version before somebody has read that file.",
      severity = "critical",
      reliability = "exact",
    },
  },
  maps        = { "paris:P6", "cwe:506", "attack:T1195.002", "attack:T1195.001", "req:R3", "req:R25" },
  samples     = {
    hit = { "address", "recipe", "folder-open", "workflow", "fetched", "disguised", "shadows" },
    clean = { "ordinary", "own-command" },
  },

  object = function(object, found)
    local name = object.name
    if text.ends(name, "package.json") and object.facts.npm then
      dependencies(object, found)
    elseif text.ends(name, "binding.gyp") then
      recipe(object, found)
    elseif object.size <= SETTINGS and object:bytes(0, SHOWN):find("[console_scripts]", 1, true) then
      entry_points(object, found)
    elseif object.kind == "json" and object.size <= SETTINGS then
      settings(object, found)
    elseif text.ends(name, ".yml") or text.ends(name, ".yaml") then
      workflow(object, found)
    end
  end,

  product = function(product, found)
    judge_entry_points(product, found)
    for package, script, o in packages.scripts(product) do
      local command = packages.at_install(script) and script.command
      local name = command and package.kind == "npm" and fetched(command, package)
      if name then
        local title = packages.title(package)
        found.fetched { key = packages.script_key(script), object = o, excerpt = command, script.name, title, name }
      end
      local file = command and odd_file(command)
      if file then
        local title = packages.title(package)
        local manifest = product:object(package.path) or o -- not the file: its place may count as documentation
        found.disguised { key = packages.script_key(script), object = manifest, excerpt = command, script.name, title, file }
      end
    end
  end,
}
