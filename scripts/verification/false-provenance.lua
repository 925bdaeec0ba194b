local provenance = require "lib.provenance"
local supplied = require "lib.supplied"

local function digest(subject)
  for _, field in ipairs { "sha256", "sha512", "sha1", "md5" } do
    if subject[field] ~= "" then
      return subject[field]
    end
  end
  return "no digest"
end

---@type probity.Check
return {
  title       = "Provenance of other bytes",
  why         = "A builder signed for bytes of this name, and these are others: somebody changed them afterwards, or hands in what "
    .. "was made for something else.",
  confirm     = [[Compare the subject of the attestation with the file: `jq -r .payload FILE | base64 -d | jq
    .subject` against `sha256sum PRODUCT`.]],
  catalogue   = "V-03",
  claim       = "provenance",
  severity    = "critical",
  reliability = "verified",
  -- It counts where it failed and nowhere else: that nobody handed in anything false is worth nothing, and that nobody
  -- handed in anything at all is judged by verification.provenance. It passes only where a builder vouches for these bytes.
  online      = true,
  applies     = { "any" },
  findings    = {
    subject = {
      says = "%s, signed by the builder %s, is of this product by name and of other bytes by digest (%s)",
      fix = "Do not use it. Fetch the product again from its publisher, with the provenance of exactly this release.",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "attack:T1195.002", "cwe:345", "req:R26" },
  samples     = { hit = { "changed.sh" }, clean = { "built.sh", "of-another.sh", "nobody-known.sh" } },

  product = function(product, found)
    -- Where a builder signed for these very bytes, that of other bytes of the same name is of another release.
    if provenance.attested(product) >= provenance.ENOUGH then
      return
    end
    local any, wrong = false, false
    for d in product:evidence { kind = "provenance" } do
      any = true
      if provenance.stands(product, d) == "false" then
        local builder = supplied.signed(d, "builder")
        wrong = true
        found.subject { key = d.sha256, object = d, d.basename, builder.root, digest(d.evidence.subjects[1]) }
      end
    end
    if not wrong then -- what fails in part only would not count: it asks for what was collected
      found.unknown(any and "no trusted builder signed what was supplied" or "no provenance was supplied")
    end
  end,
}
