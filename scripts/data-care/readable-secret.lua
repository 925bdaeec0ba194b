local hints = require "probity.hints"
local members = require "lib.members"
local packages = require "lib.packages"

local WORLD_READ = 0x4 -- 04
local TINY = 16 -- bytes: a file that is only a place holder
local MOST = 100

-- Names of files that hold nothing but secrets or what is known of people. true: of a system, below etc/ or a home only.
local NAMES = { shadow = "etc", gshadow = "etc", ["shadow-"] = "etc", [".pgpass"] = true, [".netrc"] = true, [".my.cnf"] = true,
  [".git-credentials"] = true, [".htpasswd"] = true, id_rsa = true, id_dsa = true, id_ecdsa = true, id_ed25519 = true,
  ["krb5.keytab"] = true,
  ["wallet.dat"] = true, [".bash_history"] = true, [".mysql_history"] = true, [".psql_history"] = true, [".python_history"] = true,
  ["secring.gpg"] = true, ["credentials.json"] = true, ["client_secret.json"] = true, ["logins.json"] = true, ["key4.db"] = true,
  ["login data"] = true, ["master.key"] = true, [".dockercfg"] = true, ["kubeconfig"] = true, [".vault-token"] = true,
  [".env.production"] = true, ["chap-secrets"] = "etc", ["pap-secrets"] = "etc",
  ["wpa_supplicant.conf"] = "etc", ["ipsec.secrets"] = "etc", ["rndc.key"] = "etc" }

local ENDINGS = { kdbx = true, kdb = true, ppk = true, keytab = true, p12 = true, pfx = true, jks = true, keystore = true, agekey = true,
  psafe3 = true, ["1pif"] = true, ovpn = true }

-- What says of a file's name that it is about people: a list of customers is no source code, whatever ends in .csv or .sql is data.
local PEOPLE = { "customers", "users", "employees", "patients", "passwords", "credentials", "accounts", "members", "emails", "contacts" }
local DATA = { csv = true, sql = true, xlsx = true, db = true, sqlite = true, sqlite3 = true, dump = true, bak = true, mdb = true }

-- Files with a private key in them, as integrity.private-key found them.
local function has_key(o)
  for _, f in ipairs(o and o.findings or {}) do
    if f.check == "integrity.private-key" and f.finding == "key" and f.kappa > 200 then
      return true
    end
  end
  return false
end

-- npm, pip and Java set modes of their own when they unpack.
local function sets_modes(product, o)
  local about = product:declared(o)
  local kind = about and about.packages[1].kind
  return kind ~= nil and kind ~= "deb" and kind ~= "rpm"
end

-- Why this name is that of a secret, in words, or nil.
local function secret_name(path, o)
  local name = path:match("[^/]*$"):lower()
  local where = NAMES[name]
  if where == true or where == "etc" and path:find("^etc/") or where == "etc" and path:find("/etc/") then
    return "its name"
  end
  local ending = name:match("%.(%w+)$") or ""
  if ENDINGS[ending] then
    return "its ending"
  end
  if (ending == "key" or ending == "pem") and has_key(o) then
    return "the private key in it"
  end
  local stem = DATA[ending] and name:match("^(.-)[%d._-]*%.%w+$")
  for _, word in ipairs(stem and PEOPLE or {}) do
    if stem == word or stem:find("[._-]" .. word .. "$") or stem:find("^" .. word .. "[._-]") then
      return "its name"
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Secrets and personal data that every user may read",
  why         = "Each program and person on the machine can take a copy, without leaving a trace.",
  confirm     = [[Show the mode: `dpkg-deb -c PRODUCT | grep PATH`, `rpm -qplv PRODUCT`, or `ls -l` after
    installation. An r in the last three letters lets every user read it.]],
  catalogue   = "D-19",
  claim       = "storage",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "manifest" },
  findings    = {
    readable = {
      says = "every user may read %s (mode %s): a secret or personal data by %s",
      fix = "Leave the file out; where it has to be there, give it mode 0600 and an owner of its own.",
    },
  },
  maps        = { "paris:P1", "cra:I.2.e", "cwe:732", "gdpr:32", "req:R6" },
  samples     = {
    hit = { "shadow.tar", "home.tar", "customers.tar", "key.tar" },
    clean = { "private.tar", "names.tar", "language" },
  },

  product = function(product, found)
    local count = 0
    for o, listing in members.each(product) do
      local role, base
      for _, entry in ipairs(listing.entries) do
        local mode = entry.mode
        if mode and mode & WORLD_READ ~= 0 and entry.type == "file" and (entry.size or TINY) >= TINY and count < MOST then
          local name = entry.path:match("[^/]*$"):lower()
          local ending = name:match("%.(%w+)$") or ""
          if NAMES[name] or ENDINGS[ending] or DATA[ending] or ending == "key" or ending == "pem" then
            role = role or packages.role(product, o, listing.entries)
            base = base or members.base(product, o)
            local path = { table.unpack(base) }
            path[#path + 1] = entry.path
            local file = product:object(path)
            local why = role ~= "language" and not hints.discounted(path) and secret_name(entry.path, file)
            if why and not sets_modes(product, file or o) then
              count = count + 1
              local octal = string.format("%04o", mode & 0xfff)
              found.readable { key = entry.path, object = file or o, excerpt = entry.path, entry.path, octal, why }
            end
          end
        end
      end
    end
  end,
}
