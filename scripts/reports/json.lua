-- The canonical report, as `probity verify` wants it: the same report, the same bytes.
local json = require "probity.json"

---@type probity.Format
return {
  title = "JSON: the canonical report",
  extension = "json",
  type = "application/json",
  takes = "report",
  many = true,
  render = function(report, out)
    out(json.encode(report), "\n")
  end,
}
