local capabilities = require "lib.capabilities"
local hosts = require "lib.hosts"
local patterns = require "lib.list_patterns"
local telemetry = require "lib.telemetry"

-- Documents, source maps and metadata repeat what others do; so do comments. What is said there is weak evidence. Settings are
-- texts that count: they are what code reads.
local SETTINGS = { ini = true, yaml = true, json = true, toml = true, properties = true, xml = true }
local SETTINGS_NAMES = { [".conf"] = true, [".cfg"] = true, [".ini"] = true, [".env"] = true, [".config"] = true }
local WEAK_NAMES = { [".map"] = true, ["package.json"] = true, ["package-lock.json"] = true, ["composer.json"] = true }
local WEAK = 200

local function weight(object, comment)
  local counts = object.class ~= "text" or SETTINGS[object.kind] or SETTINGS_NAMES[object.name]
  return (comment or not counts or WEAK_NAMES[object.name]) and WEAK or nil
end

-- Where a host is named in several places of one object, the first that is no comment speaks for it.
local function named_hosts(object)
  local list, best = {}, {}
  for _, url in ipairs(object.facts.urls or {}) do
    local host = url.host
    if host and not url.namespace and hosts.public(host) then
      local rest = url.url:gsub("^%a[%w+.-]*://", "")
      local row = telemetry.known(host, rest)
      local whose = row and row.whose
      local word = not whose and telemetry.looks_like(host, rest)
      local known = best[host]
      if (whose or word) and not known then
        known = { host = host, url = url, whose = whose, word = word }
        best[host] = known
        list[#list + 1] = known
      elseif known and known.url.comment and not url.comment and (whose or word) then
        known.url, known.whose, known.word = url, whose or known.whose, word
      end
    end
  end
  return list, best
end

-- Hosts written as a bare literal ("host.example", "//host.example/x.js"), which are no URLs.
local function literal_hosts(object, found, best)
  local seen = {}
  for at, length, id in object:hits() do
    local hit = id:find("^%$telemetry") and object:bytes(at, length - 1)
    local literal = hit and (hit:match("^[\"'`]([%w.-]+)$") or (at > 0 and object:bytes(at - 1, 1) == "/" and hit:match("^/([%w.-]+)$")))
    local row = literal and not best[literal] and not seen[literal] and telemetry.known(literal, literal)
    if row and not object:comment(at) then
      seen[literal] = true
      found.known { key = literal, at = at + 1, length = #literal, kappa = weight(object), literal, row.whose }
    end
  end
end

---@type probity.Check
return {
  title       = "Telemetry endpoint",
  why         = "The product names a host that takes reports about installations and users. Whether it reports, and what, is to be asked.",
  catalogue   = "D-02",
  claim       = "telemetry",
  severity    = "medium",
  reliability = "exact",
  applies     = { "script", "binary", "text" },
  looks       = [[
    strings:
]] .. patterns.hosts("telemetry") .. [[

      $label = /:\\?\/\\?\/(telemetry|telemetrics|analytics|metrics|usage-stats|crash-?reports|beacon|stats-collector)\./
      $path = /\/(collect|telemetry|event-?log|usage-(report|stats)|crash-reports?)["'`?\/ \x00]/ nocase
    condition:
      any of them
  ]],
  findings    = {
    known = {
      says = "names %s, which takes reports for: %s",
      fix = "Declare what is sent, when, to whom and for how long; ask first (opt-in); let users and administrators switch it off.",
    },
    likely = {
      says = "names %s, which by its name (%s) takes reports about users",
      fix = "Declare what is sent, when, to whom and for how long; ask first (opt-in); let users and administrators switch it off.",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "etsi:6-5", "gdpr:13", "attack:T1567", "req:R4" },
  samples     = {
    hit = { "report.js", "bare-host.py", "unknown-vendor.js", "submit.conf" },
    clean = { "documentation-link.js", "similar-names.js" },
  },

  object = function(object, found)
    local network = capabilities.find(object.facts, capabilities.NETWORK)
    local list, best = named_hosts(object)
    for _, named in ipairs(list) do
      local url = named.url
      local where = { key = named.host, at = url.at, length = #url.url, excerpt = url.url, kappa = weight(object, url.comment) }
      if named.whose then
        where[1], where[2] = named.host, named.whose
        found.known(where)
      elseif network or object.class == "script" then
        -- A name alone says little, so it counts in code only.
        where[1], where[2] = named.host, named.word
        found.likely(where)
      end
    end
    literal_hosts(object, found, best)
  end,
}
