local traits = require "lib.traits"

local TRAITS = {
  network = { asks = { "connect", "WSAConnect", "curl_easy_perform", "SSL_connect", "InternetOpenUrlA",
    "InternetOpenUrlW", "HttpSendRequestA",
    "HttpSendRequestW", "WinHttpSendRequest", "NSURLSession", "NSURLConnection", "System.Net.WebClient",
      "System.Net.HttpWebRequest" } },
  runs = { asks = { "system", "popen", "execve", "execvp", "execl", "posix_spawn" } },
  run_key = { texts = { [[/Software\\Microsoft\\Windows\\CurrentVersion\\Run(Once)?(\\?\x00|")/ ascii wide nocase]] } },
  sets = { asks = { "RegSetValueExA", "RegSetValueExW", "RegSetKeyValueW", "SHSetValueW",
    "Microsoft.Win32.RegistryKey.SetValue" } },
  task = { texts = { [[/schtasks(\.exe)?["]? +\/create/ ascii wide nocase]] } },
  unit = { texts = { [["ExecStart="]] } },
  units = { texts = { [[/\/etc\/systemd\/system\/[\w%]/]], [[/\.config\/systemd\/user\/[\w%]/]],
    [["/lib/systemd/system/"]] } },
  entry = { texts = { [["[Desktop Entry]"]] } },
  autostart = { texts = { [[/\.config\/autostart\/[\w%]/]] } },
  agent = { texts = { [["<key>RunAtLoad</key>"]], [["<key>KeepAlive</key>"]] } },
  agents = { texts = { [[/Library\/Launch(Agents|Daemons)\//]] } },
  schedule = { texts = { [[/\/(etc|var\/spool)\/cron(tab)?[.\/][\w%]/]], [[/\bcrontab -[\x00 "';)]/]] } },
  line = { texts = { [[/@reboot [\w\/%]/]], [[/\* \* \* \* (root )?[\w\/%]/]] } },
}

local STARTUP = [[/\\Start Menu\\Programs\\Startup/ ascii wide nocase]]
TRAITS.startup = { texts = { STARTUP } }
TRAITS.copies = { asks = { "CopyFileA", "CopyFileW", "MoveFileExA", "MoveFileExW", "WriteFile+CreateFileA", "WriteFile+CreateFileW" } }
TRAITS.services = { texts = { [["CreateServiceA"]], [["CreateServiceW"]] } }
TRAITS.service = { asks = { "OpenSCManagerA+CreateServiceA", "OpenSCManagerW+CreateServiceW" } }
TRAITS.login = { texts = { [[/[\/~]\.(bashrc|bash_profile|profile|zshrc|zprofile)\x00/]] } }
TRAITS.writes = { asks = { "fopen+fprintf", "fopen+fputs", "fopen+fwrite", "open+write", "fopen64+fprintf", "open64+write" } }
TRAITS.small = { shown = "hardly anything else", test = function(_, asks)
  local n = 0
  for _ in pairs(asks) do
    n = n + 1
  end
  return n <= 90
end }

local PE, UNIX = { pe = true }, { elf = true, macho = true }

local CHAINS = {
  { name = "task", kinds = PE, needs = { "task", "network" }, severity = "medium", kappa = 700, roles = { "update",
    "system" },
    says = "makes scheduled tasks, and uses the network" },
  { name = "run-key", kinds = PE, needs = { "run_key", "sets", "network" }, severity = "low", kappa = 700,
    roles = { "update", "system" },
    says = "can have itself started at each login, and uses the network" },
  { name = "startup", kinds = PE, needs = { "startup", "copies", "network" }, severity = "low", kappa = 700,
    roles = { "update", "system" },
    says = "can put a program where Windows starts it at each login, and uses the network" },
  { name = "service", kinds = PE, needs = { "services", "service", "network", "small" }, severity = "low", kappa = 700,
    roles = { "update", "system", "remote" },
    says = "can have itself started with Windows as a service, and uses the network" },
  { name = "login", kinds = UNIX, needs = { "login", "writes", "network", "small" }, severity = "medium", kappa = 500,
    roles = { "update", "system", "remote" },
    says = "can write what a shell runs at each login, and uses the network" },
  { name = "unit", kinds = UNIX, needs = { "unit", "units", "network" }, severity = "medium", kappa = 700,
    roles = { "update", "system", "remote" },
    says = "writes units of systemd, and uses the network" },
  { name = "autostart", kinds = UNIX, needs = { "entry", "autostart", "network" }, severity = "low", kappa = 700,
    roles = { "update", "system" },
    says = "can have itself started at each login, and uses the network" },
  { name = "agent", kinds = { macho = true }, needs = { "agent", "agents", "network" }, severity = "medium",
    kappa = 700, roles = { "update", "system" },
    says = "writes launch agents, and uses the network" },
  { name = "cron-network", kinds = UNIX, needs = { "schedule", "line", "network", "runs" }, severity = "high", kappa = 700,
    roles = { "update", "system" }, says = "writes lines of cron, uses the network and runs programs", over = { "cron" } },
  { name = "cron", kinds = UNIX, needs = { "schedule", "line" }, severity = "medium", kappa = 900,
    roles = { "update", "system" },
    says = "writes lines of cron" },
}

---@type probity.Check
return {
  title       = "Program that sets itself up to be started again",
  why         = "What starts by itself, again and again, stays on a machine when its user believes it gone.",
  confirm     = [[Find the place it writes to: `strings -a OBJECT | grep -E
    'CurrentVersion.Run|LaunchAgents|systemd|cron'`. Run it in a machine that can be thrown away and compare what
    starts by itself before and after.]],
  catalogue   = "I-18",
  claim       = "declared-purpose",
  severity    = "high",
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
      fix = "Let the installer set it up, where users see it, and say in the documentation how to remove it.",
    },
    explained = {
      says = "%s (%s), which its purpose explains (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P5", "attack:T1547", "attack:T1543", "attack:T1053", "req:R3" },
  samples     = { hit = { "unit-writer", "run-key.exe", "agent" }, clean = { "reads-units", "own-service" } },

  object = function(object, found)
    traits.note(object, TRAITS, CHAINS, found)
  end,

  product = function(product, found)
    for finding, word in traits.findings(product, CHAINS) do
      found[word and "explained" or "chain"](finding)
    end
  end,
}
