--- Trees of whole systems inside of a product: firmware images, container images, root folders. Known by their layout, two marks at
--- least: one file called passwd is no system.

local rootfs = {}

-- What one begins to look at, and where it lies. true: as small devices have it, which people seldom update and never set up by hand.
local SIGNS = { { "passwd", "etc/passwd" }, { "inittab", "etc/inittab", true }, { "busybox", "bin/busybox", true },
  { "rcS", "etc/init.d/rcS", true } }

-- What else there has to be beside it.
local MARKS = { "etc/passwd", "etc/shadow", "etc/group", "etc/os-release", "usr/lib/os-release", "etc/rc.local", "bin/sh", "etc/inittab",
  "etc/fstab", "etc/init.d/rcS", "bin/busybox", "etc/openwrt_release" }

local function count_marks(product, container, folder)
  local count, path = 0, { table.unpack(container) }
  for _, mark in ipairs(MARKS) do
    path[#container + 1] = folder .. mark
    if product:object(path) then
      count = count + 1
    end
  end
  return count
end

--- All roots in the product, a list of `path` (the container that it lies in, a list), `folder` ("" or with "/" at its end) and `firmware`.
function rootfs.roots(product)
  local by, roots = {}, {}
  for _, sign in ipairs(SIGNS) do
    local path = sign[2]
    for o in product:objects { glob = sign[1] } do
      local name = o.name
      local before = name:sub(1, #name - #path)
      if name:sub(-#path) == path and (before == "" or before:sub(-1) == "/") then
        local container = { table.unpack(o.path, 1, #o.path - 1) }
        local key = table.concat(container, "\0") .. "\0\0" .. before
        if by[key] == nil then
          local root = count_marks(product, container, before) >= 2 and { path = container, folder = before, firmware = false }
          by[key] = root
          roots[#roots + 1] = root or nil
        end
        if by[key] and sign[3] then
          by[key].firmware = true
        end
      end
    end
  end
  return roots
end

--- Where the object lies in one of the roots ("etc/passwd"), and which; or nil.
function rootfs.relative(roots, o)
  for _, root in ipairs(roots) do
    local n = #root.path
    local same = #o.path == n + 1 and o.name:sub(1, #root.folder) == root.folder
    for i = 1, same and n or 0 do
      same = same and o.path[i] == root.path[i]
    end
    if same then
      return o.name:sub(#root.folder + 1), root
    end
  end
  return nil
end

return rootfs
