local settings = require "lib.settings"

-- Names of versions that nobody should speak any more, as settings write them.
local OLD = { sslv2 = true, sslv3 = true, tlsv1 = true, ["tlsv1.0"] = true, ["tlsv1.1"] = true, ["tls1.0"] = true, ["tls1.1"] = true }

-- Words of cipher lists that give no secrecy, or do not say who answers.
local WEAK = { anull = true, enull = true, ["null"] = true, adh = true, aecdh = true, exp = true, export = true, export40 = true,
  export56 = true, rc4 = true, des = true, low = true, ["rc4-md5"] = true, ["rc4-sha"] = true, ["des-cbc3-sha"] = true }

-- "ssl_protocols TLSv1 TLSv1.2" of nginx, "SSLProtocol +TLSv1" of Apache: the old one that is switched on, not off by "-" or "!".
local function old_version(rest)
  for sign, word in rest:gmatch("([-+!]?)([%w.]+)") do
    if OLD[word:lower()] and sign ~= "-" and sign ~= "!" then
      return word
    end
  end
  return nil
end

local function weak_cipher(rest)
  -- Lists of ciphers are written in capitals; what a program tells its users of the setting is a sentence.
  if not (rest:match("^[\"']?([%w_:!+@,.=-]+)") or ""):find("%u") then
    return nil
  end
  for word in rest:gmatch("[^%s:,;\"']+") do
    if WEAK[word:lower():gsub("^%+", "")] then
      return word
    end
  end
  return nil
end

local JUDGES = { ["$protocols"] = old_version, ["$ciphers"] = weak_cipher }

-- In a branch, a table of names or a comparison the version is one of several: nothing is set.
local function is_choice(line)
  return line:find("==", 1, true) or line:find("!=", 1, true) or line:find("case ", 1, true) or line:find("%f[%a]if%f[%A]") ~= nil
end

local OLDEST = [[["']?(SSLv[23]|TLSv1(\.[01])?|1\.[01]|None)["'; \t\r\n]/]]

---@type probity.Check
return {
  title       = "Old version of TLS, or ciphers that protect nothing",
  why         = "Versions before TLS 1.2 and anonymous or exportable ciphers can be broken by whoever sits on the way.",
  confirm     = [[Read the setting at the offset in the evidence, then try it: `openssl s_client -connect HOST:PORT
    -tls1_1` against a service of the product has to fail.]],
  catalogue   = "D-17",
  claim       = "tls",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text" },
  looks       = [[
    strings:
      $protocols = /(ssl_protocols|SSLProtocol|ssl\.enabled\.protocols|\.client\.protocols|sslEnabledProtocols)[ \t=:"]+[^\r\n#]{3,200}/
      $min = /(MinProtocol|ssl-min-ver|min_protocol(_version)?|tls-version-min|min_tls_version)[ \t]*[=: ][ \t]*]] .. OLDEST .. [[
      $level = /@SECLEVEL=[0]/
      $ciphers = /(ssl_ciphers|SSLCipherSuite|ssl-default-bind-ciphers|ssl_cipher_list|tls_ciphers)[ \t=:]+[^\r\n#]{3,600}/
      $node = /\bsecureProtocol["']?[ \t]*[:=][ \t]*["'](SSLv[23]|TLSv1|TLSv1_1)_(client_|server_)?method["']/
      $node_min = /\b(minVersion|DEFAULT_MIN_VERSION)["']?[ \t]*[:=][ \t]*["'](SSLv3|TLSv1|TLSv1\.[01])["']/
      $node_flag = /--tls-min-v1\.[01]/
      $python = /(ssl_version[ \t]*=[ \t]*|SSLContext\([ \t]*)(ssl\.)?PROTOCOL_(SSLv[23]|TLSv1|TLSv1_1)\b/
      $python_min = /\bminimum_version[ \t]*=[ \t]*(ssl\.)?TLSVersion\.(SSLv3|TLSv1|TLSv1_1|MINIMUM_SUPPORTED)\b/
      $go = /\bMinVersion[ \t]*[:=][ \t]*tls\.Version(SSL30|TLS10|TLS11)\b/
      $java = /SSLContext\.getInstance\([ \t]*"(SSLv[23]|TLSv1|TLSv1\.1)"/
      $java_set = /setEnabledProtocols\([^)\r\n]{0,60}"(SSLv3|TLSv1|TLSv1\.1)"/
      $curl = /CURLOPT_SSLVERSION[ \t]*(,|=>)[ \t]*(CURL_SSLVERSION_(SSLv[23]|TLSv1_[01])|[23]\b)/
      $shell = /--(sslv[23]|tlsv1\.[01]|secure-protocol=(SSLv[23]|TLSv1(_1)?))[ \t\r\n]/
      $dotnet = /SecurityProtocol[ \t]*=[ \t]*SecurityProtocolType\.(Ssl3|Tls|Tls11)\b/
      $ruby = /\bssl_version[ \t]*=[ \t]*:(SSLv[23]|TLSv1|TLSv1_1)\b/
      $perl = /\bSSL_version['"]?[ \t]*=>[ \t]*["'](SSLv[23]|TLSv1|TLSv1_1)["']/
    condition:
      any of them
  ]],
  findings    = {
    old = {
      says = "allows an old version of TLS or weak ciphers: %s",
      fix = "Ask for TLS 1.2 at least and leave the list of ciphers to the library; drop old devices' needs into a setting of their own.",
    },
    code = {
      says = "its code asks for an old version of TLS: %s",
      fix = "Ask for TLS 1.2 at least, or leave the version to the library.",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P1", "cra:I.2.e", "etsi:5.5-1", "cwe:326", "cwe:757", "gdpr:32", "req:R7" },
  samples     = {
    hit = { "nginx.conf", "client.js", "server.py", "main.go", "openssl.cnf", "fetch.sh" },
    clean = { "modern.conf", "commented.conf", "names.js", "switched-off.conf", "library.py", "sentence.conf" },
  },

  object = function(object, found)
    local seen = {}
    if object.class == "text" and not settings.is(object) then
      return -- documents tell how it is done
    end
    for at, length, id in object:hits() do
      local line = object:line(at) or ""
      local hit = object:bytes(at, length)
      local judge, setting = JUDGES[id], object.class == "text" or JUDGES[id] or id == "$min"
      local what = hit
      if judge then
        what = judge(hit:match("^[%w_.-]+[%s=:\"]+(.*)$") or "")
      end
      local other = id == "$shell" and not line:find("curl%s") and not line:find("wget%s")
      local dead = other or line:find("^%s*[#;]") or line:find("^%s*//") or object:comment(at) or is_choice(line)
      if what and not dead and not seen[id .. what] then
        seen[id .. what] = true
        local raise = setting and found.old or found.code
        what = what:match("^%s*(.-)%s*$"):sub(1, 120)
        raise { key = id:sub(2) .. ":" .. what, at = at, length = length, what } -- the same setting in many files is one
      end
    end
  end,
}
