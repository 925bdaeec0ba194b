local purpose = require "lib.purpose"

-- A name that is given what a visitor sends, and further down is run: at most so many bytes apart.
local NEAR = 1500

local RUNS = { eval = true, assert = true, system = true, passthru = true, shell_exec = true, exec = true, popen = true,
  proc_open = true, create_function = true }

-- The variables that a visitor's values were put into.
local function inputs(object)
  local names = {}
  for at, length in object:hits("$php_given") do
    local name = not object:comment(at) and object:bytes(at, length):match("^%$([%w_]+)")
    if name then
      names[name] = at
    end
  end
  return names
end

-- Strings of `looks` that are only a part of something.
local PARTS = { ["$php_given"] = true, ["$php_run"] = true, ["$php_variable"] = true }

local TICKS = "`[^`\\n]{0,60}\\$\\w{1,30}[^`\\n]{0,60}`"

-- Are these backticks that run a command, and not those around a name in a text of SQL?
local function runs(object, at)
  local before = object:bytes(math.max(0, at - 200), math.min(200, at)):match("[^\n]*$")
  local _, quotes = before:gsub('"', "")
  return quotes % 2 == 0 and (before:find("[=(.;]%s*@?$") or before:find("%f[%a]echo%s*$") or before:find("%f[%a]print%s*$")
    or before:find("%f[%a]return%s*$") or before:find("^%s*@?$")) ~= nil
end

-- A function whose name a visitor gave ($f = $_GET[..]; $f($_GET[..])), a command in backticks with what a visitor gave.
local function by_name(object, names)
  if not next(names) then
    return nil
  end
  for at, length in object:hits("$php_variable") do
    local call = object:bytes(at, length)
    local given = names[call:match("^%$([%w_]+)")]
    if given and at > given and at - given <= NEAR and not object:comment(at) then
      return at, call
    end
  end
  for at, length in object:matches(TICKS) do
    local command = object:bytes(at, length)
    local given = names[command:match("%$([%w_]+)")]
    if given and at > given and at - given <= NEAR and not object:comment(at) and runs(object, at) then
      return at, command
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Page that runs what a visitor hands over",
  why         = "Whoever knows the address of such a page can do on the server whatever the server can.",
  confirm     = [[Read the code at the offset in the evidence: a value of a request ($_GET, $_POST, request.args) that
    reaches eval, system or exec. Try it with a plain word on a server of your own.]],
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "php", "script", "html", "text" },
  looks       = [[
    strings:
      $php_direct = /\b(eval|assert|system|passthru|shell_exec|exec|popen|proc_open)[ \t]?\([ \t]?@?\$_(POST|GET|REQUEST|COOKIE)/
      $php_coded = /\b(eval|assert|system|exec)[ \t]?\([ \t]?@?(base64_decode|gzinflate|str_rot13|hex2bin)[^\n;]{1,60}\$_[PGRC]/
      $php_stream = /\b(eval|assert|system|passthru|shell_exec)[ \t]?\([^\n;]{0,80}file_get_contents\([ \t]?['"]php:\/\/inpu[t]/
      $php_called = /\$_(POST|GET|REQUEST|COOKIE)[ \t]{0,4}\[[^\]\n]{1,40}\][ \t]{0,4}\([ \t]{0,4}@?\$_(POST|GET|REQUEST|COOKIE)/
      $php_modifier = /\bpreg_replace\([ \t]?['"][^'"\n]{1,60}\/[a-z]{0,4}e[a-z]{0,4}['"],[^\n;]{0,80}\$_(POST|GET|REQUEST|COOKIE)/
      $php_header = /\b(eval|assert|zend_eval_string)[ \t]{0,4}\([^\n;]{0,60}HTTP_USER_AGENT[T]/
      $php_given = /\$\w{1,30}[ \t]{0,4}=[ \t]{0,4}[^\n;=]{0,60}\$_(POST|GET|REQUEST|COOKIE)[ \t]{0,4}\[/
      $php_run = /\b(eval|assert|system|passthru|shell_exec|popen|proc_open|create_function)[ \t]{0,4}\([^\n;]{0,60}\$\w{1,30}/
      $php_dynamic = /\$\w{1,30}[ \t]?\([ \t]?(base64_decode|gzinflate|hex2bin|str_rot13)[ \t]?\([ \t]?@?\$_(POST|GET|REQUEST|COOKIE)/
      $php_variable = /\$\w{1,30}[ \t]?\([ \t]?@?\$_(POST|GET|REQUEST|COOKIE)/
      $jsp = /getRuntime\(\)\.exec[ \t]{0,4}\([ \t]{0,4}request\.getParamete[r]/
      $asp = /\b(eval|execute)[ \t]{0,4}\([ \t]{0,4}request[ \t]{0,4}[.(\[]/ nocase
    condition:
      any of ($php_direct, $php_coded, $php_stream, $php_called, $php_modifier, $php_header, $php_dynamic, $jsp, $asp) or
      ($php_given and (#php_run >= 0 or #php_variable >= 0))
  ]],
  findings    = {
    page = {
      says = "%s can run what a visitor hands over: %s",
      fix = "Remove the page. Where something must be started, choose it from a fixed list, after the visitor has proved who that is.",
    },
    indirect = {
      says = "%s can run what a visitor hands over, by way of a variable: %s",
      fix = "Choose what is run from a fixed list; give what visitors send to no function that runs a text.",
      severity = "high",
      reliability = "heuristic",
    },
    admin = {
      says = "%s can run what a visitor hands over: %s; what it says of itself covers running programs (%s)",
      fix = "Say who may open the page, and let nobody else.",
      severity = "medium",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P5", "cra:I.2.d", "cwe:506", "cwe:912", "attack:T1505.003", "req:R3" },
  samples     = {
    hit = { "direct.php", "encoded.php", "called.php", "named.php", "chosen.php", "backticks.php", indirect = { "by-variable.php" } },
    clean = { "names-in-sql.php", "form.php", "fixed-list.php", "comment.php" },
  },

  object = function(object, found)
    for at, length, id in object:hits() do
      if not PARTS[id] and not object:comment(at) then
        found.note { at = at, says = object:bytes(at, math.min(length, 80)) }
        return
      end
    end
    local names = inputs(object)
    for _, call in ipairs(next(names) and (object.facts.code or {}).calls or {}) do
      local written = RUNS[call.name] and object:bytes(call.at, 80) or ""
      local name = written:match("^%$[%w_]+%s*%([^;\n]*%$([%w_]+)") -- $f($x), where $f is known
      if name and names[name] and call.at > names[name] and call.at - names[name] <= NEAR then
        found.note { at = call.at, says = call.name .. ": " .. written:match("^[^\n]*") }
        return
      end
    end
    local chosen, says = by_name(object, names)
    if chosen then
      found.note { at = chosen, says = says }
      return
    end
    for at, length in object:hits("$php_run") do
      local run = object:bytes(at, length)
      for name in (object:comment(at) and "" or run):gmatch("%$([%w_]+)") do
        if names[name] and at > names[name] and at - names[name] <= NEAR then
          found.note { at = at, says = run:sub(1, 80), indirect = true }
          return
        end
      end
    end
  end,

  product = function(product, found)
    for o in product:objects { noted = true } do
      local note, declared = o.notes[1], product:declared(o)
      local word = declared and note.indirect and purpose.covers(purpose.capabilities(declared, {}), "exec")
      local raise = word and found.admin or (note.indirect and found.indirect) or found.page
      raise { key = o.sha256, object = o, at = note.at, excerpt = note.says, o.basename, note.says, word }
    end
  end,
}
