--- What a package says that it is, and which capabilities that covers.
---
--- The facts `declares` say it (rulesets/capabilities/declared.ini: words of section, name, keywords, description and
--- classifiers, the names of what it depends on, permissions). To teach it a word, add it there.

local purpose = {}

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
  for _, list in ipairs(others) do
    take(list)
  end
  return by
end

--- Is this capability declared, or whatever there is ("any")? capabilities: of purpose.capabilities. Returns the word that does, or nil.
function purpose.covers(capabilities, capability)
  return capabilities[capability] or (capability ~= "place" and capabilities.any or nil)
end

--- A line that says what the packages say of themselves, for people. declared: of product:declared.
function purpose.statement(declared)
  return declared.summary:sub(1, 120)
end

return purpose
