local date = require "probity.date"
local packages = require "lib.packages"

local OLD = 730 -- days: two years

-- A folder: the chain of containers around it, and its path in the last one ("" or "a/b/").
local function folder_key(path, n, folder)
  return table.concat(path, "\n", 1, n) .. "\n\n" .. folder
end

-- {[folder] = {day, object}}: the newest entry of all changelogs in each folder and below it.
local function newest_by_folder(product)
  local newest = {}
  for o in product:objects({ fact = "changelog" }) do
    local day = date.parse(o.facts.changelog.newest or "")
    local function tell(key)
      if not day then
        return
      elseif not newest[key] or day > newest[key][1] then
        newest[key] = { day, o }
      end
    end
    for n = 1, #o.path do
      tell(folder_key(o.path, n - 1, ""))
      for at in o.path[n]:gmatch("()/") do
        tell(folder_key(o.path, n - 1, o.path[n]:sub(1, at)))
      end
    end
  end
  return newest
end

-- The newest day that a package tells: when it was built, or the last entry of its changelogs. Those of what it bundles are not
-- its own, but a package is as young as its youngest entry, so they can only speak for it.
local function newest_of(product, package, by_folder)
  local n = #package.path
  local native = package.kind == "deb" or package.kind == "rpm"
  local told = by_folder[native and folder_key(package.path, n, "") or folder_key(package.path, n - 1, packages.folder(package))]
  local built = package.buildtime and date.from_epoch(package.buildtime)
  if told and (not built or told[1] > built) then
    return told[1], told[2]
  end
  return built, built and packages.nearest(product, package.path)
end

---@type probity.Check
return {
  title       = "Age of the release",
  why         = "What has not been touched for years has probably nobody who mends what is found in it.",
  confirm     = [[Read the newest date in the file that is named: `zcat -f CHANGELOG | head`, or `tar -tvf ARCHIVE |
    sort -k4 | tail`. Count the days up to the day of the assessment.]],
  catalogue   = "C-05",
  claim       = "maintenance",
  severity    = "low",
  reliability = "self-declared",
  measured    = { recall = 833, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package" },
  findings    = {
    old = {
      says = "the newest date in %s is %s, %d days before the day of this assessment",
      fix = "Publish a release, or state until when the product is supported.",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P6", "cra:art.13", "cwe:1104", "req:R21" },
  samples     = {
    hit = { "old.rpm", "old.deb", "old-markdown" },
    clean = { "ahead.rpm", "new.deb", "dated-ahead", "undated" },
  },

  product = function(product, found)
    local dated = false
    local by_folder = newest_by_folder(product)
    for _, package in ipairs(product.packages) do
      local day, where = newest_of(product, package, by_folder)
      if day then
        dated = true
        local age = product.as_of - day
        if age > OLD then
          found.old {
            key = (package.name or "") .. ":" .. package.kind,
            object = where,
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
