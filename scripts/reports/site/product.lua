-- One product over its versions: trend, every assessment, what changed from one to the next.
local h = require "lib.html"
local page = require "lib.page"
local rows = require "lib.site_rows"
local trend = require "lib.svg_trend"

local MOST = 60 -- points of a trend: the newest ones

local function points(document)
  local list, out = document.assessments, {}
  for i = math.max(1, #list - MOST + 1), #list do
    local row = list[i]
    if row.page and row.trust_tenths and row.floor_tenths and row.confidence_permille then
      out[#out + 1] = {
        label = row.version and row.version ~= "" and row.version or row.as_of or "", trust = row.trust_tenths, floor = row.floor_tenths,
        confidence = row.confidence_permille, decision = row.decision, rated = row.decision ~= "not-rated",
      }
    end
  end
  return out
end

local function history(document, words)
  local list = {}
  for i = #document.assessments, 1, -1 do
    list[#list + 1] = document.assessments[i]
  end
  return page.scroll(words "site.history", h.table {
    h.thead(h.tr {
      h.th { scope = "col", words "site.version" }, h.th { scope = "col", words "compare.decision" },
      h.th { scope = "col", words "compare.trust" },
      h.th { scope = "col", words "compare.confidence" }, h.th { scope = "col", words "compare.policy" },
      h.th { scope = "col", words "compare.as_of" }, h.th { scope = "col", words "compare.valid_until" },
    }),
    h.tbody(h.each(list, function(row)
      return h.tr {
        h.th { scope = "row", row.version or "", " ", rows.assessment(row, "../", words) }, h.td(page.decision(row.decision, words)),
        h.td { class = "number", rows.trust(row, words) }, h.td { class = "number", rows.confidence(row, words) },
        h.td(row.policy or ""), h.td { class = "tight", row.as_of or "" }, h.td { class = "tight", row.valid_until or "" },
      }
    end)),
  })
end

local function changes(document, words)
  local by_id, items = {}, {}
  for _, row in ipairs(document.assessments) do
    local version = row.version and row.version ~= "" and row.version or "?"
    by_id[row.id] = words("site.assessment", { n = row.id }) .. " (" .. version .. ")"
  end
  for i = #document.changes, 1, -1 do
    local change = document.changes[i]
    local between = { old = by_id[change.old], new = by_id[change.new] }
    items[#items + 1] = h.li {
      change.fair and h.file_link("../c/" .. change.old .. "-" .. change.new .. ".html", words("site.changes.page", between))
        or words("site.changes.unfair", between),
    }
  end
  return #items > 0 and h.section { h.h2(words "site.changes"), h.ul(items) } or false
end

---@type probity.Format
return {
  title = "Site: one product over its versions",
  extension = "html",
  type = "text/html",
  takes = "site",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local name = rows.name(document.product)
    local list = points(document)
    h.write(out, page.whole({
      lang = words "lang", title = name, heading = name, site = options.site, nav = rows.nav(options.site, words),
      body = {
        h.p { page.decision(document.product.decision, words), " ", h.span { class = "note", document.product.kind or "" } },
        #list > 0 and h.section { h.h2(words "site.trend"), h.div { class = "card", trend(h, list, words) } } or false,
        h.section { h.h2(words "site.history"), history(document, words) }, changes(document, words),
        rows.json(document.product.product .. ".json", words),
      },
    }, words))
  end,
}
