local noted = require "lib.noted"
local purpose = require "lib.purpose"
local settings_files = require "lib.settings"

local OWN = "integrity.listens-everywhere"

-- Words of a setting or call which say that the address is one to listen at.
local LISTEN = { "listen", "bind", "serve", "run", "interface", "inspect", "expose" }
local ADDRESS = { host = true, hostname = true, addr = true, address = true, ip = true, server = true, http_host = true,
  server_host = true,
  host_ip = true, http_addr = true,
  ["server.host"] = true, ["server.address"] = true, ["http.host"] = true, ["network.host"] = true,
  interfaces = true }

-- Words which say that it is something else: a route, a filter, a comparison, "no address".
local OTHER = { "route", "gateway", "netmask", "subnet", "cidr", "allow", "deny", "block", "trust", "connect", "proxy", "dns",
  "nameserver",
  "replace", "regex", "blacklist", "whitelist", "source", "dest", "remote", "peer", "dhcp", "loopback", "forward", "network_",
  "hosts" }

local PLACES = 200

-- Does this text before the address say that it is one to listen at? The name of the setting, or of the call around it.
local function says_listen(before, settings)
  local low = before:lower()
  for _, word in ipairs(OTHER) do
    if low:find(word, 1, true) then
      return false
    end
  end
  if low:find("[=!]==?%s*[\"']?$") or low:find("[<>]%s*[\"']?$") then
    return false
  end
  local name = low:match("([%w_.-]+)[\"']?%s*[:=]%s*[\"'{%[(]?%s*$") or low:match("%-%-?([%w-]+)[= ][\"']?$")
    or settings and low:match("^%s*([%w_.-]+)%s+[\"']?$")
  name = name and name:gsub("^%-+", ""):gsub("^spring%.", "")
  if name and (settings and (ADDRESS[name] or ADDRESS[name:match("[^_.-]+$") or ""]) or name:find("host$")) then
    return true -- in code, "address" and "ip" are also what is parsed and compared
  end
  for _, word in ipairs(LISTEN) do
    if name and name:find(word, 1, true) then
      return true
    end
  end
  -- .listen(80, ANY), bind((ANY, net.Listen("tcp", ANY) with the address that stands for all
  local call = settings and "" or low:match("([%w_.]+)%s*%([^()]*%(?[^()]*[\"']$") or ""
  for _, word in ipairs { "listen", "bind", "serve", "server" } do
    if call:sub(-#word) == word then
      return true
    end
  end
  return false
end

-- What stands at a hit, in words for people, or nil: it is no address to listen at.
local function judged(object, at, length, id, settings)
  local hit = object:bytes(at, length)
  if id == "$star" or id == "$socket" then
    local on = not hit:find("protected-mode", 1, true) or hit:find("%f[%a]no%s*$")
    return on and hit or nil
  end
  if id == "$six" then
    at, length = at + 1, 2 -- without its quotes
  end
  local from = math.max(0, at - 120)
  local before = object:bytes(from, at - from):match("[^\r\n]*$")
  if object:bytes(at + length, 1):find("[/.%d]") or before:find("[%d.]$") or not says_listen(before, settings) then
    return nil
  end
  return before:match("[%w_.:=\"' (%[,-]*$"):sub(-50) .. hit
end

---@type probity.Check
return {
  title       = "Listens on every network that it is connected to",
  why         = "What only this machine needs can then be reached, and attacked, by everybody on the same networks.",
  confirm     = [[Read the setting at the offset in the evidence, start it in a machine of your own and see with `ss
    -ltn`: 0.0.0.0, * or [::] is every network.]],
  catalogue   = "I-05",
  claim       = "exposure",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text" },
  looks       = [[
    strings:
      $v4 = "0.0.0.0"
      $v6 = "[::]"
      $six = /["']::["']/
      $star = /(listen_addresses|bind[-_]address|bind_ip|BindAddress|inet_interfaces|protected-mode)[ \t]*[:= ][ \t]*]]
    .. [[["']?(\*|all|no)["' \t\r\n]/
      $socket = /Listen(Stream|Datagram)=[ \t]*[0-9]{1,5}[ \t\r\n]/
    condition:
      any of them
  ]],
  findings    = {
    open = {
      says = "listens on every network by default: %s",
      fix = "Listen on 127.0.0.1 and ::1 by default, and let whoever needs more say where.",
    },
    declared = {
      says = "is a server and listens on every network by default: %s",
      fix = "Say in the documentation which ports it opens, and how to keep them to one network.",
      severity = "info",
    },
    code = {
      says = "its code listens on every network: %s",
      fix = "Listen on 127.0.0.1 and ::1 by default, and let whoever needs more say where.",
      reliability = "heuristic",
    },
    noted = {
      says = "an address of every network where one to listen at stands: %s",
      fix = "Listen on 127.0.0.1 and ::1 by default.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:I.2.b", "cra:I.2.j", "etsi:5.6", "cwe:1327", "req:R3" },
  samples     = {
    hit = { "settings.yaml", "app.py", "server.js", "panel.socket", "start.sh", "declared-server", "redis.conf", "main.go",
      "six.js" },
    clean = { "localhost.yaml", "commented.conf", "routes.sh", "compare.js", "hosts.txt", "separator.js" },
  },

  object = function(object, found)
    local settings = object.class == "text"
    if settings and not settings_files.is(object) then
      return -- documents tell how it is done
    end
    local seen = 0
    for at, length, id in object:hits() do
      local line = object:line(at) or ""
      local shown = judged(object, at, length, id, settings)
      local comment = line:find("^%s*[#;*]") or line:find("^%s*//") or object:comment(at)
      if shown and not comment and #line < 2000 and seen < 20 then
        seen = seen + 1
        shown = shown:match("^%s*(.-)%s*$")
        found.noted { key = noted.key(settings and "setting" or "code", shown), at = at, length = length, shown }
      end
    end
  end,

  product = function(product, found)
    local places = 0
    for o, f in noted.each(product, OWN, { "script", "text" }) do
      local kind, words = noted.split(f.key)
      local about = product:declared(o)
      local server = about and purpose.covers(purpose.capabilities(about, {}), "net-listen")
      places = places + 1
      if kind and places <= PLACES then
        local raise = server and found.declared or kind == "code" and found.code or found.open
        raise { key = o.sha256:sub(1, 32), object = o, at = f.at, excerpt = words, words }
      end
    end
  end,
}
