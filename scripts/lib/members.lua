--- What an archive or a folder lists: entries of the `members` fact.
---
--- Listings can hold hundreds of thousands of entries, so whoever loops over them asks the cheap questions first.

local members = {}

--- A member's path, so that "./usr/bin/x", "/usr/bin/x" and "usr//bin/x/" give the same key.
--- Names of an archive that was packed from the inside or from the outside of a folder then agree, too.
function members.normal(path)
  if not path:find("[./]", 1) then
    return path
  end
  local clean = path:gsub("//+", "/"):gsub("/%./", "/"):gsub("^%./", ""):gsub("^/", ""):gsub("/$", "")
  return clean
end

--- Would the path leave the folder that it is unpacked in? Backslashes count, since some unpackers take them for slashes.
--- "a/../b" does not leave, "a/../../b" does.
function members.climbs(path)
  if not path:find("..", 1, true) then
    return false
  end
  local depth = 0
  for part in path:gmatch("[^/\\]+") do
    if part == ".." then
      depth = depth - 1
      if depth < 0 then
        return true
      end
    elseif part ~= "." then
      depth = depth + 1
    end
  end
  return false
end

--- Does the path begin at a root: "/x", "\x", "C:\x", "\\server\share"?
function members.absolute(path)
  return path:find("^[/\\]") ~= nil or path:find("^%a:[/\\]") ~= nil
end

--- Where would the link at `at` lead? "inside", "climbs" (out by ".."), "absolute".
--- A hard link's target is a path from the archive's own root, a symbolic link's one from the folder that holds it.
function members.link(at, target, hard)
  if members.absolute(target) then
    return "absolute"
  end
  local from = hard and "" or (at:match("^(.*)/[^/]*$") or "")
  return members.climbs(from .. "/" .. target) and "climbs" or "inside"
end

local ROOT = { bin = true, boot = true, dev = true, etc = true, home = true, lib = true, lib64 = true, opt = true,
  proc = true, root = true, run = true, sbin = true, srv = true, sys = true, usr = true, var = true }

--- Is it the tree of a system, where an absolute link points at a place inside of the same system? Decided by what stands at
--- the top: a program's folder called "bin" is not enough.
function members.is_system(entries)
  local seen, count = {}, 0
  for _, entry in ipairs(entries) do
    local top = entry.path:match("^%.?/*([^/]+)")
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

--- All containers of a product that have a listing: `for o, listing in members.each(product) do`.
function members.each(product)
  local next_object = product:objects({ tag = "manifest" })
  return function()
    local o = next_object()
    while o do
      local listing = o.facts.members
      if listing then
        return o, listing
      end
      o = next_object()
    end
  end
end

return members
