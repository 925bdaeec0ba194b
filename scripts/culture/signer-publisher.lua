-- What stands behind a name and says nothing about whom it names.
local FORMS = { inc = true, incorporated = true, llc = true, ltd = true, limited = true, gmbh = true, corp = true,
  corporation = true, co = true, company = true, ag = true, sa = true, sas = true, srl = true, bv = true, ab = true,
  oy = true, pty = true, plc = true, kg = true, ev = true, e = true, v = true, the = true, ["and"] = true,
  technologies = true, technology = true, software = true, systems = true, foundation = true, group = true,
  international = true, open = true, source = true, developer = true, team = true }

local function words(name)
  local out, n = {}, 0
  for word in name:lower():gmatch("[%w\x80-\xff]+") do
    if not FORMS[word] then
      out[word] = true
      n = n + 1
    end
  end
  return out, n
end

-- One word in common is enough: "Google LLC" signs for "Google Inc.", a person for the project with the same name.
local function same(a, b)
  local of_a, n = words(a)
  local of_b, m = words(b)
  if n == 0 or m == 0 then
    return true
  end
  for word in pairs(of_a) do
    if of_b[word] then
      return true
    end
  end
  local joined = function(s) return (s:lower():gsub("[^%w\x80-\xff]", "")) end
  local x, y = joined(a), joined(b)
  return x:find(y, 1, true) ~= nil or y:find(x, 1, true) ~= nil
end

-- Makers that sign all that they hand out. A program in their name without their signature was made by somebody else,
-- or changed.
local SIGNERS = { microsoft = true, google = true, apple = true, adobe = true, mozilla = true, oracle = true,
  intel = true, nvidia = true, vmware = true, cisco = true, zoom = true, dropbox = true, realtek = true,
  logitech = true, kaspersky = true, symantec = true, mcafee = true, avast = true }

local function signs_all(company)
  for word in pairs((words(company))) do
    if SIGNERS[word] then
      return true
    end
  end
  return false
end

-- Of a signed .jar: who its manifest says to have made it, and who signed it.
local function jars(product, found)
  local compared = false
  for block in product:objects { kind = "der", fact = "signature" } do
    local path = { table.unpack(block.path) }
    path[#path] = "META-INF/MANIFEST.MF"
    local manifest = block.name:find("^META%-INF/") and product:object(path)
    local jar = manifest and manifest.facts.jar
    local vendor = jar and (jar["implementation-vendor"] or jar["bundle-vendor"])
    local s = block.facts.signature
    local name = s.organisation or s.subject
    if vendor and name then
      compared = true
      if not same(name .. " " .. (s.subject or ""), vendor) then
        found.differs { key = name .. " / " .. vendor, object = manifest, manifest.name, vendor, name }
      end
    end
  end
  return compared
end

---@type probity.Check
return {
  title       = "Who signed it against who says to have made it",
  why         = "A program that names one maker and is signed by another was signed for somebody else, or taken " ..
                "from somebody else. Distributors that sign the work of others are the ordinary reason; the report " ..
                "names both.",
  confirm     = [[Show who signed with `osslsigncode verify OBJECT` or `jarsigner -verify -verbose -certs OBJECT`, and
    compare the subject with the publisher in the version resource or manifest (`exiftool OBJECT`, `unzip -p OBJECT
    META-INF/MANIFEST.MF`).]],
  catalogue   = "C-02",
  claim       = "accountability",
  severity    = "medium",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "pe", "jar" },
  findings    = {
    differs = {
      says = "%s says that %s made it, and is signed by %s",
      fix = "Say in the program, or in the product's papers, who signs and for whom.",
    },
    in_name_of = {
      says = "%s says that %s made it, who sign what they hand out, and carries no signature",
      fix = "Ask where it came from; take it from its maker, signed.",
    },
  },
  maps        = { "paris:P6", "req:R18", "attack:T1553.002" },
  samples     = {
    hit = { "other-signer.exe", "in-name-of.exe", "other.jar" },
    clean = { "same.exe", "same-person.exe", "unsigned.exe", "same.jar" },
  },

  product = function(product, found)
    local compared, any = jars(product, found), nil
    for o in product:objects { kind = "pe" } do
      local s, company = o.facts.signature, o.facts.binary and o.facts.binary.company
      local name = s and (s.organisation or s.subject)
      any = o
      local kind = o.facts.binary and o.facts.binary.type
      if company and not s and kind == "exec" and not (o.parent and o.parent.kind == "pe") and signs_all(company) then
        compared = true
        found.in_name_of { key = company, object = o, o.name, company }
      elseif name and company then
        compared = true
        if not same(name .. " " .. (s.subject or ""), company) then
          found.differs { key = name .. " / " .. company, object = o, o.name, company, name }
        end
      end
    end
    if any and not compared then
      found.unknown("no program here has both a signature and the name of its maker")
    end
  end,
}
