--- What files can perceive of people (keys, screen, clipboard, camera, microphone, places, stored passwords, names of
--- machines), in the light of what they are part of: who declares it, whether the same code reaches out, whether it
--- runs at installation.
---
--- A capability alone says little: it is a chain (perceive, and send) in code of one package that does not speak of
--- it that is a finding.

local nearby = require "lib.nearby"
local packages = require "lib.packages"
local purpose = require "lib.purpose"
local reach = require "lib.reach"
local text = require "probity.text"
local words = require "lib.senses_words"

local senses = {}

local SPECIFIC = words.specific

-- Where the fact `declares` has it from (its field `in`): names of what a package needs; files that ask for
-- permissions. The rest are words.
local NEEDS = { depends = true, requires = true, dependencies = true, requires_dist = true, ["require-bundle"] = true }
local ASKS = { permissions = true, optional_permissions = true, host_permissions = true,
  optional_host_permissions = true, content_scripts = true, manifest = true, plist = true, flatpak = true,
  plugs = true }

local NEAR = 64 << 10 -- bytes of a script in which both stand so near that hardly anything else can be meant

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

-- The word that declares it, one that cannot mean much else before others. What a package of a language depends on
-- declares nothing: whoever hides a thing also depends on it. Nor does a package there do "anything" because it is a
-- test or a tool.
local function declared(state, about, o, capability)
  local distribution = packages.of_distribution(about)
  local asked = permitted(state, o, capability)
  if asked then
    return asked, true
  end
  local together = about and purpose.together(about.words, capability)
  if together then
    return together, true
  end
  local vague
  for _, entry in ipairs(about and about.capabilities or {}) do
    if entry.capability == capability and (distribution or not NEEDS[entry["in"]]) then
      if distribution or SPECIFIC[capability][entry.by] then
        return entry.by, true
      end
      vague = vague or entry.by
    elseif entry.capability == "any" and distribution then
      return entry.by, true
    end
  end
  return vague, false
end

local function key_of(o)
  return table.concat(o.path, "\0")
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

--- The word that declares it, or nil; and whether it can hardly mean anything else.
function senses.declared(case)
  return declared(case.state, case.about, case.object, case.capability)
end

--- What code near it reaches the network by: the entry of the fact `capabilities`, and the file where it stands; or
--- nil.
function senses.network(case)
  return nearby.network(case.state, case.about, case.object)
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
  local state = nearby.new(product)
  local next_object = product:objects { fact = "capabilities" }
  return function()
    for o in next_object do
      local entries = entries_of(o, capability)
      if entries then
        local about = product:declared(o)
        return {
          object = o, entries = entries, capability = capability, about = about, state = state,
          script = o.class == "script", distribution = packages.of_distribution(about),
        }
      end
    end
    return nil
  end
end

--- A case of what a check saw itself, where no fact has it: at which offset of the object, and by which word.
function senses.case(product, o, capability, at, by)
  local about = product:declared(o)
  return {
    object = o, entries = { { capability = capability, at = at, by = by } }, capability = capability, about = about,
    state = nearby.new(product), script = o.class == "script", distribution = packages.of_distribution(about),
  }
end

--- What to raise for a case: "declared", "chain" (script code that nothing declares, with network near it or run at
--- installation), "vague" (such a chain where a word declares it that may mean much), "alone" (the same without),
--- "program" (machine code). Behind it: the word that declares it; the network's entry and its file.
function senses.judge(case)
  local word, specific = senses.declared(case)
  if word and (specific or not case.script) then
    return "declared", word
  end
  if not case.script then
    return "program", senses.network(case)
  end
  local entry, file = senses.network(case)
  local how = senses.installed(case)
  if entry or how then
    return word and "vague" or "chain", entry and entry.by or how, file
  end
  return word and "declared" or "alone", word
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
  what = what == "vague" and "alone" or what
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
