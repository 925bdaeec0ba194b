local statements = require "lib.statements"
local supplied = require "lib.supplied"
local text = require "probity.text"

-- Who judges the product, and what its supplier says of it.
local AUDITS = { "audit", "penetration-test" }
local OWN = { "capabilities", "commitment", "content-updates", "data-manifest", "declaration", "disclosure-policy", "documentation",
  "response", "security-txt", "source", "support-period", "transparency" }

local CLAIM = "is by somebody else than the supplier"

-- Do trust roots of two roles have this key? Then neither counts (and the signature says so).
local function in_two_roles(product, row)
  local roles = {}
  for _, root in ipairs(product.roots or {}) do
    if #row.key >= 8 and text.has(root.key:lower(), row.key:lower()) then
      roles[root.role] = true
    end
  end
  local first = next(roles)
  return first ~= nil and next(roles, first) ~= nil
end

-- The keys that the supplier's own statements are signed with, each with the document: { KEY = document }.
local function own_keys(product)
  local keys = {}
  for _, kind in ipairs(OWN) do
    for d in product:evidence { kind = kind } do
      for _, row in ipairs(d.evidence.signatures) do
        if row.key ~= "" then
          keys[row.key] = keys[row.key] or d
        end
      end
    end
  end
  return keys
end

-- Names of whoever answers for the product, in lower case, as its signed and unsigned statements have them.
local function own_names(product)
  local names = {}
  for d in product:evidence { kind = "declaration" } do
    local entity = d.evidence.content.entity
    if entity ~= "" then
      names[text.trim(entity):lower()] = d
    end
  end
  return names
end

-- A key that speaks in two roles, or for the supplier: what is wrong with it, or nil.
local function judge_keys(product, d, keys, found)
  for _, row in ipairs(d.evidence.signatures) do
    if row.verified and row.role == "vendor" and row.root ~= "" then
      found.by_supplier { key = row.key, object = d, excerpt = row.key, d.basename, row.root, row.key }
      return "signed by the supplier's own key"
    elseif in_two_roles(product, row) or row.why:find("in two roles", 1, true) then
      found.two_roles { key = row.key, object = d, excerpt = row.key, d.basename, row.key }
      return "its key has two roles, so it counts in none"
    elseif row.key ~= "" and keys[row.key] then
      -- Nobody verified a key that nobody trusts: it is a name that both bear.
      found.same_key { key = row.key, object = d, excerpt = row.key, kappa = row.verified and 900 or 300,
        d.basename, keys[row.key].basename, row.key }
      return "signed by the key of " .. keys[row.key].basename
    end
  end
  return nil
end

local function judge(product, d, keys, names, found)
  local wrong = judge_keys(product, d, keys, found)
  local auditor = text.trim(d.evidence.content.auditor)
  local own = names[auditor:lower()]
  if own then
    found.same_name { key = auditor:lower(), object = d, excerpt = auditor, d.basename, auditor, own.basename }
    wrong = wrong or "its auditor is the supplier"
  end
  if wrong then
    found.statement { document = d, claim = CLAIM, status = "contradicts", why = wrong }
    return false
  end
  local row = supplied.vouched(d, "auditor", supplied.names(product))
  if not row then
    found.statement { document = d, claim = CLAIM, status = "unsigned", why = supplied.unsigned(d, "auditor") }
    return false
  end
  found.statement { document = d, claim = CLAIM, status = "agrees", why = "signed by " .. row.root .. ", an auditor" }
  found.pass { reliability = "third-party", freshness = d.freshness }
  return true
end

---@type probity.Check
return {
  title       = "Auditors apart from the supplier",
  why         = "Nobody is a judge in his own matter: an audit that its supplier signed is an advertisement.",
  confirm     = [[Compare the keys: `gpg --list-packets SIGNATURE` or `openssl x509 -in CERT -noout -subject
    -fingerprint -sha256` for the audit and for the product. One key, or one name behind both, is not two parties.]],
  catalogue   = "C-07",
  claim       = "independence",
  severity    = "medium",
  reliability = "third-party",
  applies     = { "evidence-audit" },
  findings    = {
    by_supplier = {
      says = "%s speaks as an audit, and the supplier's own key signed it (trust root %s, key %s)",
      fix = "Ask for an audit that its auditor signed.",
      reliability = "verified",
    },
    two_roles = {
      says = "%s is signed with a key that is trusted in two roles (%s): it counts in neither",
      fix = "Ask each of them for a key of its own; then trust each key in one role.",
    },
    same_key = {
      says = "%s speaks as an audit and %s for the supplier, and one key signed both (%s)",
      fix = "Ask for an audit that its auditor signed with a key of its own.",
    },
    same_name = {
      says = "%s names %s as the auditor, which is who answers for the product in %s",
      fix = "Ask for an audit by somebody else.",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P6", "req:R31", "req:R15", "req:R18" },
  samples     = {
    hit = { by_supplier = { "by-supplier" }, two_roles = { "two-roles" }, same_key = { "same-key" }, same_name = { "same-name" } },
    clean = { "apart", "unsigned", "none" },
  },

  product = function(product, found)
    local audits, any = statements.current(product, AUDITS, CLAIM, found), false
    local keys, names = own_keys(product), own_names(product)
    for _, d in ipairs(audits) do
      any = judge(product, d, keys, names, found) or any
    end
    if not any then
      found.unknown(#audits > 0 and "no audit that was supplied is signed by an auditor whom you trust"
        or supplied.refused(product, AUDITS, CLAIM, found) or "no audit was supplied that holds on this day")
    end
  end,
}
