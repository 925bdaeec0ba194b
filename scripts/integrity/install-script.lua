local packages = require "lib.packages"

-- (setup.py of a source package runs at every installation: that alone says nothing.)
local RAISE = { deb = "distribution", rpm = "distribution", pacman = "distribution", alpine = "distribution", snap = "distribution",
  npm = "language", gem = "language", nupkg = "language", conda = "language" }

---@type probity.Check
return {
  title       = "Code that runs at installation",
  why         = "An install script runs before anybody has started the product, often as root, and nobody watches it.",
  confirm     = [[Read what runs: `dpkg-deb -e PRODUCT DIR` and DIR/postinst, `rpm -qp --scripts PRODUCT`, or scripts
    in package.json (`npm pkg get scripts`).]],
  catalogue   = "I-12",
  claim       = "install",
  severity    = "low",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package" },
  findings    = {
    language = {
      says = "%s runs on whoever installs %s: %s",
      fix = "Do without: ship built files, or do the work when the product is first used.",
    },
    distribution = {
      says = "%s runs as root when %s is installed, upgraded or removed",
      fix = "Nothing to do where a declarative way (triggers, tmpfiles, sysusers) does not exist.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "attack:T1195.002", "req:R3", "req:R25" },
  samples     = { hit = { "postinstall", "postinst.deb" }, clean = { "no-hooks", "developer-scripts" } },

  product = function(product, found)
    for package, script, o in packages.scripts(product) do
      local raise = RAISE[package.kind]
      if raise == "language" then
        local command = script.command or script.name
        found.language {
          key = packages.script_key(script),
          object = o,
          excerpt = command,
          script.name,
          packages.title(package),
          command,
        }
      elseif raise then
        found.distribution { key = packages.script_key(script), object = o, script.name, packages.title(package) }
      end
    end
  end,
}
