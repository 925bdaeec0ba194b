local senses = require "lib.senses"

-- Half of the world has a user called "user" and a host called "localhost": one such name tells little, two together
-- with an address tell who it is.
local WEAK = { ["user-name"] = true, ["host-name"] = true }

-- Environment variables that hold such names.
local VARIABLES = { USER = "user-name", USERNAME = "user-name", LOGNAME = "user-name", COMPUTERNAME = "host-name",
  HOSTNAME = "host-name" }

-- A digest of a mail address is asked from a third party, with the address of whoever looks at the page.
local HASHED = "hashed-mail"
local PICTURES = { "gravatar", "avatar", "avatars" }

-- The entries that tell a machine or a person from all others, and how many different weak names there are.
local function sorted(case)
  local strong, weak, seen = {}, 0, {}
  local hashed
  for _, entry in ipairs(case.entries) do
    if entry.by == HASHED then
      hashed = entry
    elseif not WEAK[entry.by] then
      strong[#strong + 1] = entry
    elseif not seen[entry.by] then
      seen[entry.by] = true
      weak = weak + 1
    end
  end
  local code = case.object.facts.code
  for _, name in ipairs(weak > 0 and code and code.environment or {}) do
    local kind = VARIABLES[name]
    if kind and not seen[kind] then
      seen[kind] = true
      weak = weak + 1
    end
  end
  return strong, weak, hashed
end

local function judge_hashed(case, entry, found)
  for _, word in ipairs(PICTURES) do
    if case.about and case.about.words[word] then
      return
    end
  end
  local where = senses.evidence(case)
  where.key, where.at, where.excerpt = senses.key(case, HASHED), entry.at, entry.by
  where[2] = nil
  found.hashed(where)
end

local function judge(case, found)
  local strong, weak, hashed = sorted(case)
  local what, by = senses.judge(case)
  what = what == "vague" and "chain" or what
  local where = senses.evidence(case)
  if hashed and case.script then
    judge_hashed(case, hashed, found)
  end
  if #strong == 0 and weak == 0 then
    return
  end
  local enough = #strong > 0 or weak >= 2 or (weak == 1 and case.script and senses.installed(case))
  local hook = case.script and senses.installed(case)
  if hook and what == "declared" then -- what a product is for does not need it at installation
    what, by = "chain", hook
  end
  if what == "chain" and enough then
    where[3] = by
    found.chain(where)
  elseif what == "declared" then
    where[3] = by
    found.declared(where)
  elseif what == "program" and by and not case.distribution then
    where[3] = by.by
    found.program(where)
  else
    found.alone(where)
  end
end

---@type probity.Check
return {
  title       = "Names of the machine or of the person",
  why         = "What tells one machine or person from all others joins everything that is reported into one life.",
  confirm     = [[Go to the offset in the evidence and read where the value goes: `grep -nE
    'machine-id|MachineGuid|getmac|uuid.getnode|hostname' OBJECT`; for programs `strings -a OBJECT | grep -iE
    'machine-id|MachineGuid'`.]],
  catalogue   = "D-07",
  claim       = "identifiers",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package" },
  findings    = {
    chain = {
      says = "%s takes what tells the machine or the person from others (%s), next to code that reaches out or runs "
        .. "at installation (%s)",
      fix = "Use a random id that the user can renew, or none; say what is sent, and ask first.",
    },
    hashed = {
      says = "%s asks a service for pictures by digests of mail addresses, which tell it who they are",
      fix = "Ship pictures yourself, or ask the user before the first one is fetched.",
    },
    program = {
      says = "%s takes what tells the machine or the person from others (%s), in a program that can reach out (%s)",
      fix = "Use a random id that the user can renew, or none; say what is sent, and ask first.",
      severity = "low",
    },
    alone = {
      says = "%s takes what tells the machine or the person from others (%s)",
      fix = "Nothing to do where it stays on the machine.",
      severity = "info",
    },
    declared = {
      says = "%s takes what tells the machine or the person from others (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "gdpr:4.1", "gdpr:25", "attack:T1082", "req:R4", "req:R11" },
  samples     = {
    hit = { "id-reported", "names-at-install", "gravatar.php", "serial.ps1", "address-of-card", "identity-stays",
      "names-imported", "names.sh" },
    clean = { "random-id", "documented-only" },
  },

  product = function(product, found)
    for case in senses.each(product, "identity") do
      judge(case, found)
    end
  end,
}
