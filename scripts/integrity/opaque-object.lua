local hints = require "probity.hints"
local packages = require "lib.packages"
local text = require "probity.text"

local BLOB_SIZE, BLOB_ENTROPY = 65536, 980 -- 7.84 bits a byte: compressed or encrypted
local ANY_EXEC = 0x49 -- 0111

local NATIVE = { ["exe"] = true, ["dll"] = true, ["so"] = true, ["dylib"] = true, ["node"] = true, ["sys"] = true, ["ko"] = true,
  ["bin"] = true }

-- Places that hold no bytes to hide: what is left out there is no opacity. Rules that were left out are ours, not the product's.
local NO_BYTES = { "fifo", "socket", "device", "symbolic link", "symlink", "rules left out", "members were examined one by one" }

local function hides_nothing(why)
  local lower = why:lower()
  for _, word in ipairs(NO_BYTES) do
    if text.has(lower, word) then
      return true
    end
  end
  return false
end

-- Modes are in the listing of the container, and the listing is on the container's payload: x.tar for x.tgz. So they are gathered
-- by the member's name, from all containers; a name that is executable in one of them counts.
local function executables(product)
  local names = {}
  for o in product:objects({ tag = "manifest" }) do
    for _, entry in ipairs(o.facts.members and o.facts.members.entries or {}) do
      if entry.mode and entry.mode & ANY_EXEC ~= 0 and entry.type == "file" and (entry.size or 0) > BLOB_SIZE then
        names[entry.path] = true
      end
    end
  end
  return names
end

local function has_native_name(name)
  return NATIVE[name:lower():match("%.(%w+)$") or ""] or name:find("%.so%.[%d.]+$") ~= nil
end

local function find_blobs(product, found)
  local programs
  for o in product:objects({ class = "data" }) do
    if o.size > BLOB_SIZE and o.kind ~= "encrypted" and (o.facts.entropy or 0) >= BLOB_ENTROPY then
      programs = programs or executables(product)
      if programs[o.name] or has_native_name(o.basename) then
        found.blob { key = o.sha256, object = o, o.name, o.size }
      end
    end
  end
end

---@type probity.Check
return {
  title       = "Part that cannot be examined",
  why         = "Nobody can say what an encrypted or unreadable part does. It counts as what it is: a place to hide.",
  confirm     = [[Try to open it yourself: `file OBJECT`, `7z l OBJECT`, `xxd OBJECT | head`, `ent OBJECT`. Where it
    is encrypted ask the supplier for the password or for the content.]],
  catalogue   = "I-30",
  claim       = "opacity",
  severity    = "medium",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  findings    = {
    encrypted = {
      says = "%s is encrypted",
      fix = "Supply the part unencrypted, or the passphrase, so that it can be examined.",
    },
    limit = {
      says = "%s was not examined: %s",
      fix = "Supply the part in a form that can be unpacked within the limits, or raise the limits and assess again.",
    },
    blob = {
      says = "%s is a program by its name or mode, but %d bytes that nothing recognises and that look encrypted",
      fix = "Ship it in the format of the system that runs it, or document the format.",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P6", "attack:T1027", "cwe:656", "req:R2" },
  samples     = {
    hit = { "encrypted.zip", "encrypted-sfx", "blob.tar" },
    clean = { "plain.zip", "plain-sfx", "letters-of-zip", "random.tar" },
  },

  product = function(product, found)
    for _, limit in ipairs(product.limits) do
      if not hides_nothing(limit.why) then
        local place = packages.place(limit.path)
        local o = packages.nearest(product, limit.path)
        if o and text.has(limit.why:lower(), "encrypted") then
          found.encrypted { key = place, object = o, excerpt = limit.why, place }
        elseif o then
          -- Tests of what reads archives come with broken ones.
          local severity = hints.discounted(limit.path) and "low" or nil
          found.limit { key = place, object = o, excerpt = limit.why, severity = severity, place, limit.why }
        end
      end
    end
    for o in product:objects({ kind = "encrypted" }) do
      local place = packages.place(o.path)
      found.encrypted { key = place, object = o, place }
    end
    find_blobs(product, found)
  end,
}
