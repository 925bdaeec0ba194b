local switches = require "lib.switches"
local telemetry = require "lib.telemetry"

local MOST = 40

---@type probity.Check
return {
  title       = "Telemetry without a switch that is told of",
  why         = "A choice that users cannot find, or that does not listen to the one they made for all programs (DO_NOT_"
    .. "TRACK), is none.",
  catalogue   = "D-23",
  claim       = "consent",
  severity    = "low",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text", "binary" },
  looks       = [[
    strings:
      $switch = /]] .. switches.WORDS .. [[/
      $command = /\b(telemetry|analytics|usage) (--)?(disable|enable|off|on|status|opt-?out)\b/ nocase
      $option = /--(no|disable)-?(telemetry|analytics|usage-stat)/
      $setting = /\b(telemetry|analytics|send_?usage|usage_?stats)[-_.]?(enabled|disabled|opt_?out|opt_?in)\b/ nocase
      $report = /\b(crash_?reports?|reporting)[-_.]?(enabled|disabled|opt_?out|opt_?in)\b|\bPARTICIPATE=/ nocase
    condition:
      any of them
  ]],
  findings    = {
    absent = {
      says = "telemetry is there (%s), and no switch for it: no variable, no command, no setting",
      fix = "Add one, honour DO_NOT_" .. "TRACK, and say so in the documentation.",
    },
  },
  maps        = { "paris:P1", "etsi:6-3", "gdpr:7.3", "gdpr:21", "req:R4" },
  samples     = { hit = { "no-switch" }, clean = { "variable", "command", "setting", "no-telemetry" } },

  object = function(object, found)
    for at, _, id in object:hits() do
      if id ~= "$switch" and (object.class == "text" or not object:comment(at)) then
        found.note { at = at }
        return
      end
    end
    for _, switch in ipairs(switches.all(object, MOST)) do
      if switch.reads or object.class == "text" then
        found.note { at = switch.at }
        return
      end
    end
  end,

  product = function(product, found)
    local list = telemetry.objects(product)
    if #list == 0 or telemetry.is_sdk(product) then
      return
    end
    if product:objects { noted = true }() then
      return
    end
    local o, f = list[1][1], list[1][2]
    found.absent { key = "switch", object = o, at = f.at, excerpt = f.key, f.key }
  end,
}
