--- What words and places of regions are: countries, unions of countries (rulesets/lists/unions.tsv), a provider's regions. In which
--- one a host is, its name tells probity.geo.

local lists = require "probity.lists"

local regions = {}

--- Adds what a word names ("DE", "EU", "aws:eu-central-1") to a set of countries and regions. false: it is no code of any.
function regions.add(set, word)
  local upper = word:match("^%s*(.-)%s*$"):upper()
  local union = lists.get("unions", upper)
  if union then
    for country in union.members:gmatch("%u%u") do
      set[country] = true
    end
  elseif upper:find("^%u%u$") or upper:find("^[%w:]+%-[%w%-]+%d$") then
    set[upper] = true
  else
    return false
  end
  return true
end

--- Is this place ({ key = "aws:eu-central-1", country = "DE" }) in the set?
function regions.holds(set, place)
  local region = place.key:upper()
  return (set[place.country] or set[region] or set[region:match(":(.+)$") or ""]) == true
end

return regions
