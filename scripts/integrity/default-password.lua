local accounts = require "lib.accounts"
local rootfs = require "lib.rootfs"
local text = require "probity.text"

local OWN = "integrity.default-password"
local HTPASSWD = { htpasswd = true, [".htpasswd"] = true }
local MOST = 12 -- accounts with hashes that are tried in one file

-- "user:hash" lines of a web server's file, or nil where it has others.
local function web_users(object)
  local list = {}
  for line, _, at in text.lines(object:bytes(0, 65536)) do
    if line ~= "" and not line:find("^#") then
      local user, field = line:match("^([^:%s]+):([^:%s]+)$")
      if not user then
        return nil
      end
      list[#list + 1] = { name = user, password = field, at = at, login = true }
    end
  end
  return list
end

local function is_hash(field)
  return accounts.is_hash(field) or field:find("^{SHA}%S+=$") ~= nil
end

---@type probity.Check
return {
  title       = "Password that comes with the product",
  why         = "The same password on every copy is known to everybody who looked into one of them; published ones are tried by worms.",
  confirm     = [[Take the line of the account out of etc/shadow or its like and try the password: `openssl passwd -6
    -salt SALT PASSWORD` (or -1, -5, -apr1) gives the same text where it fits.]],
  catalogue   = "I-07",
  claim       = "credentials",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "text", "script", "data" },
  looks       = [[
    strings:
      $root = "root:"
      $days = ":99999:"
      $shell = ":/bin/"
      $apache = ":$apr1$"
      $sha = ":{SHA}"
      $blowfish = ":$2y$"
    condition:
      any of them
  ]],
  findings    = {
    published = {
      says = "the account %s opens with a published default password (rulesets/lists/default-credentials.tsv)",
      fix = "Lock the account, and give each device a password of its own, or let whoever sets it up choose one.",
    },
    fixed = {
      says = "the account %s has a fixed password, the same on every copy",
      fix = "Lock the account, and give each device a password of its own, or let whoever sets it up choose one.",
      severity = "high",
    },
  },
  maps        = { "paris:P6", "cra:I.2.b", "etsi:5.1-1", "cwe:798", "cwe:1392", "attack:T1078.001", "req:R6" },
  samples     = {
    hit = { "firmware", "old-device", "web", "apache" },
    clean = { "locked", "form-only" },
  },

  object = function(object, found)
    local web = HTPASSWD[object.name]
    local list = web and web_users(object) or accounts.read(object)
    local tried = 0
    for _, account in ipairs(list or {}) do
      local field = account.password
      if account.login and is_hash(field) and tried < MOST then
        tried = tried + 1
        local password = accounts.opened_by(account.name, field)
        local key = account.name .. ":" .. text.sha256(field):sub(1, 16)
        local excerpt = account.name .. ":" .. field:sub(1, 6) .. "..."
        if password then
          found.published { key = key, at = account.at, length = #account.name, excerpt = excerpt, severity = "high", account.name }
        else
          found.fixed { key = key, at = account.at, length = #account.name, excerpt = excerpt, severity = web and "low" or "medium",
            account.name }
        end
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
              local user = f.key:match("^([^:]*)")
              found[f.finding] { key = f.key, object = o, at = f.at, excerpt = user .. ":...", user }
            end
          end
        end
      end
    end
  end,
}
