-- What the overview's script searches: a list for each product.
local json = require "probity.json"

---@type probity.Format
return {
  title = "Site: index for the search",
  extension = "json",
  type = "application/json",
  takes = "site",
  render = function(document, out)
    out(json.encode(document), "\n")
  end,
}
