local changes = require "lib.system_changes"
local packages = require "lib.packages"
local purpose = require "lib.purpose"
local reach = require "lib.reach"
local shell = require "lib.shell"

local FINDING = { access = "access", trust = "trust", start = "start", clock = "start", shells = "start" }

-- Places that a package of a distribution may have to mend, and that no package may write to behind the administrator's back.
local FOREIGN = { "authorized_key[s]", "ld%.so%.preload", "rights of root" }

local function severity(change, o)
  for _, pattern in ipairs(FOREIGN) do
    if change.place:find(pattern) or change.what:find(pattern) then
      return "high"
    end
  end
  local system = #o.path > 2 and (o.path[2]:find("^control%.tar") or o.path[1]:find("%.rpm$")) -- a package of a distribution
  if FINDING[change.kind] == "start" then
    return "low"
  end
  return system and (change.kind == "trust" and "low" or "medium") or (change.kind == "trust" and "medium" or "high")
end

-- Words of a package that is about such places: an authority's certificates, a clock, a daemon.
local ABOUT = {
  access = { "login", "pam", "ssh", "sudo", "accounts", "passwd", "authentication", "base" },
  trust = { "certificates", "keyring", "repository", "archive", "apt", "dns", "resolver", "trust", "pki" },
  -- what each shell runs: a daemon, a display or a session has no reason to be there
  clock = { "cron", "scheduler", "schedule", "scheduled", "periodic", "periodically", "daily", "daemon", "monitor", "monitoring",
    "backup", "backups", "rotation", "maintenance" },
  shells = { "shell", "environment", "profile", "login", "completion", "prompt" },
}

local function covered(product, o, kind)
  local declared = kind == "start" and product:declared(o)
  if declared then
    return purpose.covers(purpose.capabilities(declared, {}), "persist")
  end
  return purpose.word(product, o, ABOUT[kind])
end

---@type probity.Check
return {
  title       = "Install script that changes the system around it",
  why         = "What an install script writes outside of its own files stays when the package goes, and no list of files shows it.",
  confirm     = [[Take the script out (`dpkg-deb -e PRODUCT DIR`, `rpm -qp --scripts PRODUCT`) and read it; install in
    a machine that can be thrown away and compare the system before and after, `find /etc -newer STAMP`.]],
  catalogue   = "I-14",
  claim       = "install",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 24, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package", "script" },
  findings    = {
    access = {
      says = "%s can change %s (%s)",
      fix = "Leave that to the administrator, or do it by the system's own helper and say so in the description.",
    },
    trust = {
      says = "%s can change %s (%s)",
      fix = "Ship a file in the place that the system has for it, so that it is listed, and goes with the package.",
      severity = "medium",
    },
    start = {
      says = "%s can change %s (%s)",
      fix = "Ship the file as a part of the package, and let the packaging helpers switch it on.",
      severity = "low",
    },
    declared = {
      says = "%s can change %s (%s); what it says of itself covers that (%s)",
      fix = "Ship the file as a part of the package where that can be, so that it is listed.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:I.2.b", "cwe:250", "attack:T1053.003", "attack:T1543.002", "attack:T1553.004", "req:R3" },
  samples     = {
    hit = { "authorized-keys.deb", "authority.deb", "clock.deb" },
    clean = { "helpers.deb", "removal.deb" },
  },

  product = function(product, found)
    for o, how in reach.installed(product) do
      for _, change in ipairs(changes.of(o)) do
        local word = covered(product, o, change.kind)
        local values = { how, change.what, shell.line(change.call), word }
        local raise = word and found.declared or found[FINDING[change.kind]]
        raise {
          key = packages.place(o.path) .. ":" .. change.place,
          object = o,
          at = change.at,
          excerpt = shell.line(change.call),
          severity = word and "info" or severity(change, o),
          table.unpack(values),
        }
      end
    end
  end,
}
