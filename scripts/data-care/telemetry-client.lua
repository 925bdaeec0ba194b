local capabilities = require "lib.capabilities"
local regex = require "probity.regex"
local switches = require "lib.switches"
local telemetry = require "lib.telemetry"

-- Most hits of words that are looked at in one object: more of them say nothing new.
local ENOUGH = 40

-- A sentence stands in code for people to read; in data of many texts (translations of an interface, lists of words) it is one of many.
local function is_data(object)
  return object.class == "text" or object.name == ".json"
end

-- The first sentence that tells of telemetry, outside of comments.
local function sentence(object)
  for _, id in ipairs { "$notice", "$hardware" } do
    local left = ENOUGH
    for at, length in object:hits(id) do
      left = left - 1
      if left < 0 then
        break
      elseif not object:comment(at) then
        return at, length
      end
    end
  end
  return nil
end

-- A function that is called for it: "sendTelemetry(", "report_usage_stats(".
local CALL = regex.compile [=[^[A-Za-z_]{0,40}\s*[(=:]]=]

local function sender(object)
  local left = ENOUGH
  for at, length in object:hits("$sends") do
    left = left - 1
    if left < 0 then
      return nil
    elseif not object:comment(at) and CALL:find(object:bytes(at + length, 48)) then
      return at, length
    end
  end
  return nil
end

-- The vendor's page that tells of it, named in code.
local function page(object)
  for _, url in ipairs(object.facts.urls or {}) do
    if url.host and not url.comment and not url.namespace and telemetry.is_notice(url.host, url.url:gsub("^%a[%w+.-]*://", "")) then
      return url
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Telemetry of its own",
  why         = "It has a switch, a notice or functions for reports about its use: where they go, and what is in them, is to be asked.",
  confirm     = [[Find the switch or function at the offset in the evidence: `grep -nobaiE 'telemetry|analytics'
    OBJECT`. Run it once with and once without the switch while `tcpdump -n` or `mitmproxy` listens.]],
  catalogue   = "D-02",
  claim       = "telemetry",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 833, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary" },
  looks       = [[
    strings:
      $switch = /]] .. switches.WORDS .. [[/
      $notice = /\banonymous(ly)? (usage|telemetry|statistics|analytics|diagnostics|metrics|crash)\b|]] ..
      [[\b(telemetry|analytics|usage (data|statistics)) (is|are|has been|collection|collection is) ]] ..
      [[(now |currently )?(enabled|disabled|on|off)\b|]] ..
      [[\b(out|in) (of|to) (anonymous|telemetry|analytics|usage (data|statistics)|data collection)\b|]] ..
      [[\b(disable|enable|turn off|turn on) (anonymous )?(telemetry|usage statistics|usage data)\b|]] ..
      [[\b(collects?|sends?|sending|shares?|submits?) (anonymous )?(usage (data|statistics|information)|telemetry)\b/ nocase
      $hardware = /\b(hardware|hw|usage|crash)[ _-]{1,2}(reports?|survey|statistics|stats)[ _-]{1,2}]] ..
      [[(enabled|server|upload|consent|opt)/ nocase
      $sends = /(send|record|post|submit|report|flush|track)_?(telemetry|usage_?stat(istic)?s|usage_?data)|]] ..
      [[\breport_?usage\b|\busage_?reporter\b|\btrack_?usage\b/ nocase
      $page = /:\/\/[a-z0-9.\/-]{3,60}\/telemetry\b/
    condition:
      any of them
  ]],
  findings    = {
    switch = {
      says = "has a switch for telemetry, %s: reports about its use can be sent",
      fix = "Declare what is sent, when, to whom and for how long, and ask before the first report (opt-in).",
      severity = "low",
    },
    tells = {
      says = "tells its users of telemetry: \"%s\"",
      fix = "Declare what is sent, when, to whom and for how long, and ask before the first report (opt-in).",
    },
    sends = {
      says = "has functions that by their names report its use (%s), and uses the network",
      fix = "Declare what is sent, when, to whom and for how long, and ask before the first report (opt-in).",
    },
    mentions = {
      says = "speaks of telemetry; nothing here is seen to send any: \"%s\"",
      fix = "Nothing to do where that is true.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "etsi:6-5", "gdpr:13", "req:R4" },
  samples     = {
    hit = { "switch.js", "notice.js", "hardware.py", "reporter.py", "switch.rb", "fetched-page.js" },
    clean = { "set-for-another.js", "feature.js", "comment.py", "charts.js" },
  },

  object = function(object, found)
    for _, switch in ipairs(switches.all(object, ENOUGH)) do
      if switch.reads then -- one is enough to know that there is something to switch
        found.switch { key = switch.name, at = switch.at, length = #switch.name, switch.name }
        break
      end
    end
    local at, length = sentence(object)
    local sends, sends_length = sender(object)
    local link = page(object)
    if at or link then
      local reaches = sends or link or capabilities.find(object.facts, capabilities.NETWORK)
      local raise = reaches and not is_data(object) and found.tells or found.mentions
      local text = at and object:bytes(at, length) or link.url
      raise { key = text:lower(), at = at or link.at, length = length or #link.url, excerpt = text, text }
    end
    if sends and capabilities.find(object.facts, "net-connect") then
      local name = object:bytes(sends, sends_length)
      found.sends { key = name, at = sends, length = sends_length, name }
    end
  end,
}
