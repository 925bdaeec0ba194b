local changes = require "lib.system_changes"
local packages = require "lib.packages"
local purpose = require "lib.purpose"
local reach = require "lib.reach"
local shell = require "lib.shell"

---@type probity.Check
return {
  title       = "Script that makes something start by itself",
  why         = "What starts by itself goes on after the program was closed, and after it was removed.",
  confirm     = [[Read the script at the offset in the evidence; run it in a machine that can be thrown away and list
    what starts by itself before and after: `systemctl list-unit-files`, `crontab -l`, `ls ~/.config/autostart`.]],
  catalogue   = "I-18",
  claim       = "declared-purpose",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script" },
  findings    = {
    access = {
      says = "can change %s: %s",
      fix = "Leave that to whoever looks after the machine, or say in the documentation when it happens, and how to undo it.",
    },
    start = {
      says = "can change %s: %s",
      fix = "Ask before, say in the documentation where it writes, and undo it when the program is removed.",
      severity = "medium",
    },
    declared = {
      says = "can change %s: %s; what it says of itself covers that (%s)",
      fix = "Say in the documentation where it writes, and undo it when the program is removed.",
      severity = "info",
    },
  },
  maps        = { "paris:P5", "cra:I.2.j", "cwe:1059", "attack:T1547", "attack:T1543", "attack:T1053", "req:R3" },
  samples     = {
    hit = { "profile.sh", "clock.sh", "run-key.py", "agent.js", "clock.js", "login-shell.js", "autostart.py",
      access = { "key.sh" }, declared = { "declared-service" } },
    clean = { "reads-only.sh", "own-files.sh", "reads-profile.js" },
  },

  product = function(product, found)
    local installed = {}
    for o in reach.installed(product) do
      installed[table.concat(o.path, "\0")] = true -- I-14 speaks of these
    end
    for _, _, o in packages.scripts(product) do
      installed[table.concat(o.path, "\0")] = true -- what runs at removal undoes that
    end
    for o in product:objects { class = "script", fact = "code" } do
      for _, change in ipairs(installed[table.concat(o.path, "\0")] and {} or changes.of(o)) do
        local declared = product:declared(o)
        local word = declared and purpose.covers(purpose.capabilities(declared, {}), "persist")
        local raise = word and found.declared or found[change.kind == "access" and "access" or "start"]
        -- A key or an account of its own is nothing that people left to the script to choose.
        local own = change.place:find("authorized_key[s]") and
          (shell.line(change.call):find("ssh%-%a") or (change.call.input or ""):find("ssh%-%a")) or change.what:find("rights of root")
        raise {
          kappa = not own and 500 or nil,
          severity = not word and change.kind == "trust" and "low" or nil,
          key = change.kind == "trust" and "trust" or change.place,
          object = o,
          at = change.at,
          excerpt = shell.line(change.call),
          change.what,
          shell.line(change.call),
          word,
        }
      end
    end
  end,
}
