--- A page of fixed width for a terminal: words flow, columns align, colours are closed on the line they were opened
--- on. Layout is plain ASCII, the same in every locale. Every function takes text from outside as it is: what could
--- move the cursor or turn a line round is escaped here.
local text = require "probity.text"
local safe, shorten, width, fit = text.safe, text.shorten, text.width, text.fit
local rep, sub = string.rep, string.sub

local terminal = {}
local LINES <const>, LINES_VERBOSE <const>, PATH_LINES <const> = 6, 12, 3
local COLORS = { bold = "\27[1m", dim = "\27[2m", red = "\27[31m", green = "\27[32m", yellow = "\27[33m", cyan = "\27[36m",
  alarm = "\27[1;31m" }

--- out: as a format gets it; columns: no line is ever wider.
function terminal.page(out, columns, color, verbose)
  local page = { width = columns, verbose = verbose, column = 0 }

  --- Inert text that is known to fit.
  local function styled(style, s, n)
    local start = color and s ~= "" and COLORS[style]
    if start then out(start, s, "\27[0m") else out(s) end
    page.column = page.column + n
  end

  local function inert(s, most)
    return shorten(safe(s), most > 0 and most or 0)
  end

  --- Ends the line.
  function page.line()
    out("\n")
    page.column = 0
  end

  --- Spaces up to a column; none where the line is there already.
  function page.to(column)
    local n = (column < columns and column or columns) - page.column
    if n > 0 then
      out(rep(" ", n))
      page.column = page.column + n
    end
  end

  --- On this line; shortened in the middle to what room is left.
  function page.put(style, s)
    local fits = inert(s, columns - page.column)
    styled(style, fits, width(fits))
  end

  local function flow(style, indent, s, lines)
    local line = columns - indent
    local rest = inert(s, line > 0 and line * lines or 0)
    local at = 1
    while at <= #rest do
      local n, wide = fit(rest, at, columns - page.column, line)
      styled(style, sub(rest, at, at + n - 1), wide)
      at = at + n
      if n == 0 and page.column <= indent then break end -- nothing fits even on an empty line
      while rest:byte(at) == 32 do at = at + 1 end
      if at > #rest then break end
      page.line()
      page.to(indent)
    end
  end

  --- Words from here on; the lines that follow begin at column indent. Very long text is shortened in the middle.
  function page.flow(style, indent, s)
    flow(style, indent, s, verbose and LINES_VERBOSE or LINES)
  end

  --- An empty line, then a heading and what follows it on the same line, then the end of the line.
  function page.heading(title, note)
    page.line()
    page.put("bold", title)
    if note and note ~= "" then
      page.to(page.column + 2)
      page.flow("plain", 2, note)
    end
    page.line()
  end

  --- "  - ", to go on with at indent 4.
  function page.bullet()
    page.to(2)
    page.put("plain", "- ")
  end

  --- A bar of so many columns, "[####====....]": of 1000, solid are '#', open more are '=', the rest '.'.
  function page.bar(most, solid, open)
    local room = columns - page.column - 2
    local n = most < room and most or room
    if n < 1 then return end
    local ends, from = { n * solid // 1000, n * (solid + open) // 1000, n }, 0
    styled("plain", "[", 1)
    for i, kind in ipairs { { "#", "green" }, { "=", "yellow" }, { ".", "dim" } } do
      local stop = ends[i] <= n and ends[i] or n
      local marks = stop > from and stop - from or 0
      styled(kind[2], rep(kind[1], marks), marks)
      from = from + marks
    end
    styled("plain", "]", 1)
  end

  --- The elements joined; where some are left out, only the first and the last: "a.deb > ... > usr/bin/x".
  local function chain(path, some)
    local parts, n = {}, #path
    for i = 1, n do
      local name = type(path[i]) == "string" and path[i] or "?"
      if not some or i == 1 or i == n then
        parts[#parts + 1] = name
      elseif i == 2 then
        parts[#parts + 1] = "..."
      end
    end
    return n > 0 and table.concat(parts, " > ") or "(the product as a whole)"
  end

  --- A path chain on this line; too long a one loses its inner elements first, then is shortened in the middle. Where
  --- verbose, over up to three lines.
  function page.path(style, indent, path)
    local s = chain(path, false)
    if width(s) > (columns - page.column) * (verbose and PATH_LINES or 1) then s = chain(path, true) end
    if verbose then flow(style, indent, s, PATH_LINES) else page.put(style, s) end
  end

  return page
end

return terminal
