-- Below this much code a program may well have no function with an array on its stack, and a compiler that was told to protect
-- such has nothing to do.
local LITTLE_CODE = 8192

local function code_size(object)
  local elf, total = object.facts.elf, 0
  for _, section in ipairs(elf and elf.sections or {}) do
    if section.name == ".text" then
      total = total + (section.size or 0)
    end
  end
  return elf and total or object.size
end

---@type probity.Check
return {
  title       = "No stack protector",
  why         = "Without a canary, a buffer that overflows on the stack hands the program to whoever fills it.",
  confirm     = [[`nm -D OBJECT | grep __stack_chk_fail` prints nothing, and `nm OBJECT` of a file that has its
    symbols neither; `checksec --file=OBJECT` says the same.]],
  catalogue   = "I-36",
  claim       = "hardening",
  severity    = "low",
  reliability = "exact",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "native-c" },
  findings    = {
    missing = {
      says = "compiled C or C++ code without stack protector",
      fix = "Compile with -fstack-protector-strong (Windows: /GS).",
    },
  },
  maps        = { "paris:P6", "cra:I.2.k", "cwe:121", "req:R3" },
  samples     = { hit = { "unprotected.so" }, clean = { "protected.so", "tiny-elf" } },

  object = function(object, found)
    local binary = object.facts.binary
    local hardening = binary and binary.hardening
    if hardening and hardening.canary == false and code_size(object) >= LITTLE_CODE then
      found.missing { key = object.sha256 }
    end
  end,
}
