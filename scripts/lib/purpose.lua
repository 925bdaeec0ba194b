--- What a package says that it is, and which capabilities that covers.
---
--- The facts `declares` say it (rulesets/capabilities/declared.ini: words of section, name, keywords, description and
--- classifiers, the names of what it depends on, permissions). To teach it a word, add it there.

local purpose = {}

-- What no vague word of a package for programmers ("framework", "shell") explains: an interpreter of a distribution may well do
-- all of it for the programs that it runs, a library that calls itself one has to name what it is for.
local RARE = { persist = true, ["input-capture"] = true, screen = true, camera = true, microphone = true, contacts = true }
local OF_SYSTEMS = { deb = true, rpm = true, pacman = true, alpine = true, snap = true, image = true }

-- Words that say it only together: "automate web browsers" reads their profiles, "works in browsers" does not.
local TOGETHER = {
  contacts = { { "automate", "browsers" }, { "automate", "browser" }, { "browser", "automation" },
    { "chrome", "cookies" } },
  ["input-capture"] = { { "global", "key" }, { "key", "listener" }, { "key", "events" } },
}

--- The words that together declare a capability, or nil. words: of product:declared.
function purpose.together(words, capability)
  for _, pair in ipairs(TOGETHER[capability] or {}) do
    if words[pair[1]] and words[pair[2]] then
      return pair[1] .. " " .. pair[2]
    end
  end
  return nil
end

--- What is declared: { camera = "webcam", ... }, each capability with the word that does. declared: of product:declared. others: a list
--- of facts `declares`, of files beside the packages that ask for permissions.
function purpose.capabilities(declared, others)
  local by = {}
  local function take(list)
    for _, entry in ipairs(list) do
      by[entry.capability] = by[entry.capability] or entry.by
    end
  end
  take(declared.capabilities)
  for capability in pairs(TOGETHER) do
    by[capability] = by[capability] or purpose.together(declared.words, capability)
  end
  for _, list in ipairs(others) do
    take(list)
  end
  local first = declared.packages and declared.packages[1]
  by.of_system = first and OF_SYSTEMS[first.kind] and "a package of a system" or nil
  return by
end

--- Is this capability declared, or whatever there is ("any")? capabilities: of purpose.capabilities. Returns the word that does, or nil.
function purpose.covers(capabilities, capability)
  if capabilities[capability] then
    return capabilities[capability]
  end
  local vague = capability ~= "place" and (capabilities.of_system or not RARE[capability])
  return vague and capabilities.any or nil
end

--- The first of these words that what the object belongs to says of itself; nil where it says none. words: a list, or nil.
function purpose.word(product, o, words)
  local about = words and product:declared(o)
  for _, word in ipairs(about and words or {}) do
    if about.words[word] then
      return word
    end
  end
  return nil
end

--- A line that says what the packages say of themselves, for people. declared: of product:declared.
function purpose.statement(declared)
  return declared.summary:sub(1, 120)
end

return purpose
