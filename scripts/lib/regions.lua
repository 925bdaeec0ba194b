--- Where is a host, by the region that its name tells? Only names of cloud providers tell one (rulesets/lists/cloud-hosts.tsv,
--- cloud-regions.tsv); what stands behind a host that tells none may be anywhere.

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

-- Regions stand in labels as they are ("eu-west-1"), behind a service ("s3-eu-west-1"), before a number or a name
-- ("westeurope-01", "europe-west1-project").
local function in_label(provider, label)
  local whole = lists.get("cloud-regions", provider .. ":" .. label)
  if whole then
    return whole
  end
  local pieces = {}
  for piece in label:gmatch("[^-]+") do
    pieces[#pieces + 1] = piece
  end
  for length = math.min(#pieces - 1, 4), 1, -1 do
    for first = 1, #pieces - length + 1, math.max(1, #pieces - length) do -- at the beginning, and at the end
      local row = lists.get("cloud-regions", provider .. ":" .. table.concat(pieces, "-", first, first + length - 1))
      if row then
        return row
      end
    end
  end
  return nil
end

--- { region = "aws:eu-central-1", country = "DE", place = "Frankfurt", provider = "aws", whose = "Amazon Web Services" }; without
--- country and region where the name tells none; nil where the host is of no cloud provider.
function regions.of(host)
  local cloud = lists.find("cloud-hosts", host)
  if not cloud then
    return nil
  end
  local out = { provider = cloud.provider, whose = cloud.whose }
  local front = host:sub(1, #host - #cloud.host)
  local labels = {}
  for label in front:lower():gmatch("[^.]+") do
    labels[#labels + 1] = label
  end
  -- The provider's labels are the last ones; what customers choose comes first.
  for i = #labels, math.max(1, #labels - 7), -1 do
    local row = in_label(cloud.provider, labels[i])
    if row then
      out.region, out.country, out.place = row.region, row.country, row.place
      return out
    end
  end
  return out
end

return regions
