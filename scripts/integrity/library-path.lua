-- Where anybody may put a library.
local OPEN = { "/tmp", "/var/tmp", "/dev/shm", "/run/shm", "/private/tmp" }
-- Folders of whoever built it: on another machine they belong to somebody else, or to nobody yet.
local BUILD = { "/home", "/root", "/build", "/Users", "/usr/src", "/workspace", "/builds", "/github" }

local function below(path, folders)
  for _, folder in ipairs(folders) do
    if path == folder or path:sub(1, #folder + 1) == folder .. "/" then
      return true
    end
  end
  return false
end

-- Which finding an element of the search path deserves, or nil.
local function judge(element)
  if element == "" or element == "." or (not element:find("^/") and not element:find("^%$") and not element:find("^@")) then
    return "relative"
  elseif below(element, OPEN) then
    return "open"
  elseif below(element, BUILD) then
    return "build"
  end
  return nil
end

---@type probity.Check
return {
  title       = "Unsafe search path for libraries",
  why         = "Whoever can put a file into a folder where a program looks for its libraries decides what that program does.",
  confirm     = [[Read the search path: `readelf -d OBJECT | grep -E 'RPATH|RUNPATH'`, and see with `ls -ld` who may
    write to each of its folders on an installation.]],
  catalogue   = "I-41",
  claim       = "search-path",
  severity    = "medium",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "elf" },
  findings    = {
    relative = {
      says = "looks for libraries in the folder that it is started in (search path \"%s\")",
      fix = "Remove empty and relative elements of the search path; $ORIGIN is the folder of the program.",
    },
    open = {
      says = "looks for libraries in %s, where anybody may write",
      fix = "Remove it from the search path.",
    },
    build = {
      says = "looks for libraries in %s, a folder of whoever built it",
      fix = "Remove the path when it is installed (chrpath, patchelf, CMAKE_SKIP_RPATH).",
      severity = "low",
    },
  },
  maps        = { "paris:P6", "cwe:426", "cwe:427", "req:R3" },
  samples     = { hit = { "relative.so", "open.so", "build.so" }, clean = { "origin.so", "none.so" } },

  object = function(object, found)
    local binary = object.facts.binary or {}
    for _, path in ipairs { binary.rpath or false, binary.runpath or false } do
      for element in ((path or "/") .. ":"):gmatch("([^:]*):") do
        local finding = judge(element)
        if finding then
          found[finding] { key = element, excerpt = path, finding == "relative" and path or element }
        end
      end
    end
  end,
}
