local members = require "lib.members"

local SETUID, SETGID, ANY_EXEC = 0x800, 0x400, 0x49 -- 04000, 02000, 0111

---@type probity.Check
return {
  title       = "Files that run with somebody else's rights",
  why         = "A setuid or setgid program hands its owner's rights to whoever starts it: each one is a way to them.",
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
  samples     = { hit = { "setuid.tar", "setgid.tar", "capability.rpm" }, clean = { "plain.tar", "setgid-folder.tar" } },

  product = function(product, found)
    for o, listing in members.each(product) do
      for _, entry in ipairs(listing.entries) do
        local mode = entry.mode
        -- On a folder setgid only says which group new files get; without an execute bit it is a locking flag.
        if mode and mode & (SETUID | SETGID) ~= 0 and entry.type == "file" and mode & ANY_EXEC ~= 0 then
          local path = entry.path
          if mode & SETUID ~= 0 then
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
