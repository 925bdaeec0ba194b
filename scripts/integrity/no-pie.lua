local capabilities = require "lib.capabilities"
local packages = require "lib.packages"

-- What starts a program without anybody's doing.
local UNITS = { "*.service", "*.socket", "etc/init.d/*", "etc/inetd.d/*", "etc/xinetd.d/*" }

local function has_units(product)
  for _, glob in ipairs(UNITS) do
    if product:objects { glob = glob }() then
      return true
    end
  end
  return false
end

-- A program of a distribution that its users start: in their folder, by a name that no daemon has, from a package that starts none.
local function of_users(product, o)
  return packages.of_distribution(product:declared(o)) and o.name:find("^usr/bin/") ~= nil and not o.basename:find("d$")
end

---@type probity.Check
return {
  title       = "Program at a fixed address",
  why         = "A program that always lies at the same address makes a memory error easy to exploit: the attacker knows where all is.",
  confirm     = [[`readelf -h OBJECT | grep Type` says EXEC where DYN is wanted; for Windows `objdump -p OBJECT | grep
    -i DllCharacteristics` without 0x40, for macOS `otool -hv OBJECT` without PIE.]],
  catalogue   = "I-35",
  claim       = "hardening",
  severity    = "medium",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "pe", "macho" },
  findings    = {
    fixed = {
      says = "the program is loaded at a fixed address (%s, %s)",
      fix = "Compile with -fPIE and link with -pie (Windows: /DYNAMICBASE).",
    },
    low_risk = {
      says = "the program is loaded at a fixed address (%s, %s); it is a %s",
      fix = "Build with -buildmode=pie (Go), or link statically with -static-pie.",
      severity = "low",
    },
  },
  maps        = { "paris:P6", "cra:I.2.k", "cwe:1326", "req:R3" },
  samples     = { hit = { "fixed-elf", "static-elf" }, clean = { "pie-elf", "library.so", "object.o" } },

  object = function(object, found)
    local binary = object.facts.binary
    local hardening = binary and binary.hardening
    if not hardening or hardening.pie ~= false then
      return -- n/a: object files, libraries
    end
    -- A memory-safe language, no loader whose tables could be aimed at, or nobody who could send anything: less to win. Not for what
    -- waits for strangers.
    local safe = binary.language == "go" and "Go program" or binary.static and "static program"
    if not safe and not capabilities.find(object.facts, capabilities.NETWORK) then
      safe = "program without network"
    end
    local listens = capabilities.find(object.facts, "net-listen")
    if safe and (binary.language == "go" or not listens) then
      found.low_risk { key = object.sha256, binary.format, binary.arch or "unknown", safe }
    elseif listens and object.kind == "elf" then
      found.note {}
    else
      found.fixed { key = object.sha256, binary.format, binary.arch or "unknown" }
    end
  end,

  -- What can listen (an interpreter can) does so for strangers where it is a daemon.
  product = function(product, found)
    local units
    for o in product:objects { noted = true } do
      local binary = o.facts.binary
      if units == nil then
        units = has_units(product)
      end
      if not units and of_users(product, o) then
        found.low_risk { key = o.sha256, object = o, binary.format, binary.arch or "unknown", "program that its users start" }
      else
        found.fixed { key = o.sha256, object = o, binary.format, binary.arch or "unknown" }
      end
    end
  end,
}
