-- The product by bytes: a rectangle for each folder or container of the report's composition, hatched by the worst finding in it.
local arith = require "lib.arith"
local squarify = require "lib.squarify"
local svg = require "lib.svg"

local WIDTH, HEIGHT = 1000, 460 -- of the plane that is divided; the height is pixels, the width fills what there is
local LABEL_W, LABEL_H = 90, 34 -- smaller rectangles have no room for words

local function segments(path)
  local out = {}
  for _, part in ipairs(path) do
    for name in part:gmatch("[^/]+") do
      out[#out + 1] = name
    end
  end
  return out
end

-- The row that a place lies in: the deepest whose path begins that of the place. Rows may or may not begin with the product itself.
local function row_of(known, place)
  for first = 1, math.min(2, #place) do
    local at, found
    for i = first, #place do
      at = at and at .. "\0" .. place[i] or place[i]
      found = known[at] or found
    end
    if found then
      return found
    end
  end
  return known[""]
end

-- Rows that hold bytes, the largest first, with the worst severity and the number of findings whose evidence lies in them.
local function read(model)
  local rows, known = {}, {}
  for i, row in ipairs(model.composition.rows) do
    if row.bytes > 0 then
      local r = { at = i, row = row, rank = 0, n = 0 }
      rows[#rows + 1] = r
      known[table.concat(segments(row.path), "\0")] = r
    end
  end
  for _, f in ipairs(model.findings) do
    local seen = {}
    for _, evidence in ipairs(f.row.evidence) do
      local r = row_of(known, segments(evidence.path))
      if r and not seen[r] then
        seen[r] = true
        r.n = r.n + 1
        if (arith.RANK[f.row.severity] or 0) > r.rank then
          r.rank, r.worst = arith.RANK[f.row.severity], f.row.severity
        end
      end
    end
  end
  table.sort(rows, function(a, b)
    if a.row.bytes ~= b.row.bytes then
      return a.row.bytes > b.row.bytes
    end
    return a.at < b.at
  end)
  return rows
end

local function percent(n, of)
  return svg.share(math.floor(n * 100 + 0.5), of * 100)
end

local function cell(h, id, words, r, box)
  local hatched = r.worst and r.worst ~= "info"
  local x, y = percent(box.x, WIDTH), math.floor(box.y + 0.5)
  local w, high = percent(box.w, WIDTH), math.max(1, math.floor(box.y + box.h + 0.5) - y)
  local said = r.worst and words("severity." .. r.worst) or words("svg.treemap.nothing")
  local names = r.row.path
  local node = { class = "cell", h.title { table.concat(names, " > ") .. ": " .. svg.bytes(r.row.bytes, words) .. ", " .. said },
    h.rect { x = x, y = y, width = w, height = high, class = "cell-" .. (r.worst or "none"),
      fill = hatched and "url(#" .. id .. "-" .. r.worst .. ")" } }
  if box.w >= LABEL_W and box.h >= LABEL_H then
    local last = segments({ names[#names] or "" })
    local size = svg.bytes(r.row.bytes, words) .. (hatched and " · " .. said or "")
    node[#node + 1] = h.svg { x = x, y = y, width = w, height = high,
      svg.text(h, 6, 17, "label halo strong", "start", last[1] and
        table.concat(last, "/", math.max(1, #last - 1)) or words("svg.treemap.product")),
      svg.text(h, 6, 31, "small halo", "start", size) }
  end
  return h.g(node)
end

---@param id? string  unique on the page, where there are several
return function(h, model, words, id)
  id = id or "treemap"
  local rows = model.composition and read(model) or {}
  if #rows == 0 then
    return h.p { class = "picture-none", words("svg.treemap.none") }
  end
  local sizes = {}
  for i, r in ipairs(rows) do
    sizes[i] = r.row.bytes
  end
  local p = { id = id, class = "picture-treemap", height = HEIGHT, title = words("svg.treemap.title"),
    note = words(model.composition.cut and "svg.treemap.note_cut" or "svg.treemap.note"),
    heads = { words("svg.treemap.part"), words("svg.treemap.bytes"), words("svg.treemap.worst"), words("svg.treemap.findings") },
    rows = {}, svg.patterns(h, id, { "critical", "high", "medium", "low" }) }
  local bad = 0
  for i, box in ipairs(squarify(sizes, WIDTH, HEIGHT)) do
    local r = rows[i]
    p[#p + 1] = cell(h, id, words, r, box)
    bad = bad + (r.rank > arith.RANK.info and 1 or 0)
    p.rows[i] = { #r.row.path > 0 and table.concat(r.row.path, " > ") or words("svg.treemap.product"),
      svg.bytes(r.row.bytes, words), words(r.worst and "severity." .. r.worst or "svg.treemap.nothing"), tostring(r.n) }
  end
  p.desc = words("svg.treemap.desc", { parts = #rows, bad = bad })
  return svg.figure(h, p, words)
end
