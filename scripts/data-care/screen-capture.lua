local senses = require "lib.senses"

---@type probity.Check
return {
  title       = "Takes pictures of the screen",
  why         = "A picture of the screen shows whatever the user has open: mail, accounts, other people.",
  confirm     = [[Search for the calls: `strings -a OBJECT | grep -E 'BitBlt|XGetImage|CGWindowListCreateImage'` or
    `grep -nE 'getDisplayMedia|ImageGrab|mss\(' OBJECT`, and read what becomes of the picture.]],
  catalogue   = "D-09",
  claim       = "capture",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package" },
  findings    = {
    chain = {
      says = "%s can take pictures of the screen (%s), next to code that reaches out or runs at installation (%s); "
        .. "nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it, when it happens and where it goes, and ask first; or remove it.",
    },
    alone = {
      says = "%s can take pictures of the screen (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens, or remove it.",
      severity = "low",
      reliability = "heuristic",
    },
    program = {
      says = "%s can take pictures of the screen (%s): a program in it asks the system for that; nothing in what it "
        .. "says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens, or remove it.",
      severity = "low",
      reliability = "heuristic",
    },
    declared = {
      says = "%s can take pictures of the screen (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "gdpr:5.1.c", "attack:T1113", "req:R4" },
  samples     = {
    hit = { "grab-and-post", "desktop-capturer", "copy-from-screen.ps1", "by-command" },
    clean = { "canvas-of-its-own", "documented-only" },
  },

  product = function(product, found)
    local how = { chain = found.chain, alone = found.alone, program = found.program, declared = found.declared }
    for case in senses.each(product, "screen") do
      senses.raise(case, how)
    end
  end,
}
