local packages = require "lib.packages"

local BLOCK = 65536 -- bytes of what Go writes about a program

-- What Go writes into each program: the module, its version, and the revision that it was built of.
local function go_note(object, at)
  local from = math.max(0, at - BLOCK // 2)
  local block = object:bytes(from, at - from) .. (object:cstring(at, BLOCK // 2) or "")
  local module, version = block:match("\nmod\t([^\t\n]+)\t([^\t\n]+)")
  return {
    module = (module or ""):sub(1, 200),
    version = (version or ""):sub(1, 60),
    revision = block:match("\nbuild\tvcs%.revision=(%x+)") or "",
    modified = block:find("\nbuild\tvcs.modified=true", 1, true) ~= nil,
    at = at,
  }
end

local function judge_revision(revisions, o, note, found)
  local before = revisions[note.module]
  if not before then
    revisions[note.module] = note.revision
  elseif before ~= note.revision and note.module ~= "" then
    local one, other = before:sub(1, 12), note.revision:sub(1, 12)
    found.revisions { key = note.module, object = o, at = note.at, note.module, one, other }
  end
end

-- "v1.4.0" of the module "x.org/tool" against the version of a package "tool". A pseudo version or (devel) says
-- nothing.
local function judge_version(product, o, note, found)
  local about = product:declared(o)
  local package = about and about.packages[1]
  local told = note.version:match("^v(%d+%.%d+%.%d+)$")
  local version = package and (package.version or ""):gsub("^%d+:", "") or ""
  local stated = version:match("^v?(%d+%.%d+%.%d+)")
  if told and not stated then -- "1.6-2": two numbers are all that it says
    told, stated = told:match("^%d+%.%d+"), version:match("^v?(%d+%.%d+)%f[^%d.]")
  end
  if told and stated and told ~= stated and note.module:match("([^/]+)$") == package.name then
    found.version { key = note.module, object = o, at = note.at, packages.title(package), note.module, note.version }
  end
end

-- Programs by their path, of one .rpm.
local function programs_below(product, rpm)
  local list = {}
  for o in product:objects { fact = "binary" } do
    if o.facts.binary.build_id and packages.below(o.path, rpm.path) then
      list[o.name] = o
    end
  end
  return list
end

-- rpm lists programs by their build-id: /usr/lib/.build-id/ab/cdef... is a link to the program.
local function judge_build_ids(product, found)
  local seen = false
  for rpm in product:objects { fact = "rpm" } do
    local programs
    for _, file in ipairs(rpm.facts.rpm.files or {}) do
      local id = file.link and file.path:match("/%.build%-id/(%x%x/%x+)$")
      if id then
        programs = programs or programs_below(product, rpm)
        local o = programs[file.link:match("^[./]*(.*)$")]
        id = id:gsub("/", "")
        seen = seen or o ~= nil
        if o and o.facts.binary.build_id ~= id then
          found.build_id { key = o.sha256, object = o, o.name, o.facts.binary.build_id:sub(1, 12), id:sub(1, 12) }
        end
      end
    end
  end
  return seen
end

---@type probity.Check
return {
  title       = "Link between programs and their sources",
  why         = "A source review says something about a program only where it is known of which sources the program "
    .. "was built.",
  confirm     = [[Read what the program says of itself: `readelf -n OBJECT` for its build-id, `go version -m OBJECT`
    for revision and changes; look the revision up in the repository.]],
  catalogue   = "V-13",
  claim       = "source",
  severity    = "medium",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "binary" },
  looks       = [[
    strings:
      $go = "\x0abuild\x09vcs.revision="
      $cargo = ".dep-v0\x00"
    condition:
      any of them
  ]],
  findings    = {
    revisions = {
      says = "programs of one module (%s) were built of different revisions of its sources: %s and %s",
      fix = "Build all programs of a release of one revision.",
    },
    version = {
      says = "%s holds a program that says of itself that it is %s %s",
      fix = "Build the program of the sources of this version.",
      reliability = "heuristic",
    },
    build_id = {
      says = "%s has the build-id %s..., and the package lists it under %s...",
      fix = "Package the program that was built, and nothing that was changed afterwards.",
    },
    changed = {
      says = "%s was built of revision %s with changes that are in no revision",
      fix = "Build of a clean checkout.",
      severity = "low",
    },
    linked = {
      says = "%s says that it was built of revision %s",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:II.1", "req:R12", "req:R26" },
  samples     = {
    hit = { "revision", "changed", "two-revisions", "other-version" },
    clean = { "no-link" },
  },

  object = function(object, found)
    local at = object:hits("$go")()
    if at then
      found.note(go_note(object, at))
    elseif object.kind == "elf" then
      found.note { module = "", version = "", revision = "", modified = false, at = object:hits("$cargo")() }
    end
  end,

  product = function(product, found)
    local revisions = {}
    local seen = judge_build_ids(product, found)
    for o in product:objects { noted = true } do
      local note = o.notes[1]
      seen = true
      if note.revision ~= "" then
        local raise = note.modified and found.changed or found.linked
        raise { key = note.revision, object = o, at = note.at, o.basename, note.revision:sub(1, 12) }
        judge_revision(revisions, o, note, found)
        judge_version(product, o, note, found)
      end
    end
    if not seen then
      found.unknown("no program says of which sources it was built")
    end
  end,
}
