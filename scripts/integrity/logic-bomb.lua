local NEAR = 400 -- bytes between a date and what happens then

-- What ends a loop, or lets others run.
local ENDS = { "await", "break", "return", "yield", "sleep", "throw", "setTimeout" }

local function endless(object, at, length)
  local body = object:bytes(at, math.min(length + 200, 1000))
  for _, word in ipairs(ENDS) do
    if body:find(word, 1, true) then
      return false
    end
  end
  return true
end

-- In other languages than the shell's it is a text, unless its line hands it to one.
local HANDS = { "exec", "system", "spawn", "popen", "run(", "Popen", "sh " }

local function is_started(object, at)
  if object.kind == "shell" then
    return true
  end
  local line = object:line(at) or ""
  for _, word in ipairs(HANDS) do
    if line:find(word, 1, true) then
      return true
    end
  end
  return false
end

-- Does a pattern hit near a place, neither of them in a comment?
local function beside(object, at, id)
  for other in object:hits(id) do
    if math.abs(other - at) <= NEAR and not object:comment(at) and not object:comment(other) then
      return true
    end
  end
  return false
end

---@type probity.Check
return {
  title       = "Logic bomb",
  why         = "Code that waits for a day to destroy something, or that hangs whoever loads it, is a weapon, whatever the reason was.",
  confirm     = [[Read the code at the offset in the evidence: the condition, then what it does. Run it in a machine
    that can be thrown away under `faketime DATE`, before and behind the date.]],
  catalogue   = "I-17",
  claim       = "conditional-behaviour",
  severity    = "high",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "javascript", "typescript", "python", "shell" },
  looks       = [[
    strings:
      $js_date = /\bnew Date\(["']20[2-9][0-9]-[^"'\n]{2,30}["']\)/
      $js_now = /\bDate\.now\(\)\s{0,2}[<>]=?\s{0,2}(1[6-9]|2[0-9])[0-9]{11}\b/
      $js_year = /\.getFullYear\(\)\s{0,2}[<>=]{1,3}\s{0,2}20[2-9][0-9]\b/
      $py_date = /\bdatetime\(20[2-9][0-9],/
      $py_now = /\btime\.time\(\)\s{0,2}[<>]=?\s{0,2}1[6-9][0-9]{8}\b/
      $sh_date = /\$\(date \+%(s|Y%m%d)\)["']?\s{0,2}-(gt|ge)\s{0,2}["']?[0-9]{8}/
      $destroy = /\b(rmSync|rmdirSync|unlinkSync|rmtree|removeSync)\(|\brm -(rf|fr) |\bDROP (TABLE|DATABASE)\b|\bmkfs\.[a-z]/
      $kills = /\b(rm -rf|rmdir \/s|shutdown -[hrs]|del \/[fsq])[^"'`\n]{0,80}["'`]/
      $loop = /\bfor\s?\([^;()]{0,40};\s?[A-Za-z_$]{1,20}\s?<=?\s?Infinity;[^()]{0,20}\)\s?\{[^\x00]{0,300}console\.log\(/
      $while = /\bwhile\s?\((true|1|!0|!!\[\])\)\s?\{\s{0,80}(console\.log|alert)\(/
      $forks = /:\(\)\s?\{\s?:\s?\|\s?:\s?&\s?\}\s?;\s?:/
    condition:
      (any of ($js_*, $py_*, $sh_*) and ($destroy or $kills)) or $loop or $while or $forks
  ]],
  findings    = {
    dated = {
      says = "removes data beside a fixed date",
      fix = "Remove it. A licence that ends has to say so, and must not touch the user's data.",
      reliability = "heuristic",
    },
    kills = {
      says = "has commands that remove files or stop the machine beside a fixed date",
      fix = "Remove it.",
    },
    hangs = {
      says = "prints without end as soon as this is reached",
      fix = "Remove it. Users: take the version before.",
    },
    forks = {
      says = "starts itself without end",
      fix = "Remove it.",
    },
  },
  maps        = { "paris:P5", "cwe:511", "attack:T1480", "req:R3" },
  samples     = {
    hit = { kills = { "commands.js" }, "dated.js", "hangs.js", "dated.py", "year.js", "forks.py" },
    clean = { "expires.js", "serves.js", "text.py" },
  },

  object = function(object, found)
    for _, id in ipairs { "$js_date", "$js_now", "$js_year", "$py_date", "$py_now", "$sh_date" } do
      for at, length in object:hits(id) do
        local certain = object.kind ~= "shell" and beside(object, at, "$kills")
        if certain or beside(object, at, "$destroy") then
          found[certain and "kills" or "dated"] { key = object.sha256, at = at, length = length }
          goto loops
        end
      end
    end
    ::loops::
    for _, id in ipairs { "$loop", "$while" } do
      for at, length in object:hits(id) do
        if not object:comment(at) and endless(object, at, length) then
          found.hangs { key = object.sha256, at = at, length = length }
          break
        end
      end
    end
    for at, length in object:hits("$forks") do
      if is_started(object, at) and not object:comment(at) then
        found.forks { key = object.sha256, at = at, length = length }
        break
      end
    end
  end,
}
