-- Products side by side on a terminal: as many columns as the width holds, the rest in further blocks.
local text = require "probity.text"
local view_of = require "lib.compare_view"

local CELL, LABEL = 20, 26 -- columns, at least

local function padded(s, width)
  s = text.shorten(s, width)
  return s .. (" "):rep(width - text.width(s))
end

-- Words over as many lines as it takes; what is longer than a line is shortened.
local function wrapped(s, width)
  local lines, line = {}, ""
  for word in s:gmatch("%S+") do
    local joined = line == "" and word or line .. " " .. word
    if text.width(joined) > width and line ~= "" then
      lines[#lines + 1] = line
      joined = word
    end
    line = joined
  end
  lines[#lines + 1] = line
  return lines
end

local function write_row(out, label, cells, layout, mark)
  local columns, height = { wrapped(label, layout.label - 2) }, 1
  for _, cell in ipairs(cells) do
    columns[#columns + 1] = wrapped(cell, layout.cell - 2)
  end
  for _, lines in ipairs(columns) do
    height = math.max(height, #lines)
  end
  for at = 1, height do
    local line = { at == 1 and mark or "  " }
    for i, lines in ipairs(columns) do
      line[#line + 1] = padded(lines[at] or "", (i == 1 and layout.label or layout.cell) - 2)
      line[#line + 1] = "  "
    end
    local whole = table.concat(line):gsub("%s+$", "")
    out(whole, "\n")
  end
end

local function write_section(out, section, from, to, layout, options, words, title)
  local rows, equal = {}, 0
  for _, row in ipairs(section.rows) do
    if row.always or row.differs or options.verbose then
      rows[#rows + 1] = row
    else
      equal = equal + 1
    end
  end
  if #rows == 0 and not options.verbose then
    return
  end
  out("\n")
  title(section.title)
  for _, row in ipairs(rows) do
    local cells = {}
    for i = from, to do
      cells[#cells + 1] = text.safe(row.cells[i])
    end
    write_row(out, text.safe(row.label), cells, layout, row.differs and "* " or "  ")
  end
  if section.more and section.more > 0 then
    out("  ", words("count.more", { n = section.more }), "\n")
  end
  if equal > 0 then
    out("  ", words("compare.equal", { n = equal }), "\n")
  end
end

---@type probity.Format
return {
  title = "Terminal: products side by side, what differs",
  extension = "txt",
  type = "text/plain",
  takes = "compare",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local view = view_of(document, words)
    local width = options.width and options.width > 0 and options.width or 80
    local fits = math.max(1, (width - LABEL) // CELL)
    local blocks = (#view.titles + fits - 1) // fits
    local each = (#view.titles + blocks - 1) // blocks
    local layout = { cell = math.max(CELL, (width - LABEL) // each) }
    layout.label = width - layout.cell * each
    local function title(s)
      out(options.color and "\27[1m" or "", s, options.color and "\27[0m" or "", "\n")
    end
    if document.forced then
      out(words "compare.forced", "\n")
      for _, warning in ipairs(view.warnings) do
        out("! ", warning, "\n")
      end
    end
    for _, remark in ipairs(view.remarks) do
      out(words("compare.remark", { what = remark }), "\n")
    end
    for from = 1, #view.titles, each do
      local to, names = math.min(from + each - 1, #view.titles), {}
      for i = from, to do
        names[#names + 1] = text.safe(view.titles[i])
      end
      out("\n")
      write_row(out, "", names, layout, "  ")
      for _, section in ipairs(view.sections) do
        if not section.list or #section.rows > 1 or options.verbose then
          write_section(out, section, from, to, layout, options, words, title)
        end
      end
    end
    out("\n")
    for _, line in ipairs(wrapped(words "compare.legend", width)) do
      out(line, "\n")
    end
  end,
}
