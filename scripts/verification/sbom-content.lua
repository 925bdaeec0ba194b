local bill = require "lib.bill"
local packages = require "lib.packages"
local supplied = require "lib.supplied"

local CLAIM = "lists exactly what the product is made of"
local MOST = 500        -- findings of one kind: more of them say nothing new
local BANNER = 500      -- permille: a text of a library in a program mostly means that library, and not always
local UNTIED = "nothing ties it to this product: neither its subject nor a digest in it"

-- How many of its rows are there, and what is wrong with the others.
local function compare(product, d, below, found)
  local files, short = bill.files(product, below)
  local n = { equal = 0, unknown = 0, differs = 0, absent = 0 }
  for _, row in ipairs(d.evidence.content.components) do
    local what, o, algorithm = bill.row(product, row, files, short)
    n[what] = n[what] + 1
    if what == "differs" and n.differs <= MOST then
      found.differs { key = o.sha256, object = o, packages.place(o.path), algorithm, d.basename }
    elseif what == "absent" and n.absent <= MOST then
      local name = row.path ~= "" and row.path or row.name
      found.absent { key = name, object = d, excerpt = name, d.basename, name }
    end
  end
  return n
end

-- Is any row of it in the product, by digest? What has no name of the product in it may be of it all the same.
local function tied(product, d)
  for _, row in ipairs(d.evidence.content.components) do
    if bill.by_digest(product, row) then
      return true
    end
  end
  return false
end

-- Why this bill is not one of the product, or nil; and the object that it is of, where that is not all of the product.
local function elsewhere(product, d)
  local about, object = product:about(d)
  local root = d.evidence.content.root
  if about == "product" or about == "object" then
    return nil, about == "object" and object or nil
  elseif about == "other" and supplied.is_file(product) then
    return "it is of other bytes: " .. supplied.subject(d)
  elseif root.version ~= "" and product.version ~= "" and root.version ~= product.version
      and root.name:lower() == product.name:lower() then
    return ("it is of version %s, and this is %s"):format(root.version, product.version)
  elseif about ~= "name" and not tied(product, d) then
    return #d.evidence.subjects > 0 and "it is of " .. supplied.subject(d) or UNTIED
  end
  return nil
end

-- Is the component in what this bill is of?
local function within(bill_of, component)
  return not bill_of.below or packages.below(component.path, bill_of.below.path)
end

local function raise(product, c, others, found)
  local o = packages.nearest(product, c.path)
  if o then
    found.undeclared {
      key = c.purl ~= "" and c.purl or c.name, object = o, excerpt = c.purl, kappa = c.from == "banner" and BANNER or nil,
      packages.place(o.path), c.name .. (c.version ~= "" and " " .. c.version or ""), others and ("; listed is " .. others) or "",
    }
  end
end

-- What is in the bytes against all bills together: counts for each of them. A finding only where a bill that is of that part of the
-- product does not say itself that it is incomplete.
local function survey(product, list, found)
  local by, raised = bill.index(list), 0
  for _, c in ipairs(product.components) do
    if not c.main and not (c.name == product.name and c.version == product.version) then
      local listed, others = bill.lists(by, c)
      local open = false
      for _, one in ipairs(list) do
        if within(one, c) then
          one.seen = one.seen + 1
          one.missing = one.missing + (listed and 0 or 1)
          open = open or not one.incomplete
        end
      end
      if open and not listed and raised < MOST then
        raised = raised + 1
        raise(product, c, others, found)
      end
    end
  end
end

local function told(one)
  local n = one.rows
  local parts = { ("%d of %d listed are there by digest"):format(n.equal, #one.document.evidence.content.components) }
  if n.differs + n.absent > 0 then
    parts[#parts + 1] = ("%d differ, %d are absent"):format(n.differs, n.absent)
  end
  if one.seen > 0 then
    parts[#parts + 1] = ("%d of %d found in the bytes are listed"):format(one.seen - one.missing, one.seen)
  end
  if one.incomplete then
    parts[#parts + 1] = "it says itself that it is incomplete"
  end
  return table.concat(parts, "; ")
end

-- What it is worth, in permille: by how much of the product it is of, and how much of what the bytes tell is listed. nil: a
-- list of which nothing can be compared may be of anything.
local function worth(product, one)
  local about, n = product:about(one.document), one.rows
  if about ~= "product" and about ~= "object" and n.equal + n.differs == 0 and one.seen == 0 then
    return nil
  end
  local listed = one.seen > 0 and 1000 * (one.seen - one.missing) // one.seen or 1000
  return supplied.share(product, one.below) * listed // 1000
end

-- Bills that are of the product, with what their rows came to.
local function collect(product, found)
  local list, first = {}, nil
  for d in product:evidence { kind = "sbom" } do
    local why, below = elsewhere(product, d)
    local stale = not why and supplied.stale(product, d)
    if why or stale then
      found.statement { document = d, claim = CLAIM, status = stale and "stale" or "none", why = why or stale }
      first = first or ("%s: %s"):format(d.basename, why or stale)
    else
      list[#list + 1] = {
        document = d, below = below, rows = compare(product, d, below, found), seen = 0, missing = 0,
        incomplete = d.evidence.content.complete == "incomplete",
      }
    end
  end
  return list, first
end

---@type probity.Check
return {
  title       = "Bill of materials against the bytes",
  why         = "A list that leaves out what is built in, or names other files than are delivered, hides the weakness that one looks for.",
  confirm     = [[Hold the list against the bytes: `jq -r '.components[] | .name + " " + .version' FILE` (SPDX:
    .packages), then `sha256sum` of each file that it gives a digest for. `syft PRODUCT` makes a list of its own.]],
  catalogue   = "V-02",
  claim       = "sbom",
  severity    = "high",
  reliability = "parsed",
  applies     = { "any" },
  findings    = {
    differs = {
      says = "%s has another %s than %s lists for it",
      fix = "Generate the bill of materials from what is delivered, or deliver what was listed.",
      reliability = "verified",
    },
    undeclared = {
      says = "%s holds %s, which no bill of materials lists%s",
      fix = "Generate the bill of materials from what is delivered, or state in it that it is incomplete.",
      severity = "medium",
    },
    absent = {
      says = "%s lists %s with its digest, and that file is not in the product",
      fix = "Generate the bill of materials from what is delivered.",
      severity = "low",
    },
  },
  maps        = { "paris:P6", "cra:II.1", "req:R2", "req:R25" },
  samples     = {
    hit = { differs = { "changed-file", "spdx-changed" }, undeclared = { "undeclared", "older-listed" }, absent = { "file-absent" } },
    clean = { "whole", "spdx", "incomplete", "of-another", "other-version" },
  },

  product = function(product, found)
    local list, first = collect(product, found)
    local passed = false
    if #list > 0 and not product.components_cut then
      survey(product, list, found)
    end
    for _, one in ipairs(list) do
      local d, n, says, share = one.document, one.rows, told(one), worth(product, one)
      local wrong = n.differs + n.absent > 0 or one.missing > 0 and not one.incomplete
      local status = wrong and "contradicts" or d.reliability == "self-declared" and n.equal == 0 and "unsigned" or "agrees"
      if not share then
        status, says = "none", "nothing of it can be compared with the bytes"
        first = first or ("%s: %s"):format(d.basename, says)
      elseif share == 0 then
        first = first or d.basename .. ": it leaves out all that was found in the bytes"
      else
        found.pass { reliability = d.reliability, coverage = share, freshness = d.freshness }
        passed = true
      end
      found.statement { document = d, claim = CLAIM, status = status, why = says }
    end
    local broken = supplied.refused(product, { "sbom" }, CLAIM, found)
    if not passed then
      found.unknown(first or broken or "no bill of materials was supplied")
    end
  end,
}
