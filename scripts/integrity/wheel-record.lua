local members = require "lib.members"

-- RECORD cannot hold its own digest, nor that of signatures over it.
local NO_ROW = { ["RECORD"] = true, ["RECORD.jws"] = true, ["RECORD.p7s"] = true }

local function chain(path, n)
  return table.concat({ table.unpack(path, 1, n) }, "\n")
end

-- Where the rows of a RECORD are rooted: the folder around its *.dist-info.
local function root(record)
  local info = record.name:match("^(.*%.dist%-info)/RECORD$")
  return info and (info:match("^(.*/)[^/]*$") or "")
end

-- The containers that hold a RECORD: files by member name, listing, its entries by path, and the RECORDs.
local function collect(product)
  local containers, ordered = {}, {}
  for record in product:objects({ fact = "record" }) do
    if root(record) then
      local key = chain(record.path, #record.path - 1)
      if not containers[key] then
        containers[key] = { records = {}, files = {}, entries = {} }
        ordered[#ordered + 1] = containers[key]
      end
      table.insert(containers[key].records, record)
    end
  end
  for o in product:objects() do
    local path = o.path
    local container = containers[chain(path, #path - 1)]
    if container then
      local name = path[#path]
      container.files[name] = container.files[name] or {}
      table.insert(container.files[name], o)
    end
    local base = o.facts.members and members.base(product, o)
    local own = base and containers[chain(base, #base)]
    if own then
      own.listing = o
      for _, entry in ipairs(o.facts.members.entries) do
        if entry.type == "file" then
          own.entries[entry.path] = entry
        end
      end
    end
  end
  return ordered
end

-- "fits", "differs" with the object that does, or nil where the file's bytes were never seen.
local function compare(row, entry, files)
  if entry.sha256 then -- files of a few bytes never become objects: the listing has their digests
    return entry.sha256 == row.sha256 and "fits" or "differs"
  end
  for _, o in ipairs(files or {}) do
    if o.sha256 ~= row.sha256 then
      return "differs", o
    end
  end
  return files and "fits" or nil
end

-- Below an installed system a distributor may have changed files after the wheel was built (stripped programs, other paths).
-- whole: the container is the wheel itself, not a place that wheels were unpacked into.
local function judge(found, record, container, whole)
  local prefix, rows, unseen = root(record), record.facts.record, nil
  local complete = container.listing.facts.members.complete
  for path, row in pairs(rows) do
    local name = prefix .. path
    local entry = container.entries[name]
    if entry and row.sha256 and row.sha256 ~= "" then
      local verdict, o = compare(row, entry, container.files[name])
      if verdict == "differs" then
        local raise = whole and found.mismatch or found.altered
        raise { key = path, object = o or container.listing, path }
      elseif not verdict then
        unseen = unseen or path
      end
    elseif not entry and whole and complete then
      found.missing { key = path, object = record, path }
    end
  end
  if whole then
    for path in pairs(container.entries) do
      local inside = path:match("%.dist%-info/([^/]+)$")
      if not rows[path] and not (inside and NO_ROW[inside]) then
        local files = container.files[path]
        found.unlisted { key = path, object = files and files[1] or container.listing, path }
      end
    end
  end
  return unseen
end

---@type probity.Check
return {
  title       = "Python wheel against its own RECORD",
  why         = "A wheel's RECORD has a SHA-256 for each file. A file that does not fit was changed after the wheel was built; one " ..
                "that has no row came in afterwards.",
  confirm     = [[`unzip -p PRODUCT '*.dist-info/RECORD'` lists the digests; for a file `unzip -p PRODUCT NAME |
    openssl dgst -sha256 -binary | basenc --base64url` has to give the same (without the = at its end).]],
  catalogue   = "I-23",
  claim       = "integrity-of-package",
  severity    = "critical",
  reliability = "self-declared",
  measured    = { recall = 833, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "wheel" },
  findings    = {
    mismatch = {
      says = "%s is not the file that the wheel was built with: its SHA-256 differs from RECORD",
      fix = "Do not install it. Fetch the wheel again from its index and compare the digest; tell the publisher.",
      reliability = "verified",
    },
    missing = {
      says = "%s is in RECORD, but not in the wheel",
      fix = "Do not install it. Fetch the wheel again from its index and compare the digest.",
      reliability = "verified",
    },
    altered = {
      says = "%s was changed after the wheel that it came in was built: its SHA-256 differs from RECORD",
      fix = "Compare with the wheel of the publisher; distributors that change files should write RECORD anew, or leave it out.",
      severity = "low",
      reliability = "parsed",
    },
    unlisted = {
      says = "%s has no row in RECORD",
      fix = "Build the wheel again with a tool that writes RECORD last.",
      severity = "low",
      reliability = "parsed",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:353", "attack:T1195.002", "req:R25" },
  samples     = {
    hit = { "mismatch-1.0-py3-none-any.whl", "missing-1.0-py3-none-any.whl", "unlisted-1.0-py3-none-any.whl" },
    clean = { "good-1.0-py3-none-any.whl", "tiny-1.0-py3-none-any.whl" },
  },

  product = function(product, found)
    local containers = collect(product)
    if #containers == 0 then
      found.unknown("the wheel carries no RECORD that can be read")
    end
    for _, container in ipairs(containers) do
      local listing = container.listing
      if not listing then
        found.unknown("the wheel could not be listed")
        return
      end
      for _, record in ipairs(container.records) do
        local unseen = judge(found, record, container, #container.records == 1 and listing.kind == "wheel")
        if unseen then
          found.unknown("not all files of the wheel were unpacked: " .. unseen)
        end
      end
      if not listing.facts.members.complete then
        found.unknown("the wheel could not be listed to its end")
      end
    end
  end,
}
