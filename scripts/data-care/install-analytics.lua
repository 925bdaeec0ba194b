local capabilities = require "lib.capabilities"
local packages = require "lib.packages"
local reach = require "lib.reach"
local telemetry = require "lib.telemetry"

local OUTWARD = "net-connect"
local SHOWS = { ["data-care.telemetry-endpoint"] = true, ["data-care.telemetry-sdk"] = true, ["data-care.telemetry-linked"] = true }

-- What a manifest says that a hook reads is no code of the hook.
local MANIFEST = { is = true, depends = true }

-- Libraries whose own installation reports.
local REPORTS_ITSELF = { ["@scarf/scarf"] = "Scarf", ["scarf"] = "Scarf" }

-- What in this file speaks of telemetry: an endpoint, a library that it uses, a function that reports.
local function evidence(o)
  for _, f in ipairs(o.findings) do
    if (SHOWS[f.check] and not MANIFEST[f.finding] and (f.severity ~= "info" or f.finding == "imports") and f.kappa > 200)
      or (f.check == "data-care.telemetry-client" and f.finding == "sends") then
      return f
    end
  end
  return nil
end

-- A known host in a command line of a hook ("curl https://telemetry.vendor.example/...").
local function in_command(command)
  for rest in command:gmatch("https?://([^%s\"'`<>|;]+)") do
    local host = rest:match("^[^/:?#]+")
    if host and (telemetry.known(host, rest) or telemetry.looks_like(host, rest)) then
      return host
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Reports while it is installed",
  why         = "Whoever installs it is reported on before they have seen a line of what they would agree to.",
  confirm     = [[Take out what runs at installation (`dpkg-deb -e PRODUCT DIR`, `rpm -qp --scripts PRODUCT`, scripts
    in package.json) and read it; install in a machine of your own with `tcpdump -n` running and see who is spoken
    to.]],
  catalogue   = "D-04",
  claim       = "consent",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package", "script" },
  findings    = {
    reports = {
      says = "%s, which runs at installation, speaks of telemetry (%s) and can use the network",
      fix = "Report nothing at installation: ask at the first start, and take no for an answer.",
    },
    command = {
      says = "%s of %s names %s, a host for telemetry",
      fix = "Report nothing at installation: ask at the first start, and take no for an answer.",
    },
    through = {
      says = "%s depends on %s, whose own installation reports to: %s",
      fix = "Do without that dependency, or switch it off in package.json.",
      severity = "medium",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "gdpr:6", "gdpr:7", "req:R4" },
  samples     = {
    hit = { reports = { "posting-hook", "imported-reporter" }, command = { "curl-hook" }, through = { "depends-on-scarf" } },
    clean = { "telemetry-when-run", "printing-hook", "building-hook" },
  },

  product = function(product, found)
    local network = {}
    for o, _, from in reach.installed(product) do
      local here = capabilities.find(o.facts, OUTWARD) ~= nil
      network[table.concat((from or o).path, "\0")] = network[table.concat((from or o).path, "\0")] or here
    end
    for o, how, from in reach.installed(product) do
      local f = evidence(o)
      if f and (network[table.concat((from or o).path, "\0")] or capabilities.find(o.facts, OUTWARD)) then
        found.reports { key = f.key, object = o, at = f.at, excerpt = f.key, how, f.key }
      end
    end
    for package, script, o in packages.scripts(product) do
      local host = script.command and packages.at_install(script) and in_command(script.command)
      if host then
        found.command { key = host, object = o, excerpt = script.command, script.name, packages.title(package), host }
      end
    end
    for _, package in ipairs(product.packages) do
      for _, name in ipairs(package.kind == "npm" and package.depends or {}) do
        local o = REPORTS_ITSELF[name] and product:object(package.path)
        if o then
          found.through { key = name, object = o, excerpt = name, packages.title(package), name, REPORTS_ITSELF[name] }
        end
      end
    end
  end,
}
