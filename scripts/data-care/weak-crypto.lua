local hints = require "probity.hints"
local noted = require "lib.noted"

local OWN = "data-care.weak-crypto"
local PLACES = 100

-- Groups of patterns: what a hit means, in words, and the kinds of source in which it means that (all where there are none).
local JS = { javascript = true, typescript = true }
local JAVA = { java = true, kotlin = true, scala = true }
local C = { c = true, cpp = true }
local MEANS = {
  node = { "cipher", JS }, node_key = { "derives a key by MD5 and no salt", JS }, cryptojs = { "cipher", JS },
  node_hmac = { "HMAC-MD5", JS },
  python = { "cipher", { python = true } }, python_mode = { "ECB mode", { python = true } },
  java = { "cipher", JAVA }, php = { "cipher", { php = true } }, go = { "cipher", { ["go-source"] = true } },
  dotnet = { "cipher", { csharp = true, powershell = true } }, dotnet_mode = { "ECB mode", { csharp = true, powershell = true } },
  c = { "cipher", C }, openssl = { "cipher" }, node_iv = { "constant initialisation vector", JS },
  python_iv = { "constant initialisation vector", { python = true } }, java_iv = { "constant initialisation vector", JAVA },
  js_random = { "random number that can be guessed", JS }, py_random = { "random number that can be guessed", { python = true } },
  php_random = { "random number that can be guessed", { php = true } }, java_random = { "random number that can be guessed", JAVA },
  c_random = { "random number that can be guessed", { c = true, cpp = true, php = true } },
}

-- What says that a product is about algorithms, old ones among them. That it speaks TLS does not.
local LIBRARY = { "crypto", "cryptography", "cryptographic", "cipher", "ciphers", "encryption", "encrypt", "aes", "des", "rc4", "hmac",
  "packet", "protocols", "pentest", "penetration" } -- who speaks the protocols of others speaks their ciphers

local function is_library(about)
  for _, word in ipairs(about and LIBRARY or {}) do
    if about.words[word] then
      return true
    end
  end
  return false
end

-- A table of names that are offered, or one that is refused, uses none.
local function is_choice(line)
  return line:find("==", 1, true) or line:find("!=", 1, true) or line:find("%f[%a]case%f[%A]") ~= nil or line:find("deprecated", 1, true)
    or line:find("insecure", 1, true) or line:find("throw ", 1, true) or line:find("raise ", 1, true)
end

-- Names of what nobody may guess, and words which say that it is something else: "token" is also what a parser reads.
local SECRETS = { "token", "password", "passwd", "secret", "session_?id", "csrf", "api_?key", "otp" }
local OTHER = { "tokeni", "color", "colour", "delay", "jitter", "timeout", "backoff", "retry", "cache", "bust", "test", "mock", "fake",
  "sample", "demo", "boundary", "index", "count" }

-- Is what the random number goes into a secret? The statement up to the hit: `resetToken = ...`, `secret: ...`.
local function is_secret(object, at)
  local from = math.max(0, at - 120)
  local name = object:bytes(from, at - from):match("([%w_.$]+)[\"'%]]?%s*:?=[^=;\r\n][^;\r\n]*$") or
    object:bytes(from, at - from):match("([%w_.$]+)[\"']?%s*:[^;,\r\n]*$")
  local low = name and name:lower() or ""
  for _, other in ipairs(OTHER) do
    if low:find(other, 1, true) then
      return false
    end
  end
  for _, word in ipairs(SECRETS) do
    if low:find(word .. "$") or #word > 4 and low:find(word) then
      return true
    end
  end
  return false
end

---@type probity.Check
return {
  title       = "Cryptography that protects little",
  why         = "Old ciphers, fixed vectors and guessable random numbers are broken with little effort; what they hide is readable.",
  confirm     = [[Read the call at the offset in the evidence, `grep -nE 'md5|sha1|DES|RC4|ECB' OBJECT`, and what the
    result is used for: a checksum is another thing than a password.]],
  catalogue   = "D-16",
  claim       = "crypto",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 916, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script" },
  looks       = [[
    strings:
      $node = /\bcreate(De|C)ipher(iv)?\([ \t]*["'](des|DES|rc4|RC4|rc2|bf|blowfish|idea|aes-?(128|192|256)-ecb)[A-Za-z0-9-]*["']/
      $node_key = /\bcrypto\.createCipher\([ \t]*["']/
      $node_hmac = /\bcreateHmac\([ \t]*["'](md|MD)[45]["']/
      $cryptojs = /\bCryptoJS\.((DES|TripleDES|RC4|RC4Drop|Rabbit)\.encrypt|mode\.ECB)\b/
      $python = /\b(ARC4|DES3?|ARC2|Blowfish)\.new\(|\balgorithms\.(ARC4|TripleDES|Blowfish|IDEA|CAST5)\(/
      $python_mode = /\b(AES\.MODE_ECB|modes\.ECB\(\))/
      $java = /\bCipher\.getInstance\([ \t]*"(DES|DESede|RC4|ARCFOUR|RC2|Blowfish|AES\/ECB|AES")/
      $php = /\b(openssl_encrypt\([^,\r\n]{1,80},[ \t]*["'](des|rc4|bf|rc2|aes-(128|192|256)-ecb)|MCRYPT_(MODE_ECB|DES]]
    .. [[|3DES|RC4|BLOWFISH))/
      $go = /\b(des\.New(TripleDES)?Cipher|rc4\.NewCipher)\(/
      $dotnet = /\bnew[ \t]+(DES|TripleDES|RC2)CryptoServiceProvider\b|\b(DES|TripleDES|RC2)\.Create\(/
      $dotnet_mode = /\bCipherMode\.ECB\b/
      $c = /\b(EVP_(des|rc4|rc2|bf)_?[a-z0-9_]*\(\)|EVP_aes_(128|192|256)_ecb\(\)|DES_ecb_encrypt\(|RC4_set_key\()/
      $openssl = /\bopenssl[ \t]+enc[ \t]+(-[a-z]+[ \t]+)*-(des|rc4|rc2|bf|aes-(128|192|256)-ecb)/
      $node_iv = /\bcreateCipheriv\([^,\r\n]{1,60},[^,\r\n]{1,80},[ \t]*(["'][^"'\r\n]{8,40}["']|Buffer\.alloc\(16(, ?]]
    .. [[0)?\)|Buffer\.from\(["'])/
      $python_iv = /\bAES\.new\([^,\r\n]{1,80},[ \t]*AES\.MODE_(CBC|CTR|CFB|OFB),[ \t]*(iv=|IV=)?[ \t]*b?["'][^\r\n]{1,80}["']/
      $java_iv = /\bnew[ \t]+IvParameterSpec\([ \t]*("[^"\r\n]{8,40}"\.getBytes|new[ \t]+byte\[16\])/
      $js_random = "Math.random()"
      $py_random = /\brandom\.(choices?|randint|random|sample|randrange|getrandbits)\(/
      $php_random = /\b(mt_rand|uniqid|lcg_value)\(/
      $java_random = "new Random("
      $c_random = /\brand\(\)/
    condition:
      any of them
  ]],
  findings    = {
    weak = {
      says = "%s",
      fix = "Use AES-GCM or ChaCha20-Poly1305 of a library with a fresh random nonce, and random numbers of the system for secrets.",
    },
    mac = {
      says = "%s",
      fix = "Use HMAC-SHA-256; where a protocol asks for MD5 (CRAM-MD5), only inside of TLS.",
      severity = "low",
    },
    offered = {
      says = "%s, in a product about cryptography, which may only offer it",
      fix = "Say in the documentation that it is there for old data only.",
      severity = "info",
    },
    noted = {
      says = "weak cryptography: %s",
      fix = "Use AES-GCM or ChaCha20-Poly1305 of a library.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.e", "etsi:5.5-1", "cwe:327", "cwe:338", "req:R7" },
  samples     = {
    hit = { "store.js", "vault.py", "Box.java", "session.php", "token.js", "seal.go", "backup.sh" },
    clean = { "modern.js", "checksum.py", "names.js", "colours.js", "comment.java" },
  },

  object = function(object, found)
    local seen = {}
    for at, length, id in object:hits() do
      id = id:sub(2)
      local means, line = MEANS[id], object:line(at) or ""
      local dead = object:comment(at) or is_choice(line:sub(1, 400))
      local here = not means[2] or means[2][object.kind]
      if here and not dead and not seen[id] and (not id:find("random", 1, true) or is_secret(object, at)) then
        seen[id] = true
        local shown = id:find("random", 1, true) and line:sub(1, 100) or object:bytes(at, math.min(length, 100))
        local words = means[1] .. ": " .. shown:match("^%s*(.-)%s*$")
        found.noted { key = noted.key(id, words), at = at, length = length, words }
      end
    end
  end,

  product = function(product, found)
    local places = 0
    for o, f in noted.each(product, OWN, { "script" }) do
      local id, words = noted.split(f.key)
      words = not hints.discounted(o.path) and words or nil -- passwords of tests and examples protect nothing
      local library = words and not id:find("random", 1, true) and is_library(product:declared(o))
      places = places + 1
      if words and places <= PLACES then
        local raise = library and found.offered or words:find("^HMAC") and found.mac or found.weak
        raise { key = words, object = o, at = f.at, excerpt = words, words } -- the same words in many files are one
      end
    end
  end,
}
