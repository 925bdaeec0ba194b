-- Small things that several sections of the page say.
local arith = require "lib.arith"
local h = require "lib.html"

local parts = {}

-- A shape and a word for each, so that nothing is told by colour alone.
local SEVERITY_SHAPES = { critical = "◆", high = "▲", medium = "■", low = "●", info = "○" }
local STATUS_SHAPES = { pass = "✓", fail = "▲", unknown = "?", ["n/a"] = "–", info = "○" }

--- Text that stands in the report: it is English, whatever the page's language.
function parts.said(words, said)
  if words("lang") == "en" then
    return said
  end
  return h.span { lang = "en", said }
end

--- Text of the report that may have a translation under a key.
function parts.titled(words, key, said)
  local text = words("text", { text = { key = key, said = said } })
  return text == said and parts.said(words, said) or text
end

function parts.claim(words, claim)
  return words("claim." .. claim, false) or h.code(claim)
end

--- A reason of the model as a sentence.
function parts.reason(words, reason)
  return words(reason.key, reason.values)
end

function parts.severity(words, severity)
  return h.span { class = "sev sev-" .. (arith.RANK[severity] and severity or "info"),
    h.span { class = "shape", ["aria-hidden"] = "true", SEVERITY_SHAPES[severity] or "○" }, " ",
    words("severity." .. severity, false) or severity }
end

function parts.status(words, status)
  local class = status == "n/a" and "na" or status
  return h.span { class = "status status-" .. class,
    h.span { class = "shape", ["aria-hidden"] = "true", STATUS_SHAPES[status] or "–" }, " ",
    words("status." .. status, false) or status }
end

--- "2 high, 11 info" of counts by severity; nil where there is none.
function parts.tally(words, counts)
  local list = {}
  for _, severity in ipairs(arith.SEVERITIES) do
    if (counts[severity] or 0) > 0 then
      if #list > 0 then
        list[#list + 1] = " "
      end
      list[#list + 1] = h.span { class = "tally", words("text.count", { n = counts[severity] }), " ",
        parts.severity(words, severity) }
    end
  end
  return #list > 0 and list or nil
end

function parts.certainty(words, kappa)
  if kappa >= 800 then
    return words("certainty.certain")
  elseif kappa >= 600 then
    return words("certainty.likely")
  end
  return words(kappa > arith.WAIVED_KAPPA and "certainty.possible" or "certainty.context")
end

function parts.tenths(words, tenths)
  return words("number.tenths", { n = { tenths = tenths } })
end

function parts.percent(words, permille)
  return words("number.percent", { n = { tenths = permille } })
end

function parts.milli(words, milli)
  return words("number.tenths", { n = { milli = milli } })
end

--- "+13.5", "−2.0": a change in tenths.
function parts.change(words, tenths)
  local sign = tenths > 0 and "+" or tenths < 0 and "−" or "±"
  return sign .. parts.tenths(words, math.abs(tenths))
end

local UNITS = { "unit.KiB", "unit.MiB", "unit.GiB", "unit.TiB" }

function parts.size(words, bytes)
  if bytes < 1024 then
    return words("unit.byte", { n = bytes })
  end
  local unit, at = 1024, 1
  while at < #UNITS and bytes // unit >= 1024 do
    unit, at = unit * 1024, at + 1
  end
  return words(UNITS[at], { n = { tenths = bytes // unit * 10 + bytes % unit * 10 // unit } })
end

--- From the product to the object, one element behind the other.
function parts.path(words, path)
  if #path == 0 then
    return words("path.product")
  end
  local out = { class = "path" }
  for i, name in ipairs(path) do
    if i > 1 then
      out[#out + 1] = h.span { class = "into", " › " }
    end
    out[#out + 1] = h.span(name)
  end
  return h.span(out)
end

function parts.digest(words, digest)
  if digest == "" then
    return words("none")
  end
  return h.code { class = "digest", digest }
end

--- One section of the page. `intro` says what it is for, in one or two sentences.
function parts.section(id, title, intro, body)
  return { h.section { id = id, class = "block", ["aria-labelledby"] = id .. "-title",
    h.h2 { id = id .. "-title", title }, intro and h.p { class = "intro", intro }, body }, "\n" }
end

--- A table: heads are texts, rows lists of cells (the first is the row's head), a cell may be { class = , ... }. On
--- narrow screens each cell carries its head.
function parts.table(caption, heads, rows, class)
  local head, body = {}, {}
  for i, text in ipairs(heads) do
    head[i] = h.th { scope = "col", text }
  end
  for r, row in ipairs(rows) do
    local cells = {}
    for i, cell in ipairs(row) do
      cells[i] = i == 1 and h.th { scope = "row", cell } or h.td { ["data-label"] = heads[i], cell }
    end
    body[r] = h.tr(cells)
  end
  return h.table { class = class or "rows", h.caption { caption }, h.thead { h.tr(head) }, h.tbody(body) }
end

--- Pairs of a word and what it is: list of { term, description }.
function parts.facts(list)
  local out = { class = "facts" }
  for _, pair in ipairs(list) do
    if pair[2] then
      out[#out + 1] = h.div { h.dt { pair[1] }, h.dd { pair[2] } }
    end
  end
  return h.dl(out)
end

return parts
