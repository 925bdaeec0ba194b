local hints = require "probity.hints"
local supplied = require "lib.supplied"
local text = require "probity.text"

local CLAIM = "signs the rules and models that the product loads"
-- What decides what the product lets through: rules of scanners, and trained models.
local LOADED = {}
for ending in ("yar yara ndb ldb hdb hsb mdb msb cvd cld rules "
  .. "onnx tflite safetensors gguf pkl joblib pt h5 mlmodel"):gmatch("%w+") do
  LOADED[ending] = true
end
-- Formats that carry a signature in themselves, and names of signatures beside a file.
local SIGNED = { ".cvd", ".cld" }
local BESIDE = { ".minisig", ".asc", ".sig", ".gpg", ".p7s" }
local MOST = 1000

local function ends_in(name, list)
  for _, ending in ipairs(list) do
    if text.ends(name, ending) then
      return true
    end
  end
  return false
end

-- All that it loads to judge by; tests and examples are not loaded.
local function loaded(product)
  local list = {}
  for o in product:objects {} do
    local ending = o.basename:match("%.(%w+)$")
    if ending and LOADED[ending:lower()] and not o.container and #list < MOST then
      local is = hints.path(o.path)
      if not is.test and not is.example and not is.documentation then
        list[#list + 1] = o
      end
    end
  end
  return list
end

local function signed_beside(product, o)
  local path = { table.unpack(o.path) }
  for _, ending in ipairs(BESIDE) do
    path[#path] = o.path[#o.path] .. ending
    if product:object(path) then
      return true
    end
  end
  return false
end

-- Rows of the statements that count, by digest and by name, and the documents that they are of.
local function stated(product)
  local by = { digest = {}, name = {} }
  for d in product:evidence { kind = "content-updates" } do
    if supplied.concerns(product, d) ~= "other" and d.freshness > 0 then
      for _, item in ipairs(d.evidence.content.items) do
        by.digest[item.sha256] = d
        by.name[item.name] = by.name[item.name] or { d, item }
      end
    end
  end
  return by
end

local function digests_of(list)
  local set = {}
  for _, o in ipairs(list) do
    set[o.sha256] = true
  end
  return set
end

-- The statements against the files: which documents are contradicted, and how many files nobody speaks of. Where the file that was
-- signed is there, another one of its name is another one.
local function compare(product, list, by, here, found)
  local wrong, unsigned = {}, 0
  for _, o in ipairs(list) do
    local row = not by.digest[o.sha256] and (by.name[o.name] or by.name[o.basename])
    if row and not here[row[2].sha256] then
      local d, item = row[1], row[2]
      found.differs { key = o.sha256, object = o, o.name, d.basename, item.sha256:sub(1, 12) }
      wrong[d.basename] = wrong[d.basename] or ("%s has another digest than it says"):format(o.basename)
    elseif not by.digest[o.sha256] and not ends_in(o.basename:lower(), SIGNED) and not signed_beside(product, o) then
      unsigned = unsigned + 1
    end
  end
  return wrong, unsigned
end

local function take(product, d, wrong, digests, found)
  if wrong[d.basename] then
    found.statement { document = d, claim = CLAIM, status = "contradicts", why = wrong[d.basename] }
    return false
  end
  local here, without = 0, 0
  for _, item in ipairs(d.evidence.content.items) do
    here = here + (digests[item.sha256] and 1 or 0)
    without = without + (item.version == "" and 1 or 0)
  end
  local why = ("%d of %d are in the product%s"):format(here, #d.evidence.content.items,
    without > 0 and (", %d without a version"):format(without) or "")
  if here == 0 then
    found.statement { document = d, claim = CLAIM, status = "none", why = why }
    return false
  end
  return supplied.take(product, d, CLAIM, why, found)
end

---@type probity.Check
return {
  title       = "Rules and models that the product loads",
  why         = "Who can exchange the rules of a scanner or the model of a filter decides what it lets through, and need not "
    .. "touch the program.",
  confirm     = [[Compute `sha256sum FILE` of the rule or model that is loaded, and hold it against the list of the
    supplier's content updates.]],
  catalogue   = "V-15",
  claim       = "detection-content",
  severity    = "medium",
  reliability = "parsed",
  applies     = { "any" },
  findings    = {
    differs = {
      says = "%s is not what %s says that it is (sha256 %s...)",
      fix = "Deliver the rules that were signed, or sign those that are delivered, with a new version.",
      reliability = "verified",
    },
  },
  maps        = { "paris:P6", "paris:P7", "cra:II.7", "cwe:345", "req:R14" },
  samples     = {
    hit = { "changed" },
    clean = { "listed", "same-name", "signed-beside", "no-rules.sh" },
  },

  product = function(product, found)
    local list, any = loaded(product), false
    local here = digests_of(list)
    local wrong, unsigned = compare(product, list, stated(product), here, found)
    for d in product:evidence { kind = "content-updates" } do
      any = take(product, d, wrong, here, found) or any
    end
    local broken = supplied.refused(product, { "content-updates" }, CLAIM, found)
    if unsigned > 0 then
      found.unknown(broken or ("nothing says who signed %d of %d files of rules or models"):format(unsigned, #list))
    elseif #list > 0 and not any then
      found.pass { reliability = "self-declared" } -- signatures lie beside them; nobody here knows their keys
    end
  end,
}
