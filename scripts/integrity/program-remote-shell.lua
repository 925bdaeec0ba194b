local traits = require "lib.traits"

local SMALL = 70 -- names that a program asks for: larger ones have shells and connections for many reasons

local TRAITS = {
  shell = { texts = { [["/bin/sh\x00"]], [["/bin/bash\x00"]], [["/bin/zsh\x00"]], [["/bin/busybox\x00"]] } },
  command = { texts = { [[/\bcmd(\.exe)?\x00/ ascii wide nocase]], [[/\bpowershell(\.exe)?\x00/ ascii wide nocase]] } },
  sockets = { texts = { [["WSASocketA"]], [["WSASocketW"]], [["WSAStartup"]] } },
  opens = { asks = { "WSASocketA", "WSASocketW" } },
  starts = { asks = { "CreateProcessA", "CreateProcessW" } },
  pipes = { asks = { "CreatePipe+PeekNamedPipe", "CreatePipe+ReadFile" } },
  talks = { asks = { "connect+recv", "accept+recv" } },
  connects = { asks = { "connect", "curl_easy_perform" } },
  waits = { asks = { "listen+accept", "listen+accept4" } },
  redirects = { asks = { "dup2", "dup3", "forkpty", "login_tty" } },
  executes = { asks = { "execve", "execv", "execl", "execlp", "execvp", "execle" } },
  runs = { asks = { "popen", "system" } },
  receives = { asks = { "recv", "recvfrom", "SSL_read", "curl_easy_perform" } },
  small = { shown = "hardly anything else", test = function(_, asks)
    local n = 0
    for _ in pairs(asks) do
      n = n + 1
    end
    return n <= SMALL
  end },
  prompt = { texts = { [["popen\x00"]], [["system\x00"]], [["_popen\x00"]] } },
}

local UNIX, PE = { elf = true, macho = true }, { pe = true }

local CHAINS = {
  { name = "reverse", kinds = UNIX, needs = { "shell", "connects", "redirects", "executes", "small" },
    severity = "critical", kappa = 500,
    roles = { "remote", "security", "chat", "interpreter" },
      says = "connects to another machine and hands it a shell" },
  { name = "bind", kinds = UNIX, needs = { "shell", "waits", "redirects", "executes", "small" },
    severity = "critical", kappa = 500,
    roles = { "remote", "security", "system" }, says = "waits for connections and hands them a shell" },
  { name = "socket-shell", kinds = PE, needs = { "command", "sockets", "opens", "starts", "small" },
    severity = "critical", kappa = 500,
    roles = { "remote", "security" }, says = "starts a command line on a connection", over = { "piped-shell", "socket-process" } },
  { name = "socket-process", kinds = PE, needs = { "sockets", "opens", "starts", "small" }, severity = "high", kappa = 700,
    roles = { "remote", "security", "system" }, says = "opens connections that programs can be started on, and starts programs" },
  { name = "piped-shell", kinds = PE, needs = { "command", "sockets", "pipes", "starts", "talks" },
    severity = "high", kappa = 700,
    roles = { "remote", "security", "system", "interpreter" }, says = "joins a command line to a connection" },
  { name = "commands", kinds = UNIX, needs = { "prompt", "runs", "connects", "receives", "small" },
    severity = "medium", kappa = 700,
    roles = { "remote", "security", "system", "chat" },
      says = "receives from a connection, runs commands, and does little else" },
}

---@type probity.Check
return {
  title       = "Program that gives a shell to the network",
  why         = "Whoever is at the other end can do what the user of the program can.",
  confirm     = [[Look for the calls side by side, `nm -D OBJECT | grep -E 'socket|dup2|execv'` or `objdump -d
    OBJECT`, and run it in a machine that can be thrown away under `strace -f -e trace=network,dup2,execve`.]],
  catalogue   = "I-03",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "exact",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "macho", "pe" },
  looks       = traits.strings(TRAITS) .. [[
    condition:
      (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d or uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface
        or uint32(0) == 0xbebafeca) and any of them
  ]],
  findings    = {
    chain = {
      says = "%s (%s)",
      fix = "Remove it. If giving a shell is what the product is for, say so in its description.",
    },
    explained = {
      says = "%s (%s), which its purpose explains (%s)",
      fix = "Nothing to do.",
      severity = "info",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P5", "cwe:912", "attack:T1059", "req:R3" },
  samples     = {
    hit = { "reverse", "bind", "mac-reverse", "socket-shell.exe", "declared-netcat" },
    clean = { "client", "spawner" },
  },

  object = function(object, found)
    traits.note(object, TRAITS, CHAINS, found)
  end,

  product = function(product, found)
    for finding, word in traits.findings(product, CHAINS) do
      found[word and "explained" or "chain"](finding)
    end
  end,
}
