--- Is this host, or this URL, one that takes reports about users?

local text = require "probity.text"
local rows = require "lib.telemetry_hosts"

local telemetry = {}

-- "a b example / x" -> a.b.example/x (lib/telemetry_hosts.lua says why)
local function place_of(row)
  local host, path = row[1]:match("^( ?[^/]-) ?/ ?(.*)$")
  local dotted = (host or row[1]):gsub(" ", ".")
  return path and dotted .. "/" .. path or dotted
end

local exact, suffix = {}, {}
for _, row in ipairs(rows) do
  local place = place_of(row)
  local host, path = place:match("^([^/]+)(/.*)$")
  host = host or place
  local entry = { whose = row[2], path = path }
  if text.starts(host, ".") then
    suffix[host] = entry
  else
    exact[host] = entry
  end
end

--- Whose host it is, or nil. rest: the URL behind "scheme://", or the bare host: rows with a path need that path.
function telemetry.known(host, rest)
  local entry = exact[host]
  if not entry then
    local at = host:find(".", 1, true)
    while at and not entry do
      entry = suffix[host:sub(at)]
      at = host:find(".", at + 1, true)
    end
  end
  if entry and (not entry.path or text.starts(rest, host .. entry.path)) then
    return entry.whose
  end
  return nil
end

-- First labels of hosts that exist for one thing.
local LABELS = { telemetry = true, analytics = true, metrics = true, ["usage-stats"] = true, ["crash-reports"] = true,
  crashreports = true, beacon = true, ["stats-collector"] = true, telemetrics = true }

-- Parts of a path that take reports.
local PATHS = { collect = true, telemetry = true, ["event-log"] = true, eventlog = true, ["usage-report"] = true,
  ["usage-stats"] = true, ["crash-report"] = true, ["crash-reports"] = true }

-- Where people read and write about telemetry.
local READING = { "docs.", "doc.", "www.", "developer.", "developers.", "learn.", "help.", "support.", "blog.", "github.com", "gitlab.com",
  "wiki.", "forum.", "community.", "npmjs.com", "pypi.org" }

local function is_reading(host, path)
  for _, beginning in ipairs(READING) do
    if text.starts(host, beginning) then
      return true
    end
  end
  return path:find("%.html?$") ~= nil or path:find("%.md$") ~= nil
end

--- The word that gives it away where no row knows the host: "telemetry.vendor.example", or such a part of the path. Or nil.
function telemetry.looks_like(host, rest)
  local path = rest:match("^[^/]*(/[^?#]*)") or ""
  if is_reading(host, path) then
    return nil
  end
  local label = host:match("^([%w-]+)%.[%w-]+%.")
  if label and LABELS[label] then
    return label
  end
  for part in path:gmatch("[^/]+") do
    if PATHS[part:lower()] then
      return "/" .. part
    end
  end
  return nil
end

--- The hosts of all rows as strings of a YARA rule: behind a slash (of a URL) or a quote, and up to a byte that ends a host's name.
--- So short names (scarf.sh) match neither inside of longer ones nor in random bytes.
function telemetry.yara()
  local out = {}
  for i, row in ipairs(rows) do
    local host = place_of(row):match("^[^/]+")
    local any = text.starts(host, ".") and "[A-Za-z0-9-]{1,40}" or ""
    out[i] = string.format("      $host%d = /[\"'`\\/]%s%s[^A-Za-z0-9.-]/", i, any, host:gsub("%.", "\\."))
  end
  return table.concat(out, "\n")
end

return telemetry
