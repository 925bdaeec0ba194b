-- What the pictures share. A picture is a figure: an SVG with a title and a description for those who do not see it, a line on how to read
-- it, and the same as a table. Places along the width are percentages, heights and letters are pixels: so a picture fills any width and its
-- text keeps its size, without a script and without a style attribute. Every mark differs by shape, pattern or word, never by colour alone.
local svg = {}

--- Of whole numbers: n of `of` as a percentage with two decimals, "12.50%", kept inside of 0..100. No floats: the same bytes everywhere.
---@param n integer
---@param of integer
---@return string
function svg.share(n, of)
  if of <= 0 then return "0%" end
  local hundredths = math.max(0, math.min(10000, n * 10000 // of))
  return string.format("%d.%02d%%", hundredths // 100, hundredths % 100)
end

--- "start", "middle" or "end": how a label at n of `of` is anchored so that it stays inside of the picture.
---@param n integer
---@param of integer
---@return string
function svg.anchor(n, of)
  if n * 5 < of then return "start" end
  return n * 5 > of * 4 and "end" or "middle"
end

--- Bytes with a unit of the language: "512 B", "1.4 kB", "23.0 MB".
---@param bytes integer
---@param words fun(key: string, values?: table): any
---@return string
function svg.bytes(bytes, words)
  local units, at, unit = { "svg.byte", "svg.kilobyte", "svg.megabyte", "svg.gigabyte", "svg.terabyte" }, 1, 1
  while at < #units and bytes // unit >= 1000 do
    at, unit = at + 1, unit * 1000
  end
  return words(units[at], { size = at == 1 and bytes or { tenths = bytes // (unit // 10) } })
end

--- Tenths as the language writes them: 996 is "99.6".
function svg.tenths(tenths, words)
  return words("number.tenths", { n = { tenths = tenths } })
end

--- A mark of a few pixels at a place given in percent: its path is drawn around 0,0.
function svg.mark(h, x, y, class, d)
  return h.svg { x = x, y = y, width = 1, height = 1, class = "mark", h.path { class = class, d = d } }
end

--- A line of text. `anchor` start, middle or end.
function svg.text(h, x, y, class, anchor, text)
  return h.text { x = x, y = y, class = class, ["text-anchor"] = anchor, text }
end

--- A line of text that is cut off at the end of its room: for names of the product's, which may have any length.
function svg.cut_text(h, x, y, width, class, anchor, text)
  local at = anchor == "start" and 0 or anchor == "end" and "100%" or "50%"
  return h.svg { x = x, y = y - 16, width = width, height = 22, svg.text(h, at, 16, class, anchor, text) }
end

--- Hatches and dots, so that a printout without colours tells as much. Each is a square that repeats;
-- `prefix` keeps names apart on one page.
local strokes = {
  critical = { size = 5, "M0 0L5 5M0 5L5 0" },
  high = { size = 6, "M-1 1L1 -1M0 6L6 0M5 7L7 5" },
  medium = { size = 6, "M2 3h1.8" },
  low = { size = 7, "M0 3.5H7" },
  range = { size = 6, "M-1 5L1 7M0 0L6 6M5 -1L7 1" },
}

---@param prefix string  unique on the page
---@param names string[]  of critical, high, medium, low, range
function svg.patterns(h, prefix, names)
  local defs = {}
  for i, name in ipairs(names) do
    local s = strokes[name]
    defs[i] = h.pattern { id = prefix .. "-" .. name, patternUnits = "userSpaceOnUse", width = s.size,
      height = s.size, h.rect { class = "ground-" .. name, width = s.size, height = s.size },
      h.path { class = "hatch-" .. name, d = s[1] } }
  end
  return h.defs(defs)
end

--- The table that says the same as a picture.
---@param caption string
---@param heads string[]
---@param rows any[][]  the first cell of a row is its head
local function as_table(h, caption, heads, rows)
  local head = {}
  for i, text in ipairs(heads) do head[i] = h.th { scope = "col", text } end
  local body = {}
  for i, row in ipairs(rows) do
    local cells = { h.th { scope = "row", row[1] } }
    for j = 2, #heads do cells[j] = h.td { row[j] } end
    body[i] = h.tr(cells)
  end
  return h.table { h.caption { caption }, h.thead { h.tr(head) }, h.tbody(body) }
end

---@class svg.Picture
---@field id string        unique on the page
---@field class string     of the figure
---@field height integer   pixels
---@field title string
---@field desc string      what the picture shows, in words
---@field note any         how to read it: shown below
---@field heads string[]
---@field rows any[][]
---@field [integer] any    what is drawn

---@param p svg.Picture
function svg.figure(h, p, words)
  local image = { role = "img", width = "100%", height = p.height, ["aria-labelledby"] = p.id .. "-t " .. p.id .. "-d",
    h.title { id = p.id .. "-t", p.title }, h.desc { id = p.id .. "-d", p.desc } }
  for _, node in ipairs(p) do image[#image + 1] = node end
  local figure = { class = "picture " .. p.class, id = p.id, h.svg(image) }
  if p.note then figure[#figure + 1] = h.figcaption { p.note } end
  if p.rows and #p.rows > 0 then
    figure[#figure + 1] = h.details { class = "picture-data", h.summary { words("svg.as_table") }, as_table(h, p.title, p.heads, p.rows) }
  end
  return h.figure(figure)
end

return svg
