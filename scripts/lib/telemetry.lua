--- Is this host, or this URL, one that takes reports about users?

local lists = require "probity.lists"
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

-- First labels of hosts that exist for one thing.
local LABELS = { telemetry = true, analytics = true, metrics = true, ["usage-stats"] = true, ["crash-reports"] = true,
  crashreports = true, beacon = true, ["stats-collector"] = true, telemetrics = true }

-- Parts of a path that take reports.
local PATHS = { collect = true, telemetry = true, ["event-log"] = true, eventlog = true, ["usage-report"] = true,
  ["usage-stats"] = true, ["crash-report"] = true, ["crash-reports"] = true }

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

return telemetry
