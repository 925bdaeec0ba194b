-- Trust over versions or days: its line in a band that reaches down to the floor, confidence as a dashed line, and the decision as the
-- shape of each point. Rows in the order in which they are to stand:
--   { label = "1.10-47" or "2026-11-22", trust = tenths, floor = tenths, confidence = permille, decision = "accept", rated = true }
local svg = require "lib.svg"

local HEIGHT, LABELS = 200, 8 -- pixels; labels along the bottom, at most
local SHAPES = {
  accept = { class = "mark-solid", d = "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z" },
  conditional = { class = "mark-solid", d = "M0 -7L7 5H-7Z" },
  reject = { class = "mark-cross", d = "M-5 -5L5 5M-5 5L5 -5" },
  ["not-rated"] = { class = "mark-open", d = "M-4.5 0A4.5 4.5 0 1 0 4.5 0A4.5 4.5 0 1 0 -4.5 0Z" },
}

-- Along the width: points stand at equal distances, half a step from both ends.
local function across(i, n)
  return 2 * i - 1, 2 * n
end

local function down(tenths)
  return HEIGHT - math.max(0, math.min(1000, tenths)) * HEIGHT // 1000
end

local function lines(h, rows, class, value)
  local out = {}
  for i = 2, #rows do
    out[#out + 1] = h.line { class = class, x1 = svg.share(across(i - 1, #rows)), x2 = svg.share(across(i, #rows)),
      y1 = down(value(rows[i - 1])), y2 = down(value(rows[i])) }
  end
  return out
end

-- The band: stretched with the picture, so its corners are in a plane of its own.
local function band(h, rows)
  local upper, lower = {}, {}
  for i, row in ipairs(rows) do
    local x = across(i, #rows) * 1000 // (2 * #rows)
    upper[#upper + 1] = x .. "," .. down(row.trust)
    table.insert(lower, 1, x .. "," .. down(row.floor))
  end
  return h.svg { x = 0, y = 0, width = "100%", height = HEIGHT, viewBox = "0 0 1000 " .. HEIGHT, preserveAspectRatio = "none",
    h.polygon { class = "band", points = table.concat(upper, " ") .. " " .. table.concat(lower, " ") } }
end

local function points(h, rows, words)
  local out, every = {}, math.max(1, (#rows + LABELS - 1) // LABELS)
  for i, row in ipairs(rows) do
    local x = svg.share(across(i, #rows))
    local shape = SHAPES[row.decision] or SHAPES["not-rated"]
    out[#out + 1] = h.line { class = "range", x1 = x, x2 = x, y1 = down(row.trust), y2 = down(row.floor) }
    out[#out + 1] = svg.mark(h, x, down(row.trust), shape.class, shape.d)
    if (#rows - i) % every == 0 then
      local room = math.min(#rows, LABELS)
      local from = svg.share(math.max(0, (2 * i - 1) * room - #rows), 2 * #rows * room)
      out[#out + 1] = svg.cut_text(h, from, HEIGHT + 20, svg.share(1, room), "small",
        #row.label * room > 96 and "start" or "middle", row.label)
      out[#out + 1] = svg.text(h, x, math.max(down(row.trust) - 11, -2), "small halo strong", "middle",
        row.rated and words("svg.whole", { whole = row.trust // 10 }) or "?")
    end
  end
  return out
end

---@param rows table[]
---@param id? string  unique on the page, where there are several
return function(h, rows, words, id)
  id = id or "trend"
  if #rows == 0 then
    return h.p { class = "picture-none", words("svg.trend.none") }
  end
  local grid = {}
  for n = 0, 100, 25 do
    local y = down(n * 10)
    grid[#grid + 1] = h.line { class = "rail", x1 = 0, x2 = "100%", y1 = y, y2 = y }
    grid[#grid + 1] = svg.text(h, -6, y + 4, "small", "end", tostring(n))
  end
  local p = { id = id, class = "picture-trend", height = HEIGHT + 42, title = words("svg.trend.title"), note = words("svg.trend.note"),
    heads = { words("svg.trend.when"), words("trust"), words("floor"), words("confidence"), words("svg.decision") }, rows = {} }
  p[1] = h.svg { x = 0, y = 14, width = "100%", class = "mark", grid, band(h, rows),
    lines(h, rows, "line-confidence", function(row) return row.confidence end),
    lines(h, rows, "line-trust", function(row) return row.trust end), points(h, rows, words) }
  for i, row in ipairs(rows) do
    p.rows[i] = { row.label, row.rated and svg.tenths(row.trust, words) or words("decision.not-rated"), svg.tenths(row.floor, words),
      words("number.percent", { n = { tenths = row.confidence } }), words("decision." .. row.decision) }
  end
  local last = rows[#rows]
  p.desc = words("svg.trend.desc", { rows = #rows, label = last.label, decision = words("decision." .. last.decision) })
  return svg.figure(h, p, words)
end
