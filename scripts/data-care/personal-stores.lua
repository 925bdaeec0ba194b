local capabilities = require "lib.capabilities"
local senses = require "lib.senses"

local PERMISSIONS = { contacts = true }

-- A store of one's own in the system's keychain is where secrets belong; these ask for the stores of other programs.
local OWN_SECRETS = { ["password-store"] = true, secret_password_lookup_sync = true, secret_service_search_sync = true,
  SecKeychainFindGenericPassword = true, SecKeychainFindInternetPassword = true, CredEnumerateA = true,
  CredEnumerateW = true, PFXExportCertStore = true, PK11SDR_Decrypt = true, CNContactStore = true, EKEventStore = true,
  ABAddressBook = true }

-- Names of a profile alone are also what tools that start a browser know.
local PROFILE = { ["browser-profile"] = true }

-- Purposes beside those of rulesets/capabilities/declared.ini that lead to the stores of browsers.
local BROWSERS = { "cookies", "chrome", "chromium", "firefox", "puppeteer", "forensics", "forensic", "credentials",
  "keychain" }

local function about_browsers(about)
  for _, word in ipairs(BROWSERS) do
    if about and about.words[word] then
      return word
    end
  end
  return nil
end

-- How many kinds of stores: passwords of browsers, cookies, wallets, messengers. One may be a tool's business, three
-- are nobody's.
local function kinds(entries)
  local n, seen = 0, {}
  for _, entry in ipairs(entries) do
    if not OWN_SECRETS[entry.by] and not PROFILE[entry.by] and not seen[entry.by] then
      seen[entry.by] = true
      n = n + 1
    end
  end
  return n
end

local function judge(case, found)
  local where = senses.evidence(case)
  local n = kinds(case.entries)
  local word, specific = senses.declared(case)
  word = (specific or n == 0 or not case.script) and word or (n <= 1 and about_browsers(case.about))
  if word and n < 3 then
    where[3] = word
    found.declared(where)
  elseif n == 0 then
    found.own(where)
  elseif not case.script then
    local reaches = n >= 2 and not case.distribution and capabilities.find(case.object.facts, "net-connect")
    found[reaches and "program" or "alone"](where)
  else
    local what, by, file = senses.judge(case)
    if what == "chain" or what == "vague" or n >= 3 then
      where[3] = by or "several stores at once"
      where.kappa = senses.certainty(case, file)
      found.chain(where)
    else
      found.alone(where)
    end
  end
end

---@type probity.Check
return {
  title       = "Reaches for contacts, messages, browser profiles or wallets",
  why         = "These are other programs' stores of what people trust to them: passwords, sessions, letters, money.",
  confirm     = [[Find the names of the stores: `grep -naE 'Login Data|cookies.sqlite|wallet.dat|\.ssh/id_' OBJECT`.
    Run it in a machine of your own under `strace -f -e trace=openat` and see which of them it opens.]],
  catalogue   = "D-13",
  claim       = "personal-data",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package", "xml", "android-xml", "json" },
  findings    = {
    chain = {
      says = "%s names stores of other programs (%s), next to code that reaches out or runs at installation (%s); "
        .. "nothing in what it says of itself speaks of it",
      fix = "Remove it. Where a migration needs it, say so in the description, and ask the user first.",
    },
    program = {
      says = "%s names stores of several other programs (%s) and can reach out; nothing in what it says of itself "
        .. "speaks of it",
      fix = "Remove it. Where a migration needs it, say so in the description, and ask the user first.",
      reliability = "heuristic",
    },
    alone = {
      says = "%s names stores of other programs (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what needs it, or remove it.",
      severity = "medium",
      reliability = "heuristic",
    },
    own = {
      says = "%s uses the system's store of passwords or contacts (%s)",
      fix = "Nothing to do where these are its own entries.",
      severity = "info",
    },
    permission = {
      says = "%s asks for the permission %s; nothing else in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it is used, or do not ask for it.",
      severity = "low",
      reliability = "heuristic",
    },
    declared = {
      says = "%s names stores of contacts, messages or passwords (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "paris:P5", "cra:I.2.g", "gdpr:5", "attack:T1555.003", "req:R4", "req:R7" },
  samples     = {
    hit = { "login-data-posted", "wallets-of-all", "collects.ps1", "reads-only", "asks-permission", "stores-in-shell",
      "extension-of-wallet", "cookies-of-all" },
    clean = { "own-settings", "documented-only" },
  },

  product = function(product, found)
    for case in senses.each(product, "contacts") do
      judge(case, found)
    end
    senses.raise_permissions(product, PERMISSIONS, found.permission)
  end,
}
