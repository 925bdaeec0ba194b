--- What a package says that it is, and which capabilities that covers.
---
--- The facts `declares` say it (rulesets/capabilities/declared.ini: words of section, name, keywords, description and classifiers, the names
--- of what it depends on, permissions). To teach it a word, add it there.

local purpose = {}

--- What packages declare: { camera = "webcam", ... }, each capability with the word that does. packages: a list; several where they share
--- one folder. others: what lies beside them and asks for permissions ({ declares = {...} }), or nil.
function purpose.declared(list, others)
  local by = {}
  for _, from in ipairs({ list, others or {} }) do
    for _, package in ipairs(from) do
      for _, entry in ipairs(package.declares or {}) do
        by[entry.capability] = by[entry.capability] or entry.by
      end
    end
  end
  return by
end

--- Is this capability declared, or whatever there is ("any")? declared: of purpose.declared. Returns the word that does, or nil.
function purpose.covers(declared, capability)
  return declared[capability] or (capability ~= "place" and declared.any or nil)
end

--- A line that says what the packages say of themselves, for people.
function purpose.statement(list)
  local package = list[1]
  local said = package.summary or package.description or package.section or package.name or ""
  return (said:match("^[^\n]*") or ""):sub(1, 120)
end

return purpose
