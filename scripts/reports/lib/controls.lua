-- The place where assets/report.js puts the controls of the findings, with the words that it shows: without a script it stays empty.
local KEYS = { "label", "search", "severity", "pillar", "claim", "status", "all", "sort", "sort-report", "sort-severity", "sort-text",
  "open", "close", "reset", "count" }
local NAMED = { severity = { "critical", "high", "medium", "low", "info" },
  pillar = { "integrity", "data-care", "verification", "culture" } }

return function(h, words)
  local place = { id = "controls", class = "controls" }
  for _, key in ipairs(KEYS) do
    local shown = key == "count" and { shown = "{shown}", all = "{all}" } or nil
    place["data-" .. key] = words("control." .. key:gsub("-", "_"), shown)
  end
  for kind, names in pairs(NAMED) do
    for _, name in ipairs(names) do
      place["data-" .. kind .. "-" .. name] = words(kind .. "." .. name)
    end
  end
  place["data-status-open"], place["data-status-waived"] = words("control.open_status"), words("control.waived")
  return h.div(place)
end
