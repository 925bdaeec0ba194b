local hosts = require "lib.hosts"

-- Ends of what is run, installed or flashed.
local RUN = { exe = true, msi = true, dmg = true, pkg = true, deb = true, rpm = true, apk = true, jar = true,
  appimage = true, run = true, sh = true, bash = true, ps1 = true, bat = true, cmd = true, vbs = true, dll = true,
  so = true, dylib = true, bin = true, img = true, py = true, pl = true, msix = true, nupkg = true, whl = true,
  xpi = true, crx = true, ipa = true, hex = true, fw = true }

-- Words of a path that lead to a newer version.
local NEWER = { update = true, updates = true, updater = true, upgrade = true, autoupdate = true, appcast = true,
  firmware = true, ["version-check"] = true, versioncheck = true, checkversion = true, checkupdate = true,
  checkupdates = true, ["check-update"] = true, ["latest.yml"] = true, ["latest.json"] = true, ["update.xml"] = true,
  ["update.json"] = true, ["releases.json"] = true, liveupdate = true, selfupdate = true, ["self-update"] = true,
  softwareupdate = true, ["core-update"] = true }

-- The text of a program or a page names many pages to read; what is asked for an update has no such end.
local PAGE = { html = true, htm = true, md = true, txt = true, png = true, svg = true, css = true, gif = true,
  jpg = true }

-- What is fetched is held against a signature or a digest nearby.
local CHECKED = { "gpg --verify", "gpgv", "sha256sum -c", "sha512sum -c", "minisign -V", "sha256", "signature",
  "verify(" }

-- Servers that are there for nothing else: "updates.vendor.net".
local SERVERS = { update = true, updates = true, upgrade = true, upgrades = true, autoupdate = true, ota = true,
  firmware = true, fota = true, swupdate = true }

-- A setting or a variable that says so itself: update_url = ..., UPGRADE_SERVER: ...
local SAYS = { "update", "upgrade", "firmware" }

local function named(object, at)
  local before = object:bytes(math.max(0, at - 80), math.min(80, at)):match("[^\r\n]*$"):lower()
  local name = before:match("([%w_.-]+)[\"']?%s*[:=]+>?%s*[\"'`]?$") or before:match("<([%w_.:-]+)[^<>]*>%s*$") or ""
  for _, word in ipairs(SAYS) do
    if name:find(word, 1, true) then
      return true
    end
  end
  return false
end

local function kind_of(url)
  local host, path = url:match("^%a+://([^/]+)(/?[^?#]*)")
  if not host or path:find("/dists/", 1, true) then -- a distribution's mirror: its index is signed
    return nil
  elseif SERVERS[host:lower():match("^[^.]+")] and host:find("%..*%.") then
    return "update"
  end
  local ending = (path:match("%.(%w+)$") or ""):lower()
  if RUN[ending] then
    return "program"
  elseif PAGE[ending] then
    return nil
  end
  for part in path:lower():gmatch("[^/]+") do
    if NEWER[part] or NEWER[part:gsub("%.%w+$", "")] then
      return "update"
    end
  end
  return nil
end

local BEFORE = { ['"'] = true, ["'"] = true, ["`"] = true, ["="] = true }
local FETCHING = { "curl", "wget", "iwr ", "invoke-", "fetch", "certutil", "bitsadmin", "download", "lwp-", "aria2c" }

-- Is the URL a value, or an argument of what fetches? Sources cite others by their URL: "from http://.../x.py".
local function is_value(object, at)
  if object.class ~= "script" or at == 0 or BEFORE[object:bytes(at - 1, 1)] then
    return true
  end
  local line = (object:line(at) or ""):lower()
  for _, word in ipairs(FETCHING) do
    if line:find(word, 1, true) then
      return true
    end
  end
  return false
end

local function near(object, at)
  local from = at > 600 and at - 600 or 0
  local around = object:bytes(from, 1400):lower()
  for _, word in ipairs(CHECKED) do
    if around:find(word, 1, true) then
      return word
    end
  end
  return nil
end

-- Is the address turned into an encrypted one where that can be had? Code that names it, and "https" as a value, behind it.
local function moves(object, at)
  local behind = object:bytes(at, 1400)
  return behind:find("[\"']https[\"']") ~= nil or behind:find("[\"']https://[\"']") ~= nil
end

---@type probity.Check
return {
  title       = "Updates or programs fetched without encryption",
  why         = "Whoever sits between can put another program in the place of the one that is asked for.",
  confirm     = [[Find the address: `grep -aob 'http://' OBJECT`. Let it look for updates in a network of your own
    while `tcpdump -A port 80` listens, and see whether a changed answer is taken.]],
  catalogue   = "I-33",
  claim       = "update",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "ini", "yaml", "json", "toml", "xml", "elf", "pe", "macho" },
  findings    = {
    program = {
      says = "names a program to be fetched without encryption: %s",
      fix = "Use https, and check a signature or a digest before it runs.",
      reliability = "heuristic",
    },
    update = {
      says = "asks for updates without encryption: %s",
      fix = "Use https, and check a signature before anything is replaced.",
      severity = "medium",
      reliability = "heuristic",
    },
    falls_back = {
      says = "asks for updates without encryption where it cannot have any: %s",
      fix = "Ask for nothing that decides what is installed without encryption: stop, and say why.",
      severity = "low",
      reliability = "heuristic",
    },
    checked = {
      says = "fetches %s without encryption, beside a check of what came (%s)",
      fix = "Use https as well: who sits between still sees what is asked for, and can hold an old version in place.",
      severity = "low",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P6", "cra:II.7", "etsi:5.3-7", "cwe:494", "req:R25" },
  samples     = {
    hit = { "installer.sh", "updater.ini", "appcast.xml", "fetch.py", "checked.sh", "install.ps1", "put-together.js",
      "publish.json", "named.ini", falls_back = { "https-where-possible.php" } },
    clean = { "cited.py", "https.sh", "comment.sh", "mirror.sh", "pages.js", "private.ini" },
  },

  object = function(object, found)
    local function judge(url, host, at, length)
      local what = hosts.public(host) and (kind_of(url) or object.class ~= "binary" and named(object, at) and "update")
      local check = what and object.class == "script" and near(object, at)
      if what then
        local back = what == "update" and object.class == "script" and moves(object, at)
        local raise = check and found.checked or back and found.falls_back or found[what]
        raise {
          key = host,
          at = at,
          length = length,
          excerpt = url,
          kappa = object.class == "binary" and 300 or nil, -- nothing shows that it is asked for
          url,
          check or nil,
        }
      end
    end
    for _, url in ipairs(object.facts.urls or {}) do
      if url.scheme == "http" and not url.comment and not url.namespace and url.host and is_value(object, url.at) then
        judge(url.url, url.host, url.at, #url.url)
      end
    end
    local code = object.facts.code or {}
    for _, made in ipairs(code.strings or {}) do -- put together of parts
      local host = made.is == "url" and made.text:match("^http://([^/:]+)")
      if host then
        judge(made.text, host:lower(), made.at, 0)
      end
    end
    for _, call in ipairs(code.calls or {}) do
      for _, value in ipairs(call.args) do
        local host = type(value) == "string" and value:match("^http://([^/:]+)")
        if host then
          judge(value, host:lower(), call.at, 0)
        end
      end
    end
  end,
}
