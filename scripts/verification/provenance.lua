local provenance = require "lib.provenance"
local supplied = require "lib.supplied"

local CLAIM = "was built where and of what it says"

-- What the supplier's own statements say of the source, by repository: { repository, revision, document }.
local function stated_sources(product)
  local list = {}
  for d in product:evidence { kind = "source" } do
    if supplied.concerns(product, d) ~= "other" and d.evidence.content.repository ~= "" then
      list[#list + 1] = d
    end
  end
  return list
end

-- "git+https://Host/x/y.git@refs" and "https://host/x/y/" are one repository.
local function repository(uri)
  return (uri:lower():gsub("^git%+", ""):gsub("^%a+://", ""):gsub("[@#?].*$", ""):gsub("/+$", ""):gsub("%.git$", ""))
end

local function revision(text)
  return text:lower():match("(%x+)$") or ""
end

-- The statement that names another source than the provenance, and what it names.
local function other_source(d, stated)
  local content = d.evidence.content
  for _, s in ipairs(stated) do
    local says = s.evidence.content
    local one, two = revision(content.source_revision), revision(says.revision)
    if content.source ~= "" and repository(content.source) ~= repository(says.repository) then
      return s, content.source, says.repository
    elseif #one >= 7 and #two >= 7 and one:sub(1, #two) ~= two:sub(1, #one) then
      return s, content.source_revision, says.revision
    end
  end
  return nil
end

local function fitting(product, d, object, stated, row, found)
  local content = d.evidence.content
  local s, here, there = other_source(d, stated)
  local stale = supplied.stale(product, d)
  local vouched = supplied.vouched(d, "builder", { content.builder })
  if not vouched then
    local builder = supplied.signed(d, "builder")
    if builder then
      found.builder { key = content.builder ~= "" and content.builder or d.sha256, object = d, d.basename, content.builder, builder.root }
      row.status, row.why = "contradicts", ("%s is not trusted for the builder %s"):format(builder.root, content.builder)
      return false
    end
    row.status, row.why = "unsigned", supplied.unsigned(d, "builder")
  end
  if s then
    found.source { key = repository(content.source) .. " " .. s.sha256, object = d, d.basename, here, s.basename, there }
    row.status, row.why = "contradicts", ("%s says %s"):format(s.basename, there)
    return false
  elseif stale then
    row.status, row.why = "stale", stale
    return false
  end
  if not vouched then -- policies ask for the word of a builder: that of nobody is no pass, however well it fits
    return false
  end
  local of = object and ("%s, which is in it, "):format(object.basename) or ""
  row.status, row.why = "agrees", ("%sbuilt by %s of %s"):format(of, content.builder, content.source ~= "" and content.source or "?")
  return true
end

---@type probity.Check
return {
  title       = "Provenance of the build",
  why         = "Sources can be reviewed; that these bytes were built of them, and where, only the builder can tell.",
  confirm     = [[Show builder and source: `jq -r .payload FILE | base64 -d | jq '.predicate'`. Check its signature
    with `cosign verify-blob-attestation` or `slsa-verifier`, and that the revision is in the repository.]],
  catalogue   = "V-03",
  claim       = "provenance",
  severity    = "medium",
  reliability = "verified",
  applies     = { "any" },
  findings    = {
    builder = {
      says = "%s names the builder %s, for which the key of %s is not trusted",
      fix = "Build where you are trusted to, or have the builder added to the scope of its trust root.",
    },
    source = {
      says = "%s says that it was built of %s, and %s names %s as the source",
      fix = "Build of the source that you name, and name the source that you build of.",
    },
  },
  maps        = { "paris:P6", "cra:II.1", "attack:T1195.002", "req:R26" },
  samples     = {
    hit = { builder = { "untrusted-builder.sh" }, source = { "two-sources.sh" } },
    clean = { "built.sh", "unsigned.sh", "of-another.sh", "key-of-nobody.sh" },
  },

  product = function(product, found)
    local counts, first = false, nil
    local share = provenance.attested(product)
    local stated = stated_sources(product)
    for d in product:evidence { kind = "provenance" } do
      local stands, why, object = provenance.stands(product, d)
      local row = { document = d, claim = CLAIM, status = "none", why = why }
      if stands == "fits" then
        counts = fitting(product, d, object, stated, row, found) or counts
      elseif stands == "false" then
        row.status = "contradicts"
      end
      first = first or row.why and ("%s: %s"):format(d.basename, row.why)
      found.statement(row)
    end
    local broken = supplied.refused(product, { "provenance" }, CLAIM, found)
    if counts and share >= provenance.ENOUGH then
      found.pass { reliability = "verified", coverage = share }
    elseif counts then
      found.unknown(("builders vouch for %d.%d %% of the product's bytes"):format(share // 10, share % 10))
    else
      found.unknown(first or broken or "no provenance was supplied")
    end
  end,
}
