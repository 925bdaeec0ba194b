--- Provenance that was handed in: by whose word, of what. Two checks judge it: what it is worth, and whether it is false.

local purl = require "lib.purl"
local supplied = require "lib.supplied"

local provenance = {}

--- Does it say that it is of this product: by the name of its file, or by name and version?
function provenance.names_product(product, d)
  local file = supplied.file(product)
  for _, s in ipairs(d.evidence.subjects) do
    local package = purl.parse(s.purl ~= "" and s.purl or s.name)
    local base = s.name:match("([^/]+)$")
    local version = package and package.version or ""
    if base and base == file or s.name ~= "" and s.name == product.name then
      return true
    elseif package and (purl.full_name(package) == product.name or package.name == product.name)
        and (version == "" or product.version == "" or version == product.version) then
      return true
    end
  end
  return false
end

--- How a document stands to the product, each but the first with why:
--- "fits": a digest of it is the product's, or that of an object in it (then that is the third result);
--- "false": a builder signed it, it says that it is of this product, and its digest is of other bytes;
--- "other": it is of something else, or nobody can tell.
function provenance.stands(product, d)
  local about, object = product:about(d)
  if about == "product" or about == "object" then
    return "fits", nil, about == "object" and object or nil
  elseif about == "other" and not supplied.is_file(product) then
    return "other", "the product is a folder, which has no digest; it is of " .. supplied.subject(d)
  elseif about == "other" and provenance.names_product(product, d) then
    return supplied.signed(d, "builder") and "false" or "other", "it says that it is of this product, and its digest is of other bytes"
  elseif about == "name" then
    return "other", "it names the product and gives no digest"
  end
  return "other", "it is of " .. supplied.subject(d)
end

--- How much of the product builders vouch for, in permille: what is signed for these bytes and within the scope of the builder's root.
function provenance.attested(product)
  local sum, seen = 0, {}
  for d in product:evidence { kind = "provenance" } do
    local stands, _, object = provenance.stands(product, d)
    local key = object and object.sha256 or ""
    if stands == "fits" and not seen[key] and d.freshness > 0 and supplied.vouched(d, "builder", { d.evidence.content.builder }) then
      seen[key] = true
      sum = sum + supplied.share(product, object)
    end
  end
  return math.min(sum, 1000)
end

--- Less than this (permille) is a part of it, and says nothing of the product.
provenance.ENOUGH = 500

return provenance
