local text = require "probity.text"

-- Names that say "I am a bill of materials".
local NAMES = { "*.cdx.json", "*.spdx", "*.spdx.json", "bom.json", "sbom.json", "*.sbom.json", "*-sbom.json", "sbom.*.json" }

---@type probity.Check
return {
  title       = "Software bill of materials",
  why         = "Without a list of what it is made of, nobody can tell whether a new weakness concerns the product.",
  catalogue   = "V-01",
  claim       = "sbom",
  severity    = "low",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  findings    = {
    broken = {
      says = "%s is called a bill of materials, but is neither CycloneDX nor SPDX that can be read",
      fix = "Generate it anew, from the build, and check it with the format's own validator.",
    },
    empty = {
      says = "%s is a bill of materials that lists nothing",
      fix = "Generate it from what is really built in, not from an empty project.",
    },
  },
  maps        = { "paris:P6", "cra:II.1", "req:R25", "req:R2" },
  samples     = { hit = { "broken", "empty" }, clean = { "cyclonedx", "spdx" } },

  product = function(product, found)
    local any, seen = false, {}
    for o in product:objects({ fact = "sbom" }) do
      any = true
      seen[table.concat(o.path, "\n")] = true
      if (o.facts.sbom.components or 0) == 0 then
        found.empty { key = o.basename, object = o, o.name }
      end
    end
    for _, glob in ipairs(NAMES) do
      for o in product:objects({ glob = glob }) do
        local place = table.concat(o.path, "\n")
        if not seen[place] and not text.ends(o.basename, ".spdx.license") then
          any = true
          seen[place] = true
          found.broken { key = o.basename, object = o, o.name }
        end
      end
    end
    if not any then
      found.unknown("no bill of materials in the product, and none was supplied")
    end
  end,
}
