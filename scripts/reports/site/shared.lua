-- Styles and scripts that all pages of a site share, as files of their own.
local assets = require "probity.assets"

local FILES = {
  ["site.css"] = { "site.css", "pictures.css" },
  ["site.js"] = { "site.js" },
  ["report.css"] = { "report.css", "pictures.css" },
  ["report.js"] = { "report.js" },
}

-- Not all of them need to be there: a script, for one, only helps.
local there = {}
for name in pairs(assets) do
  there[name] = true
end

---@type probity.Format
return {
  title = "Site: shared styles and scripts",
  extension = "css",
  type = "text/plain",
  takes = "site",
  render = function(document, out)
    for _, name in ipairs(FILES[document.file]) do
      if there[name] then
        out(assets[name], "\n")
      end
    end
  end,
}
