--- Files of accounts: passwd, shadow, htpasswd. Read only where all lines have the form: many things are called passwd.

local hash = require "probity.hash"
local lists = require "probity.lists"
local text = require "probity.text"

local accounts = {}

local MOST = 65536
local NO_LOGIN = { nologin = true, ["false"] = true, sync = true, shutdown = true, halt = true, ["true"] = true }

--- Strings for `looks`: what stands in every such file.
accounts.LOOKS = [[
    strings:
      $root = "root:"
      $zero = ":0:0:"
      $shell = ":/bin/"
      $days = ":99999:"
    condition:
      any of them
]]

local FIELDS = { passwd = { 7, 7 }, shadow = { 8, 9 } }

--- The accounts of a file called passwd or shadow, or nil where it is none: a list of `name`, `password` (the field as it is), `uid`
--- and `login` (may its shell be used? always true in shadow), `at`.
function accounts.read(object)
  local form = FIELDS[object.name]
  if not form or object.size > MOST then
    return nil
  end
  local list = {}
  for line, _, at in text.lines(object:bytes(0, MOST)) do
    if line ~= "" and not line:find("^[#+-]") then
      local fields = text.split(line, ":")
      if #fields < form[1] or #fields > form[2] or not fields[1]:find("^[%w_][%w_.$-]*$") then
        return nil
      end
      local passwd = object.name == "passwd"
      local uid = passwd and tonumber(fields[3]) or nil
      if passwd and not (uid and tonumber(fields[4])) or not passwd and fields[3] ~= "" and not tonumber(fields[3]) then
        return nil
      end
      list[#list + 1] = {
        name = fields[1],
        password = fields[2],
        uid = uid,
        login = not passwd or not NO_LOGIN[fields[7]:match("([^/]*)$")],
        at = at,
      }
    end
  end
  return #list > 0 and list or nil
end

--- Is this field a hash, which some password opens? "x", "*", "!" and what begins so are none.
function accounts.is_hash(field)
  return field:find("^%$[%w]+%$.+%$.") ~= nil or field:find("^_[%w./]+$") ~= nil and #field == 20
    or #field == 13 and field:find("^[%w./]+$") ~= nil
end

local COMMON = { "admin", "root", "password", "1234", "12345", "123456", "toor", "pass", "user", "default", "system", "guest", "" }

-- By user, the published passwords; and all of them.
local published, every = {}, {}
do
  local seen = {}
  for row in lists.rows("default-credentials") do
    local user, password = row.login:match("^(%S+) (.*)$")
    if user then
      local low = user:lower()
      published[low] = published[low] or {}
      table.insert(published[low], password)
      if not seen[password] then
        seen[password] = true
        every[#every + 1] = password
      end
    end
  end
end

-- Apache's own variant of MD5-crypt: 1,000 rounds, and another magic word.
local function apr1(password, salt)
  local bytes = hash.raw("md5", password .. salt .. password)
  local first = { password, "$apr1$", salt }
  for i = #password, 1, -16 do
    first[#first + 1] = bytes:sub(1, math.min(16, i))
  end
  local n = #password
  while n > 0 do
    first[#first + 1] = n & 1 ~= 0 and "\0" or password:sub(1, 1)
    n = n >> 1
  end
  local last = hash.raw("md5", table.concat(first))
  for round = 0, 999 do
    local odd = round & 1 ~= 0
    last = hash.raw("md5", (odd and password or last) .. (round % 3 ~= 0 and salt or "") .. (round % 7 ~= 0 and password or "") ..
      (odd and last or password))
  end
  local letters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
  local out = {}
  local function put(value, count)
    for _ = 1, count do
      out[#out + 1] = letters:sub((value & 63) + 1, (value & 63) + 1)
      value = value >> 6
    end
  end
  local b = { last:byte(1, 16) }
  for _, t in ipairs { { 1, 7, 13 }, { 2, 8, 14 }, { 3, 9, 15 }, { 4, 10, 16 }, { 5, 11, 6 } } do
    put(b[t[1]] << 16 | b[t[2]] << 8 | b[t[3]], 4)
  end
  put(b[12], 2)
  return table.concat(out)
end

local function opens(password, field)
  local salt, sum = field:match("^%$apr1%$([^$]*)%$(.*)$")
  if salt then
    return apr1(password, salt) == sum
  end
  local sha = field:match("^{SHA}(.*)$")
  if sha then
    return text.base64_encode(hash.raw("sha1", password)) == sha
  end
  return hash.crypt(password, field)
end

--- The published default password that opens this hash, or nil; a second nil where nobody could try: `false` says that it was tried. Cheap
--- hashes are held against all passwords of the list, others against those of this user and the commonest.
function accounts.opened_by(user, field)
  local cheap = #field == 13 or field:find("^%$1%$") ~= nil or field:find("^{SHA}") ~= nil
  local tried, could = {}, false
  for _, list in ipairs { published[user:lower()] or {}, { user }, cheap and every or COMMON } do
    for i = 1, field:find("^%$y%$") and math.min(#list, 4) or #list do
      local password = list[i]
      if not tried[password] then
        tried[password] = true
        local answer = opens(password, field)
        if answer == nil then
          return nil
        elseif answer then
          return password
        end
        could = true
      end
    end
  end
  return could and false or nil
end

return accounts
