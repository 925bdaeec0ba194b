--- What documents that were handed in claim, as values that can be held against each other and against the bytes.

local capabilities = require "lib.capabilities"
local hints = require "probity.hints"
local supplied = require "lib.supplied"

local statements = {}

--- Does the statement say anything of this field of its content?
function statements.stated(d, field)
  for _, name in ipairs(d.evidence.content.stated or {}) do
    if name == field then
      return true
    end
  end
  return false
end

--- Documents of these kinds that speak of this product or of its supplier as a whole and hold on this day, as a list. Where found
--- is given, the others are told as rows of the report, with why they do not count.
function statements.current(product, kinds, claim, found)
  local list = {}
  for _, kind in ipairs(kinds) do
    for d in product:evidence { kind = kind } do
      local content = d.evidence.content
      local concerns, stale = supplied.concerns(product, d), supplied.stale(product, d)
      local status, why
      if concerns == "other" then
        status, why = "none", "it is of " .. supplied.subject(d)
      elseif not supplied.lists_version(product, content.versions or {}) then
        status, why = "none", "it is of other versions"
      elseif #(content.products or {}) > 0 and not supplied.lists_product(product, content.products) then
        status, why = "none", "it is of other products"
      elseif stale then
        status, why = "stale", stale
      end
      if not status then
        list[#list + 1] = d
      elseif found then
        found.statement { document = d, claim = claim, status = status, why = why }
      end
    end
  end
  return list
end

--- A row that a statement agrees with what is seen: "unsigned" where nobody known signed it.
function statements.agree(found, d, claim, why)
  local status = d.reliability == "self-declared" and "unsigned" or "agrees"
  found.statement { document = d, claim = claim, status = status, why = why }
end

--- How certain it is that a supplier's word is false, where the bytes show the contrary with this kappa: less where nobody known signed it.
function statements.certainty(d, kappa)
  return d.reliability == "self-declared" and math.min(kappa, 500) or kappa
end

--- Does this data manifest or declaration say that there is no telemetry (false), or that there is some (true)? nil: neither.
function statements.telemetry(d)
  local content = d.evidence.content
  if d.evidence.kind == "data-manifest" and statements.stated(d, "telemetry") then
    return content.telemetry.present
  end
  for _, claim in ipairs(d.evidence.kind == "declaration" and content.claims or {}) do
    if claim == "no-telemetry" then
      return false
    end
  end
  return nil
end

--- "22/tcp, 53/udp": ports as one text, sorted, "none" where there is none.
function statements.ports(rows)
  local list = {}
  for _, row in ipairs(rows) do
    list[#list + 1] = ("%d/%s"):format(row.port, row.proto)
  end
  table.sort(list)
  return #list > 0 and table.concat(list, ", ") or "none"
end

-- A list of texts as one: what two statements say is the same in any order.
local function joined(rows, field)
  local list = {}
  for _, row in ipairs(rows) do
    list[#list + 1] = (field and row[field] or row):lower()
  end
  table.sort(list)
  return #list > 0 and table.concat(list, ", ") or "none"
end

local function add(list, topic, value)
  if value and value ~= "" then
    list[#list + 1] = { topic = topic, value = value }
  end
end

local READ = {
  ["data-manifest"] = function(d, content, list)
    add(list, "telemetry by default", content.telemetry.default)
    add(list, "recipients of data", joined(content.recipients, "host"))
    add(list, "regions where data are", statements.stated(d, "regions") and joined(content.regions))
    add(list, "how long data are kept", content.retention:lower())
  end,
  ["support-period"] = function(_, content, list)
    add(list, "the end of support", content["until"])
  end,
  capabilities = function(_, content, list)
    add(list, "ports", statements.ports(content.ports))
  end,
  documentation = function(d, content, list)
    add(list, "the end of support", content.support_end)
    add(list, "ports", statements.stated(d, "ports") and statements.ports(content.ports))
  end,
  declaration = function() end,
}

--- The kinds of statements that `values` reads.
statements.COMPARED = { "capabilities", "data-manifest", "declaration", "documentation", "support-period" }

--- What a statement says, topic by topic: list of { topic = "ports", value = "22/tcp" }.
function statements.values(d)
  local list = {}
  local telemetry = statements.telemetry(d)
  if telemetry ~= nil then
    add(list, "telemetry", telemetry and "there is some" or "there is none")
  end
  READ[d.evidence.kind](d, d.evidence.content, list)
  return list
end

--- All findings of these checks ({ id = true }) that count (not info, not in tests or documents), as a list of { object, finding }.
function statements.shown(product, checks, least)
  local list = {}
  for o in product:objects {} do
    for _, f in ipairs(not hints.discounted(o.path) and o.findings or {}) do
      if checks[f.check] and f.severity ~= "info" and f.kappa > 200 and (not least or least[f.severity]) then
        list[#list + 1] = { o, f }
        break
      end
    end
  end
  return list
end

--- What the product's code is seen to be able to do, outside of tests and documents: { ["net-connect"] = { object, entry } },
--- the first of each.
function statements.capabilities(product)
  local seen = {}
  for o in product:objects { fact = "capabilities" } do
    if (o.class == "script" or o.class == "binary") and not hints.discounted(o.path) then
      for _, entry in ipairs(o.facts.capabilities) do
        if not entry.comment and not seen[entry.capability] then
          seen[entry.capability] = { o, entry }
        end
      end
    end
  end
  return seen
end

--- Which capabilities a statement declares, as a set; "network" is to connect and to listen. Second result: does it say that
--- there are none?
function statements.declared(d)
  local set, any = {}, false
  for _, name in ipairs(d.evidence.content.capabilities) do
    local word = name:lower():gsub("[ _]", "-")
    if word ~= "none" and word ~= "" then
      any = true
      set[word] = true
      if word == "network" then
        for one in pairs(capabilities.NETWORK) do
          set[one] = true
        end
      end
    end
  end
  return set, not any
end

return statements
