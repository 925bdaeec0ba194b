local hosts = require "lib.hosts"
local text = require "probity.text"

local function has(object, id)
  for at in object:hits(id) do
    if not object:comment(at) then
      return at
    end
  end
  return nil
end

-- What an encoded command says, in so far as it is text in UTF-16.
local function decoded(object)
  local at, length = object:hits("$encoded")()
  if at then
    local word = object:bytes(at, length):match("([%w+/=]+)$")
    local bytes = word and text.base64_decode and text.base64_decode(word)
    if bytes then
      return at, (bytes:gsub("%z", ""):gsub("[^\32-\126]", " "))
    end
    return at, word or ""
  end
  return nil
end

-- Does what stands around a place name an address without a name, or without encryption?
local function clear(object, at)
  local around = object:bytes(math.max(0, at - 200), math.min(500, object.size - math.max(0, at - 200)))
  for scheme, host in around:gmatch("(https?)://([^/%s\"'`:)]+)") do
    if hosts.bare(host) or (scheme == "http" and hosts.public(host)) then
      return true
    end
  end
  return false
end

---@type probity.Check
return {
  title       = "PowerShell that runs what it fetches, or works unseen",
  why         = "What is fetched and run at once is in no package and no review; a hidden window keeps people from noticing it.",
  confirm     = [[Read the line at the offset in the evidence, and decode an encoded command without running it: `echo
    TEXT | base64 -d | iconv -f UTF-16LE`.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "powershell", "batch", "shell", "javascript", "python", "vbscript", "typescript", "text" },
  looks       = [[
    strings:
      $fetch = /\.Download(String|Data)[ ]?\(|\b(Invoke-WebReques[t]|Invoke-RestMetho[d])\b/ nocase
      $short = /\b(iwr|irm) (-[a-z]{3,20} )?["']?https?:/ nocase
      $run = /\b(Invoke-Expressio[n]|iex)\b[ ]?[(&$"']|\|[ ]{1,3}(Invoke-Expressio[n]|iex)\b/ nocase
      $file = /\.Download[F]ile[ ]?\([^\n]{1,200}/ nocase
      $start = /\b(Start-Process|Invoke-Item)\b[^\n]{1,80}/ nocase
      $hidden = /-w(in|indowstyle)?[ ]{1,3}['"]?(hidden|1)\b/ nocase
      $encoded = /powershell(\.exe)?["']?[^\n]{0,120}[ ]-e(nc?|ncodedcommand|c)?[ ]{1,3}["']?[A-Za-z0-9+\/=]{60,}/ nocase
      $keeps = /\bCurrentVersion\\Ru[n]\b/ nocase
      $unpacks = /\bFromBase64Strin[g]\b/ nocase
      $block = /\[scriptbloc[k]\]::Create|\bReflection\.Assembl[y]\]::Load[ ]?\(|\bAssembl[y]\.Load[ ]?\(/ nocase
      $defender = /\b(Add|Set)-MpPreferenc[e][ ][^\n]{0,60}-(Exclusion|DisableRealtime)/ nocase
      $amsi = /amsiInit[F]ailed|Amsi[U]tils/ nocase
    condition:
      (($fetch or $short) and $run) or ($hidden and ($file or $fetch or $short or $keeps))
      or $encoded or $defender or $amsi or ($file and $start) or (($unpacks or $fetch) and ($block or $run))
  ]],
  findings    = {
    fetched = {
      says = "can run a text that it fetches",
      fix = "Ship the script; where it must be fetched, hold it against a digest or a signature first.",
    },
    encoded = {
      says = "hands PowerShell an encoded command: %s",
      fix = "Write the command in plain text.",
    },
    decoded = {
      says = "can run what it decodes first",
      fix = "Ship the plain script.",
      reliability = "parsed",
    },
    dropped = {
      says = "can fetch a program and start it while its window is hidden, or have it started",
      fix = "Show what is fetched, hold it against a digest, and leave it to people to start it.",
      reliability = "parsed",
    },
    clear = {
      says = "can run a text that it fetches from an address, or without encryption",
      fix = "Ship the script.",
      reliability = "parsed",
    },
    unseen = {
      says = "can fetch a file while its window is hidden",
      fix = "Show what is fetched, and ask before.",
    },
    started = {
      says = "can fetch a file and start it",
      fix = "Hold the file against a digest or a signature before it is started.",
      severity = "low",
    },
    guard = {
      says = "can take itself out of what the virus scanner looks at",
      fix = "Leave that to the administrator.",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:494", "cwe:506", "attack:T1059", "attack:T1105", "req:R3" },
  samples     = {
    hit = { "fetched.ps1", "encoded.bat", "unseen.ps1", guard = { "guard.ps1" }, decoded = { "unpacks.ps1" } },
    clean = { "status.ps1", "checked.ps1" },
  },

  object = function(object, found)
    local at, says = decoded(object)
    if at then
      found.encoded { key = "encoded:" .. object.sha256, at = at, excerpt = says:sub(1, 120), says:sub(1, 80) }
    end
    at = has(object, "$defender") or has(object, "$amsi")
    if at then
      found.guard { key = "guard:" .. object.sha256, at = at }
    end
    local fetch, run = has(object, "$fetch") or has(object, "$short"), has(object, "$run")
    if fetch and run and not object:find("(?i)Get-FileHash|Get-AuthenticodeSignature") then
      local direct = object:find("(?i)(iex|Invoke-Expressio[n])[^\\n]{0,80}"
        .. "(DownloadStrin[g]|Invoke-WebReques[t]|Invoke-RestMetho[d]|iwr|irm)\\b")
        or object:find("(?i)(DownloadStrin[g]|Invoke-WebReques[t]|Invoke-RestMetho[d]|iwr|irm)\\b[^\\n]{0,160}\\|\\s*"
        .. "(iex|Invoke-Expressio[n])")
        or object:find("(?i)=\\s*(iwr|irm|Invoke-WebReques[t]|Invoke-RestMetho[d])\\b[^\\n;]{0,200}[;\\r\\n]+\\s*"
        .. "(iex|Invoke-Expressio[n])[ (]+\\$")
      if direct then
        found[clear(object, direct) and "clear" or "fetched"] { key = "fetched:" .. object.sha256, at = direct }
      end
    end
    local unpacks, block = has(object, "$unpacks"), has(object, "$block") or run
    if unpacks and block and math.abs(unpacks - block) < 1500 and object.kind ~= "python" and object.kind ~= "javascript" then
      found.decoded { key = "decoded:" .. object.sha256, at = block }
    end
    local file, start, hidden = has(object, "$file"), has(object, "$start"), has(object, "$hidden")
    local keeps = has(object, "$keeps")
    local loads = object:find("(?i)Assembl[y]\\]?(::|\\.)Load ?\\([^\\n]{0,80}(DownloadData|Invoke-WebReques[t])")
    if loads then
      found.clear { key = "loaded:" .. object.sha256, at = loads }
    end
    if hidden and ((keeps and (fetch or file)) or (start and (file or fetch) and math.abs(start - (file or fetch)) < 600)) then
      found.dropped { key = "unseen:" .. object.sha256, at = hidden }
    elseif hidden and (file or fetch) then
      found.unseen { key = "unseen:" .. object.sha256, at = hidden }
    elseif file and start and math.abs(file - start) < 600 and not object:find("(?i)Get-FileHash|Get-AuthenticodeSignature") then
      found.started { key = "started", at = file }
    end
  end,
}
