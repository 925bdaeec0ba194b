--- What a program is for, as far as the packages around it say: which of the roles below their words name.
---
--- The words are whole words of section, name, keywords, classifiers and description (`product:declared`). They explain behaviour that in
--- other products nobody expects; a role too much costs a finding its weight, so words that stand in any description are not here.

local roles = {}

local WORDS = {
  security = "security penetration pentest pentesting exploit exploits exploitation cracker cracking bruteforce brute-force forensic "
    .. "forensics sniffer sniffing vulnerability vulnerabilities wireless wardriving malware honeypot rootkit rootkits spoofing auditing "
    .. "fuzzer fuzzing redteam interception eavesdropping hacking antivirus intrusion",
  remote = "remote remotely ssh ssh2 telnet telnetd vnc rdp rsh rlogin shell shells terminal tty pty login logins netcat tunnel tunnels "
    .. "tunneling proxy relay relays inetd superserver super-server socket sockets daemon server servers websocket sftp",
  debug = "debug debugger debuggers debugging trace tracer tracing profiler profiling disassembler reverse-engineering emulator emulators "
    .. "emulation instrumentation hooking introspection sanitizer virtualization hypervisor wine crash dump dumps",
  system = "init systemd admin administration scheduler cron crond container containers virtualization hypervisor supervisor busybox "
    .. "embedded login pam installer libc6 kernel service services daemon",
  chat = "irc chat messenger messaging xmpp",
  mining = "mining miner cryptocurrency bitcoin monero",
  passwords = "password passwords keyring keychain credential credentials secrets wallet authentication pam login browser browsers",
  input = "keyboard keystroke keystrokes hotkey hotkeys input automation macro macros accessibility game games gaming gui mouse shortcuts "
    .. "screenshot remote desktop window",
  wrapper = "preload ld_preload wrapper wrappers fake faked fakeroot chroot interpose intercept interposition",
  update = "update updates updater upgrade upgrades installer install setup download downloads downloader package packages",
  interpreter = "interpreter interpreted scripting language languages runtime perl python ruby php lua tcl compiler node javascript",
  disk = "disk disks partition partitions partitioning filesystem filesystems storage backup recovery erase wipe shred burning block",
  packing = "packer packers pack compress compression compressor upx",
}

local function set(text)
  local out = {}
  for word in text:gmatch("%S+") do
    out[word] = true
  end
  return out
end

local ROLES = {}
for role, text in pairs(WORDS) do
  ROLES[role] = set(text)
end

--- The first word that a package around o says and that names one of these roles, or nil. wanted: list of names of roles.
--- Where nothing is declared (a file on its own), nothing is explained.
function roles.explain(product, o, wanted)
  local declared = wanted and product:declared(o)
  if not declared then
    return nil
  end
  for _, role in ipairs(wanted) do
    for word in pairs(ROLES[role]) do
      if declared.words[word] then
        return word
      end
    end
  end
  return nil
end

return roles
