--- Which code works together: what reaches the network beside what perceives something?

local capabilities = require "lib.capabilities"
local packages = require "lib.packages"
local reach = require "lib.reach"

local nearby = {}

local OUTWARD = "net-connect"
local BULKY = 384 << 10 -- bytes of a script: in larger ones (bundles) two things are not near each other
local SMALL = 24 -- so many scripts of a package that imports need not tell which of them work together
local IMPORTERS = 400

--- What is found out once for a product: { product = ... }, handed to the functions here.
function nearby.new(product)
  return { product = product, small = {} }
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

--- What the code near an object reaches out by: the entry of the fact `capabilities`, and the file where it stands;
--- or nil. about: of product:declared(o), or nil. Machine code counts alone, scripts with what they import and what
--- imports them; those of a small package all.
function nearby.network(state, about, o)
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
  if about and not packages.of_distribution(about) then
    return small_package(state, about)
  end
  return nil
end

return nearby
