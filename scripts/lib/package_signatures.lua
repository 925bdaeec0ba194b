--- What signatures in and beside the product's own file prove of it (product.package_signatures): of its archive, of lists that name
--- it, of its own format. Whose key that is, the administrator's trust roots say.

local date = require "probity.date"
local supplied = require "lib.supplied"

local signatures = {}

-- Who may vouch for a package: its maker, and whoever hands it on. A builder speaks of where it was built.
local VOUCHES = { vendor = true, distributor = true }

--- The methods of npm's registry; the others are signatures of files and lists.
signatures.NPM = { ["npm-registry"] = true, ["npm-provenance"] = true }

-- All documents by their names, whatever was made of them: a list of digests is of no kind.
local function documents(product)
  local by = {}
  for _, state in ipairs { "read", "refused", "unknown" } do
    for d in product:evidence { state = state } do
      by[d.evidence.name] = d
    end
  end
  return by
end

--- Judges the rows for which wanted(method) is true. A pass where a vendor's or distributor's signature holds for just these bytes;
--- contradicts{...} is raised where one by a known key does not hold, or a list names other bytes. Gives: is one of them verified?
function signatures.judge(product, wanted, contradicts, found)
  local names, by, verified = supplied.names(product), nil, false
  local own, told = product:objects {} (), {}
  for _, row in ipairs(product.package_signatures or {}) do
    if wanted(row.method) then
      by = by or documents(product)
      local d = by[row.document]
      local claim = "signs the package (" .. row.method .. ")"
      local where = row.document ~= "" and row.document or "the signature in it"
      local known = row.verified and row.root ~= "" and VOUCHES[row.role] and supplied.scope_names(row.scope, names)
      if row.contradicts then
        -- Who made a list that nobody known signed may have meant another file of this name.
        local kappa = (row.root ~= "" or row.why:find("signature", 1, true)) and 1000 or 500
        contradicts { key = product.sha256 .. " " .. where, object = own, excerpt = row.why, kappa = kappa,
          own.basename, where, row.why }
      elseif known then
        verified = true
        found.pass { reliability = "verified" }
      end
      local why = known and row.root .. ", a " .. row.role or row.why ~= "" and row.why or nil
      local status = (row.contradicts and "contradicts") or (known and "agrees") or "unsigned"
      local line = table.concat({ row.document, claim, status, why or "" }, "\n")
      -- A list may bear the signatures of several keys of one root.
      if (d or row.document == "") and not told[line] then
        told[line] = true
        found.statement { document = d or own, claim = claim, why = why, status = status }
      end
    end
  end
  return verified
end

-- Does another root have this key in another role? Then neither counts.
local function in_two_roles(product, root)
  for _, other in ipairs(product.roots) do
    if other.role ~= root.role and other.key == root.key then
      return true
    end
  end
  return false
end

--- The trust root of a vendor or distributor whose certificate has this SHA-256 and that counts for this product on this day, or nil.
function signatures.root_of_certificate(product, fingerprint)
  for _, root in ipairs(fingerprint and product.roots or {}) do
    local from, to = date.parse(root.from), date.parse(root["until"])
    local today = (not from or from <= product.as_of) and (not to or product.as_of <= to)
    if root.method == "x509" and root.key == fingerprint and VOUCHES[root.role] and today and not in_two_roles(product, root)
      and supplied.scope_names(root.scope, supplied.names(product)) then
      return root
    end
  end
  return nil
end

return signatures
