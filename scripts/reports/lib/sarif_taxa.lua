-- Requirements that findings are mapped to, as SARIF's taxonomies. Their titles are in rulesets/mappings.ini, not in a
-- report.
local plain = require "lib.plain"

local taxa = {}

local ABOUT = "Ids that findings of this report are mapped to; a mapping is a reason to ask, no statement that a law was "
  .. "broken."

-- Sections of mappings: who publishes it, its name, where it is explained.
local KNOWN = {
  attack = { "MITRE ATT&CK", "MITRE", "https://attack.mitre.org/" },
  cra = { "EU Cyber Resilience Act, Regulation (EU) 2024/2847", "European Union",
    "https://eur-lex.europa.eu/eli/reg/2024/2847/oj" },
  cwe = { "CWE", "MITRE", "https://cwe.mitre.org/" },
  eprivacy = { "ePrivacy Directive 2002/58/EC", "European Union", "https://eur-lex.europa.eu/eli/dir/2002/58/oj" },
  etsi = { "ETSI EN 303 645", "ETSI", "https://www.etsi.org/" },
  gdpr = { "General Data Protection Regulation (EU) 2016/679", "European Union",
    "https://eur-lex.europa.eu/eli/reg/2016/679/oj" },
  paris = { "Paris Call for Trust and Security in Cyberspace", "Paris Call", "https://pariscall.international/" },
  req = { "Requirements that Probity was built to", "Probity", nil },
  rfc = { "RFC", "IETF", "https://www.rfc-editor.org/" },
}

local function help_of(section, id)
  if section == "cwe" and id:find("^%d+$") and #id < 8 then
    return "https://cwe.mitre.org/data/definitions/" .. id .. ".html"
  elseif section == "attack" and (id:find("^T%d+$") or id:find("^T%d+%.%d+$")) then
    return "https://attack.mitre.org/techniques/" .. id:gsub("%.", "/") .. "/"
  elseif section == "rfc" and id:find("^%d+$") and #id < 8 then
    return "https://www.rfc-editor.org/rfc/rfc" .. id
  end
  return nil
end

local function split(map)
  local section, id = map:match("^([%w-]+):(.+)$")
  if not section then
    return "other", map
  end
  return section, id
end

local function sorted_keys(set)
  local keys = {}
  for key in pairs(set) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local function component(section, ids)
  local known = KNOWN[section] or { section, nil, nil }
  local rows, index = {}, {}
  for i, id in ipairs(ids) do
    rows[i] = { id = plain(id), name = plain(section .. ":" .. id), helpUri = help_of(section, id) }
    index[id] = i - 1
  end
  local whole = {
    name = section == "cwe" and "CWE" or plain(section), fullName = known[1] and plain(known[1]),
    organization = known[2],
    informationUri = known[3], taxa = rows, isComprehensive = false,
    shortDescription = { text = ABOUT },
  }
  return whole, index
end

--- { list = toolComponents, ref = function(map) -> reference } of all findings' maps.
function taxa.of(findings)
  local by_section = {}
  for _, finding in ipairs(findings) do
    for _, map in ipairs(finding.maps) do
      local section, id = split(map)
      by_section[section] = by_section[section] or {}
      by_section[section][id] = true
    end
  end
  local list, places, names = {}, {}, {}
  for i, section in ipairs(sorted_keys(by_section)) do
    local whole, index = component(section, sorted_keys(by_section[section]))
    list[i], places[section], names[i] = whole, { at = i - 1, index = index, name = whole.name },
      { name = whole.name, index = i - 1 }
  end
  local function ref(map)
    local section, id = split(map)
    local place = places[section]
    return { id = plain(id), index = place.index[id], toolComponent = { name = place.name, index = place.at } }
  end
  return { list = list, names = names, ref = ref }
end

return taxa
