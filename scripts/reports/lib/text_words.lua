--- Small things that several sections of the terminal report say.
local fields = require "lib.fields"
local get, str, int, list = fields.get, fields.str, fields.int, fields.list

local words = {}
local WORST_FIRST = { "critical", "high", "medium", "low", "info" }
local RANKS = { info = 0, low = 1, medium = 2, high = 3, critical = 4 }
local STYLES = { info = "dim", low = "cyan", medium = "yellow", high = "red", critical = "alarm" }
local WORTH = { verified = 1000, parsed = 900, ["third-party"] = 900, exact = 700, ["vendor-signed"] = 600, heuristic = 500,
  ["self-declared"] = 300 }
local UNITS = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" }

words.severities = WORST_FIRST

--- 0 (info) to 4; nil for a spelling that nobody knows.
function words.rank(severity) return RANKS[severity] end

--- The check of that id, nil where there is none.
function words.check(report, id)
  for _, check in ipairs(list(report, "checks")) do
    if str(check, "id") == id then return check end
  end
  return nil
end

--- The checks, the gravest first, those of an unknown spelling last.
function words.by_severity(report)
  local out = {}
  for at = 1, #WORST_FIRST + 1 do
    for _, check in ipairs(list(report, "checks")) do
      local severity = str(check, "severity")
      if WORST_FIRST[at] == severity or (at > #WORST_FIRST and not RANKS[severity]) then out[#out + 1] = check end
    end
  end
  return out
end

function words.title(check, otherwise)
  local title = str(check, "title")
  return title ~= "" and title or str(check, "id", otherwise)
end

function words.certainty(kappa)
  if kappa >= 800 then return "certain" end
  if kappa >= 600 then return "likely" end
  -- 200 is what the context discount leaves: tests, documentation, examples, comments.
  return kappa > 200 and "possible" or "in test or doc path"
end

function words.plural(n) return n == 1 and "" or "s" end

function words.severity_style(severity) return STYLES[severity] or "plain" end

--- "52.1 KiB"
function words.size(bytes)
  if bytes < 1024 then return ("%d byte%s"):format(bytes > 0 and bytes or 0, words.plural(bytes)) end
  local unit, at = 1024, 1
  while at < 6 and bytes // unit >= 1024 do
    unit = unit * 1024
    at = at + 1
  end
  return ("%d.%d %s"):format(bytes // unit, bytes % unit // (unit // 1024) * 10 // 1024, UNITS[at])
end

--- "2.000"
function words.milli(milli)
  local m = milli > 0 and milli or 0
  return ("%d.%03d"):format(m // 1000, m % 1000)
end

--- What the check's (or the demand's) reliability is worth, in permille; nil where there is none.
function words.worth(object) return WORTH[str(object, "reliability")] end

local function any_row(report, rows, status, coverage, least)
  for _, row in ipairs(rows) do
    for _, check in ipairs(list(report, "checks")) do
      if type(row) == "string" and str(check, "catalogue") == row and str(check, "status") == status and
        int(check, "coverage") >= coverage and (words.worth(check) or 0) >= least then
        return true
      end
    end
  end
  return false
end

--- A check of one of its rows passed with coverage above 0, by means good enough.
function words.verified(report, required)
  return any_row(report, list(required, "rows"), "pass", 1, words.worth(required) or 0)
end

--- Always, or where a check of its "only_if" rows failed.
function words.demanded(report, required)
  local only_if = list(required, "only_if")
  return #only_if == 0 or any_row(report, only_if, "fail", 0, 0)
end

--- A field of a field.
function words.inner(report, outer, key) return get(get(report, outer), key) end

return words
