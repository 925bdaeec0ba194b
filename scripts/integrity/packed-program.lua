local text = require "probity.text"

local HIGH = 900 -- permille of 8 bits a byte: machine code has 600 to 830
local FEW = 15 -- imported functions: what an unpacker needs
local LEAST = 4096 -- bytes of a section that are worth a look
local MOST = 32 * 1024 * 1024
local EXECUTES, WRITES = 0x20000000, 0x80000000

-- Names that packers give to sections, with what packs so.
local PACKERS = { ["UPX0"] = "UPX", ["UPX1"] = "UPX", ["UPX2"] = "UPX", [".vmp0"] = "VMProtect",
  [".vmp1"] = "VMProtect", [".themida"] = "Themida",
  [".winlice"] = "WinLicense", [".aspack"] = "ASPack", [".adata"] = "ASPack", [".petite"] = "Petite",
    [".MPRESS1"] = "MPRESS",
  [".MPRESS2"] = "MPRESS", [".enigma1"] = "Enigma", [".enigma2"] = "Enigma", [".nsp0"] = "NsPack",
    [".nsp1"] = "NsPack", ["pec1"] = "PECompact",
  ["pec2"] = "PECompact", ["PEC2"] = "PECompact", [".Upack"] = "Upack", [".yP"] = "Y0da", [".svkp"] = "SVKP",
    [".boom"] = "Boomerang",
  [".packed"] = "a packer", ["__XHDR"] = "a packer" }

local function entropy_of(object, at, size)
  local slice = size >= LEAST and size <= MOST and object:slice(at, size)
  return slice and text.entropy(slice) or 0
end

local function judge_pe(object, pe, found, key)
  local entry, last = pe.entry_point, nil -- its place in the file
  local home
  for _, s in ipairs(pe.sections or {}) do
    local packer = PACKERS[s.name]
    if packer then
      found.known { key = key, packer }
      return
    end
    local at, size = s.raw_data_offset or 0, s.raw_data_size or 0
    if entry and entry >= at and entry < at + size then
      home = s
    end
    if size > 0 then
      last = s
    end
  end
  local code = home and home.characteristics & EXECUTES ~= 0
  local few = (pe.number_of_imported_functions or 0) <= FEW
  if code and few and entropy_of(object, home.raw_data_offset, home.raw_data_size) >= HIGH then
    found.dense { key = key, at = home.raw_data_offset, length = 16, home.name or "" }
  elseif home and #(pe.sections or {}) > 2 and home == last and home.characteristics & WRITES ~= 0 then
    found.start { key = key, at = entry, length = 16, home.name or "" }
  end
end

local function judge_elf(object, elf, found, key)
  local entry = elf.entry_point
  for _, s in ipairs(elf.segments or {}) do
    local from, size = s.offset or 0, s.file_size or 0
    if s.type == 1 and s.flags & 1 ~= 0 and entry and entry >= from and entry < from + size then
      if s.flags & 2 ~= 0 then
        found.start { key = key, at = entry, length = 16, "the first segment" }
        return
      elseif (elf.number_of_sections or 0) == 0 and entropy_of(object, from, size) >= HIGH then
        found.dense { key = key, at = from, length = 16, "the code" }
        return
      end
    end
  end
end

---@type probity.Check
return {
  title       = "Packed program",
  why         = "What a packed program does can only be seen by running it: neither users nor scanners look behind the packer.",
  confirm     = [[Look at the sections: `readelf -S OBJECT` or `objdump -h OBJECT`, try `upx -t OBJECT`, and compare
    `strings -a OBJECT | wc -l` with its size: packed code shows hardly any text.]],
  catalogue   = "I-29",
  claim       = "packing",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "pe", "macho" },
  looks       = [[
    strings:
      $upx = /UP[X]!/
    condition:
      $upx or uint32(0) == 0x464c457f or uint16(0) == 0x5a4d
  ]],
  findings    = {
    known = {
      says = "is packed by %s",
      fix = "Ship the program as the linker wrote it.",
      severity = "medium",
    },
    dense = {
      says = "%s is packed or encrypted, and hardly anything is asked of the system by name",
      fix = "Ship the program as the linker wrote it.",
    },
    start = {
      says = "begins in %s, which is writable: code that was put into a finished program begins so",
      fix = "Link it anew from source, and compare.",
    },
  },
  maps        = { "paris:P5", "cwe:656", "attack:T1027.002", "req:R2" },
  samples     = { hit = { "named.exe", "dense.exe", "last-section.exe", "dense-elf" }, clean = { "plain-elf",
    "plain.exe" } },

  object = function(object, found)
    local facts, key = object.facts, object.sha256
    for at in object:hits("$upx") do
      if at < 4096 or at > object.size - 512 then
        found.known { key = key, at = at, length = 4, "UPX" }
        return
      end
    end
    if facts.pe then
      judge_pe(object, facts.pe, found, key)
    elseif facts.elf then
      judge_elf(object, facts.elf, found, key)
    end
  end,
}
