local packages = require "lib.packages"
local supplied = require "lib.supplied"

local CLAIM = "can be reviewed as source"
local BLOCK = 65536 -- bytes of what Go writes about a program
local HALF = 500    -- permille: a source that nothing in the bytes leads to

local function short(revision)
  return revision:sub(1, 12)
end

-- "gitCommit:ABC", "sha1:abc", "abc": the digits.
local function digits(revision)
  local hex = revision:lower():match("(%x+)$") or ""
  return #hex >= 7 and hex or nil
end

local function same(a, b)
  return a:sub(1, #b) == b or b:sub(1, #a) == a
end

-- Revisions that programs were built of, as they say themselves: revision, object.
local function built_of(product)
  local o = product:objects { noted = true } ()
  if o then
    return o.notes[1].revision, o
  end
  return nil
end

-- The revision that a builder vouches for.
local function vouched(product)
  for d in product:evidence { kind = "provenance" } do
    local about = product:about(d)
    if (about == "product" or about == "object") and supplied.vouched(d, "builder", { d.evidence.content.builder }) then
      return digits(d.evidence.content.source_revision), d
    end
  end
  return nil
end

-- A statement of where the source is: "linked" where bytes or builder name the same revision, "differs", "named".
local function link(product, content)
  local stated = digits(content.revision)
  local built, o = built_of(product)
  local attested, d = vouched(product)
  if stated and built then
    return same(stated, built) and "linked" or "differs", o, built
  elseif stated and attested then
    return same(stated, attested) and "linked" or "differs", d, attested
  end
  return "named", nil, nil
end

local function statement(product, d, found)
  local content = d.evidence.content
  local where = content.repository ~= "" and content.repository or content.archive
  local row = { document = d, claim = CLAIM, status = "none" }
  if where == "" and content.archive_sha256 == "" then
    row.why = "it names neither a repository nor an archive"
  elseif content.version ~= "" and product.version ~= "" and content.version ~= product.version then
    row.why = ("it is of version %s, and this is %s"):format(content.version, product.version)
  else
    local how, o, revision = link(product, content)
    if how == "differs" then
      found.revision { key = revision, object = o, d.basename, short(content.revision), o.basename, short(revision) }
      row.status, row.why = "contradicts", ("%s names the revision %s"):format(o.basename, short(revision))
    elseif how == "linked" then
      return supplied.take(product, d, CLAIM, ("%s at %s, of which it was built"):format(where, short(content.revision)), found)
    else
      return supplied.take(product, d, CLAIM, "named: " .. where, found, HALF)
    end
  end
  found.statement(row)
  return false, row.why
end

-- "1:2.3-4+b1" without its epoch and what only a rebuild adds.
local function upstream(version)
  return (version:gsub("^%d+:", ""):gsub("%+b%d+$", ""))
end

-- The package that was built of this source package: its title, or nil and what it is of.
local function debian(product, d)
  local content = d.evidence.content
  for o in product:objects { fact = "deb" } do
    local deb = o.facts.deb
    local source, version = (deb.source or deb.package):match("^(%S+)%s*%(?([^%s)]*)")
    if source == content.source and upstream(version ~= "" and version or deb.version) == upstream(content.version) then
      return deb.package .. " " .. deb.version
    end
  end
  return nil, ("it is of %s %s"):format(content.source, content.version)
end

local function dsc(product, d, found)
  local title, why = debian(product, d)
  local row = { document = d, claim = CLAIM, status = "none", why = why }
  local stale = supplied.stale(product, d)
  if title and stale then
    row.status, row.why = "stale", stale
  elseif title then
    row.status = d.reliability == "self-declared" and "unsigned" or "agrees"
    row.why = "the source package of " .. title
    found.pass { reliability = d.reliability, freshness = d.freshness }
  end
  found.statement(row)
  return row.status == "agrees" or row.status == "unsigned", row.why
end

-- Source that comes with the product: a source package beside the programs.
local function enclosed(product)
  for _, package in ipairs(product.packages) do
    if package.kind == "sdist" then
      return packages.title(package)
    end
  end
  local o = product:objects { glob = "*.dsc" } () or product:objects { glob = "*.src.rpm" } ()
  return o and o.basename
end

-- Of binaries alone: a script is its own source, which whoever has the product has already. One that was packed so that
-- nobody can read it is for the checks of what is hidden.
---@type probity.Check
return {
  title       = "Source for review",
  why         = "A program whose source nobody may see has to be believed.",
  confirm     = [[Compare the revision in the statement with the one in the program (`go version -m OBJECT`, `strings
    -a OBJECT | grep -E '[0-9a-f]{40}'`), and the archive by `sha256sum`.]],
  catalogue   = "V-12",
  claim       = "source",
  severity    = "low",
  reliability = "parsed",
  applies     = { "binary" },
  looks       = [[
    strings:
      $go = "\x0abuild\x09vcs.revision="
    condition:
      any of them
  ]],
  findings    = {
    revision = {
      says = "%s names the revision %s as the source, and %s was built of %s",
      fix = "Name the revision that was built.",
    },
  },
  maps        = { "paris:P6", "cra:II.1", "req:R12" },
  samples     = {
    hit = { "other-revision" },
    clean = { "same-revision", "other-version", "named" },
  },

  object = function(object, found)
    local at = object:hits("$go")()
    local line = at and object:cstring(at + 1, BLOCK // 2) or ""
    local revision = line:match("^build\tvcs%.revision=(%x+)")
    if revision and #revision >= 7 then
      found.note { revision = revision:sub(1, 64):lower() }
    end
  end,

  product = function(product, found)
    local any, first = false, nil
    for kind, judge in pairs { source = statement, dsc = dsc } do
      for d in product:evidence { kind = kind } do
        local counts, why = judge(product, d, found)
        any = any or counts
        first = first or why and ("%s: %s"):format(d.basename, why)
      end
    end
    local broken = supplied.refused(product, { "source", "dsc" }, CLAIM, found)
    if enclosed(product) then
      any = true
      found.pass { reliability = "self-declared" }
    end
    if not any then
      found.unknown(first or broken or "no source was supplied, and none was named")
    end
  end,
}
