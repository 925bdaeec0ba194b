-- The way from 100 down to trust: a row for each claim that takes something away, its bar from where trust stood to where it fell, then
-- the cap where one holds. Rows beyond the weightiest are drawn as one; the table below the picture has them all.
local svg = require "lib.svg"

local ROW, SHOWN = 36, 14

-- Steps as they are drawn: the weightiest, and the rest of the claims as one step.
local function drawn(steps)
  local cap = #steps > 0 and steps[#steps].kind == "cap" and steps[#steps] or nil
  local claims = #steps - (cap and 1 or 0)
  if claims <= SHOWN then
    return steps
  end
  local rows = {}
  for i = 1, SHOWN - 1 do
    rows[i] = steps[i]
  end
  local from, to = steps[SHOWN].from, steps[claims].to
  rows[SHOWN] = { kind = "rest", n = claims - SHOWN + 1, from = from, to = to, tenths = from - to }
  rows[SHOWN + 1] = cap
  return rows
end

local function name_of(step, words)
  if step.kind == "claim" then
    return words("svg.waterfall.claim", { claim = words("claim." .. step.claim, false) or step.claim,
      pillar = words("pillar." .. step.pillar) })
  elseif step.kind == "cap" then
    return words("svg.waterfall.cap", { cap = step.cap })
  end
  return words("svg.waterfall.rest", { n = step.n })
end

local function row(h, y, class, name, value, from, to, fill)
  return h.g { class = "step",
    svg.cut_text(h, 0, y + 14, "78%", "label", "start", name), svg.text(h, "100%", y + 14, "label number", "end", value),
    h.line { x1 = 0, x2 = "100%", y1 = y + 25, y2 = y + 25, class = "rail" },
    h.rect { x = svg.share(to, 1000), y = y + 19, height = 12, class = class, fill = fill,
      width = svg.share(math.max(from - to, 3), 1000) } }
end

---@param id? string  unique on the page, where there are several
return function(h, model, words, id)
  id = id or "waterfall"
  local trust = model.trust.tenths
  local p = { id = id, class = "picture-waterfall", title = words("svg.waterfall.title"), note = words("svg.waterfall.note"),
    heads = { words("svg.waterfall.step"), words("svg.waterfall.takes"), words("svg.waterfall.left") }, rows = {},
    svg.patterns(h, id, { "high", "range" }) }
  p[#p + 1] = row(h, 0, "bar", words("svg.waterfall.start"), svg.tenths(1000, words), 1000, 0)
  local y = ROW
  for _, step in ipairs(drawn(model.waterfall)) do
    local minus = words("svg.minus", { tenths = { tenths = step.tenths } })
    local x = svg.share(step.from, 1000)
    p[#p + 1] = h.line { x1 = x, x2 = x, y1 = y - 5, y2 = y + 19, class = "thread" }
    p[#p + 1] = row(h, y, "fall", name_of(step, words), minus, step.from, step.to,
      "url(#" .. id .. (step.kind == "cap" and "-range)" or "-high)"))
    y = y + ROW
  end
  local x = svg.share(trust, 1000)
  p[#p + 1] = h.line { x1 = x, x2 = x, y1 = y - 5, y2 = y + 19, class = "thread" }
  p[#p + 1] = row(h, y, "bar", words("svg.waterfall.end"), svg.tenths(trust, words), trust, 0)
  p.height = y + ROW
  for i, step in ipairs(model.waterfall) do
    p.rows[i] = { name_of(step, words), words("svg.minus", { tenths = { tenths = step.tenths } }), svg.tenths(step.to, words) }
  end
  p.desc = words("svg.waterfall.desc", { n = #model.waterfall, trust = { tenths = trust } })
  return svg.figure(h, p, words)
end
