local capabilities = require "lib.capabilities"
local date = require "probity.date"
local geo = require "probity.geo"
local hosts = require "lib.hosts"
local regions = require "lib.regions"

-- Domains of countries that the whole world takes for their letters.
local LETTERS = {}
for top in ("io ai co tv me cc ws fm am ly gg to sh so is im st la ac vc gl gd pw nu tk ml cf ga gq rs md ms sx li ag "
  .. "sc id py pm sr si do eu ps"):gmatch("%a+") do
  LETTERS[top] = true
end

-- The country of a name that ends in one ("x.host.de": DE): under whose law the name is, not where the machine stands.
local function country_of(host)
  local top = host:match("%.(%a%a)$")
  if top and not LETTERS[top] then
    return top:upper()
  end
  return nil
end

local WORTH, HALF_LIFE = 500, 90 -- permille that a fresh table is worth, days until it is worth half of that

-- What a table of this age still tells, in permille: addresses change hands.
local function worth(days)
  local whole, rest = days // HALF_LIFE, days % HALF_LIFE
  local start = WORTH >> math.min(whole, 20)
  return math.max(1, start - start * rest // (2 * HALF_LIFE))
end

-- Addresses have no name to tell it: where they are registered stands in a table, if there is one.
local function judge_address(o, host, found, as_of)
  local country, table = geo.country(host.host), geo.about()
  if not country or not table then
    return false
  end
  local days = math.max(0, as_of - (date.parse(table.date) or as_of))
  found.address { key = country, object = o, at = host.at, excerpt = host.host, kappa = worth(days), host.host, country, table.date }
  return true
end

local function judge(o, host, found, unplaced, as_of)
  if (host.host:find("^[%d.]+$") or host.host:find(":", 1, true)) and judge_address(o, host, found, as_of) then
    return
  end
  local cloud = regions.of(host.host)
  local where = { object = o, at = host.at, excerpt = host.host }
  if cloud and cloud.region then
    where.key = cloud.region
    where[1], where[2], where[3], where[4] = host.host, cloud.region, cloud.place or "", cloud.country or ""
    found.region(where)
    return
  end
  local country = not cloud and country_of(host.host)
  if country then
    where.key = country
    where[1], where[2] = host.host, country
    found.country(where)
  elseif not unplaced[host.host] then
    unplaced[host.host] = true
    unplaced[1] = (unplaced[1] or 0) + 1
  end
end

---@type probity.Check
return {
  title       = "Where its servers are",
  why         = "Where data go decides under whose law they are.",
  catalogue   = "D-25",
  claim       = "residency",
  severity    = "info",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary" },
  findings    = {
    region = {
      says = "names %s, a server in the region %s (%s, %s)",
      fix = "State in a data manifest where data go, and make the region a setting.",
    },
    address = {
      says = "names %s, an address registered in %s (by the table of %s)",
      fix = "State in a data manifest where data go, and make the host a setting.",
    },
    country = {
      says = "names %s, under the domain of the country %s",
      fix = "State in a data manifest where data go, and make the host a setting.",
    },
  },
  maps        = { "paris:P1", "gdpr:44", "gdpr:45", "req:R8" },
  samples     = {
    hit = { "bucket.py", "of-a-country.js" },
    clean = { "no-network.js", "only-in-comments.py" },
  },

  product = function(product, found)
    local unplaced = {}
    for o in product:objects { fact = "hosts" } do
      if capabilities.find(o.facts, "net-connect") then
        for _, host in ipairs(o.facts.hosts) do
          if not host.comment and hosts.public(host.host) then
            judge(o, host, found, unplaced, product.as_of)
          end
        end
      end
    end
    if unplaced[1] then
      found.unknown(("%d hosts do not tell where they are%s"):format(unplaced[1],
        geo.about() and "" or ", and there is no table of addresses"))
    end
  end,
}
