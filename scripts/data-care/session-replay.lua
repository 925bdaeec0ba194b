local telemetry = require "lib.telemetry"

---@type probity.Check
return {
  title       = "Recording of what users do on the screen",
  why         = "Clicks, texts and pictures of pages are recorded to be played again elsewhere; passwords and names are among them.",
  confirm     = [[Find the library and where it is started: `grep -rnE 'rrweb|FullStory|hotjar|smartlook|LogRocket'
    FOLDER`. Open the page with the browser's network tools and look for requests while you type.]],
  catalogue   = "D-05",
  claim       = "capture",
  severity    = "high",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "html" },
  looks       = [[
    strings:
      $autocapture = /\bauto_?[cC]apture["']?\s{0,3}:\s{0,3}(true|!0)\b/
      $sentry = /\breplays(Session|OnError)SampleRate["']?\s{0,3}:\s{0,3}(0?\.[0-9]{0,3}[1-9]|1)/
      $rrweb = /\b(rrweb|rrwebRecord)\.record\s{0,2}\(\s{0,4}\{/
      $rrweb_import = /\brecord\b[^{}\n]{0,40}\}\s{0,3}(from|=\s{0,2}require\()\s{0,2}["'](@rrweb\/record|rrweb)["']/
      $hotjar = /\b_hjSettings\s{0,2}=|\bhotjar\.initialize\(/
      $fullstory = /\b_fs_org["']?\]?\s{0,2}=|\bFullStory\.init\(/
      $clarity = /clarity\.ms\/tag\/|\b[cC]larity\.init\(\s{0,2}["'][a-z0-9]/
      $logrocket = /\bLogRocket\.init\(/
      $smartlook = /\bsmartlook\(\s{0,2}["']init["']/
      $heap = /\bheap\.load\(\s{0,2}["'][0-9]/
      $recording = /\bstartSessionRecording\(\)|\bsession_recording["']?\s{0,3}:\s{0,3}\{/
      $inspectlet = /\b__insp\.pus[h]\(\[/
      $mouseflow = /cdn\.mouseflow\.com\/projects\//
      $openreplay = /\bnew OpenReplay\(\s{0,2}\{|\bnew Tracker\(\{\s{0,4}projectKey/
      $highlight = /\bH\.init\(\s{0,2}["'][a-z0-9]{6,}["'],\s{0,2}\{/
    condition:
      any of them
  ]],
  findings    = {
    records = {
      says = "sets up a recorder of what users do on the screen: %s",
      fix = "Remove it, or start it only after the user has agreed; mask all input, and say who can play the records.",
    },
    library = {
      says = "is or contains such a recorder, which a program that uses it sets up: %s",
      fix = "Mask all input by default.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "gdpr:5.1.c", "gdpr:25", "req:R4" },
  samples     = {
    hit = { records = { "replay.js", "hotjar.html", "capture.ts", "imported.js" }, library = { "recorder-library" } },
    clean = { "off.js", "session.js" },
  },

  object = function(object, found)
    local seen = {}
    for at, length, id in object:hits() do
      if not seen[id] and not object:comment(at) then
        seen[id] = true
        found.note { id = id:sub(2), at = at, what = object:bytes(at, math.min(length, 80)) }
      end
    end
  end,

  product = function(product, found)
    local itself = telemetry.is_sdk(product)
    for o in product:objects { noted = true } do
      for _, note in ipairs(o.notes) do
        local raise = itself and found.library or found.records
        raise { key = note.id, object = o, at = note.at, excerpt = note.what, note.what }
      end
    end
  end,
}
