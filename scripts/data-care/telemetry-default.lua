local statements = require "lib.statements"
local switches = require "lib.switches"
local telemetry = require "lib.telemetry"

local MOST = 40

-- A name that says no (DISABLED, at its end) is one for what is on without it.
local function says_no(name)
  for _, word in ipairs { "DISABLE", "NO_", "OPT_?OUT", "SKIP_", "NOT_TRACK", "DONT_TRACK", "AVOID", "_OFF" } do
    if name:find(word) then
      return true
    end
  end
  return false
end

local DEFAULTS = { off = "off", asks = "off", on = "on", out = "on" }

-- Which default state a hit speaks of: "off" (nothing is sent before somebody agrees), "on", or nil.
local function default_of(id)
  return DEFAULTS[id:match("^%$(%a+)")]
end

local CLAIM = "telemetry is off until somebody agrees"

-- What a data manifest says of the default, held against what the bytes say. default: "on", "off", "install" (it runs
-- there), or nil: nothing is seen.
local function judge_statements(product, list, default, shown_by, found)
  for _, d in ipairs(statements.current(product, { "data-manifest" }, CLAIM, found)) do
    local said = d.evidence.content.telemetry.default
    local first = list[1]
    local none = said == "none" and first ~= nil
    if none or (said == "opt-in" and (default == "on" or default == "install")) then
      local o, f = first[1], first[2]
      local why = shown_by or f.key
      found.statement { document = d, claim = CLAIM, status = "contradicts", why = why .. " says otherwise" }
      found.false_default {
        key = "stated", object = o, at = f.at, excerpt = why, kappa = statements.certainty(d, 500),
        severity = default ~= "install" and "medium" or nil, d.basename, said, why,
      }
    elseif said == "opt-out" then
      found.statement { document = d, claim = CLAIM, status = "contradicts", why = "it says itself that users have to say no" }
    elseif said ~= "" then
      statements.agree(found, d, CLAIM, default == "off" and "so say the bytes" or "nothing seen that says otherwise")
    end
  end
end

---@type probity.Check
return {
  title       = "Telemetry that is on before anybody agreed",
  why         = "Most users never change a default: what is on by default is sent about people who were not asked.",
  confirm     = [[Install it on a machine of your own without touching a setting, and watch the first start with
    `tcpdump -n` or `mitmproxy`; then read the default of the switch in its settings.]],
  catalogue   = "D-22",
  claim       = "consent",
  severity    = "high",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text", "binary" },
  looks       = [[
    strings:
      $switch = /]] .. switches.WORDS .. [[/
      $off = /\b(telemetry|analytics|usage_?stats|send_?usage|crash_?reports?)[a-z_]{0,10}["']?\s?[:=]\s?["']?(false|no|off|!1)\b/ nocase
      $off2 = /\bPARTICIPATE["']?\s{0,2}=\s{0,2}["']?no\b/
      $asks = /\b(opt[ -]in (to|for)|not opted in|participate in the|would you like to (share|send|help))\b/ nocase
      $asks2 = /\b(do you (agree|want) to (send|share)|may we (collect|send))\b/ nocase
      $on = /\b(telemetry|analytics|usage_?stats|send_?usage)[a-z_]{0,10}["']?\s?[:=]\s?["']?(true|yes|on|!0)\b/ nocase
      $on2 = /\bPARTICIPATE["']?\s{0,2}=\s{0,2}["']?yes\b/
      $out = /\bopt(ed|ing)?[ -]?out (of|from|at any time)\b/ nocase
      $out2 = /\b(disable|turn off|to stop) (anonymous |the )?(telemetry|analytics|usage)\b/ nocase
    condition:
      any of them
  ]],
  findings    = {
    opt_out = {
      says = "telemetry is there (%s), and by its switch (%s) it is on until somebody turns it off",
      fix = "Leave it off until the user agrees; keep asking out of updates.",
      severity = "medium",
    },
    none = {
      says = "telemetry is there (%s), and no switch is seen",
      fix = "Add a switch, leave it off until the user agrees, and say where it is.",
      severity = "medium",
    },
    false_default = {
      says = "%s states \"%s\" as the default of telemetry, and the product has %s",
      fix = "Ask the supplier which of the two holds.",
    },
    unasked = {
      says = "telemetry runs at installation (%s), and no switch is seen",
      fix = "Report nothing at installation: ask at the first start, and take no for an answer.",
    },
  },
  maps        = { "paris:P1", "cra:I.2.b", "etsi:6-3", "gdpr:25.2", "req:R4" },
  samples     = {
    hit = { opt_out = { "disabled-by-variable" }, none = { "no-switch" }, unasked = { "at-installation" },
      false_default = { "stated-opt-in", "stated-none" } },
    clean = { "asked-first", "off-in-settings", "no-telemetry", "as-stated" },
  },

  object = function(object, found)
    local seen = {}
    for _, switch in ipairs(switches.all(object, MOST)) do
      if switch.reads and says_no(switch.name) and not seen.on then
        seen.on = true
        found.note { default = "on", by = switch.name }
      end
    end
    for at, length, id in object:hits() do
      local default = default_of(id)
      if default and not seen[default] and (object.class ~= "script" or not object:comment(at)) then
        seen[default] = true
        found.note { default = default, by = object:bytes(at, math.min(length, 60)) }
      end
    end
  end,

  product = function(product, found)
    local list = telemetry.objects(product)
    local at_install = #list > 0 and telemetry.at_install(product)
    if #list == 0 then
      judge_statements(product, list, nil, nil, found)
    end
    if #list == 0 or (telemetry.is_sdk(product) and not at_install) then
      return
    end
    local by = {}
    for o in product:objects { noted = true } do
      for _, note in ipairs(o.notes) do
        by[note.default] = by[note.default] or note.by
      end
    end
    local default = (by.off and "off") or (by.on and "on") or (at_install and "install") or nil
    judge_statements(product, list, default, default == "on" and by.on or nil, found)
    local o, f = list[1][1], list[1][2]
    if by.on and not by.off then
      found.opt_out { key = "default", object = o, at = f.at, excerpt = by.on, f.key, by.on }
    elseif not by.on and not by.off then
      local raise = at_install and found.unasked or found.none
      local severity = not at_install and not telemetry.beyond_libraries(list) and "low" or nil
      local at = not at_install and f.at or nil
      raise { key = "default", object = at_install or o, at = at, excerpt = f.key, severity = severity, f.key }
    end
  end,
}
