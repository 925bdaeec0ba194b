--- Behaviour of programs, as combinations of traits. A trait is what one import or text shows; alone it says nothing. A chain is a
--- combination that ordinary programs do not have, or only those of a certain role (lib.roles).
---
---     local TRAITS = {
---       connects = { asks = { "connect", "socket+sendto" } },          any of these names; "a+b": both
---       shell = { texts = { '"/bin/sh\\x00"' } },                      any of these strings of YARA (min = 2: two of them)
---       runs = { asks = { "execve" }, static = true },                 also holds in a static program, which asks nobody
---       small = { test = function(object, asks) return ... end },      whatever else the bytes tell
---     }
---     local CHAINS = {
---       { name = "shell", needs = { "connects", "shell" }, says = "...", severity = "high", kappa = 700, roles = { "remote" } },
---     }
---
--- The object function leaves a note for each chain that holds (`traits.note`); the product function, which knows what the product says of
--- itself, makes findings of them (`traits.findings`).

local roles = require "lib.roles"
local text = require "probity.text"

local behaviour = {}

--- The strings of a YARA rule for the texts of all traits. They are called $TRAIT1, $TRAIT2, ...
function behaviour.strings(traits)
  local out = {}
  for name, trait in pairs(traits) do
    for i, string in ipairs(trait.texts or {}) do
      out[#out + 1] = string.format("      $%s_%d = %s", name, i, string)
    end
  end
  return "strings:\n" .. table.concat(out, "\n") .. "\n"
end

-- The first of the names that is asked for (of "a+b" the whole), or nil.
local function asked(asks, names)
  for _, together in ipairs(names) do
    local all = true
    for name in together:gmatch("[^+]+") do
      all = all and asks[name] ~= nil
    end
    if all then
      return together
    end
  end
  return nil
end

-- Does the trait hold? Its proof in a word or two, and where it stands.
local function proof(object, asks, name, trait)
  local by = trait.asks and asked(asks, trait.asks)
  if by then
    return by
  end
  local n, first, size = 0, nil, nil
  for i = 1, #(trait.texts or {}) do
    local at, length = object:hits("$" .. name .. "_" .. i)()
    if at then
      n = n + 1
      if not first or at < first then
        first, size = at, length
      end
    end
  end
  if n > 0 and n >= (trait.min or 1) then
    return text.trim((object:bytes(first, math.min(size, 60)):gsub("%c", " "))), first, size
  end
  local binary = trait.static and next(asks) == nil and object.facts.binary
  if binary and binary.static and binary.language ~= "go" then
    return "static"
  end
  if trait.test and trait.test(object, asks) then
    return trait.shown or name
  end
  return nil
end

-- The proofs of all that a chain needs, or nil.
local function holds(object, asks, traits, chain, known)
  local list, at, length = {}, nil, nil
  for _, name in ipairs(chain.needs) do
    if known[name] == nil then
      local by, where, size = proof(object, asks, name, traits[name])
      known[name] = by and { by = by, at = where, length = size } or false
    end
    if not known[name] then
      return nil
    end
    list[#list + 1] = known[name].by
    if not at and known[name].at then
      at, length = known[name].at, known[name].length
    end
  end
  return list, at, length
end

--- Notes each chain that holds in this object. Traits are looked at once, in the order in which chains need them.
function behaviour.note(object, traits, list, found)
  local asks, known = object.facts.asks or {}, {}
  for i, chain in ipairs(list) do
    if not chain.kinds or chain.kinds[object.kind] then
      local proofs, at, length = holds(object, asks, traits, chain, known)
      if proofs then
        found.note { chain = i, shows = text.display(table.concat(proofs, ", ")), at = at, length = length }
      end
    end
  end
end

-- The notes of an object by the name of their chain, without those that a stronger chain stands in for.
local function holding(o, list)
  local hold = {}
  for _, note in ipairs(o.notes) do
    hold[list[note.chain].name] = note
  end
  for _, chain in ipairs(list) do
    if hold[chain.name] then
      for _, weaker in ipairs(chain.over or {}) do
        hold[weaker] = nil
      end
    end
  end
  return hold
end

--- All that was noted, as findings: `for finding, word in traits.findings(product, LIST) do`. word: what explains it in the
--- product's own words, or nil. A finding's texts are what the chain says, what shows it, and that word. A chain that
--- stands in for weaker ones names them in `over`.
function behaviour.findings(product, list)
  local out, i = {}, 0
  for o in product:objects { noted = true } do
    local hold = holding(o, list)
    for _, chain in ipairs(list) do
      local note = hold[chain.name]
      if note then
        local word = roles.explain(product, o, chain.roles)
        out[#out + 1] = { word = word or false, finding = { key = chain.name .. ":" .. o.sha256,
          object = o, at = note.at, length = note.length,
          excerpt = note.shows, severity = not word and chain.severity or nil, kappa = not word and chain.kappa or nil,
          chain.says, note.shows, word } }
      end
    end
  end
  return function()
    i = i + 1
    if out[i] then
      return out[i].finding, out[i].word
    end
  end
end

return behaviour
