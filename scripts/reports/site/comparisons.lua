-- Products that may be compared, group by group.
local h = require "lib.html"
local page = require "lib.page"
local rows = require "lib.site_rows"

---@type probity.Format
return {
  title = "Site: what may be compared",
  extension = "html",
  type = "text/html",
  takes = "site",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local title = words "site.comparisons"
    h.write(out, page.whole({
      lang = words "lang", title = title, heading = title, site = options.site, nav = rows.nav(options.site, words),
      body = {
        h.p { class = "note", words "site.comparisons.means" },
        #document.groups == 0 and h.p(words "site.comparisons.none") or false,
        h.div { class = "cards", h.each(document.groups, function(group)
          return h.section { class = "card",
            h.h2(words("site.comparisons.group", { kind = group.kind, policy = group.policy })),
            h.ul { h.each(group.rows, function(row)
              return h.li { h.file_link("p/" .. row.product .. ".html", rows.name(row)), " ", row.version or "", " ",
                h.small { rows.trust(row, words), " ", page.decision(row.decision, words) } }
            end) },
            h.p { h.file_link(group.page .. ".html", words "site.comparisons.open"), " ",
              words("site.comparisons.of", { n = group.products }) },
          }
        end) },
        rows.json("comparisons.json", words),
      },
    }, words))
  end,
}
