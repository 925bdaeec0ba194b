-- Products side by side as a page: rows in which they differ are marked, equal ones folded away.
local h = require "lib.html"
local page = require "lib.page"
local view_of = require "lib.compare_view"

local function cell(row, i, doc, words)
  if row.key == "decision" then
    return h.td(page.decision(doc.products[i].decision, words))
  end
  return h.td { class = row.key == "sha256" and "digest" or false, row.cells[i] }
end

local function table_of(section, rows, view, doc, words)
  return page.scroll(section.title, h.table {
    h.caption { class = "hidden", section.title },
    h.thead(h.tr {
      h.th { scope = "col", words "compare.row" },
      h.each(view.titles, function(title) return h.th { scope = "col", title } end),
    }),
    h.tbody(h.each(rows, function(row)
      return h.tr {
        class = row.differs and "differs" or "equal",
        h.th {
          scope = "row", lang = row.english and "en" or false,
          row.differs and { h.span { class = "dot", role = "img", ["aria-label"] = words "compare.differs", "●" }, " " } or false,
          row.label,
        },
        h.each(row.cells, function(_, i) return cell(row, i, doc, words) end),
      }
    end)),
  })
end

local function section_of(section, view, doc, words)
  local shown, equal = {}, {}
  for _, row in ipairs(section.rows) do
    local list = (row.always or row.differs) and shown or equal
    list[#list + 1] = row
  end
  if section.list and #section.rows == 1 then
    return false
  end
  return h.section {
    h.h2(section.title),
    #shown > 0 and table_of(section, shown, view, doc, words) or false,
    section.more and section.more > 0 and h.p { class = "note", words("count.more", { n = section.more }) } or false,
    #equal > 0 and h.details { h.summary(words("compare.equal", { n = #equal })), table_of(section, equal, view, doc, words) } or false,
  }
end

---@type probity.Format
return {
  title = "HTML page: products side by side, what differs marked",
  extension = "html",
  type = "text/html",
  takes = "compare",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local view = view_of(document, words)
    local warnings, remarks = {}, {}
    for i, warning in ipairs(view.warnings) do
      warnings[i] = h.li(warning)
    end
    for i, remark in ipairs(view.remarks) do
      remarks[i] = h.li(remark)
    end
    h.write(out, page.whole({
      lang = words "lang", title = table.concat(view.titles, " - "), heading = words "compare.title", site = options.site,
      nav = options.site and h.file_link(options.site .. "index.html", words "site.title") or nil,
      body = {
        #warnings > 0 and h.div { class = "warning", role = "note", h.p(h.strong(words "compare.forced")), h.ul(warnings) }
          or h.p { class = "note", words "compare.fair" },
        #remarks > 0 and h.ul { class = "note", remarks } or false,
        h.p { class = "note", words "compare.reading" },
        h.each(view.sections, function(section) return section_of(section, view, document, words) end),
      },
    }, words))
  end,
}
