--- Bills of materials against the bytes: which of what is listed is there, which is not, and what is there and not listed.

local members = require "lib.members"
local packages = require "lib.packages"
local text = require "probity.text"

local bill = {}

local TINY = 5   -- bytes of a file
local PURL = 400 -- bytes of a purl that are compared
local DIGESTS = { "sha256", "sha512", "sha1", "md5" }

-- The place of the last "@" that stands behind the last "/", or nil. No pattern: they are counted, and lists are long.
local function version_at(purl)
  local at, next = nil, purl:find("@", 1, true)
  while next do
    at, next = next, purl:find("@", next + 1, true)
  end
  return at and not purl:find("/", at, true) and at or nil
end

--- "pkg:npm/%40Scope/x@1.0?arch=all#sub" -> "pkg:npm/%40scope/x", "1.0": for comparing, what qualifies it left out.
function bill.purl(purl)
  local stop = purl:find("?", 1, true) or purl:find("#", 1, true)
  local bare = purl:sub(1, math.min(stop and stop - 1 or #purl, PURL))
  local at = version_at(bare)
  local name, version = at and bare:sub(1, at - 1) or bare, at and bare:sub(at + 1) or ""
  if version:find("%", 1, true) then
    version = text.url_decode(version) or version
  end
  if name:find("/@", 1, true) then
    name = name:gsub("/@", "/%%40")
  end
  return name:lower(), version
end

--- The object that has one of these digests, or nil; and is there a digest at all?
function bill.by_digest(product, row)
  local told = false
  for _, algorithm in ipairs(DIGESTS) do
    local hex = row[algorithm] or ""
    if hex ~= "" then
      told = true
      local o = product:by_digest(algorithm, hex)
      if o then
        return o, true
      end
    end
  end
  return nil, told
end

-- The file that a row of it speaks of, without "./" and "/" in front: a path, or the name of what is a file.
local function file_of(row)
  local path = row.path ~= "" and row.path or row.type == "file" and row.name or ""
  path = path:gsub("^%./", ""):gsub("^/+", "")
  return path ~= "" and not path:find("/$") and path or nil
end

-- The first folder of each container whose files all lie in one (archives of sources, npm): by the path of the container.
local function tops(objects)
  local by = {}
  for _, o in ipairs(objects) do
    local around = table.concat(o.path, "\n", 1, #o.path - 1)
    local first = o.name:match("^([^/]+)/")
    if by[around] == nil then
      by[around] = first or false
    elseif by[around] ~= first then
      by[around] = false
    end
  end
  return by
end

-- Marks each folder on the way to a file as false: it is there, and has no bytes of its own to compare.
local function mark_folders(by, path)
  local at = path:match("^(.*)/[^/]*$")
  while at and by[at] == nil do
    by[at] = false
    at = at:match("^(.*)/[^/]*$")
  end
end

--- All files of the product (or of the object `below`) by their path inside of what they lie in; the second table: by their path without
--- the one folder in which all lie. false: a folder (a package that is installed: its digest was that of the archive it came in), or a
--- file of so few bytes that ClamAV hands it to nobody.
function bill.files(product, below)
  local objects, by, short = {}, {}, {}
  for o in product:objects {} do
    if #o.path > 1 and (not below or packages.below(o.path, below.path)) then
      objects[#objects + 1] = o
    end
  end
  local top = tops(objects)
  for _, o in ipairs(objects) do
    by[o.name] = by[o.name] or o
    mark_folders(by, o.name)
    local rest = top[table.concat(o.path, "\n", 1, #o.path - 1)] and o.name:match("^[^/]+/(.+)$")
    if rest then
      short[rest] = short[rest] or o
      mark_folders(short, rest)
    end
  end
  for _, listing in members.each(product) do
    for _, entry in ipairs(listing.entries) do
      if (entry.size or 0) <= TINY and by[entry.path] == nil then
        by[entry.path] = false
        short[entry.path:match("^[^/]+/(.+)$") or entry.path] = false
      end
    end
  end
  return by, short
end

-- A digest that both have, of one algorithm, and that differs: of the object's own, or nil where nothing can be compared.
local function differs(o, row)
  local own = o.facts.digests or {}
  for _, algorithm in ipairs(DIGESTS) do
    local listed, has = row[algorithm] or "", algorithm == "sha256" and o.sha256 or own[algorithm] or algorithm == "md5" and o.md5
    if listed ~= "" and has then
      return listed ~= has and algorithm or nil
    end
  end
  return nil
end

--- What became of one row of a bill: "equal" (its digest is that of the object that is the second result), "differs" (the file that it
--- names is the second result, and its digest by the third is another), "absent" (it names a file, and that is not there), or "unknown".
function bill.row(product, row, files, short)
  local o, told = bill.by_digest(product, row)
  if o then
    return "equal", o
  end
  local path = file_of(row)
  if not path or not told then
    return "unknown"
  end
  o = files[path] or short[path]
  if not o and (files[path] == false or short[path] == false) then
    return "unknown"
  elseif not o then
    return (row.scope == "" or row.scope == "required") and "absent" or "unknown"
  end
  local algorithm = differs(o, row)
  if algorithm then
    return "differs", o, algorithm
  end
  return "unknown"
end

--- What the bills (each a table with `document`) list, to look components up in: by purl, by name and by digest; each a set of
--- versions, or true.
function bill.index(bills)
  local by = { purl = {}, name = {}, digest = {} }
  local function add(row)
    if (row.purl or "") ~= "" then
      local name, version = bill.purl(row.purl)
      by.purl[name] = by.purl[name] or {}
      by.purl[name][version] = true
    end
    if row.name ~= "" then
      local name = row.name:lower()
      by.name[name] = by.name[name] or {}
      by.name[name][row.version or ""] = true
    end
    for _, algorithm in ipairs(DIGESTS) do
      if (row[algorithm] or "") ~= "" then
        by.digest[row[algorithm]] = true
      end
    end
  end
  for _, one in ipairs(bills) do
    local content = one.document.evidence.content
    add(content.root)
    for _, row in ipairs(content.components) do
      add(row)
    end
  end
  return by
end

-- The versions as one text, for people.
local function shown(versions)
  local list = {}
  for version in pairs(versions) do
    list[#list + 1] = version ~= "" and version or "no version"
  end
  return table.concat(list, ", ", 1, math.min(#list, 5))
end

local function listed_version(versions, version)
  return versions[version] or versions[""] or version == ""
end

-- What stands in something else has no digest of its own: who lists a program by its digest has not named what is built into it.
local WITHIN = { banner = true, ["go-buildinfo"] = true, ["dpkg-status"] = true, ["apk-installed"] = true, pom = true, ["pom.xml"] = true }

--- Is this component of the bytes listed? true; or false, and which other versions of it are.
function bill.lists(by, component)
  if by.digest[component.sha256] and not WITHIN[component.from] then
    return true
  end
  local name, version = bill.purl(component.purl)
  local versions = by.purl[name]
  if not versions then -- one without a purl, or with another type of it
    local names = by.name[component.name:lower()]
    if not names then
      local last = component.name:lower():match("([^/:]+)$")
      names = last and by.name[last]
    end
    versions = names
  end
  if not versions then
    return false
  elseif listed_version(versions, version) or listed_version(versions, component.version) then
    return true
  end
  return false, shown(versions)
end

return bill
