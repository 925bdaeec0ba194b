local accounts = require "lib.accounts"
local rootfs = require "lib.rootfs"

local OWN = "integrity.empty-account"
local MOST = 50 -- accounts of one file: more say nothing more

---@type probity.Check
return {
  title       = "Account without a password, or with the rights of root",
  why         = "Whoever reaches a login, a serial line or a remote shell is in, on every device that was made of this image.",
  confirm     = [[Read the lines: `awk -F: '$2 == ""' etc/shadow` names accounts without a password, `awk -F: '$3 ==
    0' etc/passwd` those with the rights of root.]],
  catalogue   = "I-08",
  claim       = "credentials",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "text", "script", "data" },
  looks       = accounts.LOOKS,
  findings    = {
    empty = {
      says = "the account %s has an empty password",
      fix = "Lock the account (\"*\" in its password field), and let whoever sets up the device choose a password.",
    },
    superuser = {
      says = "the account %s has the number 0, which is root's",
      fix = "Give it a number of its own, and the rights that it needs by sudo or capabilities.",
    },
  },
  maps        = { "paris:P6", "cra:I.2.d", "etsi:5.1", "cwe:258", "attack:T1136.001", "req:R6" },
  samples     = {
    hit = { "empty-root", "second-root", "loose-file" },
    clean = { "locked", "other-passwd", "no-login" },
  },

  object = function(object, found)
    local list = accounts.read(object)
    for i = 1, list and math.min(#list, MOST) or 0 do
      local account = list[i]
      -- What a file is called says little: only below a system's etc/ (product) it is the real thing.
      if account.password == "" and account.login then
        found.empty { key = "empty:" .. account.name, at = account.at, length = 4, excerpt = account.name .. "::...", severity = "medium",
          account.name }
      end
      if account.uid == 0 and account.name ~= "root" and account.login and not account.password:find("^[*!]") then
        found.superuser { key = "root:" .. account.name, at = account.at, length = 4, excerpt = account.name .. ":...:0:",
          severity = "medium", account.name }
      end
    end
  end,

  product = function(product, found)
    local roots -- asked for where there is something to judge
    for _, name in ipairs { "passwd", "shadow" } do
      for o in product:objects { glob = name } do
        for _, f in ipairs(o.findings) do
          if f.check == OWN then
            roots = roots or rootfs.roots(product)
            if rootfs.relative(roots, o) == "etc/" .. name then
              local user = f.key:match(":(.*)$")
              found[f.finding] { key = f.key, object = o, at = f.at, excerpt = user .. ":...", user }
            end
          end
        end
      end
    end
  end,
}
