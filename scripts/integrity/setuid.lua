local members = require "lib.members"
local packages = require "lib.packages"

local SETUID, SETGID, ANY_EXEC = 0x800, 0x400, 0x49 -- 04000, 02000, 0111

-- What a package of a distribution is for, where it needs the rights of root for its users: of them a helper that no user starts.
local NEEDS = { "admin", "sudo", "pam", "policykit", "polkit", "login", "privilege", "privileges", "mount" }
local HELPERS = { "^usr/lib/", "^usr/libexec/", "^lib/" }

-- The manual pages of a listing: { ["sudo"] = "usr/share/man/man8/sudo.8.gz" }. A language's own folder says the same.
local function manual(listing)
  local pages = {}
  for _, entry in ipairs(listing.entries) do
    local name = entry.path:match("^usr/share/man/man%d/([^/]+)%.%d%a*%.?g?z?$")
    if name and not pages[name] then
      pages[name] = entry.path
    end
  end
  return pages
end

-- What in the package tells its users of the program and its rights: its manual page; of a helper, what the package is for. Or nil.
local function explained(about, pages, path)
  local page = pages[path:match("[^/]+$")]
  if page then
    return page
  end
  for _, place in ipairs(HELPERS) do
    for _, word in ipairs(path:find(place) and NEEDS or {}) do
      if about.words[word] then
        return word
      end
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Files that run with somebody else's rights",
  why         = "A setuid or setgid program hands its owner's rights to whoever starts it: each one is a way to them.",
  confirm     = [[Show the modes: `dpkg-deb -c PRODUCT | grep -E '^-..s|^-.....s'`, `rpm -qplv PRODUCT`, after
    installation `find / -xdev -perm /6000` and `getcap -r /usr`.]],
  catalogue   = "I-19",
  claim       = "permissions",
  severity    = "medium",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "manifest" },
  findings    = {
    setuid = {
      says = "%s runs with the rights of its owner",
      fix = "Drop the setuid bit; give the program only the capabilities that it needs, or a service that acts for it.",
    },
    documented = {
      says = "%s runs with the rights of its owner, and the package tells of it (%s)",
      fix = "Drop the setuid bit where capabilities, or a service that acts for the program, will do.",
      severity = "low",
    },
    setgid = {
      says = "%s runs with the rights of its group",
      fix = "Drop the setgid bit, or state which files the group opens and why.",
      severity = "low",
    },
    capability = {
      says = "%s gets the privileges \"%s\" from its file capabilities",
      fix = "State what the program needs them for; drop those that it does not need.",
      severity = "low",
    },
  },
  maps        = { "paris:P6", "cra:I.2.j", "cwe:250", "attack:T1548.001", "req:R3" },
  samples     = {
    hit = { setuid = { "setuid.tar", "undocumented.deb" }, documented = { "documented.deb", "helper.deb" }, setgid = { "setgid.tar" },
      capability = { "capability.rpm" } },
    clean = { "plain.tar", "setgid-folder.tar" },
  },

  product = function(product, found)
    for o, listing in members.each(product) do
      local about, pages = nil, nil
      for _, entry in ipairs(listing.entries) do
        local mode = entry.mode
        -- On a folder setgid only says which group new files get; without an execute bit it is a locking flag.
        if mode and mode & (SETUID | SETGID) ~= 0 and entry.type == "file" and mode & ANY_EXEC ~= 0 then
          local path = entry.path
          about = about or product:declared(o)
          pages = pages or (packages.of_distribution(about) and manual(listing)) or nil
          local word = mode & SETUID ~= 0 and pages and explained(about, pages, path)
          if word then
            found.documented { key = path, object = o, excerpt = path, path, word }
          elseif mode & SETUID ~= 0 then
            found.setuid { key = path, object = o, excerpt = path, path }
          else
            found.setgid { key = path, object = o, excerpt = path, path }
          end
        end
      end
    end
    -- An .rpm keeps file capabilities in its header; other formats keep them where no listing shows them.
    for o in product:objects({ fact = "rpm" }) do
      for _, file in ipairs(o.facts.rpm.files or {}) do
        if file.caps then
          local path = file.path:gsub("^/+", "")
          found.capability { key = path, object = o, excerpt = file.path, path, file.caps }
        end
      end
    end
  end,
}
