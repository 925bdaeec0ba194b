local statements = require "lib.statements"
local switches = require "lib.switches"
local telemetry = require "lib.telemetry"

local MOST = 40

local FOR_ALL = { ["DO_NOT" .. "_TRACK"] = true, ["DONT" .. "_TRACK"] = true }

local CLAIM = "has a switch for telemetry"
local NAMES = 20 -- of switches that are kept of one object

-- A switch that a data manifest names has to be there, where it is a variable: other names are words for people.
local function judge_statements(product, names, there, first, found)
  for _, d in ipairs(statements.current(product, { "data-manifest" }, CLAIM, found)) do
    local name = d.evidence.content.telemetry.switch or ""
    local variable = name:match("^%u[%u%d_]+_[%u%d_]+$")
    if name == "" then
      found.statement { document = d, claim = CLAIM, status = "none", why = "it names none" }
    elseif not first then
      statements.agree(found, d, CLAIM, name .. "; no telemetry is seen")
    elseif variable and not names[variable] then
      found.statement { document = d, claim = CLAIM, status = "contradicts", why = name .. " is nowhere in the product" }
      found.not_there { key = name, object = d, excerpt = name, kappa = statements.certainty(d, 500), d.basename, name }
    elseif there then
      statements.agree(found, d, CLAIM, variable and name .. " is in the product" or name)
    else
      found.statement { document = d, claim = CLAIM, status = "none", why = "no switch is seen in the product" }
    end
  end
end

---@type probity.Check
return {
  title       = "Telemetry without a switch that is told of",
  why         = "A choice that users cannot find, or that does not listen to the one they made for all programs (DO_NOT_"
    .. "TRACK), is none.",
  confirm     = [[Search the documents and the code for a way to turn it off: `grep -rniE
    '(do.?not|dont).track|(no|disable).telemetry|opt.?out' FOLDER`. Set it, and watch with `tcpdump -n` that
    nothing is reported any more.]],
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
    own = {
      says = "its switch for telemetry is %s; the one for all programs (DO_NOT_" .. "TRACK) is not looked at",
      fix = "Honour DO_NOT_" .. "TRACK beside your own switch, and say so in the documentation.",
    },
    not_there = {
      says = "%s names the switch %s, and it is nowhere in the product",
      fix = "Ask the supplier how telemetry is switched off in this version.",
    },
    absent = {
      says = "telemetry is there (%s), and no switch for it: no variable, no command, no setting",
      fix = "Add one, honour DO_NOT_" .. "TRACK, and say so in the documentation.",
    },
  },
  maps        = { "paris:P1", "etsi:6-3", "gdpr:7.3", "gdpr:21", "req:R4" },
  samples     = {
    hit = { absent = { "no-switch" }, own = { "own-switch" }, not_there = { "stated-and-absent" } },
    clean = { "variable", "command", "setting", "no-telemetry", "stated" },
  },

  object = function(object, found)
    local first, own, set, for_all
    local names = {}
    for at, _, id in object:hits() do
      if id ~= "$switch" and (object.class == "text" or not object:comment(at)) then
        first = at
        break
      end
    end
    for _, switch in ipairs(switches.all(object, MOST)) do
      if switch.reads or object.class == "text" or switch.name:find("TELEMETR[Y]_DISABLE") then
        first = first or switch.at
        names[#names + 1] = #names < NAMES and switch.name or nil
        for_all = for_all or FOR_ALL[switch.name]
        own = own or (switch.reads and not FOR_ALL[switch.name] and switch.name) or nil
        set = set or (not FOR_ALL[switch.name] and switch.name) or nil
      end
    end
    if first then
      found.note { at = first, own = own or set, for_all = for_all, names = names }
    end
  end,

  product = function(product, found)
    local list = telemetry.objects(product)
    if #list == 0 or telemetry.is_sdk(product) then
      judge_statements(product, {}, false, nil, found)
      return
    end
    local there, own, where, for_all, names = false, nil, nil, false, {}
    for o in product:objects { noted = true } do
      local note = o.notes[1]
      there, for_all = true, for_all or note.for_all == true
      for _, name in ipairs(note.names) do
        names[name] = true
      end
      if note.own and not own then
        own, where = note.own, o
      end
    end
    local o, f = list[1][1], list[1][2]
    judge_statements(product, names, there, f, found)
    if not there then
      found.absent { key = "switch", object = o, at = f.at, excerpt = f.key, f.key }
    elseif own and not for_all and telemetry.beyond_libraries(list) then
      found.own { key = "switch", object = where, excerpt = own, own }
    end
  end,
}
