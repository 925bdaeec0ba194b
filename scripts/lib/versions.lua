--- Orders of versions by ecosystem, as OSV names them: what `probity.version` has, and those of Maven, RubyGems, NuGet and Alpine.
---
--- versions.order("PyPI") is a function(a, b): -1, 0, 1, or nil where one of them is no such version; nil for an ecosystem whose order is
--- not known. "Debian:12" is ordered as "Debian".

local version = require "probity.version"

local versions = {}

-- Numbers and words, as they follow one another: "1.2-rc3" is 1, 2, "rc", 3. Leading zeros do not count.
local function pieces(text)
  local out = {}
  for digits, letters in text:lower():gmatch("(%d*)(%a*)") do
    if digits ~= "" then
      digits = digits:gsub("^0+(%d)", "%1")
      out[#out + 1] = { digits = digits }
    end
    if letters ~= "" then
      out[#out + 1] = { word = letters }
    end
  end
  return out
end

local function sign(a, b)
  return a == b and 0 or a < b and -1 or 1
end

-- Digits of any length, by their value.
local function by_value(a, b)
  if #a ~= #b then
    return sign(#a, #b)
  end
  return sign(a, b)
end

local MAVEN = { alpha = 1, a = 1, beta = 2, b = 2, milestone = 3, m = 3, rc = 4, cr = 4, snapshot = 5, [""] = 6, final = 6,
  ga = 6, release = 6, sp = 7 }
local ZERO = { digits = "0" }

-- A number is later than any word; of words, those that Maven knows come in its order, others behind them by letter.
local function maven_piece(x, y)
  x, y = x or (y.digits and ZERO or { word = "" }), y or (x.digits and ZERO or { word = "" })
  if x.digits and y.digits then
    return by_value(x.digits, y.digits)
  elseif x.digits or y.digits then
    return x.digits and 1 or -1
  end
  local a, b = MAVEN[x.word] or 8, MAVEN[y.word] or 8
  return a == 8 and b == 8 and sign(x.word, y.word) or sign(a, b)
end

-- RubyGems: words are earlier than numbers, and what is not there is 0.
local function gem_piece(x, y)
  x, y = x or ZERO, y or ZERO
  if x.digits and y.digits then
    return by_value(x.digits, y.digits)
  elseif x.digits or y.digits then
    return x.digits and 1 or -1
  end
  return sign(x.word, y.word)
end

-- Maven: zeros at the end, and before a word, say nothing: "1.0-rc1" is "1-rc1".
local function without_zeros(list)
  local out = {}
  for i, piece in ipairs(list) do
    out[#out + 1] = piece
    local following = list[i + 1]
    while (not following or following.word) and #out > 1 and out[#out].digits == "0" do
      out[#out] = nil
    end
  end
  return out
end

local function by_pieces(compare, shortened)
  return function(a, b)
    if not a:find("^[%w._+-]+$") or not b:find("^[%w._+-]+$") or not a:find("%d") or not b:find("%d") then
      return nil
    end
    local p, q = pieces(a), pieces(b)
    if shortened then
      p, q = shortened(p), shortened(q)
    end
    for i = 1, math.max(#p, #q) do
      local order = compare(p[i], q[i])
      if order ~= 0 then
        return order
      end
    end
    return 0
  end
end

-- "1.20" and Go's "1.21rc2" as semantic versions.
local function whole(v)
  v = v:gsub("^v", "")
  local front, rest = v:match("^(%d+%.?%d*)(.*)$")
  if front and not v:find("^%d+%.%d+%.") then
    front = front:find("%.") and front .. ".0" or front .. ".0.0"
    return front .. (rest:find("^%a") and "-" or "") .. rest
  end
  return v
end

local function semver(a, b)
  return version.semver.compare(whole(a), whole(b))
end

-- NuGet: up to four numbers, then as a semantic version.
local function nuget(a, b)
  if not a:find("^[%d.]+[-+%w.]*$") or not b:find("^[%d.]+[-+%w.]*$") then
    return nil
  end
  local p, q = a:match("^[%d.]+"), b:match("^[%d.]+")
  local order = p and q and by_pieces(gem_piece)(p, q)
  if not order or order ~= 0 then
    return order
  end
  return version.semver.compare("0.0.0" .. a:sub(#p + 1):lower(), "0.0.0" .. b:sub(#q + 1):lower())
end

-- Alpine: "_rc1" is before, "_p1" behind what has neither.
local function alpine(a, b)
  local function plain(v)
    return (v:gsub("_([abpr][lerc]%a*)", "~%1"):gsub("_", "+"))
  end
  return version.debian.compare(plain(a), plain(b))
end

local ORDERS = {
  ["npm"] = semver, ["crates.io"] = semver, ["Go"] = semver, ["Hex"] = semver, ["Pub"] = semver, ["SwiftURL"] = semver,
  ["PyPI"] = version.python.compare,
  ["Debian"] = version.debian.compare, ["Ubuntu"] = version.debian.compare, ["Echo"] = version.debian.compare,
  ["Red Hat"] = version.rpm.compare, ["Rocky Linux"] = version.rpm.compare, ["AlmaLinux"] = version.rpm.compare,
  ["SUSE"] = version.rpm.compare, ["openSUSE"] = version.rpm.compare, ["Fedora"] = version.rpm.compare,
  ["Maven"] = by_pieces(maven_piece, without_zeros), ["RubyGems"] = by_pieces(gem_piece), ["NuGet"] = nuget, ["Alpine"] = alpine,
}

--- The order of semantic versions, for ranges of the type SEMVER.
versions.semver = semver

function versions.order(ecosystem)
  return ORDERS[ecosystem:match("^[^:]*")]
end

return versions
