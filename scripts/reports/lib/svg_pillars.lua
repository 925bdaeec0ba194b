-- The four pillars, each with two bars: trust (thick) and how much was examined (thin). A pillar that may not be rated has an
-- empty, hatched bar and the words in place of a number.
local svg = require "lib.svg"

local ROW = 50 -- pixels

local function row(h, id, words, y, pillar)
  local trust = pillar.rated and words("svg.trust_n", { trust = pillar.trust.whole }) or words("decision.not-rated")
  local examined = words("svg.confidence_n", { confidence = pillar.confidence.whole })
  return h.g { class = "pillar",
    svg.text(h, 0, y + 15, "label strong", "start", words("pillar." .. pillar.name)),
    svg.text(h, "100%", y + 15, "label", "end", trust .. " · " .. examined),
    h.rect { x = 0, y = y + 22, width = "100%", height = 12, class = "track",
      fill = not pillar.rated and "url(#" .. id .. "-low)" },
    pillar.rated and h.rect { x = 0, y = y + 22, width = svg.share(pillar.trust.tenths, 1000), height = 12, class = "bar" },
    h.rect { x = 0, y = y + 37, width = "100%", height = 4, class = "track" },
    h.rect { x = 0, y = y + 37, width = svg.share(pillar.confidence.tenths, 1000), height = 4, class = "bar-confidence" } }
end

---@param id? string  unique on the page, where there are several
return function(h, model, words, id)
  id = id or "pillar-bars"
  local p = { id = id, class = "picture-pillars", height = 0, title = words("svg.pillars.title"), note = words("svg.pillars.note"),
    heads = { words("svg.pillar"), words("trust"), words("confidence") }, rows = {}, svg.patterns(h, id, { "low" }) }
  local said = {}
  for i, pillar in ipairs(model.pillars) do
    local name = words("pillar." .. pillar.name)
    p[#p + 1] = row(h, id, words, p.height, pillar)
    p.height = p.height + ROW
    local trust = pillar.rated and svg.tenths(pillar.trust.tenths, words) or words("decision.not-rated")
    p.rows[i] = { name, trust, words("number.percent", { n = pillar.confidence }) }
    said[i] = name .. ": " .. trust
  end
  p.desc = table.concat(said, "; ")
  return svg.figure(h, p, words)
end
