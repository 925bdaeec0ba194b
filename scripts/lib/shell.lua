--- What a shell script does, by its commands and what flows between them (the fact `code` of kind shell): behaviours, each with
--- its place. What one of them weighs, and where, is for the checks to say.

local hosts = require "lib.hosts"
local lists = require "probity.lists"
local system_changes = require "lib.system_changes"
local text = require "probity.text"

local shell = {}

local function set(words)
  local out = {}
  for word in words:gmatch("%S+") do
    out[word] = true
  end
  return out
end

local FETCHES = set "curl wget fetch aria2c lwp-request lwp-download"
local SENDS = set "curl wget nc ncat netcat nc.traditional nc.openbsd socat telnet openssl"
local NETCATS = set "nc ncat netcat nc.traditional nc.openbsd socat telnet openssl"
local SHELLS = set "sh bash dash zsh ksh ash fish $SHELL ${SHELL} $BASH $CONFIG_SHELL $SH"
local OTHERS = set "python python2 python3 perl ruby php node nodejs osascript"
local DECODES = set "base64 xxd openssl uudecode base32"
local UNPACKS = set "xz gzip gunzip bzip2 lzma unxz zcat xzcat bunzip2"
local CARVES = set "tr sed head tail dd cut awk rev eval grep"
local ALL_OF_IT = set "env printenv set export declare"
local WHO = set "hostname whoami id uname ifconfig ip git"

local function any(names, of)
  for name in (names or ""):gmatch("[^|;]+") do
    if of[name] then
      return name
    end
  end
  return nil
end

local function arg(call, i)
  local a = call.args[i]
  return type(a) == "string" and a or ""
end

-- Is the argument one of these, or does it begin with one ("-d" of "-d@file")?
local function has_option(call, options)
  for i = 1, #call.args do
    if options[arg(call, i)] or options[arg(call, i):match("^(%-%-[%w-]+)=") or ""] then
      return true
    end
  end
  return false
end

--- A command for people: its name and its first arguments.
function shell.line(call)
  local out = { call.name }
  for i = 1, math.min(#call.args, 6) do
    out[#out + 1] = arg(call, i)
  end
  local line = table.concat(out, " ")
  if call.to then
    line = line .. " > " .. call.to
  end
  return #line > 120 and line:sub(1, 117) .. "..." or line
end

-- Does the shell, or whatever it is, run what it is given by a pipe or a substitution?
local function runs_input(call)
  if call.name == "eval" or call.name == "source" or call.name == "." then
    return true
  elseif SHELLS[call.name] then
    for i = 1, #call.args do
      local a = arg(call, i)
      if a:find("^%-%a*[cs]$") or a == "-" or a == "--" then
        return true
      elseif not text.starts(a, "-") then
        return false -- a script of its own, which reads the pipe
      end
    end
    return true
  end
  return OTHERS[call.name] ~= nil and (#call.args == 0 or arg(call, 1) == "-")
end

--- Where a command reaches, weighed: "address" (a bare one), "carrier" (a place where anyone may drop things), "clear" (http:),
--- "host"; and the place itself. nil: it names none.
function shell.place(call)
  local best, where
  for i = 1, #call.args do
    local scheme, host = arg(call, i):match("(%a[%w+.-]*)://([^/%s\"':@]+)")
    local bare = not scheme and arg(call, i):match("^(%d+%.%d+%.%d+%.%d+)")
    host = host or bare or (not scheme and arg(call, i):match("^[%w$(){}.-]+%.%a%a+$")) or nil
    local rest = arg(call, i):match("://(.*)") or host
    if host and host:find("^%d+%.%d+%.%d+%.%d+$") and not host:find("^127%.") and not host:find("^10%.") and not host:find("^0%.")
      and not host:find("^192%.168%.") and not host:find("^169%.254%.") then
      return "address", host
    elseif rest then
      local row = lists.find("exfiltration", rest) or lists.find("exfiltration", host:match("%.([%w-]+%.[%w.-]+)$") or host)
      if row and row.kind ~= "address" then
        return "carrier", row.host
      elseif scheme == "http" and hosts.public(host) then
        best, where = "clear", host
      else
        best, where = best or "host", where or host
      end
    end
  end
  return best, where
end

-- What a command writes to: by -o and -O, by > or by the last part of the URL; nil where it only prints.
local function target(call)
  if call.to then
    return call.to
  end
  local named
  for i = 1, #call.args do
    local a = arg(call, i)
    if a:find("^%-%a*[oO]$") or a == "--output" or a == "--output-document" then
      local file = arg(call, i + 1)
      if not (call.name == "curl" and a:find("O$")) then
        return file ~= "-" and file or nil
      end
      named = true
    end
  end
  if call.name == "wget" or named then
    for i = 1, #call.args do
      local file = arg(call, i):match("://.*/([%w._-]+)$")
      if file then
        return file
      end
    end
  end
  return nil
end

local function same_file(a, b)
  return a == b or (not a:find("/", 1, true) and b == "./" .. a)
end

-- "curl -d @file", "nc < file": the credential file that leaves, or nil.
local function secret(call)
  local function listed(path)
    local row = path and lists.find("credential-paths", (path:gsub("^[\"'@]+", ""):gsub("^%$%{?HOME%}?/", ""):gsub("^~/", "")))
    return row and path
  end
  local found = listed(call.reads)
  for i = 1, #call.args do
    local a = arg(call, i)
    found = found or listed(a:match("@(.+)$")) or listed(a:match("%$%(cat ([^)]+)%)")) or listed(a:match("%$%(< ?([^)]+)%)"))
      or listed(a:match("^%-%-post%-file=(.+)$")) or (has_option(call, set "-T --upload-file") and listed(a))
  end
  return found
end

local UPLOADS = set "-d --data --data-binary --data-raw --data-urlencode -F --form -T --upload-file --post-data --post-file"

-- A file of credentials that an earlier command of the same pipeline reads, or nil.
local function secret_upstream(call, before)
  for i = #before, math.max(1, #before - 5), -1 do
    local other = before[i]
    if any(call.from, { [other.name] = true }) then
      for k = 1, #other.args do
        local path = arg(other, k):gsub("^%$%{?HOME%}?/", ""):gsub("^~/", ""):gsub("^/root/", "")
        if lists.find("credential-paths", path) or path:find("^%.ssh/?$") or path:find("^%.aws/?$") or path:find("^%.gnupg/?$") then
          return arg(other, k)
        end
      end
    end
  end
  return nil
end

-- What of the machine leaves with this command: "environment", "credentials", "identity"; nil. before: the calls before it.
local function leaves(call, before)
  if not SENDS[call.name] and not set("nslookup dig host ping")[call.name] then
    return nil
  end
  local upload = has_option(call, UPLOADS) or not FETCHES[call.name]
  local file = upload and (secret(call) or secret_upstream(call, before))
  if file then
    return "credentials", file
  end
  for i = 1, #call.args do
    local a = arg(call, i)
    if a:find("%$%(%s*env%s*[)|]") or a:find("%$%(%s*printenv%s*[)|]") or a:find("`env`") or a:find("`printenv`") then
      return "environment", "env"
    end
  end
  local all = any(call.from, ALL_OF_IT)
  if upload and all and all ~= "git" then
    return "environment", all
  end
  for i = 1, #call.args do
    local a = arg(call, i)
    if (a:find("%$%(") or a:find("`")) and any(call.from, WHO) and (a:find("://", 1, true) or not FETCHES[call.name] or upload) then
      return "identity", any(call.from, WHO)
    end
  end
  return nil
end

local SOCKET = "^/dev/[tu]%a%a/" -- tcp, udp

-- A shell that somebody far away talks to; nil, or why.
local function remote_shell(call, calls)
  local to = (call.to or ""):find(SOCKET) or (call.reads or ""):find(SOCKET)
  if SHELLS[call.name] and to then
    return "a shell whose input and output are a network connection"
  end
  if SHELLS[call.name] and (call.reads or ""):find("^%d+$") then
    for _, other in ipairs(calls) do
      if other.name == "exec" and (other.to or ""):find(SOCKET) then
        return "a shell that reads from a network connection"
      end
    end
  end
  if NETCATS[call.name] then
    for i = 1, #call.args do
      local a = arg(call, i)
      if a:find("^%-%a*[ec]$") and call.name ~= "openssl" and call.name ~= "telnet" then
        local program = arg(call, i + 1):match("([^/%s]+)$") or ""
        if SHELLS[program] or arg(call, i + 1):find("cmd%.exe") or arg(call, i + 1):find("sh%f[%A]") then
          return call.name .. " that hands a shell to whoever is at the other end"
        end
      elseif a:find("[Ee][Xx][Ee][Cc]:[^,]*sh%f[%A]") or a:find("[Ss][Yy][Ss][Tt][Ee][Mm]:[^,]*sh%f[%A]") then
        return call.name .. " that hands a shell to whoever is at the other end"
      end
    end
    if any(call.from, SHELLS) then
      return "a shell whose output goes into " .. call.name
    end
  end
  if SHELLS[call.name] and any(call.from, NETCATS) and any(call.from, NETCATS) ~= "openssl" and runs_input(call) then
    return "a shell that is told what to do through " .. any(call.from, NETCATS)
  end
  if SHELLS[call.name] and any(call.from, set "cat") and has_option(call, set "-i") then
    for _, other in ipairs(calls) do
      if other.name == "mkfifo" then
        return "a shell that reads from a pipe with a name"
      end
    end
  end
  -- python -c "import socket ... dup2", and its likes in other languages
  for i = 1, #call.args do
    local a = OTHERS[call.name] and arg(call, i) or ""
    if (a:find("[sS]ocket") or a:find("fsockopen")) and
      (a:find("dup2") or a:find("pty.spawn", 1, true) or a:find("/bin/%a*sh") or a:find("exec")) then
      return "an interpreter that connects a shell to the network"
    end
  end
  return nil
end

local HISTORY = { "%.bash_history$", "%.zsh_history$", "%.history$" }
local LOGS = { "^/var/log/wtmp", "^/var/log/btmp", "^/var/log/lastlog", "^/var/log/auth", "^/var/log/secure", "^/var/log/messages$",
  "^/var/log/syslog", "^/var/run/utmp", "^/var/log/audit", "^/var/log/?$", "^/var/log/%*$", "^/var/log/cron" }

local function matches(s, patterns)
  for _, pattern in ipairs(patterns) do
    if s:find(pattern) then
      return true
    end
  end
  return false
end

local function covers_tracks(call)
  if call.name == "history" and arg(call, 1):find("^%-%a*c") then
    return true
  elseif call.name == "unset" and arg(call, 1):find("^HIST[FS]I[LZ]E") then
    return true
  end
  local files = call.to and { call.to } or {}
  if set("rm shred ln truncate")[call.name] then
    for i = 1, #call.args do
      files[#files + 1] = arg(call, i)
    end
  end
  for _, file in ipairs(files) do
    if matches(file, HISTORY) and (call.name ~= "ln" or arg(call, #call.args) == file) or
      (matches(file, LOGS) and not set("ln logger")[call.name]) then
      return true
    end
  end
  return false
end

local GUARDS = { "auditd", "clamav", "clamd", "freshclam", "falcon%-sensor", "apparmor", "aliyun", "aegis", "cloudmonitor", "crowdstrike",
  "osquery", "wazuh", "rsyslog", "sysmon", "ds_agent", "qualys", "fail2ban", "selinux" }

local function disables(call)
  local first, second = arg(call, 1), arg(call, 2)
  if call.name == "setenforce" then
    return first == "0" or first:lower() == "permissive"
  elseif call.name == "ufw" then
    return first == "disable"
  elseif call.name == "iptables" then
    return first == "-F" and second == ""
  elseif call.name == "auditctl" then
    return first == "-e" and second == "0"
  elseif call.name == "spctl" then
    return first == "--master-disable" or first == "--global-disable"
  elseif call.name == "systemctl" and (first == "stop" or first == "disable" or first == "mask") or
    set("pkill killall")[call.name] then
    for i = 1, #call.args do
      if matches(arg(call, i), GUARDS) then
        return true
      end
    end
  end
  return false
end

local HIDDEN = { "^/tmp/%.", "^/var/tmp/%.", "^/dev/shm/", "^/tmp/[^/]*/?%.%w" }

-- A program is made of a file in a hidden or temporary place.
local function arms(call)
  local mode = call.name == "chmod" and arg(call, 1) or ""
  return (mode:find("^[0-7]*[1357]$") or mode:find("^[0-7]*[1357]%d%d$") or mode:find("%+%a*[xs]")) and matches(arg(call, 2), HIDDEN)
end

-- Lets in whoever comes, or makes everybody root; nil, or how.
local function opens(call, before)
  local line = shell.line(call) .. " " .. (call.input or "")
  if line:find("sufficient%s+pam_permit") then
    return "a login that any password opens"
  elseif line:find("NOPASSWD:%s*ALL") and (line:find("sudoers", 1, true) or (call.to or ""):find("sudoers", 1, true)) then
    return "the rights of root without a password"
  end
  local mode = call.name == "chmod" and arg(call, 1) or ""
  for i = #before, 1, -1 do
    local other = (mode:find("^[ug+]+%+?s") or mode:find("^[2467]%d%d%d$")) and before[i]
    if other and (other.name == "cp" or other.name == "install") and same_file(arg(other, #other.args), arg(call, 2))
      and SHELLS[arg(other, #other.args - 1):match("([^/]+)$") or ""] then
      return "a shell with the rights of its owner"
    end
  end
  return nil
end

local function mines(call)
  for i = 1, #call.args do
    if arg(call, i):find("^stratum%+%a+://") or arg(call, i):find("^%-%-donate%-level") then
      return true
    end
  end
  return false
end

-- Text of code that fetches and runs in one.
local function fetches_and_runs(s)
  return (s:find("curl%f[%W]") or s:find("wget%f[%W]")) and (s:find("|%s*%a*sh%f[%A]") or s:find("%a*sh%s+<%(") or s:find("sh%s+%-c"))
    or ((s:find("urlopen", 1, true) or s:find("requests%.get") or s:find("http%.get")) and (s:find("exec%(") or s:find("eval%(")))
end

local LATER = { start = true, clock = true, shells = true } -- kinds of system_changes.place

-- A text that is left where it is run later and fetches code then: in a profile, in a crontab.
local function later(call, facts)
  local texts = { call.input }
  for i = 1, #call.args do
    texts[#texts + 1] = arg(call, i)
  end
  local _, kind = system_changes.place(call.to or "")
  if call.name == "crontab" and arg(call, 1) == "-" then
    kind = "clock"
    for _, s in ipairs((facts.code or {}).strings or {}) do
      if s.is == "command" and s.at <= call.at and call.at - s.at < 400 then
        texts[#texts + 1] = s.text
      end
    end
  end
  for _, s in ipairs(LATER[kind] and texts or {}) do
    if fetches_and_runs(s) then
      return true
    end
  end
  return LATER[kind] ~= nil and FETCHES[call.name] ~= nil
end

local function inline(call)
  for i = 1, #call.args - 1 do
    if OTHERS[call.name] and arg(call, i):find("^%-[cer]$") and fetches_and_runs(arg(call, i + 1)) then
      return true
    end
  end
  return false
end

-- A file that was fetched and is run further down.
local function staged(fetched, call)
  for _, f in ipairs(fetched) do
    if same_file(f.file, call.name) then
      return f.call
    elseif (SHELLS[call.name] or OTHERS[call.name] or call.name == "source" or call.name == ".") and not call.from then
      for i = 1, #call.args do
        if same_file(f.file, arg(call, i)) then
          return f.call
        end
      end
    end
  end
  return nil
end

--- What the file does: a list of { is =, at =, call =, what = words for people, place = "address" and so on, host = }, in its order.
--- is: "download-run", "later-run", "decoded-run", "environment", "credentials", "identity", "remote-shell", "tracks", "guards",
--- "miner", "hidden-run", "door".
function shell.behaviours(facts)
  local calls, out = (facts.code or {}).calls or {}, {}
  local fetched, last, before = {}, nil, {}

  local function add(is, call, what, by)
    local place, host = shell.place(by or call)
    out[#out + 1] = { is = is, at = call.at, call = call, what = what or shell.line(call), place = place, host = host }
  end

  for _, call in ipairs(calls) do
    local file = (FETCHES[call.name] and target(call)) or (DECODES[call.name] and call.to)
    if FETCHES[call.name] then
      last = call
    end
    local why = remote_shell(call, calls)
    local kind, what = leaves(call, before)
    local from_file = staged(fetched, call)
    if why then
      add("remote-shell", call, why)
    elseif runs_input(call) and any(call.from, DECODES) or (call.decoded and runs_input(call)) then
      add("decoded-run", call)
    elseif runs_input(call) and any(call.from, UNPACKS) and any(call.from, CARVES) then
      add("decoded-run", call)
    elseif SHELLS[call.name] and runs_input(call) and any(call.from, set "eval") and #call.args == 0 then
      add("decoded-run", call)
    elseif runs_input(call) and any(call.from, FETCHES) then
      add("download-run", call, nil, last)
    elseif from_file then
      add(DECODES[from_file.name] and "decoded-run" or "download-run", call, nil, from_file)
    elseif inline(call) then
      add("download-run", call)
    elseif later(call, facts) then
      add("later-run", call)
    elseif matches(call.name, HIDDEN) or arms(call) then
      add("hidden-run", call)
    end
    if kind then
      add(kind, call, what)
    end
    local door = opens(call, before)
    if door then
      add("door", call, door)
    end
    if mines(call) then
      add("miner", call)
    elseif covers_tracks(call) then
      add("tracks", call)
    elseif disables(call) then
      add("guards", call)
    end
    before[#before + 1] = call
    if file then
      fetched[#fetched + 1] = { file = file, call = call }
    end
  end
  return out
end

return shell
