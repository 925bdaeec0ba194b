-- What a check may say, as SARIF's rules: one for each kind of finding ("check/finding") that the report holds, so
-- that the severity which a reader sorts by is that of these findings, not the worst that the check knows. Checks that
-- could not look are descriptors of notifications.
local arith = require "lib.arith"
local plain = require "lib.plain"
local sarif = require "lib.sarif_text"

local rules = {}

local PRECISION = {
  verified = "very-high", parsed = "high", ["third-party"] = "high", exact = "high", ["vendor-signed"] = "medium",
  heuristic = "medium", ["self-declared"] = "low",
}
local NO_CHECK = { title = "", catalogue = "", claim = "", pillar = "", reliability = "heuristic" }

function rules.id(finding)
  return plain(finding.check .. "/" .. finding.finding)
end

-- Texts for people who look at one finding: why, what to do, how to confirm it. A fence is longer than any row of
-- backticks.
local function fenced(s)
  local longest = 0
  for run in s:gmatch("`+") do
    longest = math.max(longest, #run)
  end
  local fence = ("`"):rep(longest + 1)
  return fence .. " " .. s .. " " .. fence
end

local function help_of(check, finding)
  local texts, marked = {}, {}
  local function add(title, s)
    if s and s ~= "" then
      texts[#texts + 1] = title .. ": " .. s
      marked[#marked + 1] = "**" .. title .. "**\n\n" .. fenced(plain(s))
    end
  end
  add("Check", check.title)
  add("Why it matters", check.why)
  add("What to do", finding.remediation)
  add("How to confirm it",
    check.confirm or "Take the object out along its path, compare its SHA-256, and look at the bytes that are named.")
  return { text = sarif.lines(texts), markdown = table.concat(marked, "\n\n") }
end

local function tags_of(check, finding)
  local tags, known = { "security" }, { security = true }
  local function tag(s)
    s = plain(s)
    if s ~= "" and not known[s] then
      known[s] = true
      tags[#tags + 1] = s
    end
  end
  tag(check.pillar)
  tag("claim/" .. check.claim)
  for _, map in ipairs(finding.maps) do
    local cwe = map:match("^cwe:(%d+)$")
    tag(cwe and "external/cwe/cwe-" .. cwe or map)
  end
  return tags
end

local function rule_of(finding, check, taxa)
  local relationships = {}
  for i, map in ipairs(finding.maps) do
    relationships[i] = { target = taxa.ref(map), kinds = { "relevant" } }
  end
  local title = check.title ~= "" and check.title or finding.check
  return {
    id = rules.id(finding), shortDescription = sarif.message(title),
    fullDescription = sarif.message(check.why or title), help = help_of(check, finding),
    defaultConfiguration = { level = sarif.LEVELS[finding.severity], rank = sarif.rank(finding.severity, 1000) },
    relationships = #relationships > 0 and relationships or nil,
    properties = {
      tags = tags_of(check, finding), precision = PRECISION[check.reliability],
      ["security-severity"] = sarif.SECURITY[finding.severity],
      ["problem.severity"] = sarif.LEVELS[finding.severity] == "note" and "recommendation"
        or sarif.LEVELS[finding.severity],
      check = plain(finding.check), catalogue = check.catalogue, claim = plain(check.claim), pillar = check.pillar,
      reliability = check.reliability,
    },
  }
end

--- { list = rules, index = { [id] = place from 0 } }. Findings are the worst first, so the first of a kind sets the
--- rule's severity.
function rules.of(findings, checks, taxa)
  local list, index = {}, {}
  for _, finding in ipairs(findings) do
    local id = rules.id(finding)
    if not index[id] then
      list[#list + 1] = rule_of(finding, checks[finding.check] or NO_CHECK, taxa)
      index[id] = #list - 1
    end
  end
  return { list = list, index = index }
end

--- Checks that could not look: evidence or signatures were missing (configuration), or a part was not examined
--- (execution).
function rules.notifications(checks)
  local descriptors, configuration, execution = {}, {}, {}
  for _, check in ipairs(checks) do
    if check.status == "unknown" or (check.status ~= "n/a" and check.coverage < 1000) then
      local title = check.title ~= "" and check.title or check.id
      descriptors[#descriptors + 1] = {
        id = check.id, shortDescription = sarif.message(title), fullDescription = sarif.message(check.why or title),
        help = { text = sarif.message(title
          .. ": what was not examined counts in the floor and in the confidence, never as passed").text },
      }
      local why = check.reason or "the report gives no reason"
      local says = check.status == "unknown" and title .. ": could not look: " .. why
        or title .. ": examined in part (" .. check.coverage // 10 .. " %): " .. why
      local list = check.status == "unknown" and configuration or execution
      list[#list + 1] = {
        level = (arith.RANK[check.severity] or 0) >= arith.RANK.high and "warning" or "note",
        message = sarif.message(says),
        descriptor = { id = check.id, index = #descriptors - 1 },
      }
    end
  end
  return { descriptors = descriptors, configuration = configuration, execution = execution }
end

return rules
