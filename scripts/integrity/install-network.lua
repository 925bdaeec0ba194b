local capabilities = require "lib.capabilities"
local commands = require "lib.commands"
local packages = require "lib.packages"

local OUTWARD = "net-connect"

-- Tools that fetch what the package's own release was built to, and nothing else.
local HELPERS = { ["prebuild-install"] = true, ["node-pre-gyp"] = true }

local INLINE = { "require('http", "require(\"http", "require('dns')", "require(\"dns\")", "require('net')", "fetch(", "urlopen(",
  "requests.", "urllib", "http.client", "socket.", "Net::HTTP", "LWP::", "HTTP::Tiny", "IO::Socket", "open-uri", "('http", "(\"http" }

-- Interpreters that take code behind such a word.
local CODE = { ["-c"] = true, ["-e"] = true, ["-r"] = true, ["--eval"] = true, ["-p"] = true }

-- Does the script hold what it fetches against a digest (rulesets/capabilities/digests.ini)? That the comparison is right, or is
-- always made, cannot be seen from here.
local COMPARES = { ["digest-compare"] = true, ["digest-compared"] = true, ["checksum-call"] = true, ["signature-check"] = true }

local function digest_checked(o)
  for _, entry in ipairs(o.facts.capabilities or {}) do
    if entry.capability == "crypto" and COMPARES[entry.by] and not entry.comment then
      return true
    end
  end
  return false
end

local function reaches(code)
  for _, word in ipairs(code and INLINE or {}) do
    if code:find(word, 1, true) then
      return word
    end
  end
  return nil
end

-- Code on a command line that reaches out: node -e "require('https')...".
local function inline(command)
  return reaches(commands.inline(command))
end

-- The same in a script of a shell: python3 -c "import urllib.request; ...".
local function handed_code(o)
  for _, call in ipairs(o.kind == "shell" and (o.facts.code or {}).calls or {}) do
    for i = 1, #call.args - 1 do
      local code = CODE[call.args[i]] and call.args[i + 1]
      local by = type(code) == "string" and reaches(code)
      if by then
        return call.name .. " " .. call.args[i] .. ": " .. by, call.at
      end
    end
  end
  return nil
end

-- A command line that a script of another language hands to a shell: what in it reaches for the network, and where.
local RUNS = { exec = true, execSync = true, system = true, popen = true, run = true, check_output = true, check_call = true }

local function handed(o)
  for _, call in ipairs(o.kind ~= "shell" and (o.facts.code or {}).calls or {}) do
    local line = RUNS[call.name:match("[%w_]+$")] and call.args[1]
    local by = type(line) == "string" and commands.network(line)
    if by then
      return by, call.at
    end
  end
  return nil
end

-- The file that shows network use, and by what: the script's own file, or one that it imports.
local function evidence(product, script, o)
  if script.path then
    local own = capabilities.find(o.facts, OUTWARD)
    if own then
      return o, own.by, own.at
    end
    local by, at = handed(o)
    if not by then
      by, at = handed_code(o)
    end
    if by then
      return o, by, at
    end
    for _, import in ipairs(o.facts.imports or {}) do
      local file = packages.import(product, o, import)
      local hop = file and capabilities.find(file.facts, OUTWARD)
      if hop then
        return file, hop.by, hop.at
      end
    end
  end
  return nil
end

---@type probity.Check
return {
  title       = "Install script that uses the network",
  why         = "What it fetches is in no digest and no review of the package, and may be different for everybody and tomorrow.",
  confirm     = [[Take the script out (`dpkg-deb -e PRODUCT DIR`, `rpm -qp --scripts PRODUCT`, scripts in
    package.json) and read the lines with curl, wget or fetch; install in a container without a network and see what
    fails.]],
  catalogue   = "I-13",
  claim       = "install",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "package" },
  findings    = {
    network = {
      says = "%s of %s reaches for the network (%s)",
      fix = "Ship what is needed inside the package; where it must be fetched, pin its digest and stop when it differs.",
    },
    checked = {
      says = "%s of %s reaches for the network (%s), and compares digests",
      fix = "Ship what is needed inside the package, or fetch it when the user first asks for it.",
      severity = "medium",
      reliability = "heuristic",
    },
    helper = {
      says = "%s of %s fetches a build of it (%s); nothing pins its digest",
      fix = "Ship the builds inside of packages, one for each system.",
      severity = "medium",
      reliability = "heuristic",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:494", "attack:T1105", "attack:T1195.002", "req:R3", "req:R25" },
  samples     = {
    hit = { "curl-command", "fetching-file", "imported-file", "digest-checked", "inline-code", "prebuilt", "postinst.deb",
      "inline.deb" },
    clean = { "local-build", "comment-only", "removal-only" },
  },

  product = function(product, found)
    for package, script, o in packages.scripts(product) do
      if packages.at_install(script) then
        local by = script.command and (commands.network(script.command) or inline(script.command))
        local file, at = o, nil
        if not by then
          file, by, at = evidence(product, script, o)
        end
        if by then
          local raise = HELPERS[by] and found.helper or digest_checked(file) and found.checked or found.network
          raise {
            key = packages.script_key(script),
            object = file,
            at = at,
            excerpt = script.command or by,
            script.name,
            packages.title(package),
            by,
          }
        end
      end
    end
  end,
}
