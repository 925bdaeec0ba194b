local telemetry = require "lib.telemetry"

-- What a manifest depends on, and under which name the package is known itself: ecosystem, names, own name.
local function manifest(facts)
  if facts.npm then
    return "npm", facts.npm.dependencies or {}, facts.npm.name
  elseif facts.wheel then
    local names = {}
    for _, line in ipairs(facts.wheel.requires_dist or {}) do
      if not line:find("extra%s*==") then -- an extra is a user's choice
        names[#names + 1] = line:match("^[%w._-]+")
      end
    end
    return "pypi", names, facts.wheel.name
  end
  return nil
end

local function raise(found, depends, row, where, ...)
  where.key = row.whose
  for i, text in ipairs { ... } do
    where[i] = text
  end
  if not telemetry.about_users(row) then
    found.monitoring(where)
  else
    depends(where)
  end
end

local function judge_manifest(object, found)
  local ecosystem, names, own = manifest(object.facts)
  local itself = ecosystem and own and telemetry.sdk(ecosystem, own)
  if itself then
    raise(found, found.is, itself, { excerpt = own }, own, itself.whose)
  end
  for _, name in ipairs(ecosystem and names or {}) do
    local row = telemetry.sdk(ecosystem, name)
    if row and not (itself and itself.whose == row.whose) then
      raise(found, found.depends, row, { excerpt = name }, name, row.whose)
    end
  end
  local deb = object.facts.deb
  local packaged = deb and telemetry.debian_sdk(deb.package)
  if packaged then
    raise(found, found.is, packaged, { excerpt = deb.package }, deb.package, packaged.whose)
  end
  for part in (deb and deb.depends or ""):gmatch("[^,]+") do
    local name = part:match("^%s*([%w.+-]+)")
    local row = name and not part:find("|", 1, true) and telemetry.debian_sdk(name)
    if row and not packaged then
      raise(found, found.depends, row, { excerpt = name }, name, row.whose)
    end
  end
end

local function judge_imports(object, found)
  local ecosystem = object.kind == "python" and "pypi" or "npm"
  for _, name in ipairs(object.facts.imports or {}) do
    local row = not name:find("^%.") and telemetry.sdk(ecosystem, ecosystem == "pypi" and name:match("^[%w_]+") or name)
    if row then
      found.imports { key = row.whose, excerpt = name, name, row.whose }
      found.note { whose = row.whose, name = name, kind = row.kind }
    end
  end
end

---@type probity.Check
return {
  title       = "Telemetry library",
  why         = "A library is there whose purpose is to report errors or use to somebody. What goes there depends on how it is set up.",
  confirm     = [[Read the dependencies and imports: `npm ls --all`, `grep -rnE '^(import|from) |require\(' FOLDER`,
    `unzip -l OBJECT`. The vendor's page says what the library reports.]],
  catalogue   = "D-01",
  claim       = "telemetry",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package" },
  findings    = {
    depends = {
      says = "depends on %s, which reports to: %s",
      fix = "Say what is reported, to whom and for how long; ask before the first report; let users and administrators switch it off.",
      reliability = "heuristic",
    },
    linked = {
      says = "contains %s, which reports to: %s",
      fix = "Say what is reported, to whom and for how long; ask before the first report; let users and administrators switch it off.",
      reliability = "heuristic",
    },
    used = {
      says = "imports %s, which reports to: %s",
      fix = "Say what is reported, to whom and for how long; ask before the first report; let users and administrators switch it off.",
    },
    is = {
      says = "is itself such a library (%s), which reports to: %s",
      fix = "Say in its documentation what is reported by default, and how a program that uses it asks its users.",
      severity = "info", -- that is what it is for; who uses it decides
    },
    imports = {
      says = "can use %s, which reports to: %s; nothing here needs it",
      fix = "Nothing to do where users add it themselves.",
      severity = "info",
    },
    monitoring = {
      says = "contains or needs %s (%s), by which whoever runs the product can watch it",
      fix = "Say in the documentation where it reports to by default.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "etsi:6-4", "gdpr:25", "req:R4" },
  samples     = {
    hit = { depends = { "crash-reports" }, used = { "script.py" }, is = { "is-one" },
      monitoring = { "tracing-only" }, imports = { "optional-adapter" } },
    clean = { "words.js" },
  },

  object = function(object, found)
    judge_manifest(object, found)
    judge_imports(object, found)
    for _, library in ipairs(object.facts.binary and object.facts.binary.needed or {}) do
      local row = telemetry.sdk("lib", library)
      if row then
        raise(found, found.linked, row, { excerpt = library }, library, row.whose)
      end
    end
  end,

  product = function(product, found)
    for o in product:objects { noted = true } do
      for _, note in ipairs(not product:declared(o) and o.notes or {}) do
        if telemetry.about_users(note) then
          found.used { key = note.whose, object = o, excerpt = note.name, note.name, note.whose }
        end
      end
    end
  end,
}
