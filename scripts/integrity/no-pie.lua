local capabilities = require "lib.capabilities"

---@type probity.Check
return {
  title       = "Program at a fixed address",
  why         = "A program that always lies at the same address makes a memory error easy to exploit: the attacker knows where all is.",
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
    if safe and (binary.language == "go" or not capabilities.find(object.facts, "net-listen")) then
      found.low_risk { key = object.sha256, binary.format, binary.arch or "unknown", safe }
    else
      found.fixed { key = object.sha256, binary.format, binary.arch or "unknown" }
    end
  end,
}
