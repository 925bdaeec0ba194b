-- Text of an explanation on a terminal: heads, paragraphs and columns that stay within the width, inert whatever is
-- in them.
local text = require "probity.text"

local BOLD, PLAIN = "\27[1m", "\27[0m"

-- As much of a word as goes into so many columns, and the rest.
local function split(word, columns)
  local at, used = 1, 0
  while at <= #word do
    local bytes, wide = text.unit(word, at)
    if not bytes or bytes == 0 or (used + wide > columns and at > 1) then
      break
    end
    at, used = at + bytes, used + wide
  end
  return word:sub(1, at - 1), word:sub(at)
end

---@param out fun(...)
---@param options {width: integer, color: boolean}
return function(out, options)
  local page, width = {}, options.width

  -- A paragraph: its first line begins with lead, the others under what follows it.
  function page.say(indent, said, lead)
    local margin = (" "):rep(indent)
    local left = width - indent - (lead and text.width(lead) or 0)
    local line, used = {}, 0
    local first = margin .. (lead or "")
    local below = margin .. (" "):rep(lead and text.width(lead) or 0)
    local function flush()
      out(first, table.concat(line, " "), "\n")
      first, line, used = below, {}, 0
    end
    for word in text.safe(said):gmatch("[^ \n\t]+") do
      while text.width(word) > left do
        if used > 0 then
          flush()
        end
        line[1], word = split(word, left)
        flush()
      end
      local wide = text.width(word)
      if used > 0 and used + 1 + wide > left then
        flush()
      end
      if wide > 0 then
        line[#line + 1] = word
        used = used + (used > 0 and 1 or 0) + wide
      end
    end
    if used > 0 then
      flush()
    end
  end

  function page.head(said)
    out("\n", options.color and BOLD or "", said, options.color and PLAIN or "", "\n")
  end

  function page.gap()
    out("\n")
  end

  -- Columns of such widths; a negative one is set to the right.
  function page.row(indent, widths, cells)
    local parts = { (" "):rep(indent) }
    for i, cell in ipairs(cells) do
      local shown = text.safe(cell)
      local room = widths[i] or 0
      local pad = (" "):rep(math.max(0, (room < 0 and -room or room) - text.width(shown)))
      parts[#parts + 1] = room < 0 and pad .. shown or shown .. (i < #cells and pad or "")
      parts[#parts + 1] = i < #cells and "  " or ""
    end
    out(table.concat(parts), "\n")
  end

  return page
end
