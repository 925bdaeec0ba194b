local traits = require "lib.traits"

-- Names that programs give to keys when they write down what is typed.
local KEYS = {}
for _, key in ipairs { "BACKSPACE", "ENTER", "TAB", "CAPS ?LOCK", "ESC(APE)?", "DEL(ETE)?", "L?SHIFT",
  "L?CTRL|CONTROL", "SPACE", "WIN(DOWS)?", "PAGE ?UP" } do
  KEYS[#KEYS + 1] = string.format("/[\\[<{](%s)[\\]>}]/ ascii wide nocase", key)
end

local TRAITS = {
  network = { asks = { "connect", "WSAConnect", "curl_easy_perform", "SSL_connect", "InternetOpenUrlA",
    "InternetOpenUrlW", "HttpSendRequestA",
    "HttpSendRequestW", "WinHttpSendRequest", "NSURLSession", "NSURLConnection", "NSMutableURLRequest",
      "System.Net.WebClient",
    "System.Net.Http.HttpClient", "System.Net.HttpWebRequest", "System.Net.WebRequest.Create",
      "System.Net.Sockets.TcpClient",
    "System.Net.Mail.SmtpClient" }, texts = { [["net/http.(*Client).do"]], [["api.telegram.org"]] } },
  profiles = { min = 2, texts = { [[/[\\\/]Login [D]ata\b/ ascii wide]], [[/[\\\/]Web [D]ata\b/ ascii wide]],
    [[/[\\\/]Local [S]tate\b/ ascii wide]],
    [["key4.db" ascii wide]], [["logins.json" ascii wide]], [["cookies.sqlite" ascii wide]],
      [[/[\\\/]signons\.sqlite/ ascii wide]],
    [[/User Data[\\\/](Default|Local State)/ ascii wide]], [["formhistory.sqlite" ascii wide]],
      [[/BraveSoftware[\\\/]Brave-Browser/ ascii wide]],
    [[/Opera Software[\\\/]Opera/ ascii wide]] } },
  wallets = { min = 2, texts = { [[/[\\\/]?walle[t]\.dat\b/ ascii wide]], [[/Electrum[\\\/]walle[t]s/ ascii wide]],
    [[/Exodus[\\\/]exodu[s]\.wallet/ ascii wide]],
    [[/Ethereum[\\\/]keystor[e]/ ascii wide]], [[/atomic[\\\/]Local Storag[e]/ ascii wide]],
      [["nkbihfbeogaeaoehlefnkodbefgpgknn" ascii wide]],
    [[/Telegram Desktop[\\\/]tdat[a]/ ascii wide]], [[/[Dd]iscord[\\\/]Local Storag[e]/ ascii wide]],
      [[/Bitcoin[\\\/]walle[t]s/ ascii wide]],
    [[/\.config[\\\/]solana[\\\/]id\.json/ ascii wide]] } },
  keys = { min = 2, texts = { [[/\.ssh[\\\/](id_[re]|\*|known_hosts)/ ascii wide]],
    [[/\.aws[\\\/]credential[s]/ ascii wide]], [[/\.kube[\\\/]confi[g]/ ascii wide]],
    [[/\.docker[\\\/]config\.json/ ascii wide]], [[/\.npmr[c]\b/ ascii wide]], [[/\.git-credential[s]/ ascii wide]],
      [[/gcloud[\\\/](credentials|access_tokens)\.db/ ascii wide]],
    [[/\.bash_histor[y]/ ascii wide]], [[/filezilla[\\\/](recentservers|sitemanager)\.xml/ ascii wide nocase]],
      [[/WinSCP 2[\\\/]Sessions/ ascii wide]] } },
  decrypts = { asks = { "CryptUnprotectData", "PK11SDR_Decrypt", "System.Security.Cryptography.ProtectedData",
    "System.Security.Cryptography.ProtectedData.Unprotect" }, texts = { [["CryptUnprotectData"]],
      [["PK11SDR_Decrypt"]],
    [[/Chrome Safe Storag[e]/]] } },
  carrier = { texts = { [[/disco(rd|rdapp)\.com\/api\/webhook[s]\//  ascii wide]],
    [[/api\.telegram\.org\/bo[t]/ ascii wide]], [[/hooks\.slack\.com\/service[s]\// ascii wide]],
    [[/pastebin\.com\/(raw|api)/ ascii wide]], [[/\/(transfer\.sh|anonfiles\.com|api\.gofile\.io|0x0\.st)\b/ ascii wide]],
    [[/\.(ngrok\.io|pipedream\.net|oast\.(fun|pro|live|me))\b/ ascii wide]], [["webhook.site" ascii wide]] } },
  profile = { texts = { [[/[\\\/]Login [D]ata\b/ ascii wide]], [["key4.db" ascii wide]] } },
  prompts = { texts = { [[/display dialog[^\x00]{0,300}hidden answe[r]/]], [[/with hidden answe[r]/]] } },
  checks_password = { texts = { [[/dscl [^\x00]{0,40}-authonly/]], [["security unlock-keychain"]], [[/sudo -S /]] } },
  keychain = { texts = { [[/login\.keychain(-db)?\b/]], [[/security (dump-keychain|find-generic-password)/]] } },
  polls = { asks = { "GetAsyncKeyState", "GetKeyboardState", "SetWindowsHookExA", "SetWindowsHookExW",
    "GetRawInputData", "CGEventTapCreate",
    "XQueryKeymap", "XRecordEnableContext", "GetKeyState" },
    texts = { [[/\/dev\/input\/(event|by-|%s)/]], [["/proc/bus/input/devices"]] } },
  hooks_keys = { texts = { [["SetWindowsHookEx"]], [["GetAsyncKeyState"]] } },
  sends_files = { asks = { "FtpPutFileA", "FtpPutFileW", "InternetConnectA", "InternetConnectW", "HttpSendRequestA", "HttpSendRequestW",
    "WinHttpSendRequest", "send", "WSASend" } },
  many_keys = { min = 4, texts = {
    [[/\.ssh[\\\/](id_[re]|\*)/ ascii wide]],
    [[/\.aws[\\\/]credential[s]/ ascii wide]], [[/\.kube[\\\/]confi[g]/ ascii wide]],
    [[/\.docker[\\\/]config\.json/ ascii wide]], [[/\.npmr[c]\b/ ascii wide]], [[/\.git-credential[s]/ ascii wide]],
    [[/gcloud[\\\/](credentials|access_tokens)\.db/ ascii wide]], [[/\.bash_histor[y]/ ascii wide]],
    [[/\.mozilla[\\\/]firefo[x]/ ascii wide]], [[/\.pypir[c]\b/ ascii wide]], [[/\.config[\\\/]solan[a]/ ascii wide]] } },
  window = { asks = { "GetForegroundWindow", "GetWindowTextA", "GetWindowTextW", "XGetInputFocus" } },
  writes_keys = { min = 3, texts = KEYS },
  key_word = { shown = "words for keys", test = function(object)
    for i = 1, #KEYS do
      if object:count("$writes_keys_" .. i) > 0 then
        return true
      end
    end
    return false
  end },
  polled = { asks = { "GetAsyncKeyState", "SetWindowsHookExA", "SetWindowsHookExW", "CGEventTapCreate", "XQueryKeymap" } },
  small = { shown = "hardly anything else", test = function(_, asks)
    local n = 0
    for _ in pairs(asks) do
      n = n + 1
    end
    return n <= 90
  end },
  screen = { asks = { "BitBlt", "GdipSaveImageToStream", "System.Drawing.Graphics.CopyFromScreen",
    "CGWindowListCreateImage",
    "CGDisplayCreateImage", "XGetImage" } },
  identity = { asks = { "GetComputerNameA", "GetComputerNameW", "GetUserNameA", "GetUserNameW",
    "GetVolumeInformationA", "GetVolumeInformationW", "gethostname",
    "getpwuid", "uname", "System.Environment.get_MachineName", "System.Environment.get_UserName" },
    texts = { [[/system_profiler SP/]], [["ioreg -"]], [["wmic csproduct"]] } },
  asks_address = { texts = { [["api.ipify.org" ascii wide]], [[/\/(ipinfo\.io|ip-api\.com|icanhazip\.com|ifconfig\.me)\b/ ascii wide]],
    [[/checkip\.(amazonaws|dyndns)\.(com|org)/ ascii wide]], [["myexternalip.com" ascii wide]] } },
}

local CHAINS = {
  { name = "sends-passwords", needs = { "profiles", "decrypts", "network" }, severity = "critical", kappa = 500,
    roles = { "passwords" },
    says = "reads and decrypts what browsers keep, and uses the network", over = { "reads-passwords", "sends-profiles" } },
  { name = "sends-profiles", needs = { "profiles", "network", "small" }, severity = "high", kappa = 500,
    roles = { "passwords", "security" },
    says = "knows where browsers keep passwords, uses the network, and does little else" },
  { name = "sends-developer-keys", needs = { "keys", "network", "small" }, severity = "high", kappa = 500,
    roles = { "passwords", "security", "remote" },
    says = "knows where keys of developers lie, uses the network, and does little else" },
  { name = "sends-wallets", needs = { "wallets", "network" }, severity = "high", kappa = 900, roles = { "passwords",
    "mining", "security" },
    says = "knows where wallets and sessions of messengers lie, and uses the network" },
  { name = "sends-keys", needs = { "keys", "carrier" }, severity = "critical", kappa = 500, roles = { "security" },
    says = "knows where keys of developers lie, and names a carrier that takes texts from anybody",
    over = { "sends-developer-keys" } },
  { name = "carries-loot", needs = { "profiles", "carrier" }, severity = "critical", kappa = 500,
    says = "knows where browsers keep passwords, and names a carrier that takes texts from anybody",
    over = { "sends-profiles" } },
  { name = "sends-many-keys", needs = { "many_keys", "network", "small" }, severity = "high", kappa = 900, roles = { "security" },
    says = "knows where keys of many kinds lie, and uses the network" },
  { name = "sends-typing", kinds = { pe = true }, needs = { "hooks_keys", "polled", "window", "sends_files", "small" },
    severity = "high", kappa = 900, roles = { "input", "debug" },
    says = "watches the keyboard and which window is in front, and sends", over = { "writes-some-keys" } },
  { name = "reads-passwords", needs = { "profiles", "decrypts" }, severity = "high", kappa = 700,
    roles = { "passwords", "security" },
    says = "reads and decrypts what browsers keep" },
  { name = "asks-password", needs = { "prompts", "checks_password" }, severity = "critical", kappa = 500,
    says = "asks for the password in a window of its own and tries it", over = { "imitates-prompt" } },
  { name = "imitates-prompt", kinds = { macho = true }, needs = { "prompts" }, severity = "high", kappa = 900,
    says = "asks for a password in a window that a script draws" },
  { name = "takes-keychain", kinds = { macho = true }, needs = { "keychain", "profile" }, severity = "high",
    kappa = 900, roles = { "passwords" },
    says = "knows the keychain and what browsers keep" },
  { name = "writes-keys", needs = { "writes_keys", "polls" }, severity = "high", kappa = 900, roles = { "input",
    "debug" },
    says = "watches the keyboard and has words for keys that write no letter", over = { "writes-some-keys" } },
  { name = "writes-some-keys", needs = { "key_word", "polled", "window", "small" }, severity = "high", kappa = 900,
    roles = { "input", "debug" }, says = "watches the keyboard and which window is in front, and has words for keys" },
  { name = "reports-victim", needs = { "asks_address", "identity", "carrier" }, severity = "high", kappa = 900,
    roles = { "security" },
    says = "finds out whose machine it is, and names a carrier that takes texts from anybody" },
  { name = "sends-screen", needs = { "carrier", "screen" }, severity = "high", kappa = 900, roles = { "input",
    "chat" },
    says = "takes pictures of the screen, and names a carrier that takes texts from anybody" },
}

---@type probity.Check
return {
  title       = "Program that collects secrets and can send them",
  why         = "Passwords, wallets, keys and what is typed leave the machine when a program that has no business with them looks there.",
  confirm     = [[Find the names of the stores: `strings -a OBJECT | grep -E 'Login Data|logins.json|wallet|id_rsa'`
    (for Windows also `strings -el OBJECT`). Run it in a machine that can be thrown away under `strace -f -e
    trace=openat,network`.]],
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
  maps        = { "paris:P5", "cwe:506", "attack:T1056.001", "attack:T1113", "gdpr:5.1.c", "req:R3" },
  samples     = {
    hit = { "browser-passwords.exe", "wallets", "keys-to-webhook", "key-words.exe", "password-window",
      "browser", "declared-importer" },
    clean = { "key-names.exe", "reads-wallet" },
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
