local text = require "probity.text"

-- Names that say "I am a bill of materials".
local NAMES = { "*.cdx.json", "*.spdx", "*.spdx.json", "bom.json", "sbom.json", "*.sbom.json", "*-sbom.json", "sbom.*.json" }

-- It names the product, and another version of it: who has no digest has nothing else to go by.
local function of_another_version(d, product)
  local root = d.evidence.content.root
  return root.name:lower() == product.name:lower() and root.version ~= "" and product.version ~= "" and root.version ~= product.version
end

-- What a bill of materials that was handed in comes to: a pass, where it is of this product and lists something.
local function judge(d, product, found)
  local about, claim = product:about(d), "lists what the product is made of"
  if #d.evidence.content.components == 0 then
    found.statement { document = d, claim = claim, status = "contradicts", why = "it lists nothing" }
    found.empty { key = d.basename, object = d, d.basename }
  elseif about == "other" or about == "none" then
    found.statement { document = d, claim = claim, status = "none", why = "it is of something else" }
  elseif about == "name" and of_another_version(d, product) then
    local why = ("it is of version %s, and this is %s"):format(d.evidence.content.root.version, product.version)
    found.statement { document = d, claim = claim, status = "none", why = why }
  elseif d.freshness == 0 then
    found.statement { document = d, claim = claim, status = "stale" }
  else
    found.statement { document = d, claim = claim, status = d.signer and "agrees" or "unsigned" }
    found.pass { reliability = d.reliability, freshness = d.freshness }
    return true
  end
  return false
end

---@type probity.Check
return {
  title       = "Software bill of materials",
  why         = "Without a list of what it is made of, nobody can tell whether a new weakness concerns the product.",
  confirm     = [[Open it: `jq '.bomFormat, .specVersion, .spdxVersion' FILE` names the format and `jq '(.components
    // .packages) | length' FILE` says how much it lists.]],
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
  samples     = { hit = { "broken", "empty" }, clean = { "cyclonedx", "spdx", "handed-in", "other-version" } },

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
    local shipped = any
    for d in product:evidence { kind = "sbom" } do
      -- One in the product itself was read whole: that needs no word of anybody.
      if shipped then
        found.statement { document = d, claim = "lists what the product is made of", status = "none", why = "the product holds one itself" }
      elseif judge(d, product, found) then
        any = true
      end
    end
    for d in product:evidence { kind = "sbom", state = "refused" } do
      found.statement { document = d, claim = "is a bill of materials", status = "none", why = d.evidence.why }
    end
    if not any then
      found.unknown("no bill of materials in the product, and none was supplied")
    end
  end,
}
