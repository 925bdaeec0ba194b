local chains = require "lib.chains"

local TRAITS = {
  network = { asks = { "connect", "WSAConnect", "InternetOpenUrlA", "InternetOpenUrlW", "HttpSendRequestA", "HttpSendRequestW", "HttpOpenRequestA",
    "HttpOpenRequestW", "WinHttpSendRequest", "URLDownloadToFileA", "URLDownloadToFileW", "InternetReadFile", "System.Net.WebClient",
    "System.Net.HttpWebRequest", "System.Net.WebRequest.Create", "System.Net.Sockets.TcpClient", "System.Net.Http.HttpClient" } },
  injects = { asks = { "VirtualAllocEx+WriteProcessMemory+CreateRemoteThread", "VirtualAllocEx+WriteProcessMemory+QueueUserAPC",
    "VirtualAllocEx+WriteProcessMemory+SetThreadContext", "VirtualAllocEx+WriteProcessMemory+RtlCreateUserThread",
    "VirtualAllocEx+WriteProcessMemory+NtCreateThreadEx", "NtWriteVirtualMemory+NtCreateThreadEx", "NtMapViewOfSection+NtCreateThreadEx" } },
  wakes = { texts = { [["WriteProcessMemory"]], [["NtWriteVirtualMemory"]], [["NtMapViewOfSection"]] } },
  hollows = { asks = { "NtUnmapViewOfSection+WriteProcessMemory+SetThreadContext+ResumeThread",
    "ZwUnmapViewOfSection+WriteProcessMemory+SetThreadContext+ResumeThread",
    "NtUnmapViewOfSection+WriteProcessMemory+Wow64SetThreadContext+ResumeThread" } },
  searches = { asks = { "CreateToolhelp32Snapshot+Process32First", "CreateToolhelp32Snapshot+Process32FirstW", "CreateToolhelp32Snapshot+Process32NextW",
    "EnumProcesses", "NtQuerySystemInformation" } },
  victims = { texts = { [[/\b(explorer|svchost|lsass|winlogon|RegAsm|MSBuild|vbc|AppLaunch|notepad)\.exe\x00/ ascii wide nocase]] } },
  amsi = { texts = { [[/Amsi(Scan[B]uffer|Scan[S]tring|Open[S]ession)/ ascii wide]] } },
  etw = { texts = { [[/Etw[E]ventWrite(Full)?\b/ ascii wide]] } },
  protects = { asks = { "VirtualProtect", "VirtualProtectEx", "NtProtectVirtualMemory" }, texts = { [["VirtualProtect"]] } },
  defender = { texts = { [[/Disable(Anti[S]pyware|Anti[V]irus|Realtime[M]onitoring|Behavior[M]onitoring|IOAV[P]rotection)/ ascii wide]],
    [[/Add-Mp[P]reference/ ascii wide nocase]], [[/Set-Mp[P]reference/ ascii wide nocase]] } },
  shadows = { texts = { [[/vssadmi[n](\.exe)? {1,3}(delet[e]|resize) {1,3}shadow/ ascii wide nocase]], [[/shadowcop[y] {1,3}delet[e]/ ascii wide nocase]],
    [[/recoveryenable[d] {1,3}no/ ascii wide nocase]], [[/wbadmi[n](\.exe)? {1,3}delet[e] {1,3}(catalog|systemstate)/ ascii wide nocase]],
    [[/bootstatuspolic[y] {1,3}ignoreallfailures/ ascii wide nocase]] } },
  elevates = { texts = { [[/ms-settings\\she[l]l\\open\\command/ ascii wide nocase]], [[/mscfile\\she[l]l\\open\\command/ ascii wide nocase]],
    [["DelegateExecute" ascii wide]], [[/Elevation:Administrator!new:/ ascii wide]] } },
  helpers = { texts = { [[/\b(fodhelpe[r]|computerdefault[s]|eventvw[r]|sdcl[t]|cmst[p])\.exe/ ascii wide nocase]], [["3E5FC7F9-9A51-4367-9063-A120244FBEC7" ascii wide]] } },
  watchers = { min = 4, texts = { [["wireshark" ascii wide nocase]], [["procmon" ascii wide nocase]], [["ollydbg" ascii wide nocase]],
    [[/\bx(64|32)dbg/ ascii wide nocase]], [["ida64" ascii wide nocase]], [["VBoxService" ascii wide nocase]], [["vmtoolsd" ascii wide nocase]],
    [["SbieDll" ascii wide nocase]], [["fiddler" ascii wide nocase]], [["processhacker" ascii wide nocase]], [["dnspy" ascii wide nocase]],
    [["pestudio" ascii wide nocase]], [["tcpview" ascii wide nocase]], [["procexp" ascii wide nocase]], [["autoruns" ascii wide nocase]],
    [["cuckoomon" ascii wide nocase]], [["vmwaretray" ascii wide nocase]], [["joeboxcontrol" ascii wide nocase]] } },
  dumps = { asks = { "MiniDumpWriteDump" }, texts = { [["MiniDumpWriteDump"]] } },
  lsass = { texts = { [[/\blsas[s](\.exe)?\x00/ ascii wide nocase]] } },
  privilege = { texts = { [["SeDebugPrivilege" ascii wide]] } },
  reflective = { texts = { [[/\bReflective(Loade[r]|DLLInjec)/ ascii wide]] } },
  hashed = { texts = { [[/\x65[\x48\x4c]\x8b.\x25\x60\x00\x00\x00.{1,240}\xc1[\xc8-\xcf]\x0d/s]], [[/\x64\xa1\x30\x00\x00\x00.{1,240}\xc1[\xc8-\xcf]\x0d/s]],
    [[/\x64\x8b[\x00-\x7f]\x30.{1,240}\xc1[\xc8-\xcf]\x0d/s]] } },
  run_key = { texts = { [[/Software\\Microsoft\\Windows\\CurrentVersion\\Run(Once)?\b/ ascii wide nocase]], [[/schtasks(\.exe)? +\/create/ ascii wide nocase]],
    [[/\\Start Menu\\Programs\\Startup/ ascii wide nocase]] } },
  copies = { asks = { "CopyFileA+GetModuleFileNameA", "CopyFileW+GetModuleFileNameW", "CopyFileA+GetModuleFileNameW" } },
  vanishes = { texts = { [[/(cmd|cmd\.exe)( |\.exe )?\/c +(ping|timeout|choice) [^\x00]{1,100}del / ascii wide nocase]], [[/\/c del (\/q |\/f )*["%]/ ascii wide nocase]] } },
  hidden_shell = { texts = { [[/powershell(\.exe)?[^\x00]{0,80} -(w|win|windowstyle)[ ]+(hidde[n]|1)/ ascii wide nocase]], [[/powershell(\.exe)?[^\x00]{0,80} -e(nc|ncodedcommand)? [A-Za-z0-9+\/%]/ ascii wide nocase]],
    [[/powershell(\.exe)?[^\x00]{0,120}DownloadStrin[g]\(/ ascii wide nocase]] } },
  fetch_file = { asks = { "URLDownloadToFileA", "URLDownloadToFileW" } },
  starts = { asks = { "WinExec", "ShellExecuteA", "ShellExecuteW", "CreateProcessA", "CreateProcessW", "ShellExecuteExA", "ShellExecuteExW" } },
}

local PE = { pe = true }

local CHAINS = {
  { name = "injects-remote", kinds = PE, needs = { "wakes", "injects", "victims", "network" }, severity = "critical", kappa = 500,
    roles = { "debug", "security" }, says = "writes code into another program that it looks for by name, and uses the network", over = { "injects", "injects-name" } },
  { name = "hollows", kinds = PE, needs = { "wakes", "hollows" }, severity = "high", kappa = 900, roles = { "debug", "security" },
    says = "empties another program and puts its own code there", over = { "injects", "injects-name" } },
  { name = "injects-name", kinds = PE, needs = { "wakes", "injects", "victims" }, severity = "high", kappa = 700, roles = { "debug", "security" },
    says = "writes code into another program that it looks for by name", over = { "injects" } },
  { name = "injects", kinds = PE, needs = { "wakes", "injects" }, severity = "low", kappa = 700, roles = { "debug", "security", "input" },
    says = "can write code into other programs" },
  { name = "blinds", kinds = PE, needs = { "amsi", "etw", "protects" }, severity = "critical", kappa = 500, roles = { "security" },
    says = "changes the functions by which Windows looks at what runs", over = { "blinds-scan" } },
  { name = "blinds-scan", kinds = PE, needs = { "amsi", "protects" }, severity = "high", kappa = 700, roles = { "security" },
    says = "names the function by which Windows looks at scripts, and makes code writable" },
  { name = "stops-defender", kinds = PE, needs = { "defender" }, severity = "high", kappa = 900, roles = { "security" },
    says = "has what switches the protection of Windows off" },
  { name = "no-way-back", kinds = PE, needs = { "shadows" }, severity = "critical", kappa = 500, roles = { "disk" },
    says = "has commands that delete backups of Windows" },
  { name = "silent-admin", kinds = PE, needs = { "elevates", "helpers" }, severity = "critical", kappa = 500, roles = { "security" },
    says = "gets rights of an administrator without asking" },
  { name = "avoids-analysts", kinds = PE, needs = { "watchers", "searches", "network" }, severity = "high", kappa = 900, roles = { "security", "debug" },
    says = "looks for tools of analysts, and uses the network", over = { "knows-analysts" } },
  { name = "knows-analysts", needs = { "watchers", "searches" }, severity = "medium", kappa = 700, roles = { "security", "debug" },
    says = "looks for tools of analysts" },
  { name = "dumps-logins", kinds = PE, needs = { "dumps", "lsass" }, severity = "critical", kappa = 500, roles = { "security" },
    says = "can copy the memory in which Windows keeps logins" },
  { name = "loads-itself", kinds = PE, needs = { "reflective" }, severity = "high", kappa = 900, roles = { "security" },
    says = "is made to be loaded from memory, past the loader of Windows" },
  { name = "hashed-names", kinds = PE, needs = { "hashed" }, severity = "high", kappa = 900, roles = { "packing" },
    says = "finds functions of the system by hashes of their names" },
  { name = "settles", kinds = PE, needs = { "run_key", "copies", "network" }, severity = "medium", kappa = 900, roles = { "update" },
    says = "copies itself, can have itself started at each login, and uses the network" },
  { name = "vanishes", kinds = PE, needs = { "vanishes", "network" }, severity = "medium", kappa = 900, roles = { "update" },
    says = "deletes its own file by a command, and uses the network" },
  { name = "hidden-powershell", kinds = PE, needs = { "hidden_shell" }, severity = "high", kappa = 700, roles = { "system" },
    says = "runs PowerShell in a window that nobody sees, or with an encoded command" },
}

---@type probity.Check
return {
  title       = "Program that does what intruders do on Windows",
  why         = "Debuggers and protection tools have to do such things. Any other product with them does more than it says.",
  catalogue   = "I-38",
  claim       = "declared-purpose",
  severity    = "critical",
  reliability = "parsed",
  applies     = { "pe" },
  looks       = chains.strings(TRAITS) .. [[
    condition:
      any of them
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
  maps        = { "paris:P5", "paris:P8", "cwe:506", "attack:T1547", "req:R3" },
  samples     = {
    hit = { "injects.exe", "blinds.exe", "backups.exe", "analysts.exe", "elevates.exe", "declared-debugger" },
    clean = { "plain.exe" },
  },

  object = function(object, found)
    chains.note(object, TRAITS, CHAINS, found)
  end,

  product = function(product, found)
    for finding, word in chains.findings(product, CHAINS) do
      found[word and "explained" or "chain"](finding)
    end
  end,
}
