local packages = require "lib.packages"
local reach = require "lib.reach"
local shell = require "lib.shell"
local text = require "probity.text"

-- What a behaviour weighs, by where its command reaches: [is] = { address =, carrier =, clear =, other =, install = }.
local WEIGHTS = {
  ["download-run"] = { address = "high", carrier = "high", clear = "high", other = "info", install = "high" },
  ["later-run"] = { other = "high", install = "high" },
  ["decoded-run"] = { other = "high", install = "high" },
  ["hidden-run"] = { other = "medium", install = "high" },
  environment = { address = "critical", carrier = "critical", clear = "critical", other = "high", install = "critical" },
  credentials = { address = "critical", carrier = "critical", clear = "critical", other = "high", install = "critical" },
  identity = { address = "high", carrier = "high", clear = "low", other = "info", install = "medium" },
  miner = { other = "high", install = "critical" },
  door = { other = "medium", install = "high" },
  tracks = { other = "low", install = "medium" },
  guards = { other = "low", install = "medium" },
}
local ORDER = { info = 0, low = 1, medium = 2, high = 3, critical = 4 }

local NAMES = {
  ["download-run"] = "download", ["later-run"] = "later", ["decoded-run"] = "decoded", ["hidden-run"] = "hidden", environment = "upload",
  credentials = "upload", identity = "identity", miner = "miner", door = "door", tracks = "tracks", guards = "guards",
}

local function weight(behaviour, how)
  local weights = WEIGHTS[behaviour.is]
  local severity = weights[behaviour.place or "other"] or weights.other
  if how and ORDER[weights.install] > ORDER[severity] then
    severity = weights.install
  end
  return severity
end

local function judge(found, o, how)
  for _, behaviour in ipairs(shell.behaviours(o.facts)) do
    local raise = NAMES[behaviour.is] and found[NAMES[behaviour.is]]
    if raise then
      local severity = weight(behaviour, how)
      local host = behaviour.host or "a place that is computed"
      local values = { behaviour.what }
      if behaviour.is == "download-run" or behaviour.is == "identity" then
        values = { host, behaviour.what }
      elseif NAMES[behaviour.is] == "upload" then
        values = { behaviour.what, host }
      end
      raise {
        key = behaviour.is .. ":" .. (behaviour.host or "") .. ":" .. o.sha256:sub(1, 16),
        object = o,
        at = behaviour.at,
        excerpt = shell.line(behaviour.call),
        severity = severity,
        kappa = ORDER[severity] < ORDER.high and 700 or nil,
        table.unpack(values),
      }
    end
  end
end

---@type probity.Check
return {
  title       = "Shell script that does what only an intruder needs",
  why         = "A script that runs what it just fetched or decoded, or can send away what is secret, does what nobody reviewed.",
  confirm     = [[Read the line at the offset in the evidence, and what it fetches or decodes without running it:
    `curl -s ADDRESS | less`, `base64 -d`. `bash -n OBJECT` and `shellcheck OBJECT` help with long ones.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "shell", "package" },
  findings    = {
    download = {
      says = "fetches a text from %s and runs it: %s",
      fix = "Fetch by https from a host of your own, hold it against a digest that the script carries, and run it only then.",
    },
    later = {
      says = "leaves a command behind that fetches a text and runs it, each time anew: %s",
      fix = "Remove it; what runs regularly belongs to the package, in a file that can be read and checked.",
    },
    decoded = {
      says = "runs what it decodes first: %s",
      fix = "Ship the plain text in its place, so that people can read what runs.",
    },
    hidden = {
      says = "runs a program out of a hidden or temporary place: %s",
      fix = "Install programs where packages put them, and start them from there.",
    },
    upload = {
      says = "can send what a machine keeps to itself (%s) to %s",
      fix = "Send nothing of the environment, and no file of credentials; name each value that is sent, and why.",
    },
    identity = {
      says = "tells %s who and where it runs (%s)",
      fix = "Do without, or ask first and say what for.",
    },
    miner = {
      says = "starts a program that works for a mining pool: %s",
      fix = "Remove it.",
    },
    door = {
      says = "opens the machine to whoever knows of it: %s",
      fix = "Remove it. Users: look whether the machine still has it.",
    },
    tracks = {
      says = "wipes what a shell or a system keeps of what was done: %s",
      fix = "Leave histories and logs alone; rotate logs by logrotate.",
    },
    guards = {
      says = "switches a protection of the system off: %s",
      fix = "Say which rule is in the way, and add an exception for that alone.",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cra:I.2.d", "cwe:506", "cwe:494", "attack:T1059", "attack:T1105", "req:R3" },
  samples     = {
    hit = { "upload-environment.sh", "staged-download.sh", "test-file-as-code.sh", "encoded.sh", "ssh-key.sh", "npm-hook",
      "taken-by-variable.sh", "scriptlet", later = { "crontab.sh" }, door = { "door.sh" } },
    clean = { "installer.sh", "uploader.sh", "wait-for-port.sh", "npm-build" },
  },

  product = function(product, found)
    local installed, commands = {}, {}
    for o, how in reach.installed(product) do
      installed[table.concat(o.path, "\0")] = how
    end
    for o in product:objects { kind = "shell", fact = "code" } do
      -- The scriptlet of a recipe for pacman, which runs as root, is in no package yet.
      judge(found, o, installed[table.concat(o.path, "\0")] or (text.ends(o.basename, ".install") and "install" or nil))
    end
    -- What a package manager runs of the manifest itself: its commands are in the facts of that.
    for _, script, o in packages.scripts(product) do
      local key = table.concat(o.path, "\0")
      if script.command and not script.path and packages.at_install(script) and not commands[key] and o.kind ~= "shell" then
        commands[key] = true
        judge(found, o, script.name)
      end
    end
  end,
}
