-- What a name means when it is logged. Part of a longer name ("userPassword", "reset_token"), but no count or flag about it.
local PRIVATE = { "password", "passwd", "passphrase", "secretkey", "secret_key", "privatekey", "private_key",
  "apikey", "api_key", "accesstoken", "access_token", "authtoken", "auth_token", "refreshtoken", "refresh_token",
  "creditcard", "credit_card", "cardnumber", "card_number", "cvv", "ssn", "socialsecurity", "social_security",
  "emailaddress", "email_address", "sessionid", "session_id", "bearer" }

local ABOUT = { "length", "len", "valid", "invalid", "missing", "required", "strength", "policy", "field", "error",
  "err", "message", "msg", "prompt", "label", "placeholder", "hint", "reset", "expired", "expires", "count", "type",
  "file", "path", "hash", "masked", "redact", "input", "url", "uri", "name", "regex", "match", "exists", "changed",
  "updated", "has", "is", "no", "show", "hide", "check", "mask", "obfus", "encrypted", "sanit" }

local function is_private(name)
  local low = name:lower()
  for _, word in ipairs(PRIVATE) do
    local from, to = low:find(word, 1, true)
    -- "cvv" and "ssn" are short: only as a whole word
    if from and (#word > 3 or low == word) then
      local rest = low:sub(1, from - 1) .. " " .. low:sub(to + 1)
      for _, about in ipairs(ABOUT) do
        if rest:find(about, 1, true) then
          return false
        end
      end
      return true
    end
  end
  return false
end

-- The names that stand outside of texts, or are put into them (${x}, {x} of an f-string, #{x}, $x of PHP and shell).
local function logged_name(object, arguments)
  local inner = {}
  if object.kind == "php" or object.kind == "shell" or object.kind == "perl" then
    for text in arguments:gmatch('"[^"]*"') do
      for name in text:gmatch("%$%{?([%a_][%w_]*)") do
        inner[#inner + 1] = name
      end
    end
  end
  for text in arguments:gmatch("[#$]?%b{}") do
    local name = text:match("^[#$]{%s*([%a_][%w_.]*)%s*}$")
      or object.kind == "python" and arguments:find("%f[%w][fF]['\"]") and text:match("^{%s*([%a_][%w_.]*)[^{}]*}$")
    if name then
      inner[#inner + 1] = name
    end
  end
  local bare = arguments:gsub('"[^"]*"', " "):gsub("'[^']*'", " "):gsub("`[^`]*`", " ")
  bare = bare:gsub("[%w_.]+%s*%b()", " ") -- what another function makes of it
  for name in bare:gmatch("[%a_][%w_.]*") do
    inner[#inner + 1] = name
  end
  for _, name in ipairs(inner) do
    if is_private(name:match("([%w_]+)$") or name) then
      return name
    end
  end
  return nil
end

-- Parts of the patterns: up to 200 letters of the arguments, then a name.
local UP_TO = [[\([^;\r\n]{0,200}]]
local NAMES = [[([pP]ass(word|wd|phrase)|[tT]oken|[sS]ecret|[aA]pi_?[kK]ey]]
  .. [[|[cC](redit|ard)_?([cC]ard|[nN]um)|\bcvv\b|\bssn\b|[eE]mail_?[aA]d)/]]

---@type probity.Check
return {
  title       = "Passwords or personal data in logs",
  why         = "Logs are kept, copied and read by people who may not see what is in them.",
  confirm     = [[Read the line at the offset in the evidence, then use that function on an installation of your own
    and search its logs: `grep -rni 'VALUE' /var/log`.]],
  catalogue   = "D-20",
  claim       = "storage",
  severity    = "low",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script" },
  looks       = [[
    strings:
      $js = /\bconsole\.(log|info|debug|warn|error)]] .. UP_TO .. NAMES .. [[

      $log = /\b(log|logger|logging|LOG|Log|LOGGER|slog|winston|_log)\.(debug|info|warn|warning|error|trace|[divwe]|Print(f|ln)?)]] .. UP_TO
        .. NAMES .. [[

      $other = /\b(syslog|error_log|NSLog|print|fmt\.Print(f|ln)|System\.out\.println)]] .. UP_TO .. NAMES .. [[

    condition:
      any of them
  ]],
  findings    = {
    logged = {
      says = "writes %s to a log or to the screen",
      fix = "Leave the value out, or write a digest or its last letters.",
    },
  },
  maps        = { "paris:P1", "cra:I.2.e", "cwe:532", "gdpr:5.1.f", "req:R6" },
  samples     = {
    hit = { "login.js", "auth.py", "pay.php", "Session.java" },
    clean = { "prompts.js", "about.py", "comments.js", "lexer.js" },
  },

  object = function(object, found)
    for at, length in object:hits() do
      local line = object:line(at) or ""
      if #line < 1000 and not object:comment(at) and not line:find("^%s*[#*]") and not line:find("^%s*//") then
        local from = line:find(object:bytes(at, math.min(length, 24)), 1, true) or 1
        local arguments = line:sub(from):match("^[%w_.%s-]-[( ](.*)$") or ""
        local name = logged_name(object, arguments)
        if name then
          found.logged { key = name .. ":" .. object.sha256:sub(1, 16), at = at, length = length, name }
        end
      end
    end
  end,
}
