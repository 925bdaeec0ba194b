local members = require "lib.members"
local packages = require "lib.packages"

local GROUP, WORLD, STICKY, ANY_EXEC = 0x10, 0x2, 0x200, 0x49 -- 020, 02, 01000, 0111

local CONFIG = { conf = true, cfg = true, ini = true, cnf = true, service = true, rules = true }

-- Group-writable counts where it gives something away: a program, a setting, or a folder that holds such. The folders that
-- Debian's policy gives to the group staff, and a user's own group (same number as the user), give nothing away.
local function group_matters(entry, path, system)
  if not system or entry.gid == nil or entry.gid == 0 or entry.gid == entry.uid then
    return false
  end
  if path:find("^usr/local") or path:find("^var/local") then
    return false
  end
  if entry.type == "dir" then
    return entry.mode & STICKY == 0
  end
  return entry.mode & ANY_EXEC ~= 0 or path:find("^etc/") ~= nil or CONFIG[path:match("%.(%a+)$") or ""] ~= nil
end

local function judge(found, o, entry, system)
  local path = entry.path
  local octal = string.format("%04o", entry.mode & 0xfff)
  if path == "." then
    return -- the folder that it is all unpacked in, which was there before
  elseif entry.mode & WORLD ~= 0 then
    if entry.type == "file" or entry.mode & STICKY == 0 then
      found.world { key = path, object = o, excerpt = path, path, octal }
    end
  elseif group_matters(entry, path, system) then
    found.group { key = path, object = o, excerpt = path, tostring(entry.gid), path, octal }
  end
end

---@type probity.Check
return {
  title       = "Files that others may change",
  why         = "A program or setting that every user may overwrite runs their code with the rights of whoever uses it next.",
  confirm     = [[Show the modes: `dpkg-deb -c PRODUCT | grep -E '^-.......w'`, `rpm -qplv PRODUCT`, after
    installation `find / -xdev -type f -perm /022`.]],
  catalogue   = "I-20",
  claim       = "permissions",
  severity    = "medium",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "manifest" },
  findings    = {
    world = {
      says = "every user of the system may change %s (mode %s)",
      fix = "Ship files with mode 0644 or 0755 and folders with 0755 (1777 where all must write).",
    },
    group = {
      says = "the group %s may change %s (mode %s)",
      fix = "Ship files with mode 0644 or 0755, or say why the group must write.",
      severity = "low",
    },
  },
  maps        = { "paris:P6", "cra:I.2.d", "cra:I.2.f", "cwe:732", "req:R6" },
  samples     = { hit = { "world-file.tar", "world-folder.tar" }, clean = { "plain.tar", "sticky-folder.tar" } },

  product = function(product, found)
    for o, listing in members.each(product) do
      local role -- npm, pip and Java set modes of their own when they unpack
      for _, entry in ipairs(listing.entries) do
        local mode = entry.mode
        if mode and mode & (GROUP | WORLD) ~= 0 and (entry.type == "file" or entry.type == "dir") then
          role = role or packages.role(product, o, listing.entries)
          if role ~= "language" then
            judge(found, o, entry, role == "system")
          end
        end
      end
    end
  end,
}
