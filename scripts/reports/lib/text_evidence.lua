--- What the supplier handed in, and what became of each claim in it.
local fields = require "lib.fields"
local get, str, int, list = fields.get, fields.str, fields.int, fields.list

local COLUMN <const>, SHOWN <const>, RANKS <const> = 4, 12, 3

--- The first signature that is verified and of a trust root.
local function best_of(document)
  for _, s in ipairs(list(document, "signatures")) do
    if get(s, "verified") == true and str(s, "root") ~= "" then return s end
  end
  return nil
end

--- "sbom, signed by acme (vendor), counts 71.0 % at its age"
local function one_document(page, d)
  local state, why, fresh = str(d, "state"), str(d, "why"), int(d, "freshness")
  page.bullet()
  page.flow("plain", COLUMN, str(d, "name", "?"))
  if state ~= "read" then
    page.flow("yellow", COLUMN, "  " .. (state == "unknown" and "of no known kind" or state) .. (why ~= "" and ": " or "") .. why)
    page.line()
    return
  end
  local best = best_of(d)
  page.flow("dim", COLUMN, "  " .. str(d, "kind", "?") .. ", ")
  if best then
    page.flow("plain", COLUMN, "signed by " .. str(best, "root") .. " (" .. str(best, "role") .. ")")
  else
    page.flow("plain", COLUMN, #list(d, "signatures") > 0 and "signed by nobody who is trusted here" or "unsigned")
  end
  if fresh <= 0 then
    page.flow("yellow", COLUMN, ", expired or without a date that counts")
  elseif fresh < 1000 then
    page.flow("dim", COLUMN, (", counts %d.%d %% at its age"):format(fresh // 10, fresh % 10))
  end
  page.line()
end

local STYLES = { agrees = "green", contradicts = "red" }

local function one_statement(page, s)
  local status, why = str(s, "status", "?"), str(s, "why")
  page.to(2)
  page.put(STYLES[status] or "yellow", ("%-11s "):format(status))
  page.flow("plain", 14, str(s, "claim", "?") .. (why ~= "" and ": " or "") .. why)
  page.flow("dim", 14, " (" .. str(s, "document", "?") .. ")")
  page.line()
end

--- Detached signatures and keys are told with the document that they are of.
local function rank_document(d)
  local kind = str(d, "kind")
  return (kind == "signature" or kind == "key") and RANKS or 0
end

--- What is false must not stand behind "and 25 more".
local function rank_statement(s)
  local status = str(s, "status")
  return status == "contradicts" and 0 or status == "agrees" and 2 or 1
end

--- Rank by rank, those of RANKS only with -v.
local function some(page, rows, rank, one)
  local shown = 0
  for at = 0, page.verbose and RANKS or RANKS - 1 do
    for _, row in ipairs(rows) do
      if rank(row) == at and (shown < SHOWN or page.verbose) then
        one(page, row)
        shown = shown + 1
      end
    end
  end
  if shown < #rows then
    page.to(2)
    page.put("dim", ("and %d more (-v shows all)"):format(#rows - shown))
    page.line()
  end
end

return function(page, report)
  local evidence, statements = list(report, "evidence"), list(report, "statements")
  if #evidence + #statements == 0 then return end
  page.heading("EVIDENCE", #evidence == 0 and "claims that the product carries, held against its bytes"
    or "what was handed in, and its claims held against the product")
  some(page, evidence, rank_document, one_document)
  some(page, statements, rank_statement, one_statement)
end
