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
  local manifest = object.facts.deb or object.facts.wheel or object.facts.npm -- it names home pages
  return (comment or not counts or manifest or WEAK_NAMES[object.name]) and WEAK or nil
end

-- The address that a Sentry client is given: its key stands before the host.
local function is_dsn(address)
  local key = address:match("^https://(%x+)@[%w.-]+/%d+$") or address:match("^https://(%x+):%x+@[%w.-]+/%d+$")
  return key ~= nil and #key == 32
end

-- What a URL is known for: the vendor and kind of its row, or the word that it looks like telemetry by; all nil where it is nothing.
local function judged(host, address)
  local rest = address:gsub("^%a[%w+.-]*://", "")
  local row = telemetry.known(host, rest)
  if row then
    return row.whose, row.kind, nil
  elseif is_dsn(address) then
    return "Sentry", "crash", nil
  end
  return nil, nil, telemetry.looks_like(host, rest)
end

-- Where a host is named in several places of one object, the first that is no comment speaks for it.
local function named_hosts(object)
  local list, best = {}, {}
  for _, url in ipairs(object.facts.urls or {}) do
    local host = url.host
    if host and not url.namespace and hosts.public(host) then
      local whose, kind, word = judged(host, url.url)
      local known = best[host]
      if (whose or word) and not known then
        known = { host = host, url = url, whose = whose, word = word, kind = kind }
        best[host] = known
        list[#list + 1] = known
      elseif known and known.url.comment and not url.comment and (whose or word) then
        known.url, known.whose, known.word, known.kind = url, whose or known.whose, word, kind or known.kind
      end
    end
  end
  return list, best
end

-- Carriers of logs are for who runs the product; an update check that describes its machine says little about anybody.
local LESSER = { logs = "carrier", update = "update" }

local function raise(found, where, kind, whose)
  where[1], where[2] = where.key, whose
  found[LESSER[kind] or "known"](where)
end

-- Go keeps its texts one after the other, without an end: there a known host counts behind "://" whatever follows.
local function run_together(object, go, at, hit)
  return go and at > 1 and object:bytes(at - 2, 3) == "://" and hit:match("^/([%w.-]+)$") or nil
end

local function is_go(object)
  local binary = object.facts.binary
  return binary ~= nil and binary.language == "go"
end

-- Hosts written as a bare literal ("host.example", "//host.example/x.js"), which are no URLs. A file that names those of many vendors is a
-- list of hosts, of what is blocked or known, and none that it reports to.
local MANY = 6

-- The host that a hit is, where it stands as a value by itself, or nil.
local function literal(object, go, at, length)
  local hit = object:bytes(at, length + 1)
  local before = at > 0 and object:bytes(at - 1, 1) or ""
  return hit:match("^[\"'`]([%w.-]+)[^%w.-]") or (before == "/" and hit:match("^/([%w.-]+)[^%w.-]"))
    or run_together(object, go, at, object:bytes(at, length))
end

local function literal_hosts(object, found, best)
  local seen, named, vendors, count, go = {}, {}, {}, 0, is_go(object)
  for at, length, id in object:hits() do
    local host = id:find("^%$telemetry") and literal(object, go, at, length)
    local row = host and not best[host] and not seen[host] and telemetry.known(host, host)
    if row and not object:comment(at) then
      seen[host] = true
      named[#named + 1] = { row = row, host = host, at = at + 1 }
      count = count + (vendors[row.whose] and 0 or 1)
      vendors[row.whose] = true
    end
  end
  local kappa = count >= MANY and WEAK or weight(object)
  for _, one in ipairs(named) do
    raise(found, { key = one.host, at = one.at, length = #one.host, kappa = kappa }, one.row.kind, one.row.whose)
  end
end

---@type probity.Check
return {
  title       = "Telemetry endpoint",
  why         = "The product names a host that takes reports about installations and users. Whether it reports, and what, is to be asked.",
  confirm     = [[Find the host at the offset in the evidence: `grep -aob 'HOST' OBJECT`. Run the product in a network
    of your own and see in `tcpdump -n port 53` whether its name is asked for.]],
  catalogue   = "D-02",
  claim       = "telemetry",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "text" },
  looks       = [[
    strings:
]] .. patterns.open_hosts("telemetry") .. [[

      $label = /:\\?\/\\?\/(x-|cli-)?(telemetry|telemetrics|analytics|metrics|usage-stats|crash-?reports|beacon|stats-collector)\./
      $collector = /:\\?\/\\?\/(posthog|matomo|piwik|plausible|umami|snowplow|rudder|countly|collector|usage-tracking)\./
      $follow = /:\\?\/\\?\/(track|tracking|usage|stats)\.[a-z0-9.-]{4,60}\\?\//
      $dsn = /[@\/]sentry\./
      $path = /\/(collect|telemetry|event-?log|usage-(report|stats)|crash-reports?)["'`?\/ \x00]/ nocase
    condition:
      any of them
  ]],
  findings    = {
    known = {
      says = "names %s, which takes reports for: %s",
      fix = "Declare what is sent, when, to whom and for how long; ask first (opt-in); let users and administrators switch it off.",
    },
    update = {
      says = "names %s, which is asked for updates and is told about the machine: %s",
      fix = "Ask for updates without an identifier and without a description of the machine; let administrators switch it off.",
      severity = "low",
    },
    carrier = {
      says = "names %s, which carries logs to: %s",
      fix = "Say in the documentation which logs go there, and who switches it on.",
      severity = "info",
    },
    likely = {
      says = "names %s, which by its name (%s) takes reports about users",
      fix = "Declare what is sent, when, to whom and for how long; ask first (opt-in); let users and administrators switch it off.",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "etsi:6-5", "gdpr:13", "attack:T1567", "req:R4" },
  samples     = {
    hit = { "report.js", "bare-host.py", "unknown-vendor.js", "submit.conf", "follow.js" },
    clean = { "parcels.js", "documentation-link.js", "similar-names.js" },
  },

  object = function(object, found)
    local network = capabilities.find(object.facts, capabilities.NETWORK)
    local list, best = named_hosts(object)
    for _, named in ipairs(list) do
      local url = named.url
      local where = { key = named.host, at = url.at, length = #url.url, excerpt = url.url, kappa = weight(object, url.comment) }
      if named.whose then
        raise(found, where, named.kind, named.whose)
      elseif network or object.class == "script" then
        -- A name alone says little, so it counts in code only.
        where[1], where[2] = named.host, named.word
        found.likely(where)
      end
    end
    literal_hosts(object, found, best)
  end,
}
