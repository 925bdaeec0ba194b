local packages = require "lib.packages"

local function join(path, n)
  return table.concat({ table.unpack(path, 1, n) }, "\n")
end

-- Every .deb of the product with what of it is needed: its md5sums and conffiles, the listing of its data, and its files.
local function collect(product)
  local debs, ordered = {}, {}
  for _, package in ipairs(product.packages) do
    if package.kind == "deb" then
      local deb = { package = package, files = {}, conffiles = {} }
      debs[join(package.path, #package.path)] = deb
      ordered[#ordered + 1] = deb
    end
  end
  if #ordered == 0 then
    return ordered
  end
  for o in product:objects() do
    local path = o.path
    local n = #path
    local deb = n >= 3 and debs[join(path, n - 2)]
    if deb and path[n - 1]:find("^control%.tar") then
      if path[n] == "md5sums" then
        deb.md5sums = o
      elseif path[n] == "conffiles" then
        for _, conffile in ipairs(o.facts.conffiles or {}) do
          deb.conffiles[conffile:gsub("^/+", "")] = true
        end
      end
    elseif deb and path[n] == "data.tar" and path[n - 1]:find("^data%.tar%.") and o.facts.members then
      -- What the compression layer holds. A member of that very name would be smaller than what holds it.
      if not deb.data or o.size > deb.data.size then
        deb.data = o
      end
    elseif deb and o.facts.members and path[n]:find("^data%.tar") then
      deb.data = o -- data.tar.xz > data.tar
    elseif deb and path[n - 1]:find("^data%.tar") then
      -- A .tar may hold one path twice, and the last one is what gets installed: all of them must fit.
      local same = deb.files[path[n]]
      deb.files[path[n]] = same or {}
      table.insert(deb.files[path[n]], o)
    elseif n >= 2 and o.facts.members and path[n] == "data.tar" and debs[join(path, n - 1)] then
      debs[join(path, n - 1)].data = o
    end
  end
  return ordered
end

-- The listed files and hard links of a package's data, by path.
local function listed(data)
  local entries = {}
  for _, entry in ipairs(data.facts.members.entries) do
    if entry.type == "file" or entry.type == "hardlink" then
      entries[entry.path] = entry
    end
  end
  return entries
end

-- Holds one file against its line. "fits", "differs" with the object that does, or nil where its bytes were never seen.
local function compare(deb, entries, path, md5)
  local entry = entries[path]
  if entry.type == "hardlink" and entry.link then
    path = entry.link:gsub("^%.?/+", "")
    entry = entries[path] or entry
  end
  if entry.md5 then -- files of a few bytes never become objects: the listing has their digests
    return entry.md5 == md5 and "fits" or "differs", deb.data
  end
  local verdict
  for _, o in ipairs(deb.files[path] or {}) do
    if not o.md5 then
      return nil
    elseif o.md5 ~= md5 then
      return "differs", o
    end
    verdict = "fits"
  end
  return verdict
end

local function judge(deb, found)
  local entries, unseen = listed(deb.data), nil
  local complete = deb.data.facts.members.complete
  local sums = deb.md5sums.facts.md5sums or {}
  for path, md5 in pairs(sums) do
    if entries[path] then
      local verdict, o = compare(deb, entries, path, md5)
      if verdict == "differs" then
        found.mismatch { key = path, object = o, path, packages.title(deb.package) }
      elseif not verdict then
        unseen = unseen or path
      end
    elseif complete then
      found.missing { key = path, object = deb.md5sums, excerpt = md5 .. "  " .. path, path }
    end
  end
  for path, entry in pairs(entries) do
    if entry.type == "file" and not sums[path] and not deb.conffiles[path] then
      local files = deb.files[path]
      found.unlisted { key = path, object = files and files[1] or deb.data, path }
    end
  end
  return unseen, complete
end

---@type probity.Check
return {
  title       = "Debian package against its own md5sums",
  why         = "The package lists a digest for each file that it installs. A file that does not fit was changed after the package " ..
                "was built. That all fit proves little: whoever changes a file can change the list.",
  confirm     = [[Unpack with `dpkg-deb -R PRODUCT DIR`, then `cd DIR && md5sum -c DEBIAN/md5sums`: it names each file
    that differs or is missing.]],
  catalogue   = "I-22",
  claim       = "integrity-of-package",
  severity    = "critical",
  reliability = "self-declared",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "deb" },
  findings    = {
    mismatch = {
      says = "%s is not the file that %s was built with: its MD5 differs from the package's own list",
      fix = "Do not install it. Fetch the package again from its distributor and compare the signature; tell the distributor.",
      reliability = "verified",
    },
    missing = {
      says = "%s is in the package's list of digests, but not in the package",
      fix = "Do not install it. Fetch the package again from its distributor and compare the signature.",
      reliability = "verified",
    },
    unlisted = {
      says = "%s has no line in the package's list of digests, and is no conffile",
      fix = "Build the package again with dh_md5sums as the last step.",
      severity = "low",
      reliability = "parsed",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:353", "attack:T1195.002", "req:R25" },
  samples     = {
    hit = { "mismatch.deb", "tiny-mismatch.deb", "missing.deb", "unlisted.deb" },
    clean = { "good.deb", "conffile.deb", "hardlink.deb" },
  },

  product = function(product, found)
    for _, deb in ipairs(collect(product)) do
      local title = packages.title(deb.package)
      if not deb.md5sums then
        found.unknown(title .. " carries no md5sums")
      elseif not deb.data then
        found.unknown("the data of " .. title .. " could not be listed")
      else
        local unseen, complete = judge(deb, found)
        if not complete then
          found.unknown("the data of " .. title .. " could not be listed to its end")
        elseif unseen then
          found.unknown("not all files of " .. title .. " were unpacked: " .. unseen)
        end
      end
    end
  end,
}
