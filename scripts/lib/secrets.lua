--- Values that are, or only stand for, a secret: what people write into templates, what random numbers look like, and how a secret is
--- shown without telling it.

local hints = require "probity.hints"
local text = require "probity.text"

local secrets = {}

-- Runs that no random number has, and that people type.
local TYPED = { "0123456", "1234567", "2345678", "7654321", "abcdef", "ABCDEF", "qwert", "asdf", "0000000", "xxx", "XXX", "AAAAAAA",
  "aaaaaaa", "........", "EXAMPLE", "FAKE", "fake", "TEST", "sample", "SAMPLE", "dummy", "DUMMY", "foobar", "YOUR", "your", "REPLACE",
  "secret", "SECRET", "token", "TOKEN", "password" }

-- Letters without a digit: drawn ones change between upper and lower case all the time, words do so where one begins.
local function mixed(value)
  local changes = 0
  for _ in value:gmatch("%l%u") do
    changes = changes + 1
  end
  return changes * 6 >= #value
end

--- Does the value look drawn at random: enough different characters for its length, digits among letters, nothing that people type?
--- alphabet: how many characters it could be made of (16 for hex, 62 by default).
function secrets.random(value, alphabet)
  if hints.placeholder(value) then
    return false
  end
  for _, typed in ipairs(TYPED) do
    if value:find(typed, 1, true) then
      return false
    end
  end
  local seen, distinct = {}, 0
  for c in value:gmatch(".") do
    if not seen[c] then
      seen[c] = true
      distinct = distinct + 1
    end
  end
  local least = (alphabet or 62) <= 16 and math.min(9, #value // 3) or math.min(16, #value // 2)
  return distinct >= least and value:find("%a") ~= nil and (value:find("%d") ~= nil or mixed(value))
end

-- What stands for a password in settings that are to be filled in.
local STAND_IN = { "^%$", "^<", "^%%", "^{", "^%[", "^@", "^&", "^!", "^%(", "^env[.:(]", "^os%.", "^process%.", "^ENC%(", "^vault:",
  "^file:",   "^%*+$", "^x+$", "^X+$", "^%.+$", "^_+$", "^%-+$", "^/", "^~/", "%$%{", "%$%(", "{{", "<%%" }

local WORDS = { yes = true, no = true, ["true"] = true, ["false"] = true, on = true, off = true, ask = true, prompt = true, auto = true,
  required = true, sufficient = true, optional = true, plain = true, md5 = true, crypt = true, bcrypt = true, clear = true, random = true,
  generate = true, disabled = true, enabled = true, str = true, int = true, bool = true, self = true, pass = true, unset = true,
  ["not set"] = true, ["-"] = true, any = true, always = true, never = true, ["123"] = true }

--- Why this value of a setting is no password that is really in use, or nil: empty, a placeholder, a variable, a word of a switch.
function secrets.stand_in(value)
  local low = value:lower()
  if value == "" or WORDS[low] then
    return "word"
  end
  for _, pattern in ipairs(STAND_IN) do
    if value:find(pattern) then
      return "template"
    end
  end
  return hints.placeholder(value)
end

--- A secret as a report may show it: its first letters.
function secrets.shown(value, letters)
  return value:sub(1, letters or 6) .. "..."
end

--- A key for findings: a digest, so that the report tells nobody the secret.
function secrets.key(value)
  return text.sha256(value):sub(1, 32)
end

return secrets
