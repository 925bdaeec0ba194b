local accounts = require "lib.accounts"
local hints = require "probity.hints"
local lists = require "probity.lists"
local secrets = require "lib.secrets"
local settings_files = require "lib.settings"

local NEAR = 160 -- bytes between a name and its password

-- Names of settings and variables that name somebody, before the value.
local USER = [[(?i:(?:user(?:_?name)?|login|account|admin(?:_user)?)["'\])]{0,3}\s*(?:=>|===?|[:=]|\.equals\(|,)\s*["']?]]
  .. [[|\bstrcmp\(\w{1,20},\s*")]]

-- The pair of the list that the password at `at` makes with a name near it, or nil: "admin admin".
local function pair(object, at, length, password)
  local from = math.max(0, at - NEAR)
  local near = object:slice(from, math.min(object.size - from, at - from + length + NEAR))
  for _, _, user in near:matches(USER .. [[([A-Za-z][A-Za-z0-9_.@-]{1,30})\b]]) do
    local login = user .. " " .. password
    if lists.get("default-credentials", login) then
      return login
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Default account in settings or code",
  why         = "Worms try published accounts on everything that they reach; who has one copy of the product knows the account of all.",
  confirm     = [[Open the file at the offset in the evidence and read user and password; try them on an installation
    of your own that nobody has set up yet.]],
  catalogue   = "I-07",
  claim       = "credentials",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text" },
  looks       = [[
    strings:
      $setting = /(password|passwd|PASSWORD|PASSWD|Password|_PASS)["']?[ \t]*(:|=|=>)[ \t]*["']?[A-Za-z0-9!@]{1,20}["' \t\r\n\/>,]/
      $compare = /(pass(word|wd)?|pwd)["'\])]{0,3}[ \t]*(===?|\.equals\()[ \t]*["'][^"'\r\n]{3,30}["']/
      $strcmp = /\bstrcmp\([ \t]*[a-z_>.-]{0,20}pass[a-z_]{0,8}[ \t]*,[ \t]*"[^"\r\n]{3,30}"\)/
      $chpasswd = /["' ][a-z_][a-z0-9_-]{0,30}:[^"'\s$\r\n|]{1,40}["']?[ \t]*\|[ \t]*([a-z\/]{0,12}busybox )?([a-z\/]{0,12}\/)?chpasswd/
      $passwd = /(printf|echo)[ \t][^$\r\n|]{3,80}\|[ \t]*([a-z\/]{0,12}\/)?passwd[ \t]+[a-z_]/
      $useradd = /\b(useradd|usermod|adduser)[ \t][^\r\n|;&]{0,120}[ \t](-p|--password)[ \t=]*["']?[$.\/A-Za-z0-9]{4,120}/
    condition:
      any of them
  ]],
  findings    = {
    setting = {
      says = "its settings bring the published default account \"%s\"",
      fix = "Bring no password: let whoever installs it choose one, or make one at random and show it once.",
      severity = "medium",
    },
    coded = {
      says = "its code lets the account \"%s\" in",
      fix = "Take the account out of the code; keep accounts where their owners can change them.",
    },
    made = {
      says = "a script gives an account a fixed password: %s",
      fix = "Lock the account, or let whoever sets up the machine choose a password.",
    },
  },
  maps        = { "paris:P6", "cra:I.2.b", "etsi:5.1-1", "cwe:798", "cwe:1392", "attack:T1078.001", "req:R6" },
  samples     = {
    hit = { "tomcat-users.xml", "login.js", "check.c", "postinst.sh", "compose.yaml", "admin.properties", "provision.sh" },
    clean = { "commented.xml", "asked.sh", "form.js", "translations.json", "other-user.ini" },
  },

  object = function(object, found)
    local settings = settings_files.is(object)
    local script = object.class == "script"
    local shell = object.kind == "shell" or object.kind == "dockerfile" or object.kind == "yaml" or object.kind == "make"
    for at, length, id in object:hits() do
      local line = object:line(at) or ""
      local dead = object:comment(at) or line:find("^%s*[#;]") or line:find("^%s*//") or #line > 1000
      local hit = object:bytes(at, length)
      if dead or not (settings or script or shell) then
        id = ""
      end
      if id == "$setting" and settings then
        local login = pair(object, at, length, hit:match("[:=>]%s*[\"']?([%w!@]+)[\"'%s/>,]$") or "")
        if login then
          found.setting { key = login, at = at, length = length, login }
        end
      elseif id == "$compare" and script or id == "$strcmp" then
        local value = hit:match("[\"']([^\"']+)[\"']%)?$")
        local login = value and pair(object, at, length, value)
        if login then
          found.coded { key = login, at = at, length = length, login }
        end
      elseif (id == "$chpasswd" or id == "$passwd") and shell then
        local user, value = hit:match("([%w_-]+):([^\"'|%s]+)")
        user = user or hit:match("passwd%s+([%w_-]+)$")
        if user and not (value and (value:find("^[<%%{]") or hints.placeholder(value) == "template")) then
          found.made { key = user .. ":" .. secrets.key(hit), at = at, length = length, excerpt = user .. ":...", user }
        end
      elseif id == "$useradd" and shell then
        local field = hit:match("%-p%s*[\"']?([%w$./]+)$") or hit:match("password[%s=]+[\"']?([%w$./]+)$")
        if field and accounts.is_hash(field) then
          found.made { key = secrets.key(field), at = at, length = length, excerpt = hit:sub(1, 40), hit:match("^%a+") }
        end
      end
    end
  end,
}
