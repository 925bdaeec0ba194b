-- Whom the product names, by region: below each region its registrable domains, each with a bar for the number of objects that name it. How
-- a region is known is told by the shape before the name.
local svg = require "lib.svg"

local ROW, HEAD, SHOWN = 24, 30, 12 -- pixels; domains drawn of one region, the table has them all
-- by: how the region is known
local MARKS = {
  cctld = { class = "mark-solid", d = "M-5 -5H5V5H-5Z" },
  cloud = { class = "mark-solid", d = "M0 -6L6 0L0 6L-6 0Z" },
  address = { class = "mark-solid", d = "M0 -6L6 5H-6Z" },
  none = { class = "mark-open", d = "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0Z" },
}

local function by_of(domain)
  local by = domain.hosts[1] and domain.hosts[1].by or "none"
  return MARKS[by] and by or "none"
end

local function more_objects(a, b)
  if a.objects ~= b.objects then
    return a.objects > b.objects
  end
  return a.name < b.name
end

-- Regions with their domains; those of no known region come last, under "".
local function grouped(endpoints)
  local groups, known = {}, {}
  for _, domain in ipairs(endpoints.domains) do
    local regions = #domain.regions > 0 and domain.regions or { "" }
    for _, region in ipairs(regions) do
      local group = known[region]
      if not group then
        group = { region = region, domains = {} }
        known[region] = group
        groups[#groups + 1] = group
      end
      group.domains[#group.domains + 1] = domain
    end
  end
  for _, group in ipairs(groups) do
    table.sort(group.domains, more_objects)
  end
  table.sort(groups, function(a, b)
    if (a.region == "") ~= (b.region == "") then
      return b.region == ""
    end
    if #a.domains ~= #b.domains then
      return #a.domains > #b.domains
    end
    return a.region < b.region
  end)
  return groups
end

local function most_objects(endpoints)
  local most = 1
  for _, domain in ipairs(endpoints.domains) do
    most = math.max(most, domain.objects)
  end
  return most
end

local function domain_row(h, y, words, domain, most)
  local by = by_of(domain)
  local amount = words("svg.endpoints.hosts", { n = #domain.hosts })
  if domain.objects > 0 then
    amount = amount .. " · " .. words("svg.endpoints.objects", { n = domain.objects })
  end
  return h.g { class = "endpoint",
    h.svg { x = 8, y = y + 10, width = 1, height = 1, class = "mark", h.path { class = MARKS[by].class, d = MARKS[by].d } },
    svg.cut_text(h, 22, y + 14, "58%", "label", "start", domain.name),
    svg.text(h, "100%", y + 14, "small", "end", amount),
    h.rect { x = 0, y = y + 19, width = svg.share(domain.objects, most), height = 3, class = "bar" } }
end

---@param id? string  unique on the page, where there are several
return function(h, model, words, id)
  id = id or "endpoints-map"
  local endpoints = model.endpoints
  if #endpoints.domains == 0 then
    return h.p { class = "picture-none", words("svg.endpoints.none") }
  end
  local p = { id = id, class = "picture-endpoints", height = 0, title = words("svg.endpoints.title"), note = words("svg.endpoints.note"),
    heads = { words("svg.endpoints.domain"), words("svg.endpoints.region"), words("svg.endpoints.by"),
      words("svg.endpoints.objects_head") },
    rows = {} }
  local groups, most = grouped(endpoints), most_objects(endpoints)
  for _, group in ipairs(groups) do
    local name = group.region == "" and words("svg.endpoints.unknown") or group.region
    local y = p.height
    p[#p + 1] = h.g { class = "region", svg.text(h, 0, y + 18, "label strong", "start", name),
      svg.text(h, "100%", y + 18, "label", "end", words("svg.endpoints.domains", { n = #group.domains })),
      h.line { x1 = 0, x2 = "100%", y1 = y + 25, y2 = y + 25, class = "rail" } }
    y = y + HEAD
    for i, domain in ipairs(group.domains) do
      if i <= SHOWN then
        p[#p + 1] = domain_row(h, y, words, domain, most)
        y = y + ROW
      end
      p.rows[#p.rows + 1] = { domain.name, name, words("svg.endpoints.by_" .. by_of(domain)), tostring(domain.objects) }
    end
    if #group.domains > SHOWN then
      p[#p + 1] = svg.text(h, 22, y + 14, "small", "start", words("svg.endpoints.more", { n = #group.domains - SHOWN }))
      y = y + ROW
    end
    p.height = y + 8
  end
  p.desc = words("svg.endpoints.desc", { domains = #endpoints.domains, regions = #groups })
  return svg.figure(h, p, words)
end
