local lists = require "probity.lists"

-- What a library that computes asks nobody for.
local SURPRISES = { ["net-connect"] = "opens connections", ["net-listen"] = "waits for connections",
  exec = "runs programs",
  persist = "makes itself start again", ["input-capture"] = "watches the keyboard",
    debug = "looks into other programs",
  screen = "looks at the screen", contacts = "reads stored passwords" }
local PT_TLS, STT_TLS, STT_IFUNC = 7, 6, 10

-- Does it ask where variables of threads are, though it has none, and knows none of others? Then somebody is after the address
-- itself: of the loader's own memory. Compilers make the call only for such a variable.
local function asks_for_loader(object)
  local elf, asks = object.facts.elf, object.facts.asks
  if not elf or not asks or not asks["__tls_get_addr"] then
    return false, false
  end
  for _, segment in ipairs(elf.segments or {}) do
    if segment.type == PT_TLS then
      return false, false
    end
  end
  local resolves = false
  for _, symbol in ipairs(elf.dynsym or {}) do
    if symbol.type == STT_TLS then
      return false, false
    end
    resolves = resolves or symbol.type == STT_IFUNC
  end
  return true, resolves
end

-- "liblzma" of liblzma.so.5.4.1, "zlib1" of zlib1.dll, "libz" of libz.1.dylib.
local function stem(name)
  local base = name:lower()
  return base:match("^([%w_+-]+)%.so[%d.]*$") or base:match("^([%w_+-]+)%.dll$") or base:match("^([%w_+-]+)[%d.]*%.dylib$")
    or base:match("^([%w_+-]+)[%d.-]*%.so[%d.]*$")
end

---@type probity.Check
return {
  title       = "Library that does what it has no reason to do",
  why         = "Libraries that compress, draw or compute are in everything. One that asks for the network or for the loader was changed.",
  confirm     = [[List what the library asks for, `readelf -Ws --dyn-syms OBJECT` and `readelf -d OBJECT`, and hold it
    against the same library of a distribution or of a build of your own with `diff`.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "pe", "macho" },
  findings    = {
    loader = {
      says = "asks for the place of variables of threads without having any: it is after the loader's memory",
      fix = "Build it anew from sources that were reviewed, without what the release archive adds to them.",
      severity = "high",
    },
    resolver = {
      says = "asks for the loader's memory, and has functions that are chosen while the loader works",
      fix = "Build it anew from sources that were reviewed, without what the release archive adds to them.",
    },
    surprise = {
      says = "%s %s (%s), and is a library for %s",
      fix = "Compare it with a build of its upstream source.",
      severity = "high",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:506", "attack:T1195.001", "req:R3" },
  samples     = { hit = { "loader-memory.so", "compressor" }, clean = { "own-threads.so", "plain-library" } },

  object = function(object, found)
    local asks, resolves = asks_for_loader(object)
    if asks then
      found[resolves and "resolver" or "loader"] { key = object.sha256 }
    end
  end,

  product = function(product, found)
    for o in product:objects { class = "binary" } do
      local name = stem(o.basename)
      local row = name and lists.get("quiet-libraries", name)
      local done = {}
      for _, entry in ipairs(row and o.facts.capabilities or {}) do
        local does = SURPRISES[entry.capability]
        if does and not done[does] and entry.how == "import" and not (row.but or ""):find(entry.capability, 1,
          true) then
          done[does] = true
          found.surprise {
            key = name .. ":" .. entry.capability,
            object = o,
            at = entry.at,
            excerpt = entry.by,
            o.basename,
            does,
            entry.by,
            row.task,
          }
        end
      end
    end
  end,
}
