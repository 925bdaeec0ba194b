local hints = require "probity.hints"
local packages = require "lib.packages"
local senses = require "lib.senses"
local statements = require "lib.statements"
local supplied = require "lib.supplied"
local telemetry = require "lib.telemetry"

local STRONG = { high = true, critical = true }

local function shows(checks, least)
  local set = {}
  for _, id in ipairs(checks) do
    set[id] = true
  end
  return function(product)
    return statements.shown(product, set, least)
  end
end

-- What a declaration may claim, and what in the bytes says the contrary.
local CONTRARY = {
  ["no-telemetry"] = telemetry.objects,
  ["no-tracking"] = shows { "data-care.trackers", "data-care.session-replay", "data-care.identifiers" },
  ["no-backdoor"] = shows({ "integrity.program-backdoor", "integrity.program-remote-shell", "integrity.remote-shell",
    "integrity.webshell", "integrity.behaviour-chain", "integrity.program-stealer" }, STRONG),
  ["no-default-passwords"] = shows { "integrity.default-credentials", "integrity.default-password", "integrity.empty-account" },
  ["no-network"] = function(product)
    local seen, list = statements.capabilities(product), {}
    for _, name in ipairs { "net-connect", "net-listen" } do
      if seen[name] then
        list[#list + 1] = { seen[name][1], { at = seen[name][2].at, key = seen[name][2].by, kappa = 500 } }
      end
    end
    return list
  end,
}

-- Capabilities that a list of them must not leave out; the rest is said in a word by few.
local WORTH_A_WORD = { ["net-listen"] = true, ["net-connect"] = true, persist = true, ["input-capture"] = true, screen = true,
  camera = true, microphone = true, contacts = true, ["self-update"] = true }

-- What a program can do in the eyes of everybody: where a statement says "none", these show the contrary.
local PLAIN = { exec = true, privilege = true, clipboard = true, location = true }

-- How an answer says that a thing is not there at all. That it is there, and harmless, is another answer.
local DENIALS = { "^not present", "^absent", "^not there", "^not in the product", "^not contained", "^does not exist", "^there is no " }

local function denies(says)
  local low = says:lower()
  for _, pattern in ipairs(DENIALS) do
    if low:find(pattern) then
      return true
    end
  end
  return false
end

-- The bytes that show it and the document that says the contrary are both evidence.
local function raise(which, d, o, where)
  which(where)
  local again = { key = where.key, object = d, kappa = where.kappa, severity = where.severity, excerpt = d.basename }
  for i, value in ipairs(where) do
    again[i] = value
  end
  which(again)
  return o
end

local function claims_of(d)
  if d.evidence.kind == "declaration" then
    return d.evidence.content.claims
  end
  return statements.telemetry(d) == false and { "no-telemetry" } or {}
end

local function judge_claims(product, d, found)
  local sound = true
  for _, claim in ipairs(claims_of(d)) do
    local entry = CONTRARY[claim] and CONTRARY[claim](product)[1]
    if entry then
      local o, f = entry[1], entry[2]
      sound = false
      found.statement { document = d, claim = claim, status = "contradicts", why = ("%s in %s"):format(f.key, packages.place(o.path)) }
      raise(found.claim, d, o, {
        key = claim, object = o, at = f.at, excerpt = f.key, kappa = statements.certainty(d, f.kappa),
        d.basename, claim, f.key, packages.place(o.path),
      })
    elseif CONTRARY[claim] then
      statements.agree(found, d, claim, "nothing seen that says the contrary")
    end
  end
  return sound
end

local function judge_capabilities(product, d, found)
  local declared, none = statements.declared(d)
  local sound = true
  for name, seen in pairs(statements.capabilities(product)) do
    local o, entry = seen[1], seen[2]
    local counts = WORTH_A_WORD[name] or (none and PLAIN[name])
    if counts and not declared[name] and not senses.COPIES[entry.by] then
      sound = false
      raise(none and found.capability or found.left_out, d, o, {
        key = name, object = o, at = entry.at, excerpt = entry.by, kappa = statements.certainty(d, 500),
        d.basename, name, entry.by, packages.place(o.path),
      })
      found.statement { document = d, claim = "capabilities", status = "contradicts",
        why = ("%s (%s) in %s"):format(name, entry.by, packages.place(o.path)) }
    end
  end
  if sound then
    statements.agree(found, d, "capabilities", "no other is seen")
  end
  return sound
end

-- Findings in objects by what an answer names: { "CHECK\nKEY" = { object, finding } }
local function findings_by_key(product)
  local by = {}
  for o in product:objects {} do
    for _, f in ipairs(not hints.discounted(o.path) and o.findings or {}) do
      local key = f.check .. "\n" .. f.key
      by[key] = by[key] or { o, f }
    end
  end
  return by
end

local function judge_answers(product, d, found)
  local by, sound = findings_by_key(product), true
  for _, answer in ipairs(d.evidence.content.answers) do
    local entry = by[answer.check .. "\n" .. answer.key]
    local claim = ("answer to %s, %s"):format(answer.check, answer.key)
    if entry and denies(answer.says) then
      local o, f = entry[1], entry[2]
      sound = false
      found.statement { document = d, claim = claim, status = "contradicts", why = "it is in " .. packages.place(o.path) }
      raise(found.denied, d, o, {
        key = answer.check .. ": " .. answer.key, object = o, at = f.at, excerpt = f.key, kappa = statements.certainty(d, f.kappa),
        severity = f.severity ~= "critical" and f.severity or nil, d.basename, answer.key, packages.place(o.path),
      })
    else
      found.statement { document = d, claim = claim, status = "none",
        why = entry and "the indicator is there; what the answer says of it is for people to judge" or "no object has such a finding" }
    end
  end
  return sound
end

-- Two documents that say two things of one topic.
local function judge_pairs(list, found)
  local first, sound = {}, {}
  for _, d in ipairs(list) do
    for _, said in ipairs(statements.values(d)) do
      local before = first[said.topic]
      if not before then
        first[said.topic] = { d, said.value }
      elseif before[2] ~= said.value then
        local other = before[1]
        local one_day = other.evidence.issued == d.evidence.issued
        found.disagree {
          key = said.topic, object = d, excerpt = said.value, kappa = statements.certainty(d, one_day and 500 or 300),
          other.basename, before[2], said.topic, d.basename, said.value,
        }
        found.statement { document = d, claim = said.topic, status = "contradicts",
          why = ("%s says \"%s\""):format(other.basename, before[2]) }
        sound[d.sha256], sound[other.sha256] = false, false
      end
    end
  end
  return sound
end

---@type probity.Check
return {
  title       = "Statements against each other and against the bytes",
  why         = "A supplier's word is worth as much as it holds where it can be tried.",
  confirm     = [[Put the two statements side by side and go to the place that the evidence names: take the object out
    along its path and look at it with `strings -a OBJECT | grep -n WORD` or `nm -D OBJECT`. Only one of the two can
    be right.]],
  catalogue   = "C-10",
  claim       = "consistency",
  severity    = "high",
  reliability = "parsed",
  applies     = { "evidence-statement" },
  findings    = {
    claim = {
      says = "%s claims \"%s\", and the product has %s in %s",
      fix = "Ask the supplier which of the two is wrong, and have it mended: the statement, or the product.",
    },
    capability = {
      says = "%s says that the product can do nothing of note, and it has %s (%s) in %s",
      fix = "Ask the supplier what needs it; have it declared, or removed.",
    },
    left_out = {
      says = "%s lists what the product can do and leaves out %s (%s), which is in %s",
      fix = "Ask the supplier what needs it; have it declared, or removed.",
      severity = "medium",
    },
    disagree = {
      says = "%s says \"%s\" of %s, and %s says \"%s\"",
      fix = "Ask the supplier which of the two holds, and for one statement in place of both.",
      reliability = "heuristic",
    },
    denied = {
      says = "%s answers that %s is not there, and it is: in %s",
      fix = "Ask the supplier to look at the place that the report names.",
    },
  },
  maps        = { "paris:P6", "paris:P7", "cra:II.1", "req:R5", "req:R18" },
  samples     = {
    hit = { claim = { "no-telemetry", "manifest-no-telemetry" }, capability = { "no-capabilities" }, left_out = { "left-out" },
      disagree = { "two-manifests" }, denied = { "denied" } },
    clean = { "honest", "explained", "of-another-product" },
  },

  product = function(product, found)
    local compared = statements.current(product, statements.COMPARED, "is consistent", found)
    local answers = statements.current(product, { "response" }, "answers findings", found)
    if #compared + #answers == 0 then
      found.unknown(supplied.refused(product, { "response", table.unpack(statements.COMPARED) }, "can be read", found)
        or "no statement about the product was supplied that holds on this day")
      return
    end
    local agreed = judge_pairs(compared, found)
    for _, d in ipairs(compared) do
      local kind, sound = d.evidence.kind, agreed[d.sha256] ~= false
      if kind == "declaration" or kind == "data-manifest" then
        sound = judge_claims(product, d, found) and sound
      elseif kind == "capabilities" then
        sound = judge_capabilities(product, d, found) and sound
      end
      if sound then
        found.pass { reliability = d.reliability, freshness = d.freshness }
      end
    end
    for _, d in ipairs(answers) do
      if judge_answers(product, d, found) then
        found.pass { reliability = d.reliability, freshness = d.freshness }
      end
    end
  end,
}
