local accounts = require "lib.accounts"
local capabilities = require "lib.capabilities"
local hints = require "probity.hints"
local supplied = require "lib.supplied"

local CLAIM = "documents ports, accounts, data flow, support and conformity"
local ITEMS = { "ports", "accounts", "data_flow", "support_end", "declaration_of_conformity" }
local WORDS = { data_flow = "data flow", support_end = "end of support", declaration_of_conformity = "declaration of conformity" }
local PORTS = 100 -- of one file

-- "0.0.0.0:8080", "[::]:8080", "8080": the number.
local function port_of(text)
  local port = math.tointeger(tonumber(text:match("^%s*(%d+)%s*$") or text:match("[%]%d*]:(%d+)%s*$")))
  return port and port <= 65535 and port or nil
end

-- ListenStream= and ListenDatagram= of a .socket file of systemd.
local function sockets(object)
  local list = {}
  for at in object:hits("$listen") do
    local line = object:line(at + (object:bytes(at, 1) == "\n" and 1 or 0)) or ""
    local how, where = line:match("^Listen(%a+)=(.+)$")
    local port = where and port_of(where)
    if port and #list < PORTS then
      list[#list + 1] = { port = port, proto = how == "Datagram" and "udp" or "tcp" }
    end
  end
  return list
end

-- People's accounts that may log in.
local function logins(object)
  local list = {}
  for _, account in ipairs(accounts.read(object) or {}) do
    local person = account.uid and account.uid >= 1000 and account.uid < 65534
    if account.name ~= "root" and account.login and (person or accounts.is_hash(account.password)) and #list < PORTS then
      list[#list + 1] = account.name
    end
  end
  return list
end

-- What is documented, of all that was handed in: items by name, and the sets of ports and accounts.
local function collect(product)
  local told = { items = {}, ports = {}, accounts = {}, documents = {} }
  for _, kind in ipairs { "documentation", "capabilities" } do
    for d in product:evidence { kind = kind } do
      if supplied.concerns(product, d) ~= "other" and d.freshness > 0 then
        for _, field in ipairs(d.evidence.content.stated) do
          told.items[field] = told.items[field] or d
        end
        for _, row in ipairs(d.evidence.content.ports) do
          told.ports[row.proto .. row.port] = true
        end
        for _, name in ipairs(d.evidence.content.accounts) do
          told.accounts[name] = true
        end
      end
    end
  end
  return told
end

-- Ports that the bytes name: image configurations, .socket files.
local function named_ports(product)
  local list = {}
  for o in product:objects { noted = true } do
    for _, row in ipairs(o.notes[1].ports or {}) do
      list[#list + 1] = { o, row.port, row.proto }
    end
  end
  for o in product:objects { fact = "package" } do
    for _, text in ipairs(o.facts.package.ports or {}) do
      local port, proto = text:match("^(%d+)/?(%a*)$")
      if port then
        list[#list + 1] = { o, math.tointeger(tonumber(port)), proto == "udp" and "udp" or "tcp" }
      end
    end
  end
  return list
end

-- A program of the product itself that can wait for connections. Go's library asks for that in each program.
local function listener(product)
  for o in product:objects { fact = "capabilities" } do
    local entry = capabilities.find(o.facts, "net-listen")
    local is = hints.path(o.path)
    local go = o.facts.binary and o.facts.binary.language == "go"
    if entry and entry.how == "import" and not go and not is.test and not is.example and not is.vendored then
      return o, entry
    end
  end
  return nil
end

local function judge_ports(product, told, wrong, found)
  local d, none = told.items.ports, next(told.ports) == nil
  if not d then
    return
  end
  for _, row in ipairs(named_ports(product)) do
    local o, port, proto = row[1], row[2], row[3]
    if not told.ports[proto .. port] then
      found.port { key = proto .. port, object = o, excerpt = port .. "/" .. proto, o.basename, port, proto, d.basename }
      wrong[d.basename] = wrong[d.basename] or ("%s names the port %d/%s"):format(o.basename, port, proto)
    end
  end
  local o, entry = listener(product)
  if none and o then
    found.listens { key = o.basename, object = o, at = entry.at, excerpt = entry.by, o.basename, entry.by, d.basename }
    wrong[d.basename] = wrong[d.basename] or ("%s can wait for connections"):format(o.basename)
  end
end

local function judge_accounts(product, told, wrong, found)
  local d = told.items.accounts
  for o in product:objects { noted = true } do
    for _, name in ipairs(d and o.notes[1].accounts or {}) do
      if not told.accounts[name] then
        found.account { key = name, object = o, excerpt = name, o.basename, name, d.basename }
        wrong[d.basename] = wrong[d.basename] or ("%s has the account %s"):format(o.basename, name)
      end
    end
  end
end

-- One document: what it leaves open, and by how much that lessens what it is worth.
local function take(product, d, wrong, found)
  local stated, missing, n = {}, {}, 0
  for _, field in ipairs(d.evidence.content.stated) do
    stated[field] = true
  end
  for _, item in ipairs(ITEMS) do
    if stated[item] then
      n = n + 1
    else
      missing[#missing + 1] = WORDS[item] or item
    end
  end
  if wrong[d.basename] then
    found.statement { document = d, claim = CLAIM, status = "contradicts", why = wrong[d.basename] }
    return false, wrong[d.basename]
  end
  if n == 0 then
    found.statement { document = d, claim = CLAIM, status = "none", why = "it says nothing of any of them" }
    return false
  end
  local why = #missing > 0 and "says nothing of " .. table.concat(missing, ", ") or "all of them"
  return supplied.take(product, d, CLAIM, why, found, 1000 * n // #ITEMS)
end

---@type probity.Check
return {
  title       = "Documentation for those who assess it",
  why         = "Which ports are open, which accounts exist and where data go has to be known before a product is let in.",
  confirm     = [[Read the document beside the product: on an installation of your own `ss -ltnup` lists the ports and
    `getent passwd` the accounts; each has to stand in it.]],
  catalogue   = "V-14",
  claim       = "documentation",
  severity    = "low",
  reliability = "parsed",
  applies     = { "any" },
  looks       = accounts.LOOKS:gsub("condition:.*", "") .. [[
      $listen = /(^|\n)Liste[n](Stream|Datagram)=/
    condition:
      any of them
  ]],
  findings    = {
    port = {
      says = "%s names the port %d/%s, which %s does not",
      fix = "Document the port, what it is for and how it is closed, or remove it.",
    },
    listens = {
      says = "%s can wait for connections (%s), and %s says that there are no ports",
      fix = "Document the port, what it is for and how it is closed, or remove it.",
      reliability = "heuristic",
    },
    account = {
      says = "%s has the account %s, which %s does not name",
      fix = "Document the account and what it may do, or remove it.",
    },
  },
  maps        = { "paris:P6", "cra:annex-II", "cra:annex-VII", "etsi:5.12", "req:R28" },
  samples     = {
    hit = { port = { "undocumented-port" }, account = { "undocumented-account" } },
    clean = { "documented", "partly.sh" },
  },

  object = function(object, found)
    local note = { ports = sockets(object), accounts = logins(object) }
    if #note.ports > 0 or #note.accounts > 0 then
      found.note(note)
    end
  end,

  product = function(product, found)
    local told, wrong, any, first = collect(product), {}, false, nil
    judge_ports(product, told, wrong, found)
    judge_accounts(product, told, wrong, found)
    for d in product:evidence { kind = "documentation" } do
      local counts, why = take(product, d, wrong, found)
      any = any or counts
      first = first or why and ("%s: %s"):format(d.basename, why)
    end
    for d in product:evidence { kind = "capabilities" } do
      if wrong[d.basename] then
        found.statement { document = d, claim = CLAIM, status = "contradicts", why = wrong[d.basename] }
      end
    end
    local broken = supplied.refused(product, { "documentation" }, CLAIM, found)
    if not any then
      found.unknown(first or broken or "no documentation of ports, accounts, data flow, support and conformity was supplied")
    end
  end,
}
