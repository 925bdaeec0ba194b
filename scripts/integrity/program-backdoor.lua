local traits = require "lib.traits"

-- Functions that replace those of the C library: a library that a preload puts in front of it. Which files and which connections
-- others see, and which passwords they type, goes through these.
local SEES = { readdir = true, readdir64 = true, opendir = true, fopen = true, fopen64 = true, open = true, open64 = true, openat = true,
  stat = true, lstat = true, __xstat = true, __lxstat = true, __xstat64 = true, __lxstat64 = true, access = true, unlink = true,
  unlinkat = true, accept = true, accept4 = true, pam_authenticate = true, pam_open_session = true, pam_acct_mgmt = true,
  getpwnam = true, getpwnam_r = true, pcap_loop = true, execve = true, kill = true, write = true, read = true }

local LOGINS = { pam_authenticate = true, pam_acct_mgmt = true, pam_open_session = true, getpwnam = true, pcap_loop = true }

local function exports(object, names)
  local n = 0
  for _, symbol in ipairs(object.facts.elf and object.facts.elf.dynsym or {}) do
    if names[symbol.name] and symbol.shndx ~= 0 then
      n = n + 1
    end
  end
  return n
end

local TRAITS = {
  network = { asks = { "connect", "listen+accept", "socket+sendto", "socket+recvfrom", "curl_easy_perform",
    "SSL_connect", "NSURLSession",
    "NSURLConnection", "NSMutableURLRequest" },
    texts = { [["net.(*Dialer).DialContext"]] }, static = true },
  runs = { asks = { "execve", "execv", "execvp", "execl", "execlp", "execle", "system", "popen", "posix_spawn",
    "posix_spawnp", "fexecve", "fork+execvpe", "NSTask" }, texts = { [["os/exec.(*Cmd).Start"]] }, static = true },
  shell = { texts = { [["/bin/sh\x00"]], [["/bin/bash\x00"]], [["/bin/zsh\x00"]] } },
  masks = { texts = { [["[kworker/"]], [[/\bkworker\/[0-9u]/]], [["[kthreadd]"]], [["[ksoftirqd"]], [["[migration/"]], [["[watchdog/"]],
    [["[rcu_sched]"]], [["[kswapd0]"]],
    [["[kdevtmpfs]"]], [["[khelper]"]], [["/sbin/udevd -d"]], [["hald-addon-acpi: listening"]] } },
  history = { texts = { [[/HISTFILE=(\/dev\/null)?\x00/]], [["HISTFILE=/dev/null"]], [["unset HISTFILE"]],
    [["HISTSIZE=0"]] } },
  preload = { texts = { [["/etc/ld.so.preload"]] } },
  connections = { texts = { [[/\/proc\/(self\/)?net\/tcp/]], [["/proc/%d/cmdline"]], [["/proc/self/fd/%"]] } },
  replaces = { shown = "exports functions of the C library beside dlsym", test = function(object, asks)
    return (asks.dlsym or asks.dlvsym) and exports(object, SEES) >= 3
  end },
  listing = { shown = "exports readdir", test = function(object)
    -- Tools that look for faults of memory stand in front of everything, malloc too.
    return exports(object, { readdir = true, readdir64 = true }) > 0 and exports(object, { malloc = true }) == 0
  end },
  logins = { shown = "exports functions of PAM or of accounts", test = function(object)
    if exports(object, { pam_start = true }) > 0 then
      return false -- PAM itself
    end
    return exports(object, LOGINS) >= 2
  end },
  list_names = { texts = { [["\x00readdir\x00"]], [["\x00readdir64\x00"]] } },
  pam_module = { texts = { [["\x00pam_sm_authenticate\x00"]] } },
  passwords = { asks = { "pam_get_authtok", "pam_get_item" } },
  shared_file = { texts = { [[/\/(tmp|var\/tmp|dev\/shm|usr\/include)\/(\.?[a-jl-z]|k[a-qs-z])/]] } },
  hidden_file = { texts = { [[/\/(tmp|var\/tmp|dev\/shm|usr\/[a-z]+|var\/[a-z]+)\/\.[a-rt-wyzA-HJ-WYZ]/]] } },
  ransom = { min = 2, texts = {
    [[/\b[Aa]ll (of )?(your |the )?(important )?(files|documents|data)[^\x00]{0,60}encrypte[d]\b/ ascii wide]],
    [[/\bdecrypto[r]\b[^\x00]{0,40}(contact|pay|send|buy|write)/ ascii wide nocase]],
    [[/\b(BTC|[Bb]itcoin|XMR|[Mm]onero) (wallet|address)\b/ ascii wide]],
    [[/[Yy]our (personal )?files (have been|are|were) (now )?encrypte[d]/ ascii wide]],
    [[/[a-z2-7]{16,56}\.onio[n]\b/ ascii wide]],
    [[/(decrypt|recover|restore) (all )?your files/ ascii wide nocase]],
      [[/(READ[_ ]?ME|HOW[_ ]TO)[A-Z_ ]{0,16}(DECRYP[T]|RESTOR[E]|RECOVE[R])/ ascii wide]] } },
  login_names = { texts = { [["\x00pam_authenticate\x00"]], [["\x00pam_acct_mgmt\x00"]], [["\x00pcap_loop\x00"]] } },
  mines = { min = 2, texts = { [[/"method": ?"login", ?"params": ?\{ ?"login"/]], [[/"(rx\/0|cn\/r|rx\/wow)"/]],
    [[/"method": ?"submit", ?"params": ?\{[^}\x00]{0,80}"nonce"/]], [["vm.nr_hugepages="]],
    [[/stratum\+(tc[p]|ssl):\/\//]], [[/mining\.(subscrib[e]|authoriz[e])/]],
    [["cryptonight"]], [["--donate-level"]],
    [["randomx"]],
      [[/(minexm[r]|supportxm[r]|nanopoo[l]|hashvaul[t]|moneroocea[n]|nicehas[h])\.(com|org|pro|stream)/]] } },
  irc = { min = 2, texts = { [[/PRIVMSG %[s#]/]], [[/NICK %s/]], [[/USER %s [^\x00]{0,30}:/]], [[/JOIN [#%]/]] } },
  floods = { min = 2, texts = { [[/\b(UD[P]|TC[P]|SY[N]|HTT[P]|STD|ACK|ICMP)[ _-]?FLOOD/ nocase]],
    [[/flooding %s/ nocase]], [["attack_method"]],
    [[/!\* ?(HOL[D]|JUN[K]|SCANNE[R])/]], [["/bin/busybox "]] } },
  -- Not posix_spawn: it is what libraries start helpers with, beside a loop that closes what is open.
  executes = { asks = { "execve", "execv", "execvp", "execl", "execlp", "execle", "fexecve" }, static = true },
  memory = { asks = { "memfd_create+fexecve", "memfd_create+execveat" } },
  memfd = { asks = { "memfd_create", "syscall" } },
  memory_path = { texts = { [[/\/proc\/(self|%d)\/fd\/%d\x00/]] } },
  fetch_command = { texts = { [[/(curl|wget) [^\x00\n]{4,200}(\| ?(sudo )?(ba|z)?sh\b|;? ?(&& ?)?chmod (\+x|7[0-7][0-7]|a\+x))/]] } },
  schedules = { texts = { [[/crontab -l[^\x00]{0,160}\| ?crontab/]],
    [[/echo [^\x00\n]{4,160}>>? ?\/(etc|var\/spool)\/cron/]],
    [[/echo [^\x00\n]{4,160}>> ?(~|\/root)\/\.(bashrc|profile|ssh)/]],
      [[/echo [^\x00\n]{4,160}>>? ?\/etc\/rc\.local/]] } },
  disarms = { min = 2, texts = { [["setenforce 0"]],
    [[/(systemctl|service) (stop|disable) (firewalld|iptables|apparmor|auditd)/]], [["iptables -F"]],
    [["ufw disable"]], [[/chattr [-+]i /]], [[/(pkill|killall) -9 /]], [["/etc/ld.so.preload"]],
      [["SELINUX=disabled"]] } },
  covers = { min = 2, texts = { [["rm -rf /var/log"]], [["history -c"]],
    [[/(cat \/dev\/null|echo) ?> ?\/var\/log\//]], [[/rm -r?f [^\x00]{0,40}\.bash_history/]] } },
  hides_file = { texts = { [[/\/(usr|var|lib|etc|tmp|dev|opt|run)\/([a-z0-9_.-]{1,40}\/){0,5}\.[a-z]/]] } },
  master = { shown = "compares and writes, and has no table of passwords", test = function(_, asks)
    return (asks.fopen or asks.open) and not asks.crypt and not asks.crypt_r and not asks.pam_get_data
  end },
  login_keys = { texts = { [[/\bssh-(rsa|ed25519|dss) AAAA[A-Za-z0-9+\/]{12}/]] } },
  key_list = { texts = { [[/\.ssh\/authorized_key[s]/]] } },
  terminal = { texts = { [["\x00stdin\x00"]], [["\x00getline\x00"]] } },
  alone = { shown = "asks nobody at a terminal", test = function(object, asks)
    local reads = object:count("$terminal_1") + object:count("$terminal_2") > 0
    return not (reads or asks.tcgetattr or asks.initscr or asks.readline or asks.isatty or asks.wgetch)
  end },
  resolves = { asks = { "dlopen+dlsym" } },
  addresses = { asks = { "inet_addr", "inet_pton", "inet_aton" } },
  no_socket = { shown = "asks for no socket", test = function(_, asks)
    return not (asks.socket or asks.connect or asks.getaddrinfo or asks.bind or asks.sendto)
  end },
  watched = { texts = { [["\x00ptrace\x00"]] } },
  agent = { texts = { [[/\/Library\/Launch(Agents|Daemons)\/[%\w]/]], [["Library/LaunchAgents"]] } },
  loads = { texts = { [["launchctl load"]], [["launchctl bootstrap"]], [["/bin/launchctl"]] } },
  quarantine = { texts = { [[/xattr -(d|c|rd|cr|r -d)[^\x00]{0,40}/]], [["com.apple.quarantine"]] } },
  executable = { texts = { [[/chmod (\+x|7[0-7][0-7]|a\+x|-R 7)/]] } },
  closes = { texts = { [["killall Terminal"]], [["killall NotificationCenter"]], [["tccutil reset"]],
    [["spctl --master-disable"]], [["csrutil status"]] } },
}

local UNIX, MACHO = { elf = true, macho = true }, { macho = true }

local CHAINS = {
  { name = "hidden-shell", kinds = UNIX, needs = { "masks", "network", "runs", "shell" }, severity = "critical",
    kappa = 700,
    says = "gives a shell to the network under the name of a part of the kernel", over = { "hidden-network" } },
  { name = "unlogged-shell", kinds = UNIX, needs = { "history", "network", "runs", "shell" }, severity = "critical",
    kappa = 500,
    roles = { "security" }, says = "gives a shell to the network that keeps no history" },
  { name = "hidden-network", kinds = UNIX, needs = { "masks", "network", "runs" }, severity = "high",
    kappa = 900,
    roles = { "debug", "system" },
    says = "uses the network, and names itself as a part of the kernel" },
  { name = "hiding-library", kinds = { elf = true }, needs = { "preload", "replaces" }, severity = "critical",
    kappa = 500, roles = { "wrapper" },
    says = "stands in front of the C library for all programs, and knows where that is set up" },
  { name = "hidden-connections", kinds = { elf = true }, needs = { "connections", "replaces", "listing" },
    severity = "critical", kappa = 500,
    roles = { "wrapper" }, says = "replaces the functions that list files and connections",
      over = { "hiding-library", "hidden-files" } },
  { name = "listened-logins", kinds = { elf = true }, needs = { "login_names", "replaces", "logins" },
    severity = "high", kappa = 900, roles = { "wrapper" },
    says = "replaces the functions that check who logs in" },
  { name = "hidden-files", kinds = { elf = true }, needs = { "list_names", "listing", "replaces" },
    severity = "high", kappa = 700,
    roles = { "wrapper" }, says = "replaces the functions that list files" },
  { name = "written-passwords", kinds = UNIX, needs = { "pam_module", "passwords", "shared_file" },
    severity = "high", kappa = 700,
    says = "sees passwords at login, and names files where anybody can read" },
  { name = "kept-passwords", kinds = UNIX, needs = { "pam_module", "passwords", "hides_file", "master" },
    severity = "high", kappa = 900, over = { "written-passwords" },
    says = "sees passwords at login, and names a hidden file" },
  { name = "key-planted", kinds = UNIX, needs = { "login_keys", "key_list" }, severity = "high", kappa = 900,
    roles = { "system", "remote" }, says = "holds a key, and the list of those who may log in" },
  { name = "hidden-names", kinds = { elf = true }, needs = { "resolves", "addresses", "no_socket", "watched" },
    severity = "high", kappa = 900, roles = { "debug", "security", "packing" },
    says = "prepares addresses, looks functions up by name instead of asking for them, and asks whether it is watched" },
  { name = "hidden-place", kinds = UNIX, needs = { "hidden_file", "network", "runs" }, severity = "medium",
    kappa = 700, roles = { "system" },
    says = "names hidden files in folders that all share, uses the network and runs programs" },
  { name = "ransom", needs = { "ransom" }, severity = "high", kappa = 900, roles = { "security" },
    says = "has words of those who encrypt files of others" },
  { name = "miner", needs = { "mines" }, severity = "high", kappa = 900, roles = { "mining" },
    says = "speaks the protocol of mining pools" },
  { name = "irc-bot", kinds = UNIX, needs = { "irc", "network", "runs", "alone" }, severity = "high", kappa = 900,
    roles = { "chat", "security" },
    says = "takes part in chats by itself, and can run programs" },
  { name = "flooder", kinds = UNIX, needs = { "floods", "network" }, severity = "high", kappa = 900,
    roles = { "security" },
    says = "has words and means to flood other machines" },
  { name = "memory-loader", kinds = { elf = true }, needs = { "memory", "network" }, severity = "high", kappa = 900,
    roles = { "system", "debug", "security", "interpreter" },
      says = "runs programs from memory that no file has, and uses the network" },
  { name = "memory-path", kinds = { elf = true }, needs = { "memory_path", "memfd", "network", "executes" },
    severity = "medium", kappa = 700,
    roles = { "system", "debug", "security", "remote" },
      says = "runs programs by a descriptor instead of a file, and uses the network", },
  { name = "fetch-command", needs = { "fetch_command" }, severity = "high", kappa = 900, roles = { "update",
    "system" },
    says = "has a command that fetches a program and runs it" },
  { name = "schedules-itself", kinds = UNIX, needs = { "schedules", "runs" }, severity = "high", kappa = 900,
    roles = { "system" },
    says = "has commands that add themselves to schedules or start-up files" },
  { name = "disarms", kinds = UNIX, needs = { "disarms", "runs" }, severity = "high", kappa = 700,
    roles = { "system", "security" },
    says = "has commands that switch protection of the machine off" },
  { name = "covers", kinds = UNIX, needs = { "covers", "runs" }, severity = "high", kappa = 900,
    roles = { "security" },
    says = "has commands that delete logs and histories" },
  { name = "mac-agent", kinds = MACHO, needs = { "agent", "loads", "executable" }, severity = "high", kappa = 700,
    roles = { "update" },
    says = "makes a file executable and has it started at each login" },
  { name = "mac-disarms", kinds = MACHO, needs = { "closes", "runs" }, severity = "high", kappa = 700,
    roles = { "security" },
    says = "has commands that close what warns users, or ask whether protection is on" },
  { name = "mac-quarantine", kinds = MACHO, needs = { "quarantine", "executable", "runs" }, severity = "high",
    kappa = 700,
    roles = { "update" }, says = "takes the mark of downloaded files away and makes them executable" },
}

---@type probity.Check
return {
  title       = "Program that behaves like a backdoor",
  why         = "Each of these things has uses. Together they serve somebody who is not to be noticed on a machine that is not theirs.",
  confirm     = [[Read what it names and asks for: `strings -a OBJECT | less` and `nm -D OBJECT`, then run it in a
    machine that can be thrown away under `strace -f -e trace=network,process` without a network.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "macho", "pe" },
  looks       = traits.strings(TRAITS) .. [[
    condition:
      (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d or uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface
        or uint32(0) == 0xbebafeca) and any of them
  ]],
  findings    = {
    chain = {
      says = "%s (%s)",
      fix = "Remove it; look how it came into the build. If the product needs it, say in its description and documentation what for.",
    },
    explained = {
      says = "%s (%s), which its purpose explains (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P5", "cwe:506", "cwe:912", "attack:T1059", "attack:T1543", "req:R3" },
  samples     = {
    hit = { "masked-shell", "no-history-shell", "preload-hides", "pool-client", "chat-bot", "memory-loader",
      "fetch-and-run", "cron-writer",
      "mac-agent", "declared-chat",
      "login-module.so", "ransom-note" },
    clean = { "plain-client", "preload-wrapper" },
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
