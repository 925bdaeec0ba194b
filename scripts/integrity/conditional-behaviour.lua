local chains = require "lib.chains"
local packages = require "lib.packages"
local purpose = require "lib.purpose"
local reach = require "lib.reach"

local OWN = "integrity.conditional-behaviour"
local NEAR = 1500 -- bytes between what asks and what follows

-- The first place of `a` that has a place of `b` within NEAR, outside of comments; nil.
local function near(object, a, b)
  for at in object:hits(a) do
    if not object:comment(at) then
      for other in object:hits(b) do
        if math.abs(other - at) <= NEAR then
          return at
        end
      end
    end
  end
  return nil
end

local function first(object, id)
  for at, length in object:hits(id) do
    if not object:comment(at) then
      return at, length
    end
  end
  return nil
end

-- A text of code that holds what it asked for against the code of a language or a country: "ru-RU", === 'BY', /^(ru|be)/.
local COMPARES = { "[\"'`]%l%l[-_]%u%u[\"'`.]", "[=!]==?%s*[\"'`]%u%u[\"'`]", "[=!]==?%s*[\"'`]%l%l[\"'`_-]", "/%^?%(?%l%l[|)_-]",
  "[sS]tarts_?[wW]ith%(%s*%(?[\"'`]%l%l[\"'`_-]", "[\"'`]%u%u[\"'`]%s*,%s*[\"'`]%u%u[\"'`]",
  "[\"'`]%l%l[\"'`]%s*,%s*[\"'`]%l%l[\"'`]" }

local function compared(object, at)
  local around = object:bytes(math.max(0, at - 200), 600)
  for _, pattern in ipairs(COMPARES) do
    if around:find(pattern) then
      return true
    end
  end
  return false
end

-- The language of the machine, or the country that a service tells, held against codes of some; where, and which.
local function selects(object)
  for at in object:hits("$locale") do
    if not object:comment(at) and compared(object, at) then
      return at, "languages"
    end
  end
  local locator = object:count("$countrycode") > 0 and chains.places(object.facts).locator
  for at in object:hits("$countrycode") do
    if locator and not object:comment(at) and compared(object, at) then
      return at, "countries"
    end
  end
  return nil
end

-- A service that tells where a machine is, asked by code that destroys files.
local function located(object)
  local locator = chains.places(object.facts).locator
  if locator and first(object, "$destroy") and (object:count("$country") > 0 or first(object, "$countrycode")) then
    return locator
  end
  return nil
end

---@type probity.Check
return {
  title       = "Behaviour that depends on the place, the date or the machine",
  why         = "Code that asks where it runs, and then does something else, shows its testers one face and its victims another.",
  confirm     = [[Read the condition at the offset in the evidence and what it guards. Run it in a machine that can be
    thrown away with `TZ=Europe/Berlin` and other zones, or under `faketime`, and compare.]],
  catalogue   = "I-16",
  claim       = "conditional-behaviour",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "javascript", "typescript", "python" },
  looks       = [[
    strings:
      $asks = /Intl\.DateTimeFormat\(\)\.resolvedOptions\(\)\.timeZone\b|\bdateutil\.tz\.tzlocal\(\)|\btime\.tzname\b|\/etc\/timezone\b/
      $tongue = /["'](ru[-_]RU|be[-_]BY|uk[-_]UA|zh[-_]CN|fa[-_]IR|he[-_]IL|ko[-_]KP|kk[-_]KZ)/
      $zone = /["'](Europe|Asia|Africa|America|Australia|Pacific)\/[A-Z][A-Za-z_]{2,30}["']/
      $language = /\bnavigator\.languages?\b/
      $locale = /\bresolvedOptions\(\)\.locale\b|\benv(iron)?(\.|\.get\(["']|\[["'])(LANG|LANGUAGE|LC_ALL)\b]]
    .. [[|\bgetenv\(["'](LANG|LANGUAGE|LC_ALL)\b|\blocale\.get(default)?locale\(/
      $domains = /xn--p1a[i]\b/
      $country = /["'`](russia|belarus|ukraine|israel|iran|china|north korea)["'`]/ nocase
      $countrycode = /\b(country|country_name|country_code|countryCode)\b/
      $destroy = /\b(writeFileSync|rmSync|rmdirSync|unlinkSync|rmtree|removeSync|unlink)\(|\brm -(rf|fr) /
      $sandbox = /\bWDAGUtilityAccoun[t]\b|\bDESKTOP-D019GD[M]\b|\bvboxservic[e]\.exe\b|\bvmusrv[c]\.exe\b|\bHEUeRz[l]\b/ nocase
    condition:
      ($asks and (#zone >= 3 or ($zone and $destroy))) or ($language and $domains) or $sandbox or $locale
      or ($destroy and $tongue) or any of ($country*)
  ]],
  findings    = {
    place = {
      says = "asks for the time zone and holds it against a list of places",
      fix = "Document what depends on the place.",
      severity = "info",
    },
    somewhere = {
      says = "%s does something only in some time zones; \"%s\" does not speak of places",
      fix = "Remove it, or say in the description what is different there.",
      severity = "medium",
      reliability = "heuristic",
    },
    installed = {
      says = "%s runs at installation (%s) and does something only in some time zones; \"%s\" needs neither",
      fix = "Remove it: an install script has to do the same everywhere.",
      reliability = "heuristic",
    },
    selects = {
      says = "%s runs at installation (%s) and does something only for some %s; \"%s\" does not speak of them",
      fix = "Remove it: an install script has to do the same everywhere.",
      reliability = "heuristic",
    },
    destroys = {
      says = "asks %s where the machine is, and overwrites or removes files",
      fix = "Remove it. Users: do not run this version.",
    },
    targets = {
      says = "asks for the language of the browser beside the names of a country's domains",
      fix = "Remove it, or say in the documentation what is different there.",
      severity = "medium",
      reliability = "heuristic",
    },
    sandbox = {
      says = "knows names of machines on which programs are tested",
      fix = "Remove it: what behaves the same everywhere need not know its testers.",
    },
  },
  maps        = { "paris:P3", "paris:P5", "cwe:511", "attack:T1480", "attack:T1614", "req:R3" },
  samples     = {
    hit = { "zone-at-install", selects = { "language-at-install", "country-at-install" },
      "place-and-overwrite.js", "language-and-domain.js", "testers.py", destroys = { "settings.js" } },
    clean = { "zones-in-library", "country-of-form.js", "language-of-messages" },
  },

  object = function(object, found)
    local at, length = first(object, "$sandbox")
    if at then
      found.sandbox { key = object.sha256, at = at, length = length }
    end
    at, length = first(object, "$asks")
    if at and object:count("$zone") >= 3 then
      found.place { key = object.sha256, at = at, length = length }
    end
    local locator = located(object)
    local zone = object:count("$zone") >= 2 and near(object, "$asks", "$destroy")
      or near(object, "$locale", "$tongue") and near(object, "$locale", "$destroy")
    if locator or zone then
      found.destroys { key = object.sha256, at = locator and locator.at[1] or zone, locator and locator.host or "the settings" }
    end
    local where, what = selects(object)
    if where then
      found.note { at = where, what = what }
    end
    at = near(object, "$language", "$domains")
    if at then
      found.targets { key = object.sha256, at = at }
    end
  end,

  product = function(product, found)
    local installed = {}
    for o, how in reach.installed(product) do
      installed[table.concat(o.path, "\0")] = how
    end
    for o in product:objects { noted = true } do
      local how, about = installed[table.concat(o.path, "\0")], product:declared(o)
      local covered = about and purpose.covers(purpose.capabilities(about, {}), "place")
      if how and not covered then
        local note, statement = o.notes[1], about and purpose.statement(about) or ""
        found.selects { key = o.sha256, object = o, at = note.at, packages.place(o.path), how, note.what, statement }
      end
    end
    for o in product:objects { class = "script" } do
      local how = installed[table.concat(o.path, "\0")]
      for _, f in ipairs(o.findings) do
        local place = f.check == OWN and f.finding == "place"
        local about = place and product:declared(o)
        local covered = about and purpose.covers(purpose.capabilities(about, {}), "place")
        if place and about and not covered and not how then
          found.somewhere { key = o.sha256, object = o, at = f.at, packages.place(o.path), purpose.statement(about) }
        elseif place and how and not covered then
          found.installed {
            key = o.sha256,
            object = o,
            at = f.at,
            packages.place(o.path),
            how,
            about and purpose.statement(about) or "",
          }
        end
      end
    end
  end,
}
