local text = require "probity.text"
local commands = require "lib.commands"
local obfuscation = require "lib.obfuscation"
local packages = require "lib.packages"
local reach = require "lib.reach"

local HIDDEN = "integrity.install-obfuscated"

-- In code on a command line these do more than load a file of the package.
local DOES_MORE = { "eval", "Function(", "atob", "Buffer.from", "fromCharCode", "child_process", "exec(", "spawn", "http", "base64",
  "unescape", "\\x", "socket" }

-- Short code that only requires a file of the package is an ordinary, if odd, way to run it.
local function plain(code)
  if #code > 200 then
    return false
  end
  for _, word in ipairs(DOES_MORE) do
    if text.has(code, word) then
      return false
    end
  end
  return true
end

-- A long run of base64 or hex digits: nobody reads that.
local function blob(command)
  for word in command:gmatch("[%w+/=_-]+") do
    if #word >= 120 and not text.has(word, "node_modules") and text.entropy(word) > 500 then
      return true
    end
  end
  return false
end

-- What hides in a command, in words for people; nil where it is plain.
local function hides(command)
  local lower = command:lower()
  if lower:find("powershell.*%s%-e[ncodemad]*%s+[%w+/=]+") and lower:find("%s%-e[ncodemad]*%s+%w[%w+/=]+") then
    return "PowerShell with an encoded command"
  elseif lower:find("base64%s+%-+d") and (lower:find("|%s*%a*sh%f[%A]") or lower:find("%f[%a]eval%f[%A]")) then
    return "base64 that is decoded and run"
  elseif (lower:find("xxd%s+%-r") or lower:find("printf%s+['\"]?\\x")) and lower:find("|%s*%a*sh%f[%A]") then
    return "hexadecimal that is decoded and run"
  elseif lower:find("eval%s*%(%s*atob") or lower:find("eval%s*%(%s*buffer%.from") then
    return "encoded JavaScript that is decoded and run"
  elseif blob(command) then
    return "a long encoded text"
  end
  return nil
end

---@type probity.Check
return {
  title       = "Install script that hides what it does",
  why         = "Encoded or packed code in an install script has one use: that whoever reads the package does not see what it runs.",
  confirm     = [[Take the script out (`dpkg-deb -e PRODUCT DIR`, `tar -xOf PRODUCT package/package.json`), and decode
    by hand what it decodes, `base64 -d` or `xxd -r -p`, without running it.]],
  catalogue   = "I-15",
  claim       = "install",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "package" },
  looks       = [[
    strings:
      $sh_base64 = /base64[ \t]+(-d|-D|--decode)[^\n]{0,80}\|[ \t]*(ba|da|k|z)?sh\b/
      $sh_here = /base64[ \t]+(-d|-D|--decode)[ \t]*<<<[^\n|]{8,1000}\|[ \t]*(ba|da|k|z)?sh\b/
      $sh_eval = /\beval[ \t]+["'`$(]{1,4}[^\n]{0,200}base64[ \t]+(-d|-D|--decode)/
      $sh_hex = /(xxd[ \t]+-r[^\n]{0,80}|printf[ \t]+["']?(\\x[0-9a-fA-F]{2}){8,}[^\n]{0,400})\|[ \t]*(ba|da|k|z)?sh\b/
      $js_eval = /\b(eval|Function)[ \t]*\([ \t]*(atob|Buffer\.from|unescape|String\.fromCharCode)[ \t]*\(/
      $js_vm = /\b(runIn(This|New)Context|\._compile)[ \t]*\([ \t]*(atob|Buffer\.from)[ \t]*\(/
      $py_exec = /\b(exec|eval)[ \t]*\([ \t]*(compile[ \t]*\([ \t]*)?(base64|zlib|codecs|marshal|binascii|bytes\.fromhex)\b/
      $py_import = /\b(exec|eval)[ \t]*\([ \t]*__import__[ \t]*\([ \t]*['"](base64|zlib|codecs|marshal|binascii)['"]/
      $pl_eval = /\beval[ \t]*\(?[ \t]*(unpack|pack|decode_base64)\b/
      $php_eval = /\beval[ \t]*\([ \t]*(base64_decode|gzinflate|gzuncompress|str_rot13|hex2bin)[ \t]*\(/
      $ps_enc = /powershell(\.exe)?["']?[^\n]{0,120}[ \t]-(e|ec|enc|encodedcommand)[ \t]+["']?[A-Za-z0-9+\/=]{40,}/ nocase
      $names = /_0x[0-9a-f]{4,6}\b/
    condition:
      any of ($sh*, $js*, $py*, $pl*, $php*, $ps*) or #names > 40
  ]],
  findings    = {
    install = {
      reliability = "exact",
      says = "%s of %s hides what it runs: %s",
      fix = "Replace it by a plain script, or do without. Users: read what it decodes to before you install.",
    },
    file = {
      says = "%s (%s, %s at installation) is obfuscated: %s",
      fix = "Ship the source of what runs at installation.",
      reliability = "parsed",
    },
    inline = {
      says = "%s of %s runs code from its command line instead of a file: %s",
      fix = "Move the code into a file of the package, where it can be read and reviewed.",
      severity = "medium",
      reliability = "heuristic",
    },
    hidden = {
      reliability = "exact",
      says = "decodes text and runs it",
      fix = "Ship the plain source.",
      severity = "info",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:506", "attack:T1027", "attack:T1059", "req:R3" },
  samples     = {
    hit = { "base64-command", "eval-file", "powershell", "long-inline", "obfuscated-file", "postinst.deb" },
    clean = { "requires-file", "plain-file", "decodes-only.sh" },
  },

  object = function(object, found)
    for at, length in object:hits() do
      if not object:comment(at) then
        found.hidden { key = object.sha256, at = at, length = length }
        return
      end
    end
  end,

  product = function(product, found)
    for o, how, from in reach.installed(product) do
      local code = o.facts.code
      local what = code and obfuscation.at_install(code.measures)
      if what then
        found.file { key = o.sha256, object = o, packages.place(o.path), how, from and "is imported by what runs" or "runs", what }
      end
    end
    for package, script, o in packages.scripts(product) do
      if packages.at_install(script) then
        local what, at = script.command and hides(script.command), nil
        for _, f in ipairs(o.findings) do
          if f.check == HIDDEN and not what then
            what, at = "it decodes text and runs it", f.at
          end
        end
        local inline = not what and script.command and commands.inline(script.command)
        if what then
          found.install {
            key = packages.script_key(script),
            object = o,
            at = at,
            excerpt = script.command,
            script.name,
            packages.title(package),
            what,
          }
        elseif inline and not plain(inline) then
          found.inline {
            key = packages.script_key(script),
            object = o,
            excerpt = inline,
            script.name,
            packages.title(package),
            inline:sub(1, 60),
          }
        end
      end
    end
  end,
}
