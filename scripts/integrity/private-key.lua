local pem = require "probity.pem"

-- A library that implements public-key cryptography carries keys to test itself when it starts (known-answer tests): published,
-- good for nothing else, and of several algorithms. Only all of that together is taken for it.
local function has_self_test(object, keys, kinds)
  return object.class == "binary" and keys >= 3 and kinds >= 2 and object:count("$selftest") > 0
end

-- Keys that libraries carry to try at their start what the system's cryptography can do; published, and good for nothing else.
local PUBLISHED = {
  ["b73968ba56e2416630b209e9633986d9a50f0dbe67609910913252e2abd7f8ef"] = true, -- ssh2: is there Ed25519?
}

---@type probity.Check
return {
  title       = "Private key inside the product",
  why         = "Whoever downloads the product owns the key, and every installation shares it.",
  confirm     = [[Cut it out at its offset and let it be read: `openssl pkey -in KEY -noout -text` or `ssh-keygen -y
    -f KEY`. `openssl pkey -in KEY -pubout` gives the public half to search certificates and known hosts for.]],
  catalogue   = "I-09",
  claim       = "credentials",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "binary", "script", "text", "data" }, -- what an archive holds is looked at by itself
  looks       = [[
    strings:
      $pem = /-----BEGIN ([A-Z0-9]{1,12} ){0,2}PRIVATE KEY-----/
      $selftest = /self[-_]?test/ nocase
    condition:
      $pem and #selftest >= 0
  ]],
  findings    = {
    key = {
      says = "%s, readable by everybody who has the product (SHA-256 of the key %s...)",
      fix = "Withdraw the key. Generate keys on the device or at installation, one for each.",
    },
    encrypted = {
      says = "%s under a passphrase (SHA-256 %s...): whoever has the product can try passphrases for ever",
      fix = "Withdraw the key, and do not ship keys, not even encrypted ones.",
      severity = "medium",
    },
    selftest = {
      says = "%s among the self-test vectors of a cryptographic library (SHA-256 %s...)",
      fix = "Nothing to do if it is a published test vector that protects nothing.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:I.2.e", "etsi:5.4-3", "cwe:321", "attack:T1552.004", "req:R6" },
  samples     = {
    hit = { "server.pem", "embedded.py", "encrypted.pem", "openssh-key" },
    clean = { "marker-only.c", "public.pem", "bad-body.pem" },
  },

  object = function(object, found)
    local keys, kinds, seen = {}, 0, {}
    for at in object:hits("$pem") do
      local key = pem.decode(object, at) -- nil where the body does not parse: a marker is no key
      if key and key.private then
        keys[#keys + 1] = { at = at, key = key }
        if not seen[key.kind] then
          seen[key.kind] = true
          kinds = kinds + 1
        end
      end
    end
    local selftest = has_self_test(object, #keys, kinds)
    for _, k in ipairs(keys) do
      local key = k.key
      local published = selftest or PUBLISHED[key.fingerprint]
      local raise = published and found.selftest or key.encrypted and found.encrypted or found.key
      raise {
        key = key.fingerprint,
        at = k.at,
        length = key.length,
        excerpt = "-----BEGIN " .. key.kind .. "----- ...",
        kappa = (published or object:comment(k.at)) and 200 or nil,
        key.kind,
        key.fingerprint:sub(1, 16),
      }
    end
  end,
}
