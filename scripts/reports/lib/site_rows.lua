-- What the pages of the site share: navigation, cells of tables, links from page to page.
local h = require "lib.html"
local page = require "lib.page"

local rows = {}

--- The site's own navigation; up: "" or "../".
function rows.nav(up, words)
  return {
    h.file_link(up .. "index.html", words "site.title"), " ", h.file_link(up .. "due.html", words "site.due"), " ",
    h.file_link(up .. "comparisons.html", words "site.comparisons"),
  }
end

function rows.name(row)
  local name = row.name or ""
  return name ~= "" and name or "?"
end

--- Trust with its floor; a dash where there is no number.
function rows.trust(row, words)
  if not row.trust_tenths or not row.floor_tenths or row.decision == "not-rated" then
    return words "cell.none"
  end
  return words("compare.range", { trust = { tenths = row.trust_tenths }, floor = { tenths = row.floor_tenths } })
end

function rows.confidence(row, words)
  return row.confidence_permille and words("cell.percent", { n = { tenths = row.confidence_permille } }) or words "cell.none"
end

--- "3 days left".
function rows.due(row, words)
  if not row.days then
    return words "cell.none"
  end
  local late = row.days < 0
  return words(late and "site.due.overdue" or "site.due.left", { n = late and -row.days or row.days })
end

--- The assessment's page, where it has one.
function rows.assessment(row, up, words)
  local name = words("site.assessment", { n = row.id })
  if row.page then
    return h.file_link(up .. "a/" .. row.id .. ".html", name)
  end
  local why = row.why or row.reason
  return { name, why and why ~= "" and h.small { " ", words("site.nopage", { why = why }) } or false }
end

local HEADS = { "site.product", "site.version", "site.kind", "compare.decision", "compare.trust", "compare.confidence", "compare.policy",
  "compare.as_of", "site.due.column" }

--- One table of products: the newest assessment of each.
function rows.table(list, words, label)
  return page.scroll(label, h.table {
    h.caption { class = "hidden", label },
    h.thead(h.tr(h.each(HEADS, function(key) return h.th { scope = "col", words(key) } end))),
    h.tbody { id = "rows", h.each(list, function(row)
      return h.tr {
        h.th { scope = "row", h.file_link("p/" .. row.product .. ".html", rows.name(row)) },
        h.td(row.version or ""), h.td(row.kind or ""),
        h.td {
          row.page and h.file_link("a/" .. row.id .. ".html", page.decision(row.decision, words))
            or page.decision(row.decision, words),
        },
        h.td { class = "number", rows.trust(row, words) }, h.td { class = "number", rows.confidence(row, words) },
        h.td(row.policy or ""), h.td { class = "tight", row.as_of or "" },
        h.td { class = "tight", row.valid_until or "", row.days and { h.br {}, h.small(rows.due(row, words)) } or false },
      }
    end) },
  })
end

--- Links to the other pages of a long table.
function rows.pages(document, words)
  if document.pages < 2 then
    return false
  end
  local links = {}
  for n = 1, document.pages do
    local file = document.name .. (n > 1 and "-" .. n or "") .. ".html"
    local label = h.span { class = "hidden", words("site.page", { n = n }) }
    local shown = h.span { ["aria-hidden"] = "true", n }
    links[n] = h.li { n == document.page and h.strong { ["aria-current"] = "page", label, shown } or h.file_link(file, { label, shown }) }
  end
  return h.nav { ["aria-label"] = words "site.pages", h.ul { class = "pages", links } }
end

function rows.json(file, words)
  return h.p { class = "note", h.file_link(file, words "site.json") }
end

return rows
