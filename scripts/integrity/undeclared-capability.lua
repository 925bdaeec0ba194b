local packages = require "lib.packages"
local purpose = require "lib.purpose"
local senses = require "lib.senses"

local OWN = "integrity.undeclared-capability"
local PLACES = 200 -- objects that are named for one capability of one package: the rest adds nothing

local WORDS = {
  ["net-connect"] = "can open network connections",
  ["net-listen"] = "can wait for network connections",
  exec = "can run other programs",
  persist = "can make itself start again",
  ["self-update"] = "can replace itself",
  ["input-capture"] = "can watch keyboard or mouse",
  screen = "can look at the screen",
  clipboard = "can read the clipboard",
  camera = "can use the camera",
  microphone = "can use the microphone",
  location = "can find out where the user is",
  contacts = "can read contacts, messages or stored passwords",
  privilege = "can change its privileges",
}

-- How much of a surprise it is where nothing declares it. A program that runs another one, or asks a name server, is so
-- ordinary that it is worth a question only in a library of a language. Capabilities that are not here (crypto, debug) surprise nobody.
local SURPRISE = {
  ["net-connect"] = "minor",
  ["net-listen"] = "major",
  exec = "minor",
  persist = "major",
  ["self-update"] = "minor",
  ["input-capture"] = "major",
  screen = "major",
  clipboard = "minor",
  camera = "major",
  microphone = "major",
  location = "minor",
  contacts = "major",
  privilege = "minor",
}

-- Programs of a distribution run others as a matter of course: its packages are built to work together.
local ORDINARY = { deb = { exec = true, privilege = true }, rpm = { exec = true, privilege = true } }

-- What is known of the packages that an object belongs to, by what tells these packages from others; nil where there are none.
local function group_of(groups, product, o)
  local about = product:declared(o)
  if not about then
    return nil
  end
  local first = about.packages[1]
  local key = first.kind .. "\n" .. table.concat(first.path, "\n")
  if not groups[key] then
    groups[key] = { about = about, packages = about.packages, others = {}, seen = {}, covered = {} }
  end
  return groups[key]
end

-- What the packages of a group declare, and the files in it that ask for permissions.
local function declared(group)
  group.capabilities = group.capabilities or purpose.capabilities(group.about, group.others)
  return group.capabilities
end

local function raise(found, group, o, entry)
  local capability, kind = entry.capability, group.packages[1].kind
  group.seen[capability] = (group.seen[capability] or 0) + 1
  if group.seen[capability] > PLACES then
    return
  end
  if group.covered[capability] == nil then
    group.covered[capability] = purpose.covers(declared(group), capability) or false
  end
  local title = packages.title(group.packages[1])
  local key = (group.packages[1].name or "") .. ":" .. capability
  local by = group.covered[capability] or (ORDINARY[kind] and ORDINARY[kind][capability] and "being a program of a distribution")
  if by then
    found.declared { key = key, object = o, at = entry.at, excerpt = entry.by, title, WORDS[capability], entry.by, by }
  else
    found[SURPRISE[capability]] {
      key = key,
      object = o,
      at = entry.at,
      excerpt = entry.by,
      title,
      WORDS[capability],
      entry.by,
      purpose.statement(group.about),
    }
  end
end

-- Install scripts that ask where they run: nothing that a package is for needs that at installation, unless it is about places.
local function judge_scripts(product, groups, found)
  for package, script, o in packages.scripts(product) do
    local place
    for _, f in ipairs(o.findings) do
      if f.check == OWN and f.finding == "place" then
        place = f
      end
    end
    local group = place and packages.at_install(script) and group_of(groups, product, o)
    if group and not purpose.covers(declared(group), "place") then
      found.targeted {
        key = packages.script_key(script),
        object = o,
        at = place.at,
        script.name,
        packages.title(package),
        purpose.statement(group.about),
      }
    end
  end
end

---@type probity.Check
return {
  title       = "Capability that the product does not declare",
  why         = "A product that can do what its purpose does not need, does something that its users have not been told.",
  confirm     = [[Read what the package says of itself (`dpkg-deb -I PRODUCT`, README) and look for the call that is
    named: `nm -D OBJECT | grep NAME` or `grep -n NAME OBJECT`. Ask the supplier what needs it.]],
  catalogue   = "I-39",
  claim       = "declared-purpose",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package" },
  looks       = [[
    strings:
      $asks = /Intl\.DateTimeFormat\(\)\.resolvedOptions\(\)\.timeZone\b|\bdateutil\.tz\.tzlocal\(\)|\btime\.tzname\b|\/etc\/timezone\b/
      $zone = /["'](Europe|Asia|Africa|America|Australia|Pacific)\/[A-Z][A-Za-z_]{2,30}["']/
    condition:
      $asks and #zone >= 3
  ]],
  findings    = {
    major = {
      says = "%s %s (%s); what it says of itself does not speak of it: \"%s\"",
      fix = "Say in the package's description or documentation what needs this and when it happens, or remove it.",
      severity = "medium",
    },
    minor = {
      says = "%s %s (%s); what it says of itself does not speak of it: \"%s\"",
      fix = "Say in the package's description or documentation what needs this, or remove it.",
      severity = "low",
    },
    targeted = {
      says = "%s of %s asks for the time zone and holds it against a list of places; what it says of itself needs neither: \"%s\"",
      fix = "Remove it: an install script has to do the same everywhere. If places matter, say where and why in the documentation.",
      severity = "medium", -- that it depends on the place is I-16's to weigh
    },
    declared = {
      says = "%s %s (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
    place = {
      says = "asks for the time zone and holds it against a list of places",
      fix = "Document what depends on the place.",
      severity = "info",
    },
  },
  maps        = { "paris:P3", "paris:P5", "cra:I.2.j", "cwe:1059", "attack:T1480", "req:R3" },
  samples     = {
    hit = { "listening-date-library", "place-at-install", "declared-by-dependency" },
    clean = { "no-capabilities", "list-of-zones.js", "documented-only" },
  },

  object = function(object, found)
    for at, length in object:hits("$asks") do
      if not object:comment(at) then
        found.place { key = object.sha256, at = at, length = length }
        return
      end
    end
  end,

  product = function(product, found)
    if #product.packages == 0 then
      found.unknown("no package metadata that says what the product is for")
      return
    end
    local groups = {}
    for o in product:objects({ fact = "declares" }) do
      local group = group_of(groups, product, o)
      if group then
        table.insert(group.others, o.facts.declares)
      end
    end
    for o in product:objects({ fact = "capabilities" }) do
      local group = group_of(groups, product, o)
      local done = {}
      for _, entry in ipairs(group and o.facts.capabilities or {}) do
        local capability = entry.capability
        local copies = senses.COPIES[entry.by] -- puts there what the user asks for, and reads nothing
        if SURPRISE[capability] and not entry.comment and not copies and not done[capability] then
          done[capability] = true
          raise(found, group, o, entry)
        end
      end
    end
    judge_scripts(product, groups, found)
  end,
}
