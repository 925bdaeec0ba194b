local asn1 = require "probity.asn1"
local text = require "probity.text"

local SECURITY = 5 -- the directory of signatures, counted from 1
local BEHIND = 1024 -- bytes behind a signature: alignment takes 7, installers leave a word about where they were fetched
local WINDOW, RUN = 4096, 4 -- 16 KiB without any pattern
local RANDOM = 985 -- permille of 8 bits a byte of such a window; random bytes have 994
local MOST = 24 * 1024 * 1024

-- What compressed data that is nobody's secret begins with.
local COMPRESSED = [[(?:\x00[\x00-\x0f]..\x78[\x01\x9c\xda]|\x00\x00\x78[\x01\x9c\xda]|\x1f\x8b\x08|\x89PNG|PK\x03\x04|7z\xbc\xaf|\xfd7zXZ]]
  .. [[|\x28\xb5\x2f\xfd|\xff\xd8\xff|wOF[F2]|\x5d\x00\x00|RIFF|OggS|BZh[1-9]|MSCF|\x04\x22\x4d\x18|ID3|GIF8|LZIP|\x1aE\xdf\xa3)]]

-- Bytes that lie in the table of signatures, behind the last of them.
local function behind_signature(object, pe)
  local directory = pe.data_directories and pe.data_directories[SECURITY]
  local at, size = directory and directory.virtual_address or 0, directory and directory.size or 0
  if at == 0 or size < 16 or at + size > object.size then
    return nil
  end
  local stop = at + size
  while at + 8 < stop do
    local length = object:u32le(at)
    local element = length and length > 8 and at + length <= stop and asn1.element(object, at + 8, at + length)
    if not element then
      return nil
    end
    local rest = at + length - element.next
    if rest > BEHIND then
      return element.next, rest
    end
    at = at + (length + 7) // 8 * 8
  end
  return nil
end

-- The longest run of windows that look random, in a section: where it begins, and how long it is.
local function random_run(object, at, size)
  local best, best_at, run, begin = 0, nil, 0, nil
  for offset = at, at + math.min(size, MOST) - WINDOW, WINDOW do
    local window = object:slice(offset, WINDOW)
    if window and text.entropy(window) >= RANDOM then
      begin = run == 0 and offset or begin
      run = run + 1
      if run > best then
        best, best_at = run, begin
      end
    else
      run = 0
    end
  end
  return best, best_at
end

local function blob(object, pe, found)
  for _, s in ipairs(pe.sections or {}) do
    local at, size = s.raw_data_offset or 0, s.raw_data_size or 0
    if s.name ~= ".rsrc" and s.name ~= ".reloc" and size >= RUN * WINDOW then
      local run, begin = random_run(object, at, size)
      local before = begin and object:slice(math.max(begin - WINDOW, 0), 2 * WINDOW)
      if run >= RUN and not before:find(COMPRESSED, 0, "s") then
        found.blob { key = object.sha256, at = begin, length = 16, run * WINDOW // 1024, s.name or "" }
        return
      end
    end
  end
end

---@type probity.Check
return {
  title       = "Hidden payload in a program",
  why         = "Encrypted bytes that a program makes executable, or that ride on its signature, were put there so that nobody reads them.",
  confirm     = [[List the sections with `objdump -h OBJECT` or `osslsigncode verify OBJECT`, cut out the part that is
    named with `dd if=OBJECT of=PART bs=1 skip=OFFSET count=LENGTH`, and look at it with `file PART` and `ent
    PART`.]],
  catalogue   = "I-29",
  claim       = "packing",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "pe" },
  looks       = [[
    strings:
      $alloc = "VirtualAlloc"
      $protect = "VirtualProtect"
    condition:
      $alloc or $protect or (uint16(0) == 0x5a4d and filesize > 2048)
  ]],
  findings    = {
    signature = {
      says = "carries %d KiB behind its signature, where a change does not break it",
      fix = "Sign the program anew, and look what the bytes are.",
    },
    blob = {
      says = "has at least %d KiB of encrypted bytes in %s, and can make memory executable",
      fix = "Say what the bytes are, or ship what they decrypt to.",
      severity = "medium",
      reliability = "exact",
    },
  },
  maps        = { "paris:P5", "cwe:506", "attack:T1027", "attack:T1553.002", "req:R2" },
  samples     = { hit = { "behind-signature.exe", "blob.exe" }, clean = { "plain.exe", "compressed.exe" } },

  object = function(object, found)
    local pe, asks = object.facts.pe, object.facts.asks or {}
    if not pe then
      return
    end
    local at, rest = behind_signature(object, pe)
    if at and text.entropy(object:slice(at, rest)) > 600 then
      found.signature { key = object.sha256, at = at, length = 16, rest // 1024 }
    end
    if asks.VirtualProtect and (asks.VirtualAlloc or asks.HeapCreate) and not object.facts.dotnet then
      blob(object, pe, found)
    end
  end,
}
