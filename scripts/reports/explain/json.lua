-- The explanation itself, for programs.
local json = require "probity.json"

---@type probity.Format
return {
  title = "JSON: probity-explain/1",
  extension = "json",
  type = "application/json",
  takes = "explain",
  render = function(document, out)
    out(json.encode(document), "\n")
  end,
}
