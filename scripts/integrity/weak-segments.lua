---@type probity.Check
return {
  title       = "Memory that should not be writable or executable",
  why         = "Tables that stay writable, and memory that is both writable and executable, turn one wrong write into running code.",
  confirm     = [[`readelf -lW OBJECT` shows RWE in a segment or in GNU_STACK, or no GNU_RELRO; `readelf -d OBJECT |
    grep -E 'BIND_NOW|NOW'` prints nothing where addresses are bound late.]],
  catalogue   = "I-37",
  claim       = "hardening",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "pe", "macho" },
  findings    = {
    rwx = {
      says = "a segment is writable and executable at once",
      fix = "Remove the linker option or section attribute that asks for it; code generators should map their memory themselves.",
      severity = "high",
    },
    stack = {
      says = "data on the stack can be executed (%s)",
      fix = "Link with -z noexecstack; mark hand-written assembly with .note.GNU-stack (Windows: /NXCOMPAT).",
      severity = "medium",
    },
    relro = {
      says = "no RELRO: the tables of addresses stay writable",
      fix = "Link with -z relro.",
      severity = "low",
    },
    bind_now = {
      says = "addresses are bound late (no BIND_NOW), so part of their table stays writable",
      fix = "Link with -z now.",
      severity = "low",
    },
  },
  maps        = { "paris:P6", "cra:I.2.k", "cwe:119", "req:R3" },
  samples     = {
    hit = { "late-binding", "no-relro", "exec-stack", "rwx-segment" },
    clean = { "hardened", "static-elf", "object.o" },
  },

  object = function(object, found)
    local binary = object.facts.binary
    local hardening = binary and binary.hardening
    if not hardening then
      return
    end
    local key = object.sha256
    if hardening.rwx then
      found.rwx { key = key }
    end
    if hardening.nx == false then
      found.stack { key = key, binary.format == "pe" and "not marked NX compatible" or "executable stack" }
    end
    if hardening.relro == "none" then
      found.relro { key = key }
    elseif hardening.bind_now == false then -- without RELRO, binding early would protect nothing
      found.bind_now { key = key }
    end
  end,
}
