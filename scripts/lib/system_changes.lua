--- What a script changes of the system around it, by its calls (the fact `code`): who may log in, whom the machine trusts, what
--- starts by itself. What ordinary helpers of distributions do for a package (systemctl, update-rc.d, adduser --system) is none.

local text = require "probity.text"

local changes = {}

-- Places, by the first pattern that fits. A home is "~", "$HOME" or a folder of root.
local PLACES = {
  { "authorized_key[s]", "who may log in by ssh", "access" },
  { "^/etc/ld%.so%.preload", "a library that every program loads", "access" },
  { "^/etc/shadow%-?$", "passwords of accounts", "access" },
  { "^/etc/passwd%-?$", "accounts", "access" },
  { "^/etc/sudoers", "who may become root", "access" },
  { "^/etc/pam%.d/", "how people log in", "access" },
  { "^/etc/ssh/sshd_config", "how people log in by ssh", "access" },
  { "^/etc/apt/trusted%.gpg", "whose packages are installed", "trust" },
  { "^/etc/apt/sources%.list", "where packages come from", "trust" },
  { "^/usr/share/keyrings/", "whose packages are installed", "trust" },
  { "^/etc/yum%.repos%.d/", "where packages come from", "trust" },
  { "^/etc/ssl/certs/", "which authorities are trusted", "trust" },
  { "^/usr/local/share/ca%-certificates/", "which authorities are trusted", "trust" },
  { "^/etc/ca%-certificates%.conf", "which authorities are trusted", "trust" },
  { "^/etc/pki/", "which authorities are trusted", "trust" },
  { "^/etc/hosts$", "which host a name means", "trust" },
  { "^/etc/resolv%.conf", "who answers for names", "trust" },
  { "^/etc/nsswitch%.conf", "who answers for names and accounts", "trust" },
  { "^/etc/cron", "what runs by the clock", "clock" },
  { "^/var/spool/cron", "what runs by the clock", "clock" },
  { "^/etc/apt/apt%.conf", "what the package manager runs", "start" },
  { "^/etc/anacrontab", "what runs by the clock", "clock" },
  { "^/etc/systemd/.*%.service", "what starts with the machine", "start" },
  { "^/etc/systemd/.*%.timer", "what runs by the clock", "clock" },
  { "/systemd/system/.*%.service", "what starts with the machine", "start" },
  { "/systemd/user/.*%.service", "what starts when people log in", "start" },
  { "^/etc/init%.d/", "what starts with the machine", "start" },
  { "^/etc/rc%.local", "what starts with the machine", "start" },
  { "^/etc/profile", "what each shell runs", "shells" },
  { "^/etc/bash%.bashrc", "what each shell runs", "shells" },
  { "^/etc/zsh", "what each shell runs", "shells" },
  { "^/etc/environment", "what each program is given", "start" },
  { "^/etc/update%-motd%.d/", "what runs at each login", "start" },
  { "/%.bashrc$", "what each shell runs", "shells" },
  { "/%.bash_profile$", "what each shell runs", "shells" },
  { "/%.bash_login$", "what each shell runs", "shells" },
  { "/%.profile$", "what each shell runs", "shells" },
  { "/%.zshrc$", "what each shell runs", "shells" },
  { "/%.zprofile$", "what each shell runs", "shells" },
  { "/%.zshenv$", "what each shell runs", "shells" },
  { "/%.config/autostart/", "what starts when people log in", "start" },
  { "/%.config/fish/", "what each shell runs", "shells" },
  { "/Library/LaunchAgents/", "what starts when people log in", "start" },
  { "/Library/LaunchDaemons/", "what starts with the machine", "start" },
  { "\\CurrentVersion\\Run", "what starts when people log in", "start" },
  { "\\Start Menu\\Programs\\Startup", "what starts when people log in", "start" },
}

--- What a path stands for: words for people, and "access", "trust", "start", "clock" or "shells"; nil where it is none of them.
function changes.place(path)
  path = path:gsub("\\x5c", "\\"):gsub("\\\\", "\\"):gsub("^%$DESTDIR", ""):gsub("^%${DESTDIR}", "")
  if path:find("%.dpkg%-[%a-]+$") or path:find("%.ucf%-%a+$") then
    return nil -- what dpkg or ucf kept of an older one
  end
  for _, row in ipairs(PLACES) do
    if path:find(row[1]) then
      return row[2], row[3]
    end
  end
  return nil
end

local function arg(call, i)
  local a = call.args[i]
  return type(a) == "string" and a or ""
end

local LAST = { cp = true, mv = true, install = true, ln = true }

-- Files that the command writes to, and takes from nowhere else.
local function written(call)
  local files = call.to and { call.to } or {}
  if call.name == "tee" then
    for i = 1, #call.args do
      files[#files + 1] = arg(call, i)
    end
  elseif LAST[call.name] and #call.args >= 2 then
    local to = arg(call, #call.args)
    if not text.starts(arg(call, #call.args - 1), to) then -- X.old back to X
      files[#files + 1] = to
    end
  elseif call.name == "sed" then
    local inplace = false
    for i = 1, #call.args do
      inplace = inplace or arg(call, i):find("^%-%a*i") ~= nil or text.starts(arg(call, i), "--in-place")
      if inplace and i > 1 then
        files[#files + 1] = arg(call, i)
      end
    end
  end
  return files
end

-- Commands whose name says it.
local function by_command(call)
  local all = {}
  for i = 1, #call.args do
    all[#all + 1] = arg(call, i)
  end
  local line = table.concat(all, " ")
  if call.name == "crontab" and not line:find("^%-[%a]*[lre]%f[%A]") and (call.from or call.input or line ~= "") then
    return "what runs by the clock", "clock"
  elseif call.name == "useradd" and (line:find("%-u%s*0%f[%D]") or line:find("%-o%f[%W]")) then
    return "an account with the rights of root", "access"
  elseif call.name == "usermod" and line:find("%f[%w]sudo%f[%W]") or line:find("%-aG%s+wheel") and call.name == "usermod" then
    return "who may become root", "access"
  elseif call.name == "chpasswd" or (call.name == "passwd" and call.from) then
    return "the password of an account", "access"
  elseif call.name == "security" and line:find("add%-trusted%-cert") then
    return "which authorities are trusted", "trust"
  elseif call.name == "update-ca-certificates" or call.name == "update-ca-trust" then
    return "which authorities are trusted", "trust"
  elseif call.name == "apt-key" and line:find("^add%f[%W]") then
    return "whose packages are installed", "trust"
  elseif call.name == "launchctl" and line:find("^[lb]o[ao][dt]") then
    return "what starts when people log in", "start"
  end
  return nil
end

local WRITES = { "writeFile", "appendFile", "createWriteStream", "copyFile", "symlink", "shutil.copy", "shutil.move", "shutil.copyfile",
  "file_put_contents", "File.write" }

-- open(path, "w") of Python, fs.writeFile(path) of JavaScript, SetValueEx of Windows.
local function by_function(call)
  local name, first = call.name, arg(call, 1)
  if name == "open" or name == "fopen" or text.ends(name, ".open") then
    return arg(call, 2):find("[wa]") and first or nil
  elseif name:find("^_?winreg%.") or name:lower():find("^set%-itemproperty") or name:lower():find("^new%-itemproperty") then
    for i = 1, #call.args do
      if arg(call, i):find("CurrentVersion", 1, true) then
        return arg(call, i)
      end
    end
  end
  for _, word in ipairs(WRITES) do
    if name:find(word, 1, true) then
      local second = arg(call, 2)
      return (name:find("copy") or name:find("move") or name:find("symlink")) and second or first
    end
  end
  return nil
end

local NEAR = 160 -- bytes behind a call in which its arguments stand

-- A file below a home that is computed: appendFileSync(os.homedir() + "/.bashrc"), open(os.path.join(home, ".profile"), "a").
local function by_part(call, strings)
  local name, writes = call.name, false
  for _, word in ipairs(WRITES) do
    writes = writes or name:find(word, 1, true) ~= nil
  end
  if name == "open" then
    for i = 1, #call.args do
      writes = writes or arg(call, i):find("^[wa]b?%+?$") ~= nil
    end
  end
  for _, s in ipairs(writes and strings or {}) do
    if s.is == "path" and s.at >= call.at and s.at - call.at <= NEAR then
      local path = s.text:find("^[/~%%]") and s.text or "/" .. s.text
      if changes.place(path) then
        return path
      end
    end
  end
  return nil
end

-- Commands that a program of another language hands to a shell as one text.
local RUNS = { exec = true, execSync = true, system = true, popen = true, run = true, call = true, check_call = true,
  check_output = true, Popen = true, shell_exec = true, spawn = true, spawnSync = true }
local LINES = {
  { "|%s*crontab%f[%W]", "what runs by the clock", "clock" },
  { "%f[%a]schtasks%f[%A].*/[cC][rR][eE][aA][tT][eE]%f[%A]", "what runs by the clock", "clock" },
  { "%f[%a]reg%f[%A].*%f[%a]add%f[%A].*CurrentVersion\\+Run", "what starts when people log in" },
  { "%f[%a]systemctl%s.*%f[%a]enable%f[%A]", "what starts with the machine" },
  { "%f[%a]launchctl%s+load%f[%A]", "what starts when people log in" },
}

local function by_line(call)
  local line = RUNS[call.name:match("[%w_]+$")] and arg(call, 1):gsub("\\x5c", "\\") or ""
  for _, row in ipairs(#line > 8 and LINES or {}) do
    if line:find(row[1]) then
      return row[2], row[3] or "start"
    end
  end
  return nil
end

--- The changes of one file: a list of { what =, kind = as changes.place has it, place =, at =, call = }, in its order; each
--- place once.
function changes.of(o)
  local out, seen = {}, {}
  local function add(call, what, kind, place)
    if what and not seen[place] then
      seen[place] = true
      out[#out + 1] = { what = what, kind = kind, place = place, at = call.at, call = call }
    end
  end
  for _, call in ipairs((o.facts.code or {}).calls or {}) do
    if o.kind == "shell" then
      for _, file in ipairs(written(call)) do
        local what, kind = changes.place(file)
        add(call, what, kind, file)
      end
      local what, kind = by_command(call)
      add(call, what, kind, call.name)
    else
      local file = by_function(call)
      file = file and changes.place(file) and file or by_part(call, o.facts.code.strings or {})
      if file then
        local what, kind = changes.place(file)
        add(call, what, kind, file)
      end
      local what, kind = by_line(call)
      add(call, what, kind, what or "")
    end
  end
  return out
end

return changes
