local hints = require "probity.hints"
local noted = require "lib.noted"

local OWN = "data-care.tls-verification-off"

-- Words before a switch which say that somebody chooses: then it is an option and no fixed state.
local CHOICE = { "verify", "insecure", "strictssl", "strict_ssl", "skipverif", "skip_verif", "skip-verif", "noverify", "no_verify",
  "verify_ssl", "verifyssl", "ssl_verify", "sslverify", "selfsigned", "self_signed", "self-signed", "option", "config", "argv", "args",
  "env", "setting", "param", "allow" }

-- Python's `verify` set to False means something else in a call that has nothing to do with HTTP.
local HTTP_IN_PYTHON = { "requests", "httpx", "aiohttp", "urllib3", "session.", "client.", ".get(", ".post(", ".put(", ".request(" }

local NEAR = 160

-- Who measures or attacks others by its purpose talks to whoever answers, and says so.
local PROBES = { "benchmark", "benchmarking", "loadtest", "scanner", "scanning", "sniffer",
  "pentest", "pentesting", "penetration", "fuzzer",
  "fuzzing", "mitm", "exploitation" }

local function probes(product, o)
  local about = product:declared(o) and product:declared() -- a library's own metadata and those of the package around it
  local words = about and about.words or {}
  for _, word in ipairs(PROBES) do
    if words[word] then
      return word
    end
  end
  return words.load and (words.testing or words.tester or words.generator) and "load" or nil
end

local function has_any(line, words)
  for _, word in ipairs(words) do
    if line:find(word, 1, true) then
      return true
    end
  end
  return false
end

-- What stands before a hit: its line, or a part of it where lines are long (minified code), and up to two lines above.
local function before(object, at)
  local from = math.max(0, at - NEAR)
  local code = object:bytes(from, at - from):lower()
  return code:match("([^\n]*\n?[^\n]*\n?[^\n]*)$") or code
end

local function has_condition(code)
  return code:find("%f[%a]if%f[%A]") ~= nil or code:find("%f[%a]else%f[%A]") ~= nil or code:find("%f[%a]elif%f[%A]") ~= nil
    or code:find("%f[%a]elsif%f[%A]") ~= nil or code:find("%f[%a]unless%f[%A]") ~= nil or code:find("%f[%a]case%f[%A]") ~= nil
    or code:find("&&", 1, true) ~= nil or code:find("?", 1, true) ~= nil
end

-- Is the switch in a branch that somebody decides? The line itself, or the one above that opens its block; a condition further
-- up counts where its words speak of the check.
local function is_choice(object, at)
  local code = before(object, at)
  if code:find("%f[%a]var%s+$") or code:find("%f[%a]let%s+$") then
    return true -- where it starts; the code that follows decides
  end
  if has_condition(code) and has_any(code, CHOICE) then
    return true
  end
  local above, line = code:match("([^\n]*)\n%s*([^\n]*)$")
  return has_condition(line or code) or (above ~= nil and above:find("[:{)]%s*$") ~= nil and has_condition(above))
end

-- A server that asks itself (is it up, does its own certificate work) learns from nobody else.
local ITSELF = { "home_url(", "site_url(", "admin_url(", "localhost", "127.0.0.1", "[::1]" }

local function asks_itself(object, at)
  local from = math.max(0, at - 480)
  return has_any(object:bytes(from, at - from), ITSELF)
end

-- Some words mean this in one language only, or in calls that speak HTTP only.
local function is_meant(object, id, at)
  if not id:find("^%$py_") then
    return true
  elseif object.kind ~= "python" then
    return false
  elseif id == "$py_none" then
    return object:bytes(math.max(0, at - 5), math.min(at, 5)) ~= "self." -- a class that stands in for Python's own
  elseif id == "$py_session" then
    return object:find("\\b(requests|httpx)\\b") ~= nil
  elseif id ~= "$py_requests" then
    return true
  end
  local line = object:line(at) or ""
  return not line:find("^%s*def%s") and has_any(line:lower(), HTTP_IN_PYTHON)
end

---@type probity.Check
return {
  title       = "Certificates are not checked",
  why         = "A connection is encrypted, but to whom? Anybody on the way can pose as the server, read along and change what is sent.",
  confirm     = [[Read the code at the offset in the evidence. Put a proxy with a certificate of its own before the
    product (`mitmproxy` or `openssl s_server`): a product that checks refuses to go on.]],
  catalogue   = "D-15",
  claim       = "tls",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script" },
  looks       = [[
    strings:
      $node = /\brejectUnauthorized["']?[ \t]*[:=][ \t]*(false|!1|0)\b/
      $node_env = /NODE_TLS_REJECT_UNAUTHORIZED["']?\]?[ \t]*=[ \t]*["']?0\b/
      $py_requests = /[,( \t]verify[ \t]*=[ \t]*False\b/
      $py_session = /\.verify[ \t]*=[ \t]*False\b/
      $py_context = /\bssl\._create_unverified_context\b|\b_create_default_https_context[ \t]*=[ \t]*ssl\._create_unverified/
      $py_none = /\bverify_mode[ \t]*=[ \t]*(ssl\.)?CERT_NONE\b|\bcert_reqs[ \t]*=[ \t]*["']?(ssl\.)?CERT_NONE\b/
      $curl_opt = /\bCURLOPT_SSL_VERIFY(PEER|HOST)["']?[ \t]*(,|=>|\]?[ \t]*=)[ \t]*\(?(0L?|false|FALSE|False)\b/
      $php_array = /["'](sslverify|verify_peer|verify_peer_name)["'][ \t]*=>[ \t]*(false|FALSE|0)\b/
      $go = /\bInsecureSkipVerify[ \t]*[:=][ \t]*true\b/
      $ruby = /\bOpenSSL::SSL::VERIFY_NONE\b/
      $perl = /\b(SSL_verify_mode|verify_hostname)["']?[ \t]*=>?[ \t]*["']?(0|(IO::Socket::SSL::)?SSL_VERIFY_NONE)\b/
      $java = /\b(TrustAllCert(s|ificates)|TrustEverything[T]rustManager|ALLOW_ALL_[H]OSTNAME_VERIFIER|NoopHostnameVerifier\.INSTANCE)\b/
      $dotnet = /ServerCertificate(Custom)?ValidationCallback[ \t]*\+?=[^;\n]{0,120}(=>[ \t]*true\b|return true;)/
      $shell_curl = /\bcurl[ \t]([^|;&\n#]{0,200}[ \t])?(-[a-zA-Z]{0,6}k[a-zA-Z]{0,6}|--insecure)([ \t]|$|\n)/
      $shell_wget = /\bwget[ \t][^|;&\n#]{0,200}--no-check-certificate\b/
      $git = /\bhttp\.sslVerify[ \t=]+["']?(false|0)\b|\bGIT_SSL_NO_VERIFY=["']?(1|true)\b/
      $npm = /\bstrict-ssl[ \t=]+["']?false\b/
      $ps = /[ \t]-SkipCertificateCheck\b/ nocase
    condition:
      any of them
  ]],
  findings    = {
    off = {
      says = "does not check who answers: %s",
      fix = "Leave the check on; trust a private authority by its certificate (ca option) instead of trusting everybody.",
    },
    probe = {
      says = "does not check who answers: %s; it is for measuring or testing others (%s)",
      fix = "Say in the documentation that nothing secret may go there; offer a way to check.",
      severity = "medium",
    },
    itself = {
      says = "does not check who answers where it asks itself: %s",
      fix = "Give it its own certificate to check by; see that the address cannot come from somebody else.",
      severity = "low",
      reliability = "heuristic",
    },
    option = {
      says = "lets a setting turn off the check of who answers: %s",
      fix = "Offer a way to trust one more authority instead; warn where the check is turned off.",
      severity = "low",
      reliability = "heuristic",
    },
    noted = {
      says = "%s",
      fix = "Leave the check on.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.e", "etsi:5.5-1", "cwe:295", "gdpr:32", "req:R7" },
  samples     = {
    hit = { "client.js", "client.py", "client.php", "fetch.sh", "option.js", "session.py",
      probe = { "load-tester" }, itself = { "own-site.php" } },
    clean = { "checked.js", "comment.py", "other-verify.py", "kill.sh" },
  },

  object = function(object, found)
    for at, length, id in object:hits() do
      if is_meant(object, id, at) and not object:comment(at) then
        local what = object:bytes(at, math.min(length, 120)):match("^%s*(.-)%s*$")
        local how = is_choice(object, at) and "option" or asks_itself(object, at) and "itself" or "off"
        found.noted { key = noted.key(how, id:sub(2)), at = at, length = length, what }
      end
    end
  end,

  -- A test talks to a server that it has just made, with a certificate that nobody vouches for.
  product = function(product, found)
    for o, f in noted.each(product, OWN, { "script" }) do
      local how, id = noted.split(f.key)
      local option = how == "option" or hints.discounted(o.path)
      local itself = how == "itself" and not option
      local word = not option and not itself and probes(product, o) or nil
      local raise = option and found.option or itself and found.itself or word and found.probe or found.off
      raise { key = id .. ":" .. o.sha256:sub(1, 32), object = o, at = f.at, length = f.length, excerpt = f.says, f.says, word }
    end
  end,
}
