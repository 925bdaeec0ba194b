local capabilities = require "lib.capabilities"
local packages = require "lib.packages"
local purpose = require "lib.purpose"
local statements = require "lib.statements"

-- What only those ask for who speak with other machines: programs that wait for others on the same machine do without.
local INTERNET = { "getaddrinfo", "inet_addr", "inet_aton", "inet_pton", "inet_ntoa", "inet_ntop", "in6addr_any",
  "gethostbyname", "getnameinfo",
  "InetPtonW", "WSAAddressToStringW" }

-- Files that tell an administrator of it.
local function told(product)
  for _, glob in ipairs { "*.socket", "*.service", "**/init.d/*", "**/inetd.conf*", "**/applications.d/*" } do
    if product:objects { glob = glob } () then
      return true
    end
  end
  return false
end

local CLAIM = "names the ports that it opens"

-- What the vendor says of ports, held against what the programs can do. It takes no finding away.
local function judge_statements(product, listener, found)
  for _, d in ipairs(statements.current(product, { "capabilities", "documentation" }, CLAIM, found)) do
    local content = d.evidence.content
    if d.evidence.kind == "capabilities" or statements.stated(d, "ports") then
      local ports = statements.ports(content.ports)
      if #content.ports == 0 and listener then
        found.statement { document = d, claim = CLAIM, status = "contradicts",
          why = ("it names none, and %s can wait for connections"):format(packages.place(listener.path)) }
      elseif #content.ports > 0 and not listener then
        found.statement { document = d, claim = CLAIM, status = "none", why = ports .. "; no program is seen to wait for connections" }
      else
        statements.agree(found, d, CLAIM, #content.ports > 0 and ports or "it names none, and no program is seen to wait for connections")
      end
    end
  end
end

---@type probity.Check
return {
  title       = "Undocumented listener",
  why         = "A port that nobody knows of is protected by nobody.",
  confirm     = [[`nm -D OBJECT | grep -E ' (listen|accept)'` shows the calls. Start it in a machine of your own and
    see with `ss -ltnup` which ports it opens; then search the documents for them.]],
  catalogue   = "I-04",
  claim       = "declared-purpose",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 833, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "pe", "macho" },
  looks       = [[
    strings:
      // socket(AF_INET or AF_INET6, SOCK_STREAM, ...) on x86-64, then on arm64, as compilers set its first two values
      $stream1 = { BE 01 00 (00|08) 00 BF (02|0A) 00 00 00 }
      $stream2 = { BF (02|0A) 00 00 00 BE 01 00 (00|08) 00 }
      $stream3 = { 21 00 80 52 40 (00|01) 80 52 }
      $stream4 = { 40 (00|01) 80 52 21 00 80 52 }
    condition:
      uint32(0) == 0x464c457f or uint16(0) == 0x5a4d or uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface
        or uint32(0) == 0xbebafeca or any of them
  ]],
  findings    = {
    listener = {
      says = "%s can wait for connections from other machines (%s), and nothing in the product speaks of it",
      fix = "Name the port, who may connect and how to switch it off in the documentation, or remove it.",
    },
    declared = {
      says = "%s can wait for connections from other machines (%s), which its purpose covers (%s)",
      fix = "Say in the documentation which ports it opens, and how to close them.",
      severity = "info",
    },
    alone = {
      says = "can wait for connections from other machines (%s); a file on its own cannot say whether it is meant to",
      fix = "Ask the vendor which ports it opens.",
      severity = "info",
    },
  },
  maps        = { "paris:P5", "cra:I.2.j", "etsi:5.6-1", "cwe:1125", "req:R3" },
  samples     = {
    hit = { listener = { "library" }, alone = { "server.so" }, declared = { "declared-server" } },
    clean = { "local-socket", "client.so" },
  },

  object = function(object, found)
    local asks = object.facts.asks or {}
    local binary = object.facts.binary
    if binary and binary.language == "go" and (capabilities.find(object.facts, "net-listen") or {}).how == "import" then
      return -- Go's own library asks for all of it, used or not
    end
    if not capabilities.find(object.facts, "net-listen") then
      return
    end
    for _, name in ipairs(INTERNET) do
      if asks[name] then
        found.note { internet = name }
        return
      end
    end
    if asks.socket and object:hits()() then
      found.note { internet = "socket" }
    end
  end,

  product = function(product, found)
    local known, listener
    for o in product:objects { noted = true } do
      local entry, about = capabilities.find(o.facts, "net-listen"), product:declared(o)
      listener = listener or (entry and o) or nil
      if entry and not about then
        found.alone { key = o.sha256, object = o, at = entry.at, excerpt = entry.by, entry.by }
      elseif entry and purpose.covers(purpose.capabilities(about, {}), "net-listen") then
        local title, word = packages.title(about.packages[1]), purpose.covers(purpose.capabilities(about, {}), "net-listen")
        found.declared { key = title, object = o, at = entry.at, excerpt = entry.by, o.basename, entry.by, word }
      elseif entry then
        if known == nil then
          known = told(product)
        end
        if not known then
          found.listener { key = packages.title(about.packages[1]), object = o, at = entry.at, excerpt = entry.by, o.basename, entry.by }
        end
      end
    end
    judge_statements(product, listener, found)
  end,
}
