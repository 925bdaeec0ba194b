--- Trees of whole systems inside of a product: firmware images, container images, root folders. Known by their layout, two marks at
--- least: one file called passwd is no system.

local rootfs = {}

-- What lies where in a system. true: as small devices have it, which people seldom update and never set up by hand.
local MARKS = {
  { "passwd", "etc/passwd", false },
  { "shadow", "etc/shadow", false },
  { "group", "etc/group", false },
  { "os-release", "etc/os-release", false },
  { "os-release", "usr/lib/os-release", false },
  { "busybox", "bin/busybox", true },
  { "inittab", "etc/inittab", true },
  { "rcS", "etc/init.d/rcS", true },
  { "rcS", "etc/rcS", true },
  { "openwrt_release", "etc/openwrt_release", true },
  { "rc.local", "etc/rc.local", false },
  { "sh", "bin/sh", false },
}

--- All roots in the product, a list of `path` (the container that it lies in, a list), `folder` ("" or with "/" at its end) and `firmware`.
function rootfs.roots(product)
  local by, roots = {}, {}
  for _, mark in ipairs(MARKS) do
    local glob, path, firmware = mark[1], mark[2], mark[3]
    for o in product:objects { glob = glob } do
      local name = o.name
      local before = name:sub(1, #name - #path)
      if name:sub(-#path) == path and (before == "" or before:sub(-1) == "/") then
        local container = { table.unpack(o.path, 1, #o.path - 1) }
        local key = table.concat(container, "\0") .. "\0\0" .. before
        local root = by[key]
        if not root then
          root = { path = container, folder = before, marks = 0, firmware = false }
          by[key] = root
        end
        root.marks = root.marks + 1
        root.firmware = root.firmware or firmware
        if root.marks == 2 then
          roots[#roots + 1] = root
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
