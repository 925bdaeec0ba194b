local text = require "probity.text"

local MANY = 25 -- keys, digests and pictures are single texts
local SOME = 12 -- where so many are, and most of all texts
local LOOKED_AT = 20000
local DECODES = { "System.Convert.FromBase64String" }
local UNDOES = { "System.IO.Compression.DeflateStream", "System.IO.Compression.GZipStream",
  "System.Security.Cryptography.RijndaelManaged",
  "System.Security.Cryptography.Aes", "System.Security.Cryptography.Aes.Create",
    "System.Security.Cryptography.SymmetricAlgorithm.CreateDecryptor",
  "System.Security.Cryptography.DESCryptoServiceProvider",
    "System.Security.Cryptography.TripleDESCryptoServiceProvider" }
local REACHES = { "System.Net.WebClient", "System.Net.HttpWebRequest", "System.Net.WebRequest.Create",
  "System.Net.Sockets.TcpClient",
  "System.Net.Http.HttpClient", "System.Net.Sockets.Socket.Connect", "System.Net.Dns.GetHostAddresses",
    "System.Net.Dns.GetHostEntry",
  "System.Diagnostics.Process.Start", "System.Reflection.Assembly.Load" }

local function first(asks, names)
  for _, name in ipairs(names) do
    if asks[name] then
      return name
    end
  end
  return nil
end

-- Letters of base64, and whether they stand for no text: words have no mixture of capitals, digits and signs.
local function encoded(s)
  if #s < 12 or #s > 2000 or #s % 4 ~= 0 or not s:find("^[%w+/]+=?=?$") then
    return false
  end
  if not (s:find("%u") and s:find("%l") and s:find("[%d+/=]")) then
    return false
  end
  local bytes = text.base64_decode(s)
  return bytes ~= nil, bytes ~= nil and bytes:find("[^\t\r\n -~]") ~= nil
end

---@type probity.Check
return {
  title       = "Program of .NET whose texts are encoded",
  why         = "Names of hosts, programs and settings that are encoded one by one are hidden from whoever reads the program.",
  confirm     = [[Open it in a decompiler (`ilspycmd OBJECT`, `monodis OBJECT`), find the method that is called on the
    long texts, and decode one of them by hand, without running it.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "pe" },
  looks       = [[
    strings:
      $decodes = "FromBase64String"
    condition:
      $decodes
  ]],
  findings    = {
    hidden = {
      says = "%d of its texts are encoded, and it decodes them (%s) and reaches out (%s)",
      fix = "Ship the texts as they are. Users: ask what they say.",
    },
  },
  maps        = { "paris:P5", "cwe:506", "attack:T1027", "req:R2" },
  samples     = { hit = { "hidden.dll" }, clean = { "plain.dll" } },

  object = function(object, found)
    local asks, dotnet = object.facts.asks or {}, object.facts.dotnet
    local undoes, reaches = first(asks, UNDOES), first(asks, REACHES)
    if not dotnet or not first(asks, DECODES) or not reaches then
      return
    end
    local n, hidden, all = 0, 0, 0
    for i, s in ipairs(dotnet.user_strings or {}) do
      if i > LOOKED_AT then
        break
      end
      -- UTF-16 in display form: a NUL behind each letter.
      local plain = s:gsub("\\x00", "")
      all = all + (#plain >= 4 and 1 or 0)
      local letters, bytes = encoded(plain)
      n = n + (letters and 1 or 0)
      hidden = hidden + (bytes and 1 or 0)
    end
    if (undoes and hidden >= MANY) or (n >= SOME and 3 * n >= 2 * all) then
      found.hidden { key = object.sha256, n, undoes or DECODES[1], reaches }
    end
  end,
}
