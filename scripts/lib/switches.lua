--- Switches for telemetry: names of the environment by which users say no (or yes).

local switches = {}

--- What stands in such a name, as part of a YARA regular expression.
switches.WORDS = "(TELEMETR[Y]|ANALYTIC[S]|USAGE_STA[T]|DO_NOT_TRAC[K]|DONT_TRAC[K]|CHECKPOINT_DISABL[E]|AVOID_STAT[S]|" ..
  "DISABLE_TRACKIN[G]|NO_TRACKIN[G]|DISABLE_METRIC[S]|NO_METRIC[S]|SEND_METRIC[S]|CRASH_REPOR[T])"

-- Words that make a name a switch.
local DECIDES = { DISABLE = true, DISABLED = true, NO = true, OPTOUT = true, OPTIN = true, OPT = true, SKIP = true, OFF = true,
  ENABLE = true, ENABLED = true, AVOID = true, NOT = true, DONT = true, SEND = true, ALLOW = true }

local KNOWN = { ["DO_NOT" .. "_TRACK"] = true, ["DONT" .. "_TRACK"] = true, ["CHECKPOINT" .. "_DISABLE"] = true }

local function decides(name)
  if KNOWN[name] then
    return true
  end
  for part in name:gmatch("[^_]+") do
    if DECIDES[part] then
      return true
    end
  end
  return false
end

-- Analytics can be what a product is for: there the name has to be one for a choice, or for nothing else.
local function speaks(name)
  return decides(name) or name:find("TELEMETR[Y]") ~= nil or name:find("ANALYTIC[S]$") ~= nil
    or name:find("USAGE_STA[T]") ~= nil
end

-- The whole name around a hit, and where it begins; nil where it is written in another way than names of the environment are.
local function whole(object, at, length)
  local from = math.max(0, at - 48)
  local before = object:bytes(from, at - from):match("[%u%d_]*$")
  local after = object:bytes(at + length, 32):match("^[%u%d_]*")
  local name = before .. object:bytes(at, length) .. after
  local around = (at - #before > 0 and object:bytes(at - #before - 1, 1) or "") .. object:bytes(at + length + #after, 1)
  if around:find("%l") or not name:find("^%u.*_") then
    return nil
  end
  return name, at - #before
end

-- Is it set here, for another program? "X: '1'", "X=1"; not where a sentence tells people to.
local function is_set(object, at, name)
  local after = object:bytes(at + #name, 100)
  if after:find("^[\"'%]]*%s*=[=~]") or after:lower():find("opt.?out") or after:lower():find("to disable") then
    return false
  end
  return after:find("^[\"'%]]*%s*[:=]%s*[\"']?%w") ~= nil
end

-- Is it read out of the environment?
local function is_read(object, at, name)
  for _, read in ipairs(object.facts.code and object.facts.code.environment or {}) do
    if read == name then
      return true
    end
  end
  local from = math.max(0, at - 32)
  local before = object:bytes(from, at - from)
  return before:find("[Ee][Nn][Vv][%w_]*[%s%.%[%(\"'`:?]*$") ~= nil or (object.kind == "shell" and before:find("%${?$") ~= nil)
end

local WHOLE = { "DO_NOT_TRAC[K]", "CHECKPOINT_DISABL[E]", "TELEMETR[Y]_DISABLE", "TELEMETR[Y]_OPT_?OUT", "DISABLE_TELEMETR[Y]",
  "NO_TELEMETR[Y]", "NO_ANALYTIC[S]", "DISABLE_ANALYTIC[S]", "ANALYTIC[S]_DISABLED" }

-- In machine code texts stand without what reads them, and Go's without an end: only what is long enough to be nothing else.
local function in_binary(name)
  for _, word in ipairs(WHOLE) do
    if name:find(word) then
      return true
    end
  end
  return false
end

--- Those that an object names outside of comments, each once: a list of { name, at, reads }. It must have them in the string
--- $switch of its check's `looks`. reads: its code goes by it (and does not only set it, for another program). most: hits that
--- are looked at.
function switches.all(object, most)
  local list, seen = {}, {}
  for at, length in object:hits("$switch") do
    most = most - 1
    if most < 0 then
      break
    end
    local name, from = whole(object, at, length)
    if name and not seen[name] and not object:comment(at) then
      local reads
      if object.class == "binary" then
        reads = in_binary(name)
        name = name:sub(1, 64)
      else
        reads = not is_set(object, from, name) and speaks(name)
          and (is_read(object, from, name) or (decides(name) and name:find("TELEMETR[Y]") ~= nil))
      end
      seen[name] = true
      list[#list + 1] = { name = name, at = from, reads = reads }
    end
  end
  return list
end

return switches
