local hosts = require "lib.hosts"
local lists = require "probity.lists"
local packages = require "lib.packages"
local text = require "probity.text"

-- Texts without a kind of their own that a build or a package manager runs.
local RUN = { ".m4", ".ac", ".am", ".install", "PKGBUILD", "APKBUILD", ".ebuild", ".spec", "meson.build", "SConstruct", ".gradle",
  "CMakeLists.txt", "akefile", ".mk", ".make", "Containerfile" }
local RECIPES = { make = true, cmake = true, dockerfile = true, batch = true, shell = true }

-- Programs that package managers run as root or on the user's machine.
local AS_ROOT = { ".install", "PKGBUILD", "APKBUILD", ".ebuild", ".spec" }

local function ends_in(o, names)
  for _, name in ipairs(names) do
    if text.ends(o.basename, name) then
      return true
    end
  end
  return false
end

local COMMENTS = { make = "#", dockerfile = "#", cmake = "#", batch = "rem ", shell = "#", text = "#" }

-- The line around a place, and whether it is a comment.
local function line_at(object, at)
  local from = math.max(0, at - 400)
  local before = object:bytes(from, at - from):match("([^\n]*)$")
  local rest = object:bytes(at, math.min(600, object.size - at)):match("^[^\n]*")
  local line = before .. rest
  local start = line:match("^%s*@?(.*)"):lower()
  local mark = COMMENTS[object.kind]
  return line, (mark and text.starts(start, mark)) or text.starts(start, "dnl ") or text.starts(start, "::")
end

-- The first hit that is no comment: where, its length, its line.
local function first(object, id)
  for at, length in object:hits(id) do
    local line, comment = line_at(object, at)
    if not comment then
      return at, length, line
    end
  end
  return nil
end

-- Does the line fetch from where nobody looks after it, or so that nobody sees it?
local function odd(line)
  for scheme, host, rest in line:gmatch("(https?)://([^/%s\"'`:]+)([^%s\"'`|]*)") do
    local row = lists.find("exfiltration", host .. rest)
    if hosts.bare(host) or (row and row.kind ~= "address") or (scheme == "http" and hosts.public(host)) then
      return true
    end
  end
  local quiet = line:find(">%s*/dev/null%s+2>&1") or line:find("&>%s*/dev/null")
  return line:find("whoami", 1, true) ~= nil or line:find("hostname", 1, true) ~= nil
    or (quiet and line:find("&%s*$") ~= nil or quiet and line:find("||", 1, true) ~= nil) -- nobody is to see it, nor that it failed
    or line:find("/tmp/.", 1, true) ~= nil
end

-- What a recipe runs: the first that is there decides. "fetches" is "fetched" where the place it comes from, or the way, is odd.
local RUNS = {
  { id = "$decode_run", what = "decoded" }, { id = "$unpack_run", what = "decoded" }, { id = "$eval_run", what = "decoded" },
  { id = "$eval_decode", what = "decoded" }, { id = "$plants", what = "plants" }, { id = "$code_run", what = "fetched" },
  { id = "$fetch_run", what = "fetches" }, { id = "$fetch_then", what = "fetches" }, { id = "$fetch_in", what = "fetches" },
}

-- Is the program that this line fetches started by its name?
local function started(object, line)
  local file = line:match("(%%%w+%%[\\/][%w_.-]+%.%w+)") or line:match("([%w_.-]+%.[eds][xlc][elr])[\"'%s]*$")
  if not file then
    return false
  end
  local n, all = 0, object:bytes(0, math.min(object.size, 65536))
  local from, to = all:find(file, 1, true)
  while from do
    n = n + 1
    from, to = all:find(file, to, true)
  end
  return n > 1
end

local function batch(object, found)
  local at, length = first(object, "$bat_decode")
  local runs = first(object, "$bat_keep") or first(object, "$bat_start")
  if at and runs then
    found.program { key = "decoded:" .. object.sha256, at = at, length = length, "decodes" }
  end
  local line
  at, length, line = first(object, "$bat_fetch")
  if at and (first(object, "$bat_keep") or first(object, "$bat_load") or first(object, "$bat_task")
    or (odd(line) and first(object, "$bat_start")) or (first(object, "$bat_system") and started(object, line))) then
    found.program { key = "fetched:" .. object.sha256, at = at, length = length, "fetches" }
    return
  end
  for _, id in ipairs { "$bat_fetch", "$bat_shell" } do
    at, length, line = first(object, id)
    if at and line:find("%%%a+%%") and started(object, line) then
      if id == "$bat_shell" and line:lower():find("-w%a* hidden") then
        found.program { key = "unseen:" .. object.sha256, at = at, length = length, "fetches, unseen," }
      else
        found.fetches { key = object.sha256, at = at, length = length, object.basename, text.display(text.trim(line):sub(1, 100)) }
      end
      return
    end
  end
end

---@type probity.Check
return {
  title       = "Build recipe that does what no build needs",
  why         = "Recipes run on the machines of those who build, who read the code and seldom the recipe.",
  confirm     = [[Read the recipe at the offset in the evidence, and build it in a container without a network
    (`unshare -rn make` or `docker build --network none`): what it wanted to fetch fails.]],
  catalogue   = "I-13",
  claim       = "backdoor",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 916, planted = 24, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "make", "cmake", "dockerfile", "batch", "shell", "text" },
  looks       = [[
    strings:
      $fetch_run = /\b(curl|wget) [^\n#]{1,300}\|[ \t]*(sudo )?(\/bin\/)?(ba|z|da|k)?sh\b/
      $fetch_then = /\b(curl|wget) [^\n#]{1,300}(&&|;)[ \t]*(sudo )?(\/bin\/)?(ba|z|da|k)?sh[ \t]{1,3}[.\/~$a-z]/
      $fetch_in = /\b(ba|z|da|k)?sh -c ["']?\$\((curl|wget) /
      $code_run = /\bexec\([^\n]{0,80}\burlopen\(/
      $decode_run = /\bbase64[ \t]{1,4}(-d|-D|--decode)[^\n|]{0,200}\|[ \t]*(\/bin\/)?(ba|z|da|k)?sh\b/
      $unpack_run = /\b(xz|gzip|gunzip|bzip2|lzma|unxz|openssl) [^\n|]{1,80}\|[ \t]*(\/bin\/)?((ba|z|da|k)?sh\b|\$SHELL|\$CONFIG_SHELL)/
      $eval_run = /\beval [^\n|;]{1,120}\|[ \t]*(\$SHELL\b|\$CONFIG_SHELL\b|\/bin\/sh\b)/
      $eval_decode = /\beval [`"'$( ]{0,4}[^\n|;]{1,800}\|[ \t]*(base64[ \t]{1,4}(-d|-D|--decode)|xxd -r)/
      $plants = /(ssh-(ed25519|rsa) AAAA[^\n]{20,600}>[^\n]{0,40}authorized_key[s]|\b(curl|wget) [^\n]{1,200}\|[ \t]*crontab -)/
      $bat_decode = /\bcertutil(\.exe)?[ \t]{1,4}[^\n]{0,20}-(decode|decodehex)\b/ nocase
      $bat_fetch = /\b(curl|wget|bitsadmin|certutil)(\.exe)?[ \t][^\n]{1,200}\.(exe|dll|scr|vbs)\b/ nocase
      $bat_shell = /\b(DownloadFile\(|Invoke-WebRequest |iwr )[^\n]{1,200}\.(exe|dll|scr|vbs)\b/ nocase
      $bat_system = /\b(certutil(\.exe)?[ \t][^\n]{0,40}-urlcache|bitsadmin(\.exe)?[ \t]{1,3}\/transfer)\b/ nocase
      $bat_keep = /\breg(\.exe)? add [^\n]{0,80}CurrentVersion\\Ru[n]\b/ nocase
      $bat_load = /\b(regsvr32|rundll32|wscript)(\.exe)?[ \t]/ nocase
      $bat_task = /\bschtasks(\.exe)?[ \t]{1,3}\/create\b/ nocase
      $bat_start = /\bstart[ \t]{1,2}(""[ \t]|\/b[ \t])/ nocase
      $trap = /\b(function )?sudo[ \t]{0,3}\(\)[ \t\n]{0,4}\{/
      $memory = /\/proc\/[^ \n"'`]{1,12}\/mem\b/
      $encodes = /\bbase64 -w\b|\bbase64 -w0|\b(curl|nc) /
      $secret = /\.ssh\/id_|\.aws\/credential[s]|\.(bash|zsh)_histor[y]|\/etc\/shado[w]\b|\.docker\/config\.jso[n]/
      $upload = /\b(curl|wget) [^\n]{0,120}(--data-binary|--data|-d|-T|--upload-file|-F|--post-file)[ =]/
      $asks = /\bread[ \t][^\n]{0,40}-[a-z]{0,3}s[a-z]{0,2}\b/
    condition:
      any of ($fetch_run, $fetch_then, $fetch_in, $code_run, $eval_decode, $bat_system, $bat_shell, $plants, $decode_run,
        $unpack_run, $eval_run, $bat_decode, $bat_fetch) or ($trap and $asks)
      or ($memory and $encodes) or ($secret and $upload)
      or ($bat_keep and $bat_load and $bat_start and $bat_task)
  ]],
  findings    = {
    fetched = {
      says = "%s runs what it fetches while it builds: %s",
      fix = "Fetch nothing, or a file with its digest, and run it only where that is right.",
    },
    fetches = {
      says = "%s runs what it fetches while it builds, without a digest to hold it against: %s",
      fix = "Fetch a file whose digest the recipe knows, and run that.",
      severity = "low",
      reliability = "heuristic",
    },
    decoded = {
      says = "%s runs what it decodes or unpacks while it builds: %s",
      fix = "Ship what runs as a plain text. Users: read what it decodes to before you build.",
    },
    plants = {
      says = "%s lets somebody in, or has something run by the clock, while it builds: %s",
      fix = "Remove it: a build leaves nothing outside of its folder.",
    },
    program = {
      says = "%s a program, and starts it or has it started",
      fix = "Ship programs under their names, and leave it to people to start them.",
    },
    memory = {
      says = "can read the memory of other programs, and encodes or has a command that reaches the network",
      fix = "Remove it: secrets of a build are in the memory of what runs it.",
    },
    keys = {
      says = "names files of keys, passwords or what people typed, and can upload beside it",
      fix = "Send nothing of these.",
    },
    trap = {
      says = "puts itself in the place of sudo, and asks for the password",
      fix = "Remove it: the password is between sudo and who types it.",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:506", "cwe:494", "attack:T1195.002", "attack:T1059", "req:R3" },
  samples     = {
    hit = { "recipe", "macro", "decoded.cmake", "kept.bat", trap = { "completion.bash" }, keys = { "keys.sh" }, fetched = { "recipe" },
      fetches = { "ordinary-recipe" } },
    clean = { "macros", "tools.bat", "alias.bash" },
  },

  object = function(object, found)
    if object.kind == "batch" then
      batch(object, found)
      return
    elseif object.kind == "shell" then
      local at, length = first(object, "$trap")
      if at and first(object, "$asks") then
        found.trap { key = "trap:" .. object.sha256, at = at, length = length }
      end
      at, length = first(object, "$memory")
      if at and first(object, "$encodes") then
        found.memory { key = "memory:" .. object.sha256, at = at, length = length }
      end
      at, length = first(object, "$secret")
      local sends = at and first(object, "$upload")
      if sends and math.abs(sends - at) < 500 then
        found.keys { key = "keys:" .. object.sha256, at = at, length = length }
      end
      return
    end
    for _, entry in ipairs(RUNS) do
      local at, length, line = first(object, entry.id)
      if at then
        local what = entry.what == "fetches" and odd(line) and "fetched" or entry.what
        found.note { what = what, at = at, length = length, line = text.trim(line):sub(1, 100) }
        return
      end
    end
  end,

  product = function(product, found)
    for o in product:objects { noted = true } do
      local note = o.notes[1]
      local recipe = RECIPES[o.kind] or ends_in(o, RUN)
      local what = note.what == "fetches" and ends_in(o, AS_ROOT) and "fetched" or note.what
      if recipe then
        found[what] { key = o.sha256, object = o, at = note.at, length = note.length, packages.place(o.path), text.display(note.line) }
      end
    end
  end,
}
