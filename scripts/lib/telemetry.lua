--- Is this host, or this URL, one that takes reports about users? Which library, which switch? And: what did the checks of telemetry find?

local hints = require "probity.hints"
local lists = require "probity.lists"
local reach = require "lib.reach"
local text = require "probity.text"

local telemetry = {}

-- Where people read and write about telemetry.
local READING = { "docs.", "doc.", "www.", "developer.", "developers.", "about.", "learn.", "help.", "support.", "blog.",
  "github.com", "gitlab.com", "wiki.", "forum.", "community.", "npmjs.com", "pypi.org" }

local function is_reading(host, path)
  for _, beginning in ipairs(READING) do
    if text.starts(host, beginning) then
      return true
    end
  end
  return path:find("%.html?$") ~= nil or path:find("%.md$") ~= nil
end

--- The row of rulesets/lists/telemetry.tsv, or nil: { host, kind, whose, source }. rest: the URL behind "scheme://", or the bare host:
--- rows with a path need that path.
--- A row for all hosts below a domain does not mean those that people read ("docs.", "about.").
function telemetry.known(host, rest)
  local path = rest:match("^[^/?#]*(.*)$") or ""
  local row = lists.find("telemetry", host .. path)
  if row and text.starts(row.host, "*.") and is_reading(host, "") then
    return nil
  end
  return row
end

-- First labels of hosts that exist for one thing; the products that people run for it on a host of their own are among them.
local LABELS = { telemetry = true, analytics = true, metrics = true, ["usage-stats"] = true, ["crash-reports"] = true,
  crashreports = true, beacon = true, ["stats-collector"] = true, telemetrics = true, posthog = true, matomo = true, piwik = true,
  plausible = true, umami = true, snowplow = true, sentry = true, rudder = true, ["x-telemetry"] = true, countly = true,
  ["usage-metrics"] = true, ["telemetry-api"] = true, ["cli-telemetry"] = true, ["usage-tracking"] = true, collector = true }

-- Parts of a path that take reports.
local PATHS = { collect = true, telemetry = true, ["event-log"] = true, eventlog = true, ["usage-report"] = true,
  ["usage-stats"] = true, ["crash-report"] = true, ["crash-reports"] = true }

-- Hosts that may follow anything (parcels, a race), unless the path says what is sent as well: "track.vendor.example/track".
local FOLLOW = { track = true, tracking = true, usage = true, stats = true }
local FOLLOWED = { track = true, collect = true, usage = true, identify = true, ingest = true, batch = true }

-- What a path that is sent to has beside "telemetry"; "vendor.example/telemetry" alone is the page that tells of it.
local SENT = { api = true, record = true, event = true, events = true, ingest = true, submit = true, report = true, track = true,
  batch = true, intake = true, collect = true, store = true, push = true, send = true, envelope = true }

-- "https://vendor.example/telemetry": the page that tells people of it.
local function is_page(host, path)
  local label = host:match("^([%w-]+)%.[%w-]+%.")
  if label and (LABELS[label] or label == "api") then
    return false
  end
  for part in path:gmatch("[^/]+") do
    if SENT[part:lower()] or part:find("^v%d+$") then
      return false
    end
  end
  return path:find("telemetry/?$") ~= nil
end

--- The word that gives it away where no row knows the host: "telemetry.vendor.example", or such a part of the path. Or nil.
function telemetry.looks_like(host, rest)
  local path = rest:match("^[^/]*(/[^?#]*)") or ""
  if is_reading(host, path) or is_page(host, path) then
    return nil
  end
  local label = host:match("^([%w-]+)%.[%w-]+%.")
  if label and LABELS[label] then
    return label
  end
  for part in path:gmatch("[^/]+") do
    if PATHS[part:lower()] or (FOLLOW[label] and FOLLOWED[part:lower()]) then
      return "/" .. part
    end
  end
  return nil
end

--- Is it the page of a vendor that tells of its telemetry ("vendor.example/telemetry")?
function telemetry.is_notice(host, rest)
  local path = rest:match("^[^/]*(/[^?#]*)") or ""
  return is_page(host, path) or (path:lower():find("/telemetry$") ~= nil and is_reading(host, path))
end

-- Tools of vendors under the name of their libraries: they serve who builds a program, and are not in it.
local TOOLS = { ["npm:@sentry/cli"] = true, ["npm:@sentry/webpack-plugin"] = true, ["npm:@sentry/vite-plugin"] = true,
  ["npm:@sentry/rollup-plugin"] = true, ["npm:@sentry/bundler-plugin-core"] = true, ["npm:@sentry/babel-plugin-component-annotate"] = true,
  ["npm:@bugsnag/source-maps"] = true, ["npm:@bugsnag/cli"] = true, ["npm:@rrweb/types"] = true, ["npm:@sentry/types"] = true }

--- The row of rulesets/lists/sdks.tsv for a library, or nil. name: as people depend on it, or as code imports it ("@sentry/node/x").
--- OpenTelemetry is a way to speak: who listens, others decide.
function telemetry.sdk(ecosystem, name)
  if TOOLS[ecosystem .. ":" .. name] then
    return nil
  end
  if ecosystem == "pypi" or ecosystem == "nuget" then
    name = name:lower():gsub("_", "-")
  end
  return lists.find("sdks", ecosystem .. ":" .. name)
end

-- Kinds that a user is told of and asked about; the others serve who runs the product.
local ABOUT_USERS = { usage = true, crash = true, replay = true, attribution = true, ads = true }

--- Does a row of either list speak of reports about the product's users (and not about a service that its operator watches)?
function telemetry.about_users(row)
  return ABOUT_USERS[row.kind] == true
end

-- Checks whose findings say that the product has telemetry; product checks that ask how it is handled go by them.
local SHOWN_BY = { ["data-care.telemetry-endpoint"] = true, ["data-care.telemetry-sdk"] = true, ["data-care.telemetry-client"] = true,
  ["data-care.telemetry-linked"] = true, ["data-care.trackers"] = true, ["data-care.session-replay"] = true }

--- What shows telemetry in one object: its first finding that counts (not info, not in tests or documents), or nil.
function telemetry.shown(o)
  for _, f in ipairs(o.findings) do
    if SHOWN_BY[f.check] and f.severity ~= "info" and f.kappa > 200 then
      return f
    end
  end
  return nil
end

--- All objects of a product that show telemetry, as a list of { object, finding }; those in tests and documents are left out.
function telemetry.objects(product)
  local list = {}
  for o in product:objects {} do
    local f = telemetry.shown(o)
    if f and not hints.discounted(o.path) then
      list[#list + 1] = { o, f }
    end
  end
  return list
end

local ECOSYSTEMS = { npm = "npm", wheel = "pypi", gem = "gem" }
local DEBIAN = { python3 = "pypi", ruby = "gem", node = "npm" }

--- The row of a library by the name that Debian gives its package ("python3-sentry-sdk"), or nil.
function telemetry.debian_sdk(name)
  local language, rest = name:match("^(%a+%d?)%-(.+)$")
  return language and DEBIAN[language] and telemetry.sdk(DEBIAN[language], rest) or nil
end

--- Is the product itself such a library, whose users decide what is sent where? Then the name that it has there, or nil.
function telemetry.is_sdk(product)
  for _, package in ipairs(product.packages) do
    local ecosystem = ECOSYSTEMS[package.kind]
    local row = package.name and ((ecosystem and telemetry.sdk(ecosystem, package.name))
      or (package.kind == "deb" and telemetry.debian_sdk(package.name)))
    if row then
      return row.whose
    end
  end
  return nil
end

-- What a library can do is not yet what the product does.
local CAN = { depends = true, linked = true, is = true }

--- Does anything in this list of `telemetry.objects` go beyond a library that is there?
function telemetry.beyond_libraries(list)
  for _, entry in ipairs(list) do
    if not CAN[entry[2].finding] then
      return true
    end
  end
  return false
end

--- The first object that shows telemetry and runs at installation, or nil.
function telemetry.at_install(product)
  for o in reach.installed(product) do
    if telemetry.shown(o) then
      return o
    end
  end
  return nil
end

return telemetry
