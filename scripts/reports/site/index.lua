-- The overview: how many of what decision, and every product's newest assessment. The script adds a search over all of them.
local h = require "lib.html"
local page = require "lib.page"
local rows = require "lib.site_rows"

local DECISIONS = { "accept", "conditional", "reject", "not-rated", "not-assessed" }
local TEXTS = {
  "search", "sort", "filter", "all", "sort.name", "sort.newest", "sort.trust", "sort.confidence", "sort.due", "found", "more",
}

-- What the script writes is in the page's language: its texts come with the page, as attributes.
local function texts(words)
  local out = { id = "search", hidden = true }
  for _, key in ipairs(TEXTS) do
    out["data-" .. key:gsub("%.", "-")] = key == "found" and words("site.found", { n = "#" }) or words("site." .. key)
  end
  for _, decision in ipairs(DECISIONS) do
    out["data-d-" .. decision] = decision == "not-assessed" and words "site.not-assessed" or words("decision." .. decision)
  end
  return out
end

local function counts(document, words)
  local out = {}
  for _, decision in ipairs(DECISIONS) do
    local n = document.counts[decision]
    if n then
      out[#out + 1] = h.li { h.strong(words("cell.integer", { n = n })), page.decision(decision, words) }
    end
  end
  return h.ul { class = "counts", ["aria-label"] = words "site.count", out }
end

---@type probity.Format
return {
  title = "Site: overview of all products",
  extension = "html",
  type = "text/html",
  takes = "site",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local title = words "site.title"
    h.write(out, page.whole({
      lang = words "lang", title = title, heading = title, site = options.site, script = true, nav = rows.nav(options.site, words),
      body = {
        h.p { class = "note", words("site.index.means", {
          assessments = document.assessments, products = document.products, day = h.time { class = "tight", document.as_of },
        }) },
        counts(document, words), h.section(texts(words)),
        h.div {
          id = "pages", #document.rows > 0 and rows.table(document.rows, words, title) or h.p(words "site.empty"),
          rows.pages(document, words),
        },
        rows.json(document.name .. (document.page > 1 and "-" .. document.page or "") .. ".json", words),
      },
    }, words))
  end,
}
