local date = require "probity.date"
local supplied = require "lib.supplied"

local KINDS = { ["audit"] = "was audited", ["penetration-test"] = "was tested for weaknesses" }

-- What is wrong with the days that it gives, or nil. A review cannot be reported before its period is over.
local function days(content, issued)
  local from, to, said = date.parse(content.period_start), date.parse(content.period_end), date.parse(issued)
  if not from or not to then
    return "names no period"
  elseif to < from then
    return ("covers a period that ends (%s) before it begins (%s)"):format(content.period_end, content.period_start)
  elseif said and said < to then
    return ("is of %s and covers a period up to %s"):format(issued, content.period_end)
  end
  return nil
end

local function covered(content)
  local method = content.method ~= "" and content.method or "review"
  return ("%s by %s, %s to %s: %s"):format(method, content.auditor, content.period_start, content.period_end, content.scope)
end

-- Whose word is it? A signature of the vendor's alone is a finding: nobody audits themselves.
local function signed(product, d, content, row, found)
  if supplied.vouched(d, "auditor", supplied.names(product)) then
    return true
  end
  local vendor = supplied.signed(d, "vendor")
  if vendor and not supplied.signed(d, "auditor") then
    found.own { key = vendor.key, object = d, d.basename, vendor.root, content.auditor }
    row.status, row.why = "contradicts", "signed with the vendor's own key (" .. vendor.root .. ")"
  else
    row.status, row.why = supplied.signed(d, "auditor") and "none" or "unsigned", supplied.unsigned(d, "auditor")
  end
  return false
end

-- True: it counts.
local function judge(product, d, found)
  local content, about = d.evidence.content, product:about(d)
  local row = { document = d, claim = KINDS[d.evidence.kind], status = "none" }
  local stale, wrong = supplied.stale(product, d), days(content, d.evidence.issued)
  local counts = false
  if about ~= "product" and about ~= "object" and not supplied.lists_product(product, content.products) then
    row.why = "it is of " .. (content.products[1] or "nothing that it names")
  elseif not supplied.lists_version(product, content.versions) then
    row.why = ("it is of version %s, and this is %s"):format(table.concat(content.versions, ", "), product.version)
  elseif signed(product, d, content, row, found) then
    if wrong then
      found.period { key = d.sha256, object = d, d.basename, wrong }
      row.status, row.why = "contradicts", "it " .. wrong
    elseif about == "other" and supplied.is_file(product) and #content.versions > 0 then
      found.subject { key = d.sha256, object = d, d.basename, table.concat(content.versions, ", ") }
      row.status, row.why = "contradicts", "it names this version, and the digest of other bytes"
    elseif about == "other" then
      row.why = "it is of other bytes than these"
    elseif stale then
      row.status, row.why = "stale", stale
    else
      row.status, row.why, counts = "agrees", covered(content), true
    end
  end
  found.statement(row)
  return counts, row
end

---@type probity.Check
return {
  title       = "Independent audit",
  why         = "What a vendor says of itself nobody else has looked at. An audit counts where the auditor signed for this product.",
  confirm     = [[Check the signature with the auditor's own key, `gpgv --keyring KEYRING SIGNATURE FILE` or `minisign
    -Vm FILE -P KEY`, and compare version and digest in it with `sha256sum PRODUCT`. Ask the auditor.]],
  catalogue   = "V-09",
  claim       = "audit",
  severity    = "medium",
  reliability = "third-party",
  applies     = { "any" },
  findings    = {
    own = {
      says = "%s is signed with the key of the vendor (%s) and calls itself an audit by %s",
      fix = "Ask the auditor for the statement, signed with the auditor's own key.",
      reliability = "verified",
    },
    period = {
      says = "%s, though signed by an auditor, %s",
      fix = "Ask the auditor for a statement with the period that was really looked at.",
    },
    subject = {
      says = "%s is signed by an auditor, names version %s and the digest of other bytes than these",
      fix = "Hand in the audit of what is delivered, or deliver what was audited.",
      reliability = "verified",
    },
  },
  maps        = { "paris:P6", "cra:II.3", "req:R15", "req:R31" },
  samples     = {
    hit = { own = { "by-the-vendor" }, period = { "backwards" }, subject = { "other-bytes.sh" } },
    clean = { "by-an-auditor", "tested", "unsigned", "expired", "of-another", "outside-of-scope" },
  },

  product = function(product, found)
    local counts, first = false, nil
    for _, kind in ipairs { "audit", "penetration-test" } do
      for d in product:evidence { kind = kind } do
        local one, row = judge(product, d, found)
        first = first or row.why and ("%s: %s"):format(d.basename, row.why)
        if one then
          counts = true
          found.pass { reliability = "third-party", freshness = d.freshness }
        end
      end
    end
    local broken = supplied.refused(product, { "audit", "penetration-test" }, "is an audit", found)
    if not counts then
      found.unknown(first or broken or "no audit statement was supplied")
    end
  end,
}
