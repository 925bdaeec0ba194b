local secrets = require "lib.secrets"
local settings_files = require "lib.settings"

-- A password that somebody chose or drew: no word of prose, no path, no number alone.
local function is_password(value)
  if #value < 6 or #value > 128 or secrets.stand_in(value) or value:find("[%s<>{}]") or value:find("://", 1, true) then
    return false
  end
  if value:find("^%d+$") or value:find("^[%w_-]+%.[%w_.-]+$") or value:find("^[/.]") then
    return false
  end
  return value:find("%d") ~= nil and value:find("%D") ~= nil
end

---@type probity.Check
return {
  title       = "Passwords kept as they are",
  why         = "Whoever reads the file, a backup of it or another program on the same device, has the password.",
  confirm     = [[Open the file at the offset in the evidence and see whether a password stands there in clear: `grep
    -niE 'passw(or)?d|secret|token' OBJECT`. Try it on an installation of your own.]],
  catalogue   = "D-18",
  claim       = "storage",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text" },
  looks       = [[
    strings:
      $setting = /(password|passwd|passphrase|secret_key|client_secret|PASSWORD|SECRET_KEY|Password)["']?[ \t]*[:]]
    .. [[=][ \t]*["']?[^\s"'<>{}$]{6,128}["'\s]/
      $android = /\.putString\([ \t]*["'][^"'\r\n]{0,24}([pP]ass(word|wd|code)|PASSWORD|[sS]ecret|SECRET|_pin|PIN)[^"]]
    .. [['\r\n]{0,12}["'][ \t]*,/
      $apple = /(UserDefaults[^\r\n]{0,80}forKey: ?@?"[^"\r\n]{0,24}([pP]assword|[sS]ecret)|@AppStorage\("[^"\r\n]{0,2]]
    .. [[4}([pP]assword|[sS]ecret))/
      $web = /(localStorage|sessionStorage|AsyncStorage)\.setItem\([ \t]*["'`][^"'`\r\n]{0,24}([pP]assword|[pP]asswd|]]
    .. [[[sS]ecret|[pP]rivate_?[kK]ey|[mM]nemonic)/
      $cookie = /document\.cookie[ \t]*=[ \t]*["'`]?[^;\r\n]{0,24}(password|passwd)[ \t]*=/
    condition:
      any of them
  ]],
  findings    = {
    shipped = {
      says = "brings a password in its settings (%s)",
      fix = "Take it out and withdraw it; read it from the environment or a key store when the program runs.",
    },
    stored = {
      says = "keeps a secret as it is: %s",
      fix = "Keep it in the system's key store (Keychain, Keystore, libsecret), or do not keep it.",
    },
  },
  maps        = { "paris:P1", "cra:I.2.e", "etsi:5.4-1", "cwe:312", "gdpr:32", "req:R6" },
  samples     = {
    hit = { "service.ini", "application.yml", "Login.java", "remember.js", "Account.swift", "production.env" },
    clean = { "placeholders.ini", "translations.json", "variables.yml", "template.sample", "token-count.js" },
  },

  object = function(object, found)
    local settings = settings_files.is(object) and object.kind ~= "xml"
    local seen = {}
    for at, length, id in object:hits() do
      local line = object:line(at) or ""
      local dead = object:comment(at) or line:find("^%s*[#;]") or line:find("^%s*//") or #line > 1000
      if not dead and id == "$setting" and settings then
        local name, open, value, close = object:bytes(at, length):match("^(%a[%w_]*)[\"']?%s*[:=]%s*([\"']?)(.-)([\"'%s])$")
        if value and (open == "" or open == close) and is_password(value) and not seen[value] then
          seen[value] = true
          found.shipped { key = secrets.key(value), at = at, length = #name, excerpt = name .. " = ...", name }
        end
      elseif not dead and id ~= "$setting" and object.class == "script" then
        local shown = object:bytes(at, math.min(length, 80))
        if not seen[shown] and not shown:lower():find("encrypt", 1, true) and not line:find("removeItem", 1, true) then
          seen[shown] = true
          found.stored { key = id:sub(2) .. ":" .. object.sha256:sub(1, 24), at = at, length = length, shown }
        end
      end
    end
  end,
}
