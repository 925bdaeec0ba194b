local statements = require "lib.statements"
local supplied = require "lib.supplied"

-- What a document binds its supplier to, for people: the names of what was signed.
local function named(d)
  local content = d.evidence.content
  return table.concat(d.evidence.kind == "commitment" and content.names or content.conformity, ", ")
end

local function judge(product, d, found)
  local what = named(d)
  if what == "" then
    return false
  end
  local claim = "is committed to " .. what
  if not supplied.take(product, d, claim, "signed by " .. (d.signer or "nobody known"), found) then
    return false
  end
  if d.reliability == "self-declared" then
    found.unsigned { key = d.sha256, object = d, excerpt = what, d.basename, what, supplied.unsigned(d, "vendor") }
  end
  return true
end

---@type probity.Check
return {
  title       = "Signed commitments",
  why         = "Who commits to something in public, and signs it, can be held to it.",
  confirm     = [[Open the document, look up each name it commits to, and check its signature with the key that the
    supplier publishes elsewhere: `minisign -Vm FILE -P KEY` or `gpgv --keyring KEYRING SIGNATURE FILE`.]],
  catalogue   = "C-06",
  claim       = "commitments",
  severity    = "info",
  reliability = "third-party",
  applies     = { "any" },
  findings    = {
    unsigned = {
      says = "%s commits its supplier to %s, and nobody known stands behind it: %s",
      fix = "Ask the supplier to sign it with the key that its other statements are signed with.",
    },
    empty = {
      says = "%s is a commitment to nothing",
      fix = "Name what was signed, and where that can be read.",
    },
  },
  maps        = { "paris:P7", "paris:P9", "req:R18", "req:R19" },
  samples     = { hit = { unsigned = { "unsigned" }, empty = { "to-nothing" } }, clean = { "signed", "stale", "none" } },

  product = function(product, found)
    local any = false
    for _, d in ipairs(statements.current(product, { "commitment", "declaration" }, "is committed to something", found)) do
      any = judge(product, d, found) or any
      if d.evidence.kind == "commitment" and named(d) == "" then
        found.empty { key = d.sha256, object = d, d.basename }
      end
    end
    if not any then
      found.unknown(supplied.refused(product, { "commitment" }, "is committed to something", found)
        or "no commitment was supplied that holds on this day")
    end
  end,
}
