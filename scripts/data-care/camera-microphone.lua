local senses = require "lib.senses"

local PERMISSIONS = { camera = true, microphone = true }

---@type probity.Check
return {
  title       = "Uses the camera or the microphone",
  why         = "Whoever can switch them on sees and hears the room.",
  confirm     = [[Look for the calls in the object: `nm -D OBJECT | grep -iE 'v4l|snd_pcm|capture'`, `grep -n
    getUserMedia OBJECT`; for an app `aapt dump permissions OBJECT | grep -E 'CAMERA|RECORD_AUDIO'`. Ask when they are
    used.]],
  catalogue   = "D-11",
  claim       = "capture",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package", "xml", "android-xml", "json" },
  findings    = {
    chain = {
      says = "%s can use the camera or the microphone (%s), next to code that reaches out or runs at installation "
        .. "(%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it, when it happens and where it goes, and ask first; or remove it.",
    },
    alone = {
      says = "%s can use the camera or the microphone (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens, or remove it.",
      severity = "low",
      reliability = "heuristic",
    },
    program = {
      says = "%s can use the camera or the microphone (%s): a program in it asks the system for that; nothing in "
        .. "what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it happens, or remove it.",
      severity = "low",
      reliability = "heuristic",
    },
    permission = {
      says = "%s asks for the permission %s; nothing else in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it is used, or do not ask for it.",
      severity = "low",
      reliability = "heuristic",
    },
    declared = {
      says = "%s can use the camera or the microphone (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "etsi:5.8-3", "gdpr:9", "attack:T1123", "attack:T1125", "req:R4" },
  samples     = {
    hit = { "webcam-snap", "recorder.py", "asks-permission", "frame.sh" },
    clean = { "film-player", "documented-only" },
  },

  product = function(product, found)
    local how = { chain = found.chain, alone = found.alone, program = found.program, declared = found.declared }
    for _, sense in ipairs { "camera", "microphone" } do
      for case in senses.each(product, sense) do
        senses.raise(case, how)
      end
    end
    senses.raise_permissions(product, PERMISSIONS, found.permission)
  end,
}
