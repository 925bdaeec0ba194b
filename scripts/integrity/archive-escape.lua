local members = require "lib.members"
local packages = require "lib.packages"

-- Links that lead out of the archive, by their path. In the tree of a system (a .deb's data, an appliance) an absolute
-- symbolic link names a place of the same system.
local function outside_links(entries, system)
  local out
  for _, entry in ipairs(entries) do
    if entry.leaves or (entry.absolute_link and not system) then
      out = out or {}
      out[entry.path] = entry
    end
  end
  return out
end

-- The link that this member would be written through, if there is one.
local function through(path, links)
  local at = path:find("/", 1, true)
  while at do
    local link = links[path:sub(1, at - 1)]
    if link then
      return link
    end
    at = path:find("/", at + 1, true)
  end
  return nil
end

---@type probity.Check
return {
  title       = "Archive that writes outside of its folder",
  why         = "Unpacking it can overwrite files elsewhere on the machine, for example the programs and settings of its user.",
  confirm     = [[List the archive without unpacking it: `tar -tvf OBJECT` or `zipinfo OBJECT`, and look for names
    that begin with / or hold .., and for links that lead outside.]],
  catalogue   = "I-21",
  claim       = "archive-safety",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "manifest" },
  findings    = {
    climbs = {
      says = "the member %s leaves the folder that the archive is unpacked in",
      fix = "Build the archive again, with paths below one folder.",
    },
    absolute = {
      says = "the member %s names an absolute place",
      fix = "Build the archive again, with paths below one folder.",
    },
    through = {
      says = "the member %s would be written through the link %s, which leads outside to %s",
      fix = "Remove the link, or the members below it.",
    },
    hardlink = {
      says = "the hard link %s is a name for %s, which is outside of the archive",
      fix = "Ship the file itself.",
    },
    link = {
      says = "the symbolic link %s leads outside of the archive, to %s",
      fix = "Ship a relative link that stays inside, or create the link at installation.",
      severity = "medium",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:22", "cwe:59", "req:R25" },
  samples     = {
    hit = { "climbs.tar", "absolute.tar", "through-link.tar", "link-out.tar", "climbs.zip" },
    clean = { "plain.tar", "links-inside.tar", "root-fs.tar", "absolute-link.deb" },
  },

  product = function(product, found)
    for o, listing in members.each(product) do
      local entries = listing.entries
      local system = packages.role(product, o, entries) == "system" or members.is_system(entries)
      local links = outside_links(entries, system)
      for _, entry in ipairs(entries) do
        local path = entry.path
        if entry.traversal then
          found.climbs { key = path, object = o, excerpt = path, path }
        elseif entry.absolute and o.kind ~= "rpm" and path ~= "." then -- ar calls its tables "/" and "//"
          found.absolute { key = path, object = o, excerpt = "/" .. path, "/" .. path }
        elseif links then
          local link = through(path, links)
          if link then
            found.through { key = path, object = o, excerpt = path, path, link.path, link.link }
          end
        end
      end
      for path, entry in pairs(links or {}) do
        local raise = entry.type == "hardlink" and found.hardlink or found.link
        raise { key = path, object = o, excerpt = entry.path .. " -> " .. entry.link, entry.path, entry.link }
      end
    end
  end,
}
