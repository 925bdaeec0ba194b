--- Documents that were handed in beside a product: whose word counts for what, and what they speak of. Nothing here raises or
--- drops a finding; what evidence may do for a product is to be a check's pass (found.pass), and no more.

local date = require "probity.date"
local text = require "probity.text"

local supplied = {}

--- A document is of the reader's own envelope or of another one in the same file: only a signature over what was read counts.
local function over(d, row)
  local read, signed = d.evidence.payload or "", row.payload or ""
  return read == "" or signed == "" or read == signed
end

--- Does the scope of a root (a list of globs; empty: everything) name one of these?
function supplied.scope_names(scope, names)
  if #scope == 0 then
    return true
  end
  for _, glob in ipairs(scope) do
    for _, name in ipairs(names) do
      if name ~= "" and (glob == "*" or text.glob(glob, name)) then
        return true
      end
    end
  end
  return false
end

--- The verified signature of a trust root of this role, whatever its scope, or nil.
function supplied.signed(d, role)
  for _, row in ipairs(d.evidence.signatures) do
    if row.verified and row.root ~= "" and row.role == role and over(d, row) then
      return row
    end
  end
  return nil
end

--- The verified signature of a trust root of this role whose scope names one of `names`, or nil.
function supplied.vouched(d, role, names)
  for _, row in ipairs(d.evidence.signatures) do
    if row.verified and row.root ~= "" and row.role == role and over(d, row) and supplied.scope_names(row.scope, names) then
      return row
    end
  end
  return nil
end

--- Why nobody's word stands behind this document, for people.
function supplied.unsigned(d, wanted)
  for _, row in ipairs(d.evidence.signatures) do
    if row.verified and row.root ~= "" then
      local fits = row.role == wanted and ", which is not trusted for this" or (", a " .. row.role)
      return ("signed by %s%s; what counts is the word of a trust root of role %s"):format(row.root, fits, wanted)
    end
  end
  local row = d.evidence.signatures[1]
  if row and row.why ~= "" then
    return "no signature that counts: " .. row.why
  end
  return row and "no signature that counts" or "unsigned"
end

--- Why it is worth nothing on this day, for people; nil where it is worth something.
function supplied.stale(product, d)
  if d.freshness > 0 then
    return nil
  end
  local expires, issued = date.parse(d.evidence.expires), date.parse(d.evidence.issued)
  if expires and expires < product.as_of then
    return "expired on " .. d.evidence.expires
  elseif issued and issued > product.as_of then
    return "issued on " .. d.evidence.issued .. ", which is after the day of this assessment"
  end
  return "too old to count"
end

--- The name of the product's own file or folder.
function supplied.file(product)
  local outermost = product:objects {} ()
  return outermost and outermost.path[1] or ""
end

--- Is the product one file? A folder has no digest that anybody could have signed.
function supplied.is_file(product)
  local outermost = product:objects {} ()
  return outermost ~= nil and outermost.kind ~= "folder"
end

--- How much of the product this object of it is, in permille of its bytes; 1000 for nil, which is the product itself.
function supplied.share(product, object)
  if not object then
    return 1000
  end
  local whole = supplied.is_file(product) and product.size or 0
  if whole == 0 then
    for o in product:objects {} do
      whole = whole + (#o.path == 2 and o.size or 0)
    end
  end
  return whole > 0 and math.min(1000, object.size * 1000 // whole) or 0
end

--- What it goes by: its name, and that of its file.
function supplied.names(product)
  return { product.name, supplied.file(product) }
end

--- Is one of these (names or globs) a name of the product?
function supplied.lists_product(product, list)
  local names = supplied.names(product)
  for _, one in ipairs(list) do
    for _, name in ipairs(names) do
      if name ~= "" and (one:lower() == name:lower() or text.glob(one, name)) then
        return true
      end
    end
  end
  return false
end

--- Does a list of versions hold the product's? Also where it is empty, or nobody knows the product's.
function supplied.lists_version(product, list)
  if #list == 0 or product.version == "" then
    return true
  end
  for _, one in ipairs(list) do
    if one == product.version or text.glob(one, product.version) then
      return true
    end
  end
  return false
end

--- What a statement speaks of: "this" (the product, or an object in it, which is the second result), "general" (it names nothing:
--- the supplier as a whole), "other".
function supplied.concerns(product, d)
  local about, object = product:about(d)
  if about == "product" or about == "object" or about == "name" then
    return "this", object, about
  end
  return about == "none" and #d.evidence.subjects == 0 and "general" or "other", nil, about
end

--- What a document is of, for people: the first of its subjects.
function supplied.subject(d)
  local first = d.evidence.subjects[1]
  if not first then
    return "nothing that it names"
  end
  for _, field in ipairs { "name", "purl", "sha256", "sha512", "sha1" } do
    if (first[field] or "") ~= "" then
      return first[field]
    end
  end
  return "something without a name"
end

--- One row of a supplier's claims against evidence for each document of these kinds that could not be read; gives the first reason.
function supplied.refused(product, kinds, claim, found)
  local why
  for _, kind in ipairs(kinds) do
    for d in product:evidence { kind = kind, state = "refused" } do
      found.statement { document = d, claim = claim, status = "none", why = d.evidence.why }
      why = why or ("%s could not be read: %s"):format(d.basename, d.evidence.why)
    end
  end
  return why
end

--- The ordinary judgement of a statement that names this product or its supplier, and that the bytes neither confirm nor
--- contradict: a row, and a pass by whose word it is. True where it counts, else false and why.
function supplied.take(product, d, claim, says, found, share)
  local concerns = supplied.concerns(product, d)
  local stale = supplied.stale(product, d)
  local row = { document = d, claim = claim, status = "agrees", why = says }
  if concerns == "other" then
    row.status, row.why = "none", "it is of " .. supplied.subject(d)
  elseif stale then
    row.status, row.why = "stale", stale
  elseif d.reliability == "self-declared" then
    row.status, row.why = "unsigned", supplied.unsigned(d, "vendor")
  end
  found.statement(row)
  if row.status == "none" or row.status == "stale" then
    return false, row.why
  end
  found.pass { reliability = d.reliability, coverage = share or 1000, freshness = d.freshness }
  return true
end

return supplied
