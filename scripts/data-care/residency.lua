local capabilities = require "lib.capabilities"
local date = require "probity.date"
local geo = require "probity.geo"
local hosts = require "lib.hosts"
local lists = require "probity.lists"
local regions = require "lib.regions"
local statements = require "lib.statements"
local text = require "probity.text"

-- The country of a name that ends in one ("x.host.de": DE): under whose law the name is, not where the machine stands. Domains of
-- countries that the whole world takes for their letters tell none.
local function country_of(host)
  local top = host:match("%.(%a%a)$")
  if not top then
    return nil
  end
  local row = lists.get("country-domains", top)
  if row then
    return row.country
  end
  return top:upper()
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

local CLAIM, ALLOWED = "says where data are", "keeps data where the policy lets them be"

-- The countries and regions that a data manifest names, as a set; second result: a word that no code is, or nil.
local function stated_regions(d)
  local set, unknown = {}, nil
  local function add(word)
    if not regions.add(set, word) and text.trim(word) ~= "" then
      unknown = unknown or text.trim(word)
    end
  end
  local content = d.evidence.content
  for _, word in ipairs(content.regions) do
    add(word)
  end
  for _, rows in ipairs { content.recipients, content.processors } do
    for _, row in ipairs(rows) do
      add(row.region)
    end
  end
  return set, unknown
end

-- Where a host is, by what tells it best: { key, country, kappa }, or nil.
local function place_of(host, as_of)
  local cloud = geo.cloud(host)
  if cloud then
    return cloud.region and { key = cloud.region, country = cloud.country or "?", kappa = 700 } or nil
  end
  if host:find("^[%d.]+$") or host:find(":", 1, true) then
    local table_of, where = geo.about(), geo.country(host)
    local days = table_of and math.max(0, as_of - (date.parse(table_of.date) or as_of))
    return where and days and { key = where, country = where, kappa = worth(days) } or nil
  end
  local country = country_of(host)
  return country and { key = country, country = country, kappa = 300 } or nil -- under whose law the name is
end

-- Hosts that a manifest's recipients cover with a region: where they are is stated then.
local function stated_host(d, host)
  for _, row in ipairs(d.evidence.content.recipients) do
    local name = row.host:lower():gsub("^%*%.", "")
    if row.region ~= "" and (host == name or text.ends(host, "." .. name)) then
      return true
    end
  end
  return false
end

local function judge_statement(d, seen, as_of, found)
  local set, unknown = stated_regions(d)
  if not next(set) then
    found.statement { document = d, claim = CLAIM, status = "none",
      why = unknown and "\"" .. unknown .. "\" is no code of a country or region" or "it names no region" }
    return 0
  end
  local outside, placed = nil, true
  for _, one in ipairs(seen) do
    local place = place_of(one[2].host, as_of)
    if place and not regions.holds(set, place) and not unknown then
      outside = outside or one[2].host .. ", " .. place.key
      found.outside { key = place.key, object = one[1], at = one[2].at, excerpt = one[2].host,
        kappa = statements.certainty(d, place.kappa), one[2].host, place.key, place.country, d.basename }
    end
    placed = placed and (place ~= nil or stated_host(d, one[2].host))
  end
  if outside then
    found.statement { document = d, claim = CLAIM, status = "contradicts", why = outside }
    return 0
  end
  statements.agree(found, d, CLAIM, placed and "no host is seen elsewhere"
    or "of some hosts neither it nor their names tell where they are")
  return placed and 1000 or d.signer and 500 or 0 -- what its word is worth here, in permille
end

-- Where the policy lets data be, as a set; nil: it demands nothing.
local function allowed_by(product)
  local set = product.regions and {} or nil
  for _, word in ipairs(product.regions or {}) do
    regions.add(set, word)
  end
  return set
end

-- Hosts that are seen where the policy does not let data be.
local function judge_hosts(allowed, seen, as_of, found)
  for _, one in ipairs(seen) do
    local place = place_of(one[2].host, as_of)
    if place and place.country ~= "?" and not regions.holds(allowed, place) then
      found.outside { key = "policy " .. place.key, object = one[1], at = one[2].at, excerpt = one[2].host, kappa = place.kappa,
        one[2].host, place.key, place.country, "the policy" }
    end
  end
end

-- The first place outside of the policy's that a manifest names by itself: what, region. A union is outside where a state of it is.
local function named_outside(d, allowed)
  local function outside(what, word)
    local one = {}
    if regions.add(one, word) then
      for code in pairs(one) do
        if not regions.holds(allowed, { key = code, country = code }) then
          return { what, text.trim(word) }
        end
      end
    end
  end
  local content, hit = d.evidence.content, nil
  for _, rows in ipairs { content.recipients, content.processors } do
    for _, row in ipairs(rows) do
      hit = hit or outside(row.host or row.name, row.region)
    end
  end
  for _, word in ipairs(content.regions) do
    hit = hit or outside("data", word)
  end
  return hit
end

-- A manifest's own word on where data are, against the policy: it is a statement, so it is certain. true: it names a place outside.
local function judge_named(d, allowed, found)
  local hit = allowed and named_outside(d, allowed)
  if hit then
    found.outside { key = "policy " .. hit[2], object = d, excerpt = hit[2], kappa = 900, hit[1], hit[2], d.basename, "the policy" }
    found.statement { document = d, claim = ALLOWED, status = "contradicts", why = hit[1] .. ", " .. hit[2] }
  end
  return hit ~= nil
end

-- Is there a statement by which all hosts have a place? Its word counts then, and no more than that.
local function judge_statements(product, seen, allowed, found)
  local any = false
  for _, d in ipairs(statements.current(product, { "data-manifest" }, CLAIM, found)) do
    local share = judge_statement(d, seen, product.as_of, found)
    if not judge_named(d, allowed, found) and share > 0 then
      any = true
      found.pass { reliability = d.reliability, coverage = share, freshness = d.freshness }
    end
  end
  return any
end

local function judge(o, host, found, unplaced, as_of)
  if (host.host:find("^[%d.]+$") or host.host:find(":", 1, true)) and judge_address(o, host, found, as_of) then
    return
  end
  local cloud = geo.cloud(host.host)
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
  confirm     = [[Resolve the host on a machine of your own with `dig +short HOST` and look the address up with
    `whois`; a region in a cloud provider's name is in the provider's own list. Ask the supplier for the contract.]],
  catalogue   = "D-25",
  claim       = "residency",
  severity    = "medium", -- outside of where data are said to be; that a place is named is worth a word only
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary" },
  findings    = {
    region = {
      says = "names %s, a server in the region %s (%s, %s)",
      fix = "State in a data manifest where data go, and make the region a setting.",
      severity = "info",
    },
    address = {
      says = "names %s, an address registered in %s (by the table of %s)",
      fix = "State in a data manifest where data go, and make the host a setting.",
      severity = "info",
    },
    outside = {
      says = "names %s, in %s (%s), which is outside of the regions that %s states",
      fix = "Ask the supplier what goes there; keep it in the region, or have it stated.",
      reliability = "parsed", -- at most: each says how certain it is
    },
    country = {
      says = "names %s, under the domain of the country %s",
      fix = "State in a data manifest where data go, and make the host a setting.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "gdpr:44", "gdpr:45", "req:R8" },
  samples     = {
    hit = { "bucket.py", "of-a-country.js", outside = { "outside", "outside-of-the-union" } },
    clean = { "no-network.js", "only-in-comments.py", "stated" },
  },

  product = function(product, found)
    local unplaced, seen, had = {}, {}, {}
    for o in product:objects { fact = "hosts" } do
      if capabilities.find(o.facts, "net-connect") then
        for _, host in ipairs(o.facts.hosts) do
          if not host.comment and hosts.public(host.host) then
            judge(o, host, found, unplaced, product.as_of)
            seen[#seen + 1] = not had[host.host] and { o, host } or nil
            had[host.host] = true
          end
        end
      end
    end
    local allowed = allowed_by(product)
    if allowed then
      judge_hosts(allowed, seen, product.as_of, found)
    end
    if not unplaced[1] and #seen > 0 then
      found.pass { reliability = "heuristic" }
    end
    if not judge_statements(product, seen, allowed, found) and unplaced[1] then
      found.unknown(("%d hosts do not tell where they are%s"):format(unplaced[1],
        geo.about() and "" or ", and there is no table of addresses"))
    end
  end,
}
