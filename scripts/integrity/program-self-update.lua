local traits = require "lib.traits"

-- Names and texts of whoever looks at signatures or digests before he runs something.
local VERIFIES = { "WinVerifyTrust", "CryptVerifySignatureA", "CryptVerifySignatureW", "BCryptVerifySignature",
  "CryptQueryObject", "EVP_DigestVerify",
  "EVP_DigestVerifyFinal", "EVP_VerifyFinal", "RSA_verify", "gpgme_op_verify", "crypto_sign_verify_detached",
    "ed25519_verify",
  "SecCodeCheckValidity", "SecStaticCodeCheckValidity", "SecKeyVerifySignature", "gnutls_pubkey_verify_data2",
    "gcry_pk_verify" }

local TRAITS = {
  fetches = { texts = { [[/URLDownloadToFile[AW]/]], [["InternetReadFile"]], [["WinHttpReadData"]] } },
  fetched = { asks = { "URLDownloadToFileA", "URLDownloadToFileW" } },
  received = { asks = { "InternetReadFile+WriteFile", "WinHttpReadData+WriteFile", "recv+WriteFile" } },
  command = { texts = { [[/\b(curl|wget) [^\x00]{0,60}-[A-Za-z]{0,4}[oO] ?[^\x00]{1,60}https?:/]] } },
  starts = { asks = { "WinExec", "ShellExecuteA", "ShellExecuteW", "ShellExecuteExA", "ShellExecuteExW",
    "CreateProcessA", "CreateProcessW" } },
  temporary = { asks = { "GetTempPathA", "GetTempPathW", "GetTempFileNameA", "GetTempFileNameW" } },
  small = { shown = "hardly anything else", test = function(_, asks)
    local n = 0
    for _ in pairs(asks) do
      n = n + 1
    end
    return n <= 90
  end },
  curl = { asks = { "curl_easy_perform", "curl_multi_perform", "SSL_connect", "NSURLSession", "NSURLConnection" } },
  itself = { texts = { [["/proc/self/exe"]], [["_NSGetExecutablePath"]] } },
  replaces = { asks = { "rename+chmod", "rename+fchmod" } },
  runs = { asks = { "execve", "execv", "execvp", "execl", "system" } },
  unverified = { shown = "nothing that verifies", test = function(object, asks)
    for _, name in ipairs(VERIFIES) do
      if asks[name] then
        return false
      end
    end
    return object:count("$verifies_1") == 0
  end },
  verifies = { texts = { [[/[Vv]erif(y|ies|ied|ication)[A-Za-z_ ]{0,12}(signature|Signature|digest|checksum|hash)/]] } },
}

local CHAINS = {
  { name = "drops", kinds = { pe = true }, needs = { "fetches",
    "fetched", "starts", "temporary", "unverified", "small" }, severity = "high",
    kappa = 500, says = "fetches a file to a temporary place and starts programs", over = { "fetches-and-starts" } },
  { name = "fetches-and-starts", kinds = { pe = true }, needs = { "fetches", "fetched", "starts", "unverified" },
    severity = "medium", kappa = 500,
    says = "fetches files and starts programs" },
  { name = "receives-and-starts", kinds = { pe = true }, needs = { "fetches", "received", "starts", "temporary", "unverified",
    "small" }, severity = "high",
    kappa = 500, says = "receives a file, writes it to a temporary place and starts programs", over = { "fetches-and-starts" } },
  { name = "replaces-by-command", kinds = { elf = true, macho = true }, needs = { "itself", "command", "replaces", "runs",
    "unverified" }, severity = "medium",
    kappa = 500, says = "has a command that fetches, replaces files, and starts its own file again" },
  { name = "replaces-itself", kinds = { elf = true, macho = true }, needs = { "itself", "curl", "replaces", "runs",
    "unverified" }, severity = "medium",
    kappa = 500, says = "fetches, replaces files, and starts its own file again" },
}

---@type probity.Check
return {
  title       = "Program that fetches and runs code without a signature check",
  why         = "Whoever changes what lies on the server, or on the way from there, decides what runs.",
  confirm     = [[Find the address and the call, `strings -a OBJECT | grep -E 'https?://'`, and look for a check of a
    signature between fetching and starting; put a changed file in its way on a machine of your own and see whether it
    is taken.]],
  catalogue   = "I-32",
  claim       = "update",
  severity    = "high",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf", "macho", "pe" },
  looks       = traits.strings(TRAITS) .. [[
    condition:
      (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d or uint32(0) == 0xfeedfacf or uint32(0) == 0xfeedface
        or uint32(0) == 0xbebafeca) and (any of ($fetches*, $itself*) and #verifies_1 >= 0 and #command_1 >= 0)
  ]],
  findings    = {
    chain = {
      says = "%s (%s)",
      fix = "Sign updates, verify the signature with a key that the program carries, and only then run them.",
    },
  },
  maps        = { "paris:P6", "cra:I.2.c", "cra:II.7", "etsi:5.3-2", "cwe:494", "attack:T1195.002", "req:R3" },
  samples     = { hit = { "fetches.exe", "replaces" }, clean = { "verifies.exe", "own-path" } },

  object = function(object, found)
    traits.note(object, TRAITS, CHAINS, found)
  end,

  product = function(product, found)
    for finding in traits.findings(product, CHAINS) do
      found.chain(finding)
    end
  end,
}
