-- Accounts of build services, containers and examples: they tell of nobody.
local NOBODY = {}
for name in ([[
  runner runneradmin runner-admin build builder builds buildd buildbot buildbuddy mockbuild jenkins travis circleci
  ubuntu root vsts vsts_agent appveyor user username users you yourname me myname name node docker gitpod codespace
  vagrant admin administrator conda linuxbrew pypa gitlab-runner teamcity bamboo azureuser azuredevops vscode devel
  developer dev test tester example foo bar default public shared app nobody someone somebody dummy worker ci cirrus
  semaphore drone bob alice jdoe joe john johndoe janedoe homebrew brew containeradministrator containeruser nixbld
  postgres pi debian fedora centos rustc nginx www www-data git home xxx yyy
]]):gmatch("%S+") do
  NOBODY[name] = true
end

local PLACES = 400 -- in one object: who wrote 400 paths wrote them below the same home

-- What follows is a path of somebody who builds: sources, objects, tools of the trade.
local SOURCE = {}
for ending in ([[
  c cc cpp cxx h hpp hh m mm rs go swift java kt py js ts jsx tsx mjs vue cs vb pas s asm o obj a so lib pdb scala
  ml hs d zig inl
]]):gmatch("%S+") do
  SOURCE[ending] = true
end

local function is_source(rest)
  local ending = rest:match("%.(%w+)$") or rest:match("%.(%w+)[:%s\"'?]")
  return ending ~= nil and SOURCE[ending:lower()] == true
end

local function judge(object, found, at, seen)
  local tail = object:cstring(at, 400) or ""
  local head, name, rest = tail:match("^([/\\%a:]-[/\\]+%a+[/\\]+)([%w_.-]+)[/\\]+([%g ]*)")
  if not name or seen[name] or NOBODY[name:lower()] or name:find("^[%d.]+$") then
    return
  end
  if object.name == ".map" then
    rest = rest:match("^[^\"]*")
  end
  if is_source(rest) then
    seen[name] = true
    found.home { key = name:lower(), at = at, length = #head + #name, head:gsub("\\\\", "\\") .. name }
  end
end

---@type probity.Check
return {
  title       = "Path of the machine on which it was built",
  why         = "It tells who built it and where, which helps nobody but attackers, and makes each build differ "
    .. "from the next.",
  confirm     = [[`strings -a OBJECT | grep -E '/home/|/Users/|/build/|C:.Users'` shows the paths; `readelf
    --debug-dump=info OBJECT | grep DW_AT_comp_dir` those in debugging data.]],
  catalogue   = "V-05",
  claim       = "reproducibility",
  severity    = "low",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "binary", "json" },
  looks       = [[
    strings:
      $unix = /\/(home|Users)\/[A-Za-z_][A-Za-z0-9_.-]{0,30}\//
      $windows = /[A-Za-z]:[\/\\]{1,2}Users[\/\\]{1,2}[A-Za-z_][A-Za-z0-9_.-]{0,30}[\/\\]/
    condition:
      any of them
  ]],
  findings    = {
    home = {
      says = "holds paths of the machine on which it was built, below %s",
      fix = "Build with -ffile-prefix-map (Go: -trimpath, Rust: --remap-path-prefix), and with sourceRoot in source "
        .. "maps.",
    },
  },
  maps        = { "paris:P6", "cwe:209", "req:R27" },
  samples     = {
    hit = { "program", "bundle.js.map" },
    clean = { "built-by-service", "settings.json", "names-a-folder" },
  },

  object = function(object, found)
    if object.class ~= "binary" and object.name ~= ".map" then
      return
    end
    local seen, left = {}, PLACES
    for at in object:hits() do
      judge(object, found, at, seen)
      left = left - 1
      if left == 0 then
        return
      end
    end
  end,
}
