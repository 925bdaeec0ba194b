-- A comparison as a table: section, id, label, differs, then a column for each product. The first rows say whether it is fair.
local csv = require "lib.csv"
local view_of = require "lib.compare_view"

---@type probity.Format
return {
  title = "CSV: a row for each number, claim, practice and check; a column for each product",
  extension = "csv",
  type = "text/csv",
  takes = "compare",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local view = view_of(document, words)
    local function row(section, id, label, differs, cells)
      local fields = { section, id, label, differs }
      for i in ipairs(view.titles) do
        fields[#fields + 1] = cells[i] or ""
      end
      csv.row(out, 4 + #view.titles, fields)
    end
    row("section", "id", "label", "differs", view.titles)
    row("comparison", "fair", words "compare.fair", document.fair and "false" or "true", {})
    for i, warning in ipairs(view.warnings) do
      row("comparison", "why-" .. i, warning, "true", {})
    end
    for i, remark in ipairs(view.remarks) do
      row("comparison", "remark-" .. i, remark, "true", {})
    end
    for _, section in ipairs(view.sections) do
      for _, r in ipairs(section.rows) do
        row(section.key, r.key, r.label, r.differs and "true" or "false", r.cells)
      end
    end
  end,
}
