local hash = require "probity.hash"
local packages = require "lib.packages"
local signatures = require "lib.package_signatures"
local text = require "probity.text"

local ROWS, NOTES = 60, 60
local LENGTHS = { [32] = "md5", [40] = "sha1", [64] = "sha256", [96] = "sha384", [128] = "sha512" }

-- Endings of signatures that stand beside what they sign. Whose key is right is not in the product.
local SIGNATURES = { ["*.asc"] = "OpenPGP", ["*.sig"] = "detached", ["*.minisig"] = "minisign", ["*.p7s"] = "PKCS #7",
  ["*.sign"] = "OpenPGP" }

-- What releases are made of, whose other digests are worth their time: archives and images, not what lies in them by the thousand.
local RELEASED = { gzip = true, xz = true, bzip2 = true, zstd = true, lzma = true, zip = true, iso = true, deb = true, rpm = true,
  ["7z"] = true, jar = true, wheel = true }
local MOST = 8 << 20 -- bytes of a file of which they are computed: three digests of a larger one cost more than they tell

-- "DIGEST  name", "DIGEST *name", "SHA256 (name) = DIGEST", a digest alone.
local function read_line(line)
  local digest, name = line:match("^(%x+)%s+%*?(%S.-)%s*$")
  if not digest then
    name, digest = line:match("^[%u%d-]+ %((.-)%) = (%x+)%s*$")
  end
  if not digest then
    digest, name = line:match("^(%x+)%s*$"), ""
  end
  if digest and LENGTHS[#digest] then
    return digest:lower(), name
  end
  return nil
end

-- Does the file's name say that it is a list of digests?
local function is_list(name)
  local low = name:lower()
  return low:find("^sha%d*sums?") ~= nil or low:find("^md5sums?") ~= nil or low:find("^checksums?[%w._-]*$") ~= nil
    or low:find("%.sha%d+s?u?m?s?$") ~= nil or low:find("%.md5$") ~= nil or low:find("[._-]checksums?%.txt$") ~= nil
end

-- What a line of a list is about, by the path beside the list; a digest alone is about the file whose name it has.
local function target(product, list, name)
  local path = { table.unpack(list.path) }
  local folder = list.name:match("^(.*/)[^/]*$") or ""
  local file = name == "" and list.name:gsub("%.%w+$", "") or folder .. name:gsub("^%./", "")
  path[#path] = file
  local o = product:object(path)
  if not o and name ~= "" then -- listed with a path, and lying beside the list
    path[#path] = folder .. (name:match("([^/]+)$") or name)
    o = product:object(path)
  end
  return o
end

local function compare(product, list, found)
  local untold
  for _, rows in ipairs(list.notes) do
    for _, row in ipairs(rows[1] and rows or {}) do
      local o = target(product, list, row.name)
      local algorithm = LENGTHS[#row.digest]
      if o and not o.container and o.size == 0 then
        o = nil
      end
      local noted = o and o.notes and o.notes[1] and o.notes[1][algorithm]
      local have = o and (algorithm == "sha256" and o.sha256 or noted or algorithm == "md5" and o.md5) or nil
      if have == "" then
        have = nil
      end
      if have and have ~= row.digest then
        found.mismatch { key = o.sha256, object = o, packages.place(o.path), algorithm, list.basename }
      elseif o and not have then
        untold = untold or algorithm
      end
    end
  end
  return untold
end

---@type probity.Check
return {
  title       = "Files against the digests that come with them",
  why         = "Lists of digests are there so that a changed file is noticed. One that does not fit was changed " ..
                "after its release. That all fit proves little without a signature over the list, by somebody known.",
  confirm     = [[Compute the digest yourself, `sha256sum FILE` or `sha512sum FILE`, and hold it against the list that
    comes with it and against the one on the supplier's own page; `sha256sum -c LIST` does all at once.]],
  catalogue   = "I-27",
  claim       = "signature",
  severity    = "critical",
  reliability = "verified", -- where a signature by a trust root is; what only fits counts as what it is
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  findings    = {
    mismatch = {
      says = "%s is not the file that was released: its %s differs from %s",
      fix = "Do not use it. Fetch it again from its publisher, and verify the signature of the list.",
      reliability = "verified",
    },
    contradicted = {
      says = "%s is not what was signed, as %s tells: %s",
      fix = "Do not use it. Fetch it and its signature again from its publisher; tell the publisher where this one came from.",
    },
    unsigned = {
      says = "%s carries no signature, though its format can",
      fix = "Sign releases, and publish the key where users find it.",
      severity = "low",
      reliability = "parsed",
    },
  },
  maps        = { "paris:P6", "etsi:5.3-9", "cwe:347", "req:R25" },
  samples     = {
    hit = { "changed", "changed-single", "changed-512", "unsigned.rpm",
      contradicted = { "other-bytes.txt", "broken-signature.txt", "unsigned-list.txt" } },
    clean = { "fits", "others-missing", "not-a-list", "signed.txt", "signed-list.txt", "by-a-stranger.txt" },
  },

  object = function(object, found)
    if RELEASED[object.kind] and object.size <= MOST then
      found.note { sha512 = hash.sha512(object), sha1 = hash.sha1(object), md5 = hash.md5(object) }
      return
    end
    if object.kind ~= "text" or object.size < 32 or object.size > 1048576 or not read_line(object:line(0) or "") then
      return
    end
    local rows, notes = {}, 0
    for line in text.lines(object:bytes(0, 65536)) do
      local digest, name = read_line(line)
      if digest then
        rows[#rows + 1] = { digest = digest, name = text.display(name) }
      end
      if #rows == ROWS and notes < NOTES then
        found.note(rows)
        rows, notes = {}, notes + 1
      end
    end
    if #rows > 0 and notes < NOTES then
      found.note(rows)
    end
  end,

  product = function(product, found)
    found.pass { reliability = "self-declared" }
    local vouched = signatures.judge(product, function(method) return not signatures.NPM[method] end, found.contradicted, found)
    for list in product:objects { noted = true } do
      local untold = is_list(list.basename) and compare(product, list, found)
      if untold then
        found.unknown(list.basename .. " has digests that are not held against files here: " .. untold)
      end
    end
    for o in product:objects { kind = "rpm" } do
      if o.facts.rpm and not o.facts.rpm.signature then
        found.unsigned { key = o.sha256, object = o,
          packages.place(o.path) ~= "" and packages.place(o.path) or o.basename }
      end
    end
    for glob, what in pairs(SIGNATURES) do
      for o in product:objects { glob = glob } do
        local path = { table.unpack(o.path) }
        path[#path] = o.name:gsub("%.%w+$", "")
        if not vouched and product:object(path) then -- of signed bytes, what lies in them is signed, too
          found.unknown(packages.place(o.path) .. " is a signature (" .. what ..
            "), and no key was given to verify it with")
        end
      end
    end
  end,
}
