local capabilities = require "lib.capabilities"
local hosts = require "lib.hosts"
local json = require "probity.json"
local lists = require "probity.lists"
local plist = require "probity.plist"
local statements = require "lib.statements"
local supplied = require "lib.supplied"
local text = require "probity.text"

local MOST = 100 -- recipients of one manifest
local ADVERTISING = { ads = true, analytics = true, marketing = true }

-- Is it a manifest of data, by its fields?
local FIELDS = { "purposes", "recipients", "retention", "deletion" }

local function add_host(list, what)
  local host = type(what) == "string" and what:gsub("^%a+://", ""):match("^[%w.*-]+%.[%w-]+") or nil
  if host and #list < MOST then
    list[#list + 1] = text.display(host:lower():gsub("^%*%.", ""):sub(1, 200))
  end
end

-- A recipient is a host, or a table that has one: { name = ..., host(s) = ..., domain(s) = ... }.
local function add_recipient(list, recipient)
  if type(recipient) ~= "table" then
    add_host(list, recipient)
    return
  end
  for _, field in ipairs { "host", "hosts", "domain", "domains", "url", "endpoint", "endpoints" } do
    local value = recipient[field]
    for _, one in ipairs(type(value) == "table" and value or { value }) do
      add_host(list, one)
    end
  end
end

local function read_manifest(object)
  local manifest = json.decode(object)
  if type(manifest) ~= "table" or type(manifest.recipients) ~= "table" then
    return nil
  end
  local note = { kind = "manifest", hosts = {}, missing = "" }
  for _, field in ipairs(FIELDS) do
    if manifest[field] == nil or manifest[field] == "" then
      note.missing = note.missing .. (note.missing == "" and "" or ", ") .. field
    end
  end
  for _, recipient in ipairs(manifest.recipients) do
    add_recipient(note.hosts, recipient)
  end
  return note
end

-- PrivacyInfo.xcprivacy: it names hosts that track, and what is collected.
local function read_apple(object)
  local manifest = plist.decode(object)
  if type(manifest) ~= "table" or manifest.NSPrivacyTracking == nil and manifest.NSPrivacyTrackingDomains == nil then
    return nil
  end
  local note = { kind = "apple", hosts = {}, missing = "" }
  local domains = manifest.NSPrivacyTrackingDomains
  for _, host in ipairs(type(domains) == "table" and domains or {}) do
    add_host(note.hosts, host)
  end
  return note
end

local function covered(declared, host)
  for _, domain in ipairs(declared) do
    if host == domain or text.ends(host, "." .. domain) then
      return true
    end
  end
  return false
end

-- All hosts that code with a network names, by host: the object and the entry.
local function observed(product)
  local list, seen = {}, {}
  for o in product:objects { fact = "hosts" } do
    if (o.class == "script" or o.class == "binary") and capabilities.find(o.facts, "net-connect") then
      for _, entry in ipairs(o.facts.hosts) do
        if not entry.comment and not seen[entry.host] and hosts.public(entry.host) then
          seen[entry.host] = true
          list[#list + 1] = { o, entry }
        end
      end
    end
  end
  return list
end

local function judge_hosts(product, declared, apple_only, found)
  for _, pair in ipairs(observed(product)) do
    local o, entry = pair[1], pair[2]
    local tracker = lists.find("trackers", entry.host)
    local counts = not apple_only or (tracker and ADVERTISING[tracker.kind])
    if counts and not covered(declared, entry.host) then
      found.recipient { key = entry.host, object = o, at = entry.at, excerpt = entry.host, entry.host }
    end
  end
end

local CLAIM = "names all recipients of data"

-- Fields of a manifest that was handed in and that say nothing.
local function missing_of(content)
  local missing = {}
  for _, field in ipairs(FIELDS) do
    local value = content[field]
    local rows = field == "purposes" or field == "recipients"
    if not rows and value == "" or field == "purposes" and #value == 0 then
      missing[#missing + 1] = field
    end
  end
  return table.concat(missing, ", ")
end

-- One manifest that was handed in: what the code reaches and it leaves out; and which of its recipients are seen. True: it holds.
local function judge_supplied(d, seen, found)
  local declared, first, undeclared, met = {}, nil, 0, 0
  for _, row in ipairs(d.evidence.content.recipients) do
    add_recipient(declared, row)
  end
  for _, pair in ipairs(seen) do
    local o, entry = pair[1], pair[2]
    if covered(declared, entry.host) then
      met = met + 1
    else
      first, undeclared = first or entry.host, undeclared + 1
      found.left_out { key = entry.host, object = o, at = entry.at, excerpt = entry.host, kappa = statements.certainty(d, 500),
        entry.host, d.basename }
    end
  end
  local missing = missing_of(d.evidence.content)
  if missing ~= "" then
    found.incomplete { key = d.sha256, object = d, d.basename, missing }
  end
  if first then
    found.statement { document = d, claim = CLAIM, status = "contradicts",
      why = ("%d hosts in code are not among them, the first is %s"):format(undeclared, first) }
    return false
  end
  statements.agree(found, d, CLAIM, ("%d hosts in code are covered; of %d recipients that no code names nothing is known")
    :format(met, math.max(0, #declared - met)))
  return missing == ""
end

local function judge_statements(product, found)
  local list, any = statements.current(product, { "data-manifest" }, CLAIM, found), false
  local seen = #list > 0 and observed(product) or {}
  for _, d in ipairs(list) do
    if judge_supplied(d, seen, found) then
      found.pass { reliability = d.reliability, freshness = d.freshness }
    end
    any = true
  end
  return any
end

---@type probity.Check
return {
  title       = "Recipients and retention as the product declares them",
  why         = "What a manifest leaves out, nobody has agreed to.",
  confirm     = [[List the hosts in code, `grep -rhoaE 'https?://[A-Za-z0-9.-]+' FOLDER | sort -u`, and strike out
    those that the manifest names as recipients. What is left is what it leaves out.]],
  catalogue   = "D-26",
  claim       = "data-manifest",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  looks       = [[
    strings:
      $recipients = /"recipien[t]s"[ \t\r\n]*:/
      $apple = /<key>NSPrivacyTrac[k]ing/
    condition:
      any of them
  ]],
  findings    = {
    recipient = {
      says = "code that reaches out names %s, which the product's own data manifest does not",
      fix = "Name it in the manifest, with what it gets, what for and for how long; or remove it.",
    },
    left_out = {
      says = "code that reaches out names %s, which the data manifest that was supplied (%s) does not",
      fix = "Have it named in the manifest, with what it gets, what for and for how long; or removed.",
    },
    incomplete = {
      says = "the data manifest %s says nothing of: %s",
      fix = "Fill in purposes, recipients, retention and deletion.",
      severity = "low",
      reliability = "parsed",
    },
  },
  maps        = { "paris:P1", "cra:I.2.m", "etsi:5.11-1", "gdpr:5", "gdpr:13", "gdpr:17", "gdpr:28",
    "gdpr:30", "req:R5" },
  samples     = {
    hit = { "undeclared-recipient", "no-retention", "tracker-of-apple", left_out = { "supplied-leaves-out" },
      incomplete = { "supplied-incomplete" } },
    clean = { "complete", "no-manifest", "supplied", "supplied-for-another" },
  },

  object = function(object, found)
    local note
    if object:count("$apple") > 0 then
      note = (object.kind == "xml" or object.kind == "plist" or object.name == ".xcprivacy") and read_apple(object)
    elseif object.kind == "json" then
      note = read_manifest(object)
    end
    if note then
      found.note(note)
    end
  end,

  product = function(product, found)
    local declared, manifests, apple = {}, 0, 0
    for o in product:objects { noted = true } do
      local note = o.notes[1]
      local name = o.basename:lower()
      if note.kind == "apple" or name:find("^data[-_]manifest") or name:find("^privacy[-_]manifest") then
        manifests = manifests + 1
        apple = apple + (note.kind == "apple" and 1 or 0)
        for _, host in ipairs(note.hosts) do
          declared[#declared + 1] = host
        end
        if note.missing ~= "" then
          found.incomplete { key = o.sha256, object = o, o.basename, note.missing }
        end
      end
    end
    local any = judge_statements(product, found)
    if manifests == 0 then
      if not any then
        found.unknown(supplied.refused(product, { "data-manifest" }, CLAIM, found) or "no data manifest supplied")
      end
      return
    end
    found.pass { reliability = "heuristic" }
    judge_hosts(product, declared, apple == manifests, found)
  end,
}
