local members = require "lib.members"
local rootfs = require "lib.rootfs"

local OWN = "integrity.legacy-login"

-- Programs, and the service that each gives. FTP's can encrypt, few do by themselves.
local DAEMONS = { telnetd = "telnet", ["in.telnetd"] = "telnet", utelnetd = "telnet", ["telnetd-ssl"] = "telnet", rlogind = "rlogin",
  ["in.rlogind"] = "rlogin", rshd = "rsh", ["in.rshd"] = "rsh", rexecd = "rexec", ["in.rexecd"] = "rexec", tftpd = "tftp",
  ["in.tftpd"] = "tftp", atftpd = "tftp", ftpd = "ftp", ["in.ftpd"] = "ftp", bftpd = "ftp", ["wu-ftpd"] = "ftp", vsftpd = "ftp",
  proftpd = "ftp", ["pure-ftpd"] = "ftp", ["stupid-ftpd"] = "ftp" }

local SERVICE = { telnet = "telnet", shell = "rsh", login = "rlogin", exec = "rexec", ftp = "ftp", tftp = "tftp" }

-- Words by which a package says that it is this server.
local WORDS = { telnet = { "telnetd", "telnet" }, rlogin = { "rlogin", "rsh-server", "rsh" }, rsh = { "rsh-server", "rsh" },
  rexec = { "rexec" }, tftp = { "tftp", "tftpd" }, ftp = { "ftp", "ftpd" } }

local function declares(product, o, service)
  local about = product:declared(o)
  for _, word in ipairs(about and WORDS[service] or {}) do
    if about.words[word] then
      return true
    end
  end
  return false
end

-- What starts by itself in a root: services by name, of what map saw in settings and start scripts.
local function enabled(product, roots)
  local on = {}
  for _, class in ipairs(#roots > 0 and { "script", "text" } or {}) do
    for o in product:objects { class = class } do
      for _, f in ipairs(o.findings) do
        if f.check == OWN and f.finding == "started" and not on[f.key] and rootfs.relative(roots, o) then
          on[f.key] = { o = o, at = f.at }
        end
      end
    end
  end
  return on
end

-- Where a server is started: a command at the beginning of a line or behind the tool that starts it, an entry of inittab, ExecStart=.
local BEFORE = { "^%s*$", "[;&|]%s*$", "ExecStart=%-?$", ":%a*:$", "start%-stop%-daemon.*%s$", "service_start%s+$", "busybox%s+$",
  "then%s+$", "DAEMON=[\"']?$" }

local function is_started(line, name)
  local word = name:gsub("%p", "%%%0")
  local before = line:match("^(.-)" .. word .. "[%s\"'&;]") or line:match("^(.-)" .. word .. "$")
  local command = before and before:gsub("[%w./_-]*/$", "")
  for _, pattern in ipairs(BEFORE) do
    if command and command:find(pattern) then
      return true
    end
  end
  return false
end

---@type probity.Check
return {
  title       = "Remote login that anybody on the way can read",
  why         = "Telnet, rlogin, rsh, FTP and TFTP send passwords and commands as they are, or ask for none.",
  confirm     = [[Find what starts it: `grep -rnE 'telnetd|rlogind|rshd|ftpd' FOLDER/etc`. On a running installation
    `ss -ltnp` shows ports 21, 23, 512, 513 or 514.]],
  catalogue   = "I-06",
  claim       = "exposure",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  looks       = [[
    strings:
      $inetd = /(telnet|shell|login|exec|ftp|tftp)[ \t]+(stream|dgram)[ \t]+(tcp|udp)[46]?[ \t]+(no)?wait/
      $telnetd = /[\/ \t\n"'=:](telnetd|utelnetd|in\.telnetd|rlogind|in\.rlogind|in\.rshd|in\.rexecd)[ \t\r\n"'&;]/
      $ftpd = /[\/ \t\n"'=:](ftpd|in\.ftpd|tftpd|in\.tftpd|atftpd|bftpd|vsftpd|proftpd|pure-ftpd|stupid-ftpd)[ \t\r\n"'&;]/
      $bare = /telnet[d][ \t][^\r\n;|&]{0,60}-l[ \t]?\/bin\/(a|ba|da)?sh/
    condition:
      any of them
  ]],
  findings    = {
    open = {
      says = "starts a telnet server that gives a shell to whoever connects, without a login",
      fix = "Remove it. For maintenance use SSH with keys, off by default.",
    },
    enabled = {
      says = "runs a %s server by itself (%s)",
      fix = "Remove it, or leave it off; use SSH or SFTP for the same.",
    },
    present = {
      says = "brings a %s server (%s)",
      fix = "Remove it if nothing needs it; use SSH or SFTP for the same.",
      severity = "medium",
      reliability = "exact",
    },
    declared = {
      says = "brings a %s server (%s), as its package says",
      fix = "Where both ends allow it, use SFTP, or FTP with TLS required.",
      severity = "low",
      reliability = "exact",
    },
    started = {
      says = "names a %s server where servers are started",
      fix = "Leave it off; use SSH or SFTP for the same.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:I.2.d", "cra:I.2.e", "etsi:5.5", "cwe:319", "attack:T1021", "req:R3" },
  samples     = {
    hit = { "firmware-inittab", "firmware-init-script", "firmware-inetd", "hidden.sh", "daemon-package", "unused" },
    clean = { "client-only", "commented", "words.txt" },
  },

  object = function(object, found)
    local script = object.kind == "shell" or object.kind == "script"
    local settings = object.name == ".conf" or object.name == "inittab" or object.name == ".service" or object.name == ".socket"
      or object.name == "" and object.class == "text"
    for at, length, id in object:hits() do
      local start = object:u8(at) == 10 and at + 1 or at -- a hit may begin with the end of the line before
      local line = object:line(start) or ""
      if not line:find("^%s*[#;]") and not object:comment(start) then
        local hit, service = object:bytes(at, length), nil
        if id == "$bare" and (object.class == "script" or object.name == "inittab") then
          found.open { key = "telnet-shell", at = at, length = length, excerpt = hit }
        elseif id == "$inetd" and (settings or script) and line:find("^%s*%l") then
          service = SERVICE[hit:match("^%l+")]
        elseif script or settings then
          local name = hit:match("[%w.-]+")
          service = is_started(line, name) and DAEMONS[name]
        end
        if service then
          found.started { key = service, at = at, length = length, excerpt = line:sub(1, 120), service }
        end
      end
    end
  end,

  product = function(product, found)
    local roots = rootfs.roots(product)
    local inside = enabled(product, roots)
    for service, by in pairs(inside) do
      found.enabled { key = service, object = by.o, at = by.at, service, by.o.name }
    end
    local function judge(o, name, where)
      local service = DAEMONS[name]
      if service and not inside[service] then
        if (service == "ftp" or service == "tftp") and declares(product, o, service) then
          found.declared { key = service, object = o, excerpt = name, service, name }
        elseif declares(product, o, service) then
          -- a package of such servers is one thing, however many it brings
          found.present { key = product:declared(o).packages[1].name or service, object = o, excerpt = name, service, name }
        elseif rootfs.relative(roots, where) or #product.packages == 0 then
          found.present { key = service, object = o, excerpt = name, service, name }
        else
          found.enabled { key = service, object = o, excerpt = name, kappa = 500, service, name .. ", which the package does not speak of" }
        end
      end
    end
    for o in product:objects { class = "binary" } do
      if DAEMONS[o.basename] and (o.name:find("bin/[^/]+$") or o.name:find("libexec/[^/]+$")) then
        judge(o, o.basename, o)
      end
    end
    for o, listing in members.each(product) do
      for _, entry in ipairs(listing.entries) do
        local name = entry.link and entry.path:match("bin/([^/]+)$")
        if name and DAEMONS[name] and entry.link:find("busybox") then
          judge(o, name, { path = { table.unpack(members.base(product, o)), entry.path }, name = entry.path })
        end
      end
    end
  end,
}
