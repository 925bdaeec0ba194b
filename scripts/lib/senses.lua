--- What files can perceive of people (keys, screen, clipboard, camera, microphone, places, stored passwords, names of
--- machines), in the light of what they are part of: who declares it, whether the same code reaches out, whether it
--- runs at installation.
---
--- A capability alone says little: it is a chain (perceive, and send) in code of one package that does not speak of
--- it that is a finding.

local capabilities = require "lib.capabilities"
local packages = require "lib.packages"
local reach = require "lib.reach"
local text = require "probity.text"

local senses = {}

-- Where the fact `declares` has it from (its field `in`): names of what a package needs; files that ask for
-- permissions. The rest are words.
local NEEDS = { depends = true, requires = true, dependencies = true, requires_dist = true, ["require-bundle"] = true }
local ASKS = { permissions = true, optional_permissions = true, host_permissions = true,
  optional_host_permissions = true, content_scripts = true, manifest = true, plist = true, flatpak = true,
  plugs = true }

local OUTWARD = "net-connect"
local BULKY = 384 << 10 -- bytes of a script: in larger ones (bundles) two things are not near each other
local NEAR = 64 << 10 -- bytes of a script in which both stand so near that hardly anything else can be meant
local SMALL = 24 -- so many scripts of a package that imports need not tell which of them work together
local IMPORTERS = 400

-- The first entry of each name of a capability that is no comment.
local function entries_of(o, wanted)
  local list
  for _, entry in ipairs(o.facts.capabilities or {}) do
    if entry.capability == wanted and not entry.comment then
      list = list or {}
      list[#list + 1] = entry
    end
  end
  return list
end

-- Files that ask for permissions (manifests of applications and browser extensions) speak for what lies in and below
-- their folder.
local function permission_files(product)
  local list = {}
  for o in product:objects { fact = "declares" } do
    local n = #o.path
    list[#list + 1] = { o = o, n = n, folder = o.name:match("^(.*/)") or "", declares = o.facts.declares }
  end
  return list
end

local function permitted(state, o, capability)
  state.permissions = state.permissions or permission_files(state.product)
  for _, file in ipairs(state.permissions) do
    local around = file.o.path
    if #o.path >= file.n and packages.below(o.path, { table.unpack(around, 1, file.n - 1) })
      and text.starts(o.path[file.n], file.folder) then
      for _, entry in ipairs(file.declares) do
        if entry.capability == capability and ASKS[entry["in"]] then
          return entry.by
        end
      end
    end
  end
  return nil
end

local function is_distribution(about)
  local kind = about and about.packages[1] and about.packages[1].kind
  return kind == "deb" or kind == "rpm"
end

-- The word that declares it. What a package of a language depends on declares nothing: whoever hides a thing also
-- depends on it. Nor does a package there do "anything" because it is a test or a tool.
local function declared(state, about, o, capability)
  local distribution = is_distribution(about)
  for _, entry in ipairs(about and about.capabilities or {}) do
    if (entry.capability == capability and (distribution or not NEEDS[entry["in"]]))
      or (entry.capability == "any" and distribution) then
      return entry.by
    end
  end
  return permitted(state, o, capability)
end

local function key_of(o)
  return table.concat(o.path, "\0")
end

-- Which scripts import this one: { [key] = { o, ... } }, made once where it is asked for.
local function importers(state)
  if not state.importers then
    state.importers = {}
    local count = 0
    for o in state.product:objects { fact = "imports" } do
      count = count + 1
      if count > IMPORTERS then
        break
      end
      for _, name in ipairs(o.facts.imports) do
        local file = reach.import(state.product, o, name)
        if file then
          local key = key_of(file)
          state.importers[key] = state.importers[key] or {}
          table.insert(state.importers[key], o)
        end
      end
    end
  end
  return state.importers
end

-- Scripts of a small package that reach out: which of them work together then needs no import to be told.
local function small_package(state, about)
  local id = table.concat(about.packages[1].path, "\0")
  local known = state.small[id]
  if known == nil then
    local n, file, entry = 0, nil, nil
    known = false
    for o in state.product:objects { class = "script" } do
      if packages.owns(about.packages[1], o) then
        n = n + 1
        local outward = not file and capabilities.find(o.facts, OUTWARD)
        if outward then
          file, entry = o, outward
        end
        if n > SMALL then
          break
        end
      end
    end
    if n <= SMALL and file then
      known = { file, entry }
    end
    state.small[id] = known
  end
  if known then
    return known[2], known[1]
  end
  return nil
end

-- What the code near it reaches out by: the entry, and the file where it stands.
local function outward_of(state, about, o)
  if o.class == "script" and o.size > BULKY then
    return nil
  end
  local own = capabilities.find(o.facts, OUTWARD)
  if own or o.class ~= "script" then
    return own, o
  end
  for _, name in ipairs(o.facts.imports or {}) do
    local file = reach.import(state.product, o, name)
    local entry = file and capabilities.find(file.facts, OUTWARD)
    if entry then
      return entry, file
    end
  end
  for _, file in ipairs(importers(state)[key_of(o)] or {}) do
    local entry = capabilities.find(file.facts, OUTWARD)
    if entry then
      return entry, file
    end
  end
  if about and not is_distribution(about) then
    return small_package(state, about)
  end
  return nil
end

local function installed(state, o)
  if not state.installed then
    state.installed = {}
    for file, how in reach.installed(state.product) do
      state.installed[key_of(file)] = how
    end
  end
  return state.installed[key_of(o)]
end

--- The word that declares it, or nil.
function senses.declared(case)
  return declared(case.state, case.about, case.object, case.capability)
end

--- What code near it reaches the network by: the entry of the fact `capabilities`, and the file where it stands; or
--- nil.
function senses.network(case)
  return outward_of(case.state, case.about, case.object)
end

--- The hook of installation that runs it ("postinstall"), or nil.
function senses.installed(case)
  return installed(case.state, case.object)
end

--- Whose purpose it is held against, for people.
function senses.title(case)
  return case.about and packages.title(case.about.packages[1]) or "the product"
end

--- All objects of a product with a capability: `for case in senses.each(product, "screen") do`. A case has object,
--- entries (those of the fact, no comments), capability, about (of product:declared, or nil), script (is it one?),
--- distribution (a program of a .deb or .rpm).
function senses.each(product, capability)
  local state = { product = product, small = {} }
  local next_object = product:objects { fact = "capabilities" }
  return function()
    for o in next_object do
      local entries = entries_of(o, capability)
      if entries then
        local about = product:declared(o)
        return {
          object = o, entries = entries, capability = capability, about = about, state = state,
          script = o.class == "script", distribution = is_distribution(about),
        }
      end
    end
    return nil
  end
end

--- What to raise for a case: "declared", "chain" (script code that nothing declares, with network near it or run at
--- installation), "alone" (the same without), "program" (machine code). Behind it: the word that declares it; the
--- network's entry and its file.
function senses.judge(case)
  local word = senses.declared(case)
  if word then
    return "declared", word
  end
  if not case.script then
    return "program", senses.network(case)
  end
  local entry, file = senses.network(case)
  local how = senses.installed(case)
  if entry or how then
    return "chain", entry and entry.by or how, file
  end
  return "alone"
end

--- Patterns that show copying for the user: what pages do behind a button.
senses.COPIES = { ["exec-copy"] = true, ["clipboard-write"] = true }

--- Do only names of this set show it?
function senses.only_by(case, names)
  for _, entry in ipairs(case.entries) do
    if not names[entry.by] then
      return false
    end
  end
  return true
end

--- The names of the entries, for people: at most three.
function senses.names(entries)
  local list = {}
  for i = 1, math.min(#entries, 3) do
    list[i] = entries[i].by
  end
  return table.concat(list, ", ") .. (#entries > 3 and ", ..." or "")
end

--- A key for what a package perceives: its name and the capability, so that many files are one finding.
function senses.key(case, kind)
  local package = case.about and case.about.packages[1]
  return (package and package.name or "") .. ":" .. (kind or case.capability)
end

--- How certain a chain is, in permille: where one small script does both, more than where two files work together.
function senses.certainty(case, file)
  return file == case.object and case.object.size <= NEAR and 900 or 700
end

--- What to hand to `found` for a case: key, object, place; for `says` the package's title and the names of the entries.
function senses.evidence(case)
  return {
    key = senses.key(case),
    object = case.object,
    at = case.entries[1].at,
    excerpt = case.entries[1].by,
    senses.title(case),
    senses.names(case.entries),
  }
end

--- Raises what judge says. raise: { chain = found.chain, alone = ..., program = ..., declared = ..., near = true
--- where code in one small file is more certain than in two (senses.certainty) }. Returns which.
function senses.raise(case, raise)
  local what, by, file = senses.judge(case)
  local where = senses.evidence(case)
  where[3] = by
  where.kappa = what == "chain" and raise.near and senses.certainty(case, file) or nil
  if what == "program" or what == "alone" then
    where[3] = nil
  end
  raise[what](where)
  return what
end

-- The word of the packages around it that speaks of a capability; permissions and dependencies are no words.
local function said(product, o, capability)
  local about = product:declared(o)
  for _, entry in ipairs(about and about.capabilities or {}) do
    if entry.capability == capability and not NEEDS[entry["in"]] and not ASKS[entry["in"]] then
      return entry.by
    end
  end
  return nil
end

--- Raises what `raise` is (found.permission) where a manifest (of an application, a browser extension) asks for a
--- permission that covers one of these capabilities ({ camera = true }) and no words of the packages around it speak
--- of that.
function senses.raise_permissions(product, wanted, raise)
  for o in product:objects { fact = "declares" } do
    for _, entry in ipairs(o.facts.declares) do
      if wanted[entry.capability] and ASKS[entry["in"]] and not said(product, o, entry.capability) then
        raise { key = entry.by, object = o, excerpt = entry.by, o.basename, entry.by }
      end
    end
  end
end

return senses
