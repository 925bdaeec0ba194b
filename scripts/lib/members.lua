--- What archives and folders list: entries of the `members` fact. Their paths are already tidy ("usr/bin/x" for "./usr//bin/x/"),
--- and where a name or a link would land is already judged: `absolute`, `traversal`, `absolute_link`, `leaves`.
---
--- Listings can hold hundreds of thousands of entries, so whoever loops over them asks the cheap questions first.

local members = {}

local ROOT = { bin = true, boot = true, dev = true, etc = true, home = true, lib = true, lib64 = true, opt = true,
  proc = true, root = true, run = true, sbin = true, srv = true, sys = true, usr = true, var = true }

--- Is it the tree of a system, where an absolute link points at a place inside of the same system? Decided by what stands at
--- the top: a program's folder called "bin" is not enough.
function members.is_system(entries)
  local seen, count = {}, 0
  for _, entry in ipairs(entries) do
    local top = entry.path:match("^[^/]+")
    if top and ROOT[top] and not seen[top] then
      seen[top] = true
      count = count + 1
      if count == 3 then
        return true
      end
    end
  end
  return seen.etc == true and seen.usr == true
end

local LAYERS = { gzip = true, bzip2 = true, xz = true, zstd = true, lzma = true, lz4 = true, lzip = true, compress = true }

--- The path under which the members of a listed container lie: its own, or that of the compression layer around it
--- ("x.tgz" holds "x.tar", and the members are told as "x.tgz" > "package/index.js").
function members.base(product, o)
  local n = #o.path
  local around = n > 1 and product:object({ table.unpack(o.path, 1, n - 1) })
  return around and LAYERS[around.kind] and around.path or o.path
end

--- All containers of a product that have a listing: `for o, listing in members.each(product) do`.
function members.each(product)
  local next_object = product:objects({ fact = "members" })
  return function()
    local o = next_object()
    if o then
      return o, o.facts.members
    end
    return nil
  end
end

return members
