local statements = require "lib.statements"
local telemetry = require "lib.telemetry"

local CLAIM = "tells its users of telemetry"

-- What was handed in and speaks of it. Users do not see that, so it takes no finding away.
local function judge_statements(product, shown, found)
  for _, d in ipairs(statements.current(product, { "data-manifest", "declaration" }, CLAIM, found)) do
    local notice, says = d.evidence.content.privacy_notice or "", statements.telemetry(d)
    if says == false and shown then
      found.statement { document = d, claim = CLAIM, status = "contradicts", why = "it says that there is none" }
    elseif notice ~= "" then
      statements.agree(found, d, CLAIM, "a notice is said to be at " .. notice)
    elseif says ~= nil then
      statements.agree(found, d, CLAIM, says and "it says that there is some" or "there is none, and none is seen")
    end
  end
end

---@type probity.Check
return {
  title       = "Telemetry without a notice",
  why         = "Users cannot agree to what nobody tells them.",
  confirm     = [[Search the unpacked product for a text: `grep -rliE 'privacy|telemetry|data we collect' FOLDER`, and
    read the licence and the first screens. Where nothing tells its users, the finding holds.]],
  catalogue   = "D-21",
  claim       = "consent",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text", "binary" },
  looks       = [[
    strings:
      $policy = /privacy[ _-](policy|notice|statement (of|at|on|tells|describes))|\/privacy\b|data (that )?we collect/ nocase
      $tells = /\btelemetry (data|is|are|can|may|in|for|and|to|which|that|--)\b/ nocase
      $about = /\b(about|our|the|of|disable|enable|collects?|sends?) telemetry\b/ nocase
      $usage = /\busage (data|statistics)\b|\bopt(ing|ed)?[ -](in|out)\b|\bcrash report/ nocase
      $anonymous = /\banonymous(ly)? (usage|statistics|data|submi(t|ssion)|send|report|collect)/ nocase
    condition:
      any of them
  ]],
  findings    = {
    absent = {
      says = "telemetry is there (%s), and no text for its users that speaks of it",
      fix = "Tell in the documentation, and before the first report, what is sent, why, to whom and for how long.",
    },
  },
  maps        = { "paris:P1", "etsi:6-1", "etsi:6-2", "gdpr:7", "gdpr:12", "gdpr:13", "req:R4" },
  samples     = { hit = { "silent", "told-to-others" }, clean = { "told", "asked", "no-telemetry", "declared" } },

  -- What people read: documents, texts of a program that hold more than one word; names in code are for those who write it.
  object = function(object, found)
    for at, length in object:hits() do
      local policy = object:bytes(at, length):lower():find("priva", 1, true)
      local words = object:bytes(math.max(0, at - 1), 1) == " " or object:bytes(at + length, 1):find("^[ .,;:!]") ~= nil
      if object.class == "text" or policy or (words and not object:comment(at)) then
        found.note { at = at }
        return
      end
    end
  end,

  product = function(product, found)
    local list = telemetry.objects(product)
    judge_statements(product, #list > 0, found)
    if #list == 0 or telemetry.is_sdk(product) then
      return
    end
    if product:objects { noted = true }() then
      return
    end
    local o, f = list[1][1], list[1][2]
    -- A switch that users are told of elsewhere is half a notice; a library alone reports nothing.
    local switch = false
    for _, entry in ipairs(list) do
      switch = switch or entry[2].finding == "switch" or entry[2].finding == "tells"
    end
    local severity = (switch or not telemetry.beyond_libraries(list)) and "low" or nil
    found.absent { key = "notice", object = o, at = f.at, excerpt = f.key, severity = severity, f.key }
  end,
}
