local hosts = require "lib.hosts"
local purpose = require "lib.purpose"
local reach = require "lib.reach"
local shell = require "lib.shell"

-- What stands near what: a shell that is given a connection as its input and output, by language.
local NEAR = 1500
local KINDS = {
  python = {
    { "$py_dup", "$py_socket", says = "Python that puts a connection in place of a program's input and output" },
    { "$py_pty", "$py_socket", says = "Python that starts a terminal on a connection" },
  },
  perl = { { "$pl_stdin", "$pl_socket", says = "Perl that puts a connection in place of its input, and starts a shell" } },
  ruby = {
    { "$rb_popen", "$rb_socket", says = "Ruby that runs what comes over a connection" },
    { "$rb_tick", "$rb_socket", says = "Ruby that runs what comes over a connection" },
  },
  php = { { "$php_open", "$php_socket", says = "PHP that starts a shell on a connection" } },
  javascript = {
    { "$js_stdin", "$js_stdout", "$js_socket", says = "JavaScript that joins a shell and a connection" },
    { "$command", calls = true, says = "JavaScript that has a shell joined to a connection" },
  },
  powershell = { { "$ps_client", "$ps_stream", "$ps_run", says = "PowerShell that runs what comes over a connection" } },
}
KINDS.typescript = KINDS.javascript

-- Who says that it is about this.
local TRADE = { "pentest", "penetration", "pentesting", "exploit", "exploits", "exploitation", "payload", "payloads",
  "offensive", "red-team", "security", "netcat", "terminal", "expect", "telnet", "remote", "ssh", "pty", "debugger" }

-- Does the line hand a text to a shell?
local function runs(line)
  return line:find("%f[%a]exec%a*%s*%(") ~= nil or line:find("%f[%a]spawn%a*%s*%(") ~= nil
end

local function places(object, id)
  local list = {}
  for at in object:hits(id) do
    if not object:comment(at) then
      list[#list + 1] = at
    end
  end
  return list
end

-- The first place of a pattern that has one of each other pattern near it.
local function together(object, row)
  local first = places(object, row[1])
  for _, at in ipairs(first) do
    local all = not row.calls or runs(object:line(at) or "")
    for i = 2, #row do
      local near = false
      for _, other in ipairs(places(object, row[i])) do
        near = near or math.abs(other - at) <= NEAR
      end
      all = all and near
    end
    if all then
      return at
    end
  end
  return nil
end

-- The word by which the packages around the object say that such code is what they are for; nil.
local function trade(product, o)
  local declared = product:declared(o)
  if not declared then
    return nil
  end
  for _, word in ipairs(TRADE) do
    if declared.words[word] then
      return word
    end
  end
  return purpose.capabilities(declared, {}).any
end

-- Does the line name the address that it connects to?
local function fixed(line)
  local address = line:match("/dev/tc[p]/([%d.]+)/") or line:match("%f[%d](%d+%.%d+%.%d+%.%d+)%f[^%d.]")
  return address ~= nil and hosts.bare(address)
end

---@type probity.Check
return {
  title       = "Code that hands a shell to somebody far away",
  why         = "Whoever is at the other end of such a connection does what the user could do, and nothing asks who that is.",
  confirm     = [[Read the code at the offset in the evidence, `tail -c +$((OFFSET+1)) OBJECT | head -c 400`: a
    connection whose ends become input and output of a shell. Do not run it outside of a machine that can be thrown
    away.]],
  catalogue   = "I-03",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "shell", "python", "perl", "ruby", "php", "javascript", "typescript", "powershell" },
  looks       = [[
    strings:
      $fd = /sh (-i )?[<0]?[<>]&[ ]?[$%{3-9]/
      $py_dup = /\bos\.du[p]2\([ ]*\w{1,20}(\.fileno\(\))?[ ]*,/
      $py_pty = /\bpty\.spaw[n]\(/
      $py_socket = /\bsocke[t]\.(socket|create_connection)\(/
      $pl_stdin = /ope[n][ (]{1,2}STDIN,[ ]*["']?[<>+]{1,2}&/
      $pl_socket = /\b(SOCK_STREAM|IO::Socket)\b/
      $rb_popen = /\b(IO\.popen|Open3\.capture2e?|spawn|exec)[ (][^\n]{0,80}/
      $rb_tick = /\.(print|puts|write)[ (]{1,2}`#\{/
      $rb_socket = "TCPSocke\x74"
      $php_open = /\b(proc_open|shell_exec|popen)[ ]?\([^\n]{0,60}/
      $php_socket = /\b(p?fsockopen|stream_socket_client|socket_connect)[ ]?\(/
      $js_stdin = /\.pipe\([ ]*\w{1,30}\.stdi[n][ ]*\)/
      $js_stdout = /\.stdou[t]\.pipe\(/
      $js_socket = /\bnet['"]?\)?\.(connect|createConnection|createServer|Socket)\b|new \w{1,20}\.Socket\(/
      $command = /(\/dev\/tc[p]\/[0-9$]|\bnc(at)? [^\n|;&]{0,60}-e \/bin\/(ba|da|z)?sh\b|\bsh -i [^\n]{0,12}\| ?nc(at)? )/
      $ps_client = /Sockets\.TC[P](Client|Listener)/ nocase
      $ps_stream = ".GetStrea\x6d(" nocase
      $ps_run = /(\biex\b|Invoke-Expression|\.Invoke\()/ nocase
    condition:
      $fd or ($py_socket and ($py_dup or $py_pty)) or ($pl_stdin and $pl_socket) or ($rb_socket and ($rb_popen or $rb_tick)) or
      ($php_socket and $php_open) or ($js_stdin and $js_stdout and $js_socket) or
      $command or ($ps_client and $ps_stream and $ps_run)
  ]],
  findings    = {
    shell = {
      says = "%s: %s",
      fix = "Remove it. Where people are to work on a machine from afar, use a service that asks who they are, such as ssh.",
    },
    trade = {
      says = "%s: %s (what it says of itself speaks of that: %s)",
      fix = "Say in the documentation what it is for, and that it never runs unasked.",
      severity = "low",
    },
  },
  maps        = { "paris:P5", "cra:I.2.d", "cwe:912", "attack:T1059", "req:R3" },
  samples     = {
    hit = { "device.sh", "netcat.sh", "pipe.sh", "inline.sh", "joined.py", "joined.js", "client.ps1" },
    clean = { "local-terminal.py", "port-check.sh", "proxy.js" },
  },

  object = function(object, found)
    for _, row in ipairs(KINDS[object.kind] or {}) do
      local at = together(object, row)
      if at then
        found.note { at = at, says = row.says, fixed = fixed(object:line(at) or "") }
        return
      end
    end
  end,

  product = function(product, found)
    local installed = {}
    for o in reach.installed(product) do
      installed[table.concat(o.path, "\0")] = true
    end
    local function raise(o, at, says, excerpt, to)
      -- No trade needs a connection to an address of its own, or one at installation.
      local own = installed[table.concat(o.path, "\0")] or to
      local key, word = o.sha256, not own and trade(product, o)
      if word then
        found.trade { key = key, object = o, at = at, excerpt = excerpt, o.basename, says, word }
      else
        found.shell { key = key, object = o, at = at, excerpt = excerpt, o.basename, says }
      end
    end
    for o in product:objects { noted = true } do
      raise(o, o.notes[1].at, o.notes[1].says, o.notes[1].says, o.notes[1].fixed)
    end
    for o in product:objects { kind = "shell", fact = "code" } do
      for _, behaviour in ipairs(shell.behaviours(o.facts)) do
        if behaviour.is == "remote-shell" then
          local line = shell.line(behaviour.call)
          raise(o, behaviour.at, behaviour.what, line, fixed(line))
          break
        end
      end
    end
  end,
}
