local capabilities = require "lib.capabilities"
local senses = require "lib.senses"

-- Beside the keys: what else a program perceives that has the network, too. Large programs (browsers, games) can do
-- everything.
local OTHERS = { screen = true, camera = true, microphone = true, contacts = true }
local LARGE = 16 << 20

local function watches_more(case)
  local o = case.object
  if case.script or case.distribution or o.size > LARGE or not capabilities.find(o.facts, "net-connect") then
    return nil
  end
  local other = capabilities.find(o.facts, OTHERS)
  return other and other.by
end

-- To press keys is no capture; who looks for what handles the keyboard wants to see it all the same.
local function judge_typing(product, o, found)
  local case = senses.case(product, o, "input-capture", o.notes[1].at, o.notes[1].by)
  local where, word = senses.evidence(case), senses.declared(case)
  where.key, where[3] = senses.key(case, "typing"), word
  local raise = word and found.typing_declared or found.typing
  raise(where)
end

---@type probity.Check
return {
  title       = "Watches the keyboard",
  why         = "What people type holds passwords, letters and searches; whoever watches all keys gets all of it.",
  confirm     = [[Search for the calls: `strings -a OBJECT | grep -E
    'SetWindowsHookEx|GetAsyncKeyState|XRecord|/dev/input'`, or `grep -nE
    'pynput|keyboard\.on_press|addGlobalListener' OBJECT`; `lsof /dev/input/*` shows it while it runs.]],
  catalogue   = "D-08",
  claim       = "capture",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package" },
  looks       = [[
    strings:
      $types = /(XTestFakeKeyEvent|CGEventCreateKeyboardEvent|keybd_event|SendInput)\b/
    condition:
      $types
  ]],
  findings    = {
    chain = {
      says = "%s can watch what is typed in other programs (%s), next to code that reaches out or runs at "
        .. "installation (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it, when it happens and where it goes, and ask first; or remove it.",
    },
    alone = {
      says = "%s can watch what is typed in other programs (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens, or remove it.",
      severity = "medium",
      reliability = "heuristic",
    },
    combined = {
      says = "%s can watch what is typed (%s), perceive more (%s) and reach out, all in one program that says "
        .. "nothing of it",
      fix = "Say in the documentation what needs it, when it happens and where it goes, and ask first; or remove it.",
      severity = "medium",
      reliability = "heuristic",
    },
    program = {
      says = "%s can watch what is typed in other programs (%s): a program in it asks the system for that; nothing "
        .. "in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens, or remove it.",
      severity = "low",
      reliability = "heuristic",
    },
    typing_declared = {
      says = "%s can press keys in other programs (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
    typing = {
      says = "%s can press keys in other programs (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens.",
      severity = "info",
    },
    declared = {
      says = "%s can watch what is typed in other programs (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "etsi:5.8-3", "gdpr:9", "attack:T1056.001", "req:R4" },
  samples     = {
    hit = { "listener-that-posts", "hook-in-npm", "keys-of-powershell.ps1", "hook-and-helper", "declared-hotkeys",
      "device-file", "hook-manager", "test-of-xinput.sh", "word-that-may-mean-much",
      typing = { "presses-keys" }, typing_declared = { "automation" } },
    clean = { "own-keys", "documented-only" },
  },

  object = function(object, found)
    for at, length in object:hits("$types") do
      if object.class == "binary" or ((object.kind == "c" or object.kind == "cpp") and not object:comment(at)) then
        found.note { at = at, by = object:bytes(at, length) }
        return
      end
    end
  end,

  product = function(product, found)
    for o in product:objects { noted = true } do
      judge_typing(product, o, found)
    end
    local how = { chain = found.chain, alone = found.alone, program = found.program, declared = found.declared }
    how.near = true
    for case in senses.each(product, "input-capture") do
      local more = senses.raise(case, how) == "program" and watches_more(case)
      if more then
        local where = senses.evidence(case)
        where.key, where[3] = case.object.sha256, more
        found.combined(where)
      end
    end
  end,
}
