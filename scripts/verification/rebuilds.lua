local supplied = require "lib.supplied"

local CLAIM = "gives the same bytes when it is built again"
local PART = 500 -- permille of its bytes: a rebuild of less says nothing of the product
local ENOUGH = 2 -- rebuilds by others, with keys of their own

-- Whose word it is: "others" with the key of a third party, "vendor", or "nobody".
local function whose(d)
  for _, role in ipairs { "builder", "distributor", "auditor", "assessor" } do
    local row = supplied.signed(d, role)
    if row and (role ~= "builder" or supplied.scope_names(row.scope, { d.evidence.content.builder })) then
      return "others", row
    end
  end
  local row = supplied.signed(d, "vendor")
  return row and "vendor" or "nobody", row
end

-- The file of it that has the product's own name, with another digest.
local function other_bytes(product, d)
  local file = supplied.file(product)
  for _, s in ipairs(d.evidence.subjects) do
    if supplied.is_file(product) and s.name:match("([^/]+)$") == file and s.sha256 ~= "" and s.sha256 ~= product.sha256 then
      return s.sha256
    end
  end
  return nil
end

-- What one says: "same", "differs", "none", or "stale"; and why.
local function says(product, d)
  local content, about, object = d.evidence.content, product:about(d)
  local stale = supplied.stale(product, d)
  if about ~= "product" and about ~= "object" then
    local hex = other_bytes(product, d)
    if hex and not stale then
      return "differs", "it gave other bytes (" .. hex:sub(1, 12) .. "...)"
    end
    return "none", "it is of " .. supplied.subject(d)
  elseif about == "object" and supplied.share(product, object) < PART then
    return "none", ("it is of %s, a part of the product"):format(object.basename)
  elseif stale then
    return "stale", stale
  elseif content.result == "differs" then
    return "differs", "it says that its bytes differ"
  end
  return "same", nil
end

---@type probity.Check
return {
  title       = "Rebuilt by others",
  why         = "Where two who do not know each other get the same bytes of the same sources, no single builder could slip anything in.",
  confirm     = [[Build it yourself by the recipe in the record and compare `sha256sum` of both; `diffoscope A B`
    shows where they differ.]],
  catalogue   = "V-04",
  claim       = "reproducibility",
  severity    = "low",
  reliability = "third-party",
  applies     = { "any" },
  findings    = {
    differs = {
      says = "%s, a rebuild that %s answers for, came to other bytes than these",
      fix = "Find out why with diffoscope: times, paths and order of files are the usual reasons. Then say which build is delivered.",
    },
  },
  maps        = { "paris:P6", "cra:II.1", "attack:T1195.002", "req:R26", "req:R27" },
  samples     = {
    hit = { "differs.sh", "other-bytes.sh" },
    clean = { "two.sh", "one-key-twice.sh", "unsigned.sh" },
  },

  product = function(product, found)
    local keys, n, least, best, first = {}, 0, 1000, nil, nil
    for d in product:evidence { kind = "rebuild" } do
      local what, why = says(product, d)
      local who, row = whose(d)
      local status = what
      if what == "differs" then
        status = who == "others" and "contradicts" or "unsigned"
        if who == "others" then
          found.differs { key = row.key, object = d, d.basename, row.root }
        end
      elseif what == "same" and who ~= "others" then
        status, why = "unsigned", who == "vendor" and "the vendor says so itself" or supplied.unsigned(d, "builder")
        best = math.max(best or 0, d.freshness)
      elseif what == "same" and keys[row.key] then
        status, why = "none", "signed with the same key as " .. keys[row.key]
      elseif what == "same" then
        keys[row.key] = d.basename
        status, why, n, least = "agrees", "rebuilt by " .. row.root, n + 1, math.min(least, d.freshness)
      end
      found.statement { document = d, claim = CLAIM, status = status, why = why or "" }
      first = first or why and ("%s: %s"):format(d.basename, why)
    end
    local broken = supplied.refused(product, { "rebuild" }, CLAIM, found)
    if n > 0 then -- one alone has done half of what is asked
      found.pass { reliability = "third-party", coverage = n >= ENOUGH and 1000 or 500, freshness = least }
    elseif best then
      found.pass { reliability = "self-declared", coverage = 500, freshness = best }
    else
      found.unknown(first or broken or "no record of a rebuild was supplied")
    end
  end,
}
