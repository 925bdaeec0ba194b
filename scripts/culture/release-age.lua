local date = require "probity.date"
local packages = require "lib.packages"

local OLD = 730 -- days: two years

---@type probity.Check
return {
  title       = "Age of the release",
  why         = "What has not been touched for years has probably nobody who mends what is found in it.",
  catalogue   = "C-05",
  claim       = "maintenance",
  severity    = "low",
  reliability = "self-declared",
  applies     = { "package" },
  findings    = {
    old = {
      says = "%s was built on %s, %d days before the day of this assessment",
      fix = "Publish a release, or state until when the product is supported.",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P6", "cra:art.13", "cwe:1104", "req:R21" },
  samples     = { hit = { "old.rpm" }, clean = { "ahead.rpm", "undated" } },

  product = function(product, found)
    local dated = false
    for _, package in ipairs(product.packages) do
      local day = package.buildtime and date.from_epoch(package.buildtime)
      if day then
        dated = true
        local age = product.as_of - day
        if age > OLD then
          found.old {
            key = (package.name or "") .. ":" .. package.kind,
            object = packages.nearest(product, package.path),
            excerpt = date.format(day),
            packages.title(package),
            date.format(day),
            age,
          }
        end
      end
    end
    if not dated then
      found.unknown("nothing in the product tells when it was released")
    end
  end,
}
