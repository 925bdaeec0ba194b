-- What falls due, the soonest first.
local h = require "lib.html"
local page = require "lib.page"
local rows = require "lib.site_rows"

---@type probity.Format
return {
  title = "Site: assessments that fall due",
  extension = "html",
  type = "text/html",
  takes = "site",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local title = words "site.due"
    h.write(out, page.whole({
      lang = words "lang", title = title, heading = title, site = options.site, nav = rows.nav(options.site, words),
      body = {
        h.p { class = "note", words("site.due.means", { day = h.time { class = "tight", document.as_of } }) },
        #document.rows > 0 and rows.table(document.rows, words, title) or h.p(words "site.due.none"), rows.pages(document, words),
        rows.json(document.name .. (document.page > 1 and "-" .. document.page or "") .. ".json", words),
      },
    }, words))
  end,
}
