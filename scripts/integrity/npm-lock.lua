local hash = require "probity.hash"
local json = require "probity.json"
local signatures = require "lib.package_signatures"
local text = require "probity.text"
local whole = require "lib.whole"

local ALGORITHMS = { "sha512", "sha384", "sha256", "sha1" }
local ROWS = 25 -- of a lock in one note

-- The entries of a lock of any age: name, entry.
local function each(lock, take)
  if type(lock.packages) == "table" then
    for place, entry in pairs(lock.packages) do
      if type(entry) == "table" and type(place) == "string" and place ~= "" then
        take(place:match("node_modules/(@[^/]+/[^/]+)$") or place:match("node_modules/([^/]+)$") or place, entry, place)
      end
    end
    return
  end
  local function walk(dependencies, around)
    for name, entry in pairs(dependencies) do
      if type(entry) == "table" and type(name) == "string" then
        take(name, entry, around .. "node_modules/" .. name)
        if type(entry.dependencies) == "table" then
          walk(entry.dependencies, around .. "node_modules/" .. name .. "/")
        end
      end
    end
  end
  if type(lock.dependencies) == "table" then
    walk(lock.dependencies, "")
  end
end

-- "sha512-..." as algorithm and hex: the strongest that is given.
local function digest_of(integrity)
  for _, algorithm in ipairs(ALGORITHMS) do
    local value = integrity:match(algorithm .. "%-([%w+/=]+)")
    local raw = value and text.base64_decode(value)
    if raw then
      return algorithm, text.hex_encode(raw)
    end
  end
  return nil
end

local function string_of(value)
  return type(value) == "string" and value or nil
end

local function is_clear(resolved)
  return resolved:find("^http://") ~= nil and not resolved:find("^http://localhost")
    and not resolved:find("^http://127%.")
end

-- yarn's lock: a name at the margin, what belongs to it below. A digest stands behind "#", or in a line of its own.
local function read_yarn(object, found)
  local name, version, resolved, integrity
  local missing, rows, notes = { n = 0 }, {}, 0
  local function ends()
    if resolved and is_clear(resolved) then
      local raise = integrity and found.clear_checked or found.clear
      raise { key = resolved:match("^http://([^/]+)"), name or "?", resolved }
    elseif resolved and resolved:find("^https://") and not integrity then
      missing.n, missing.first = missing.n + 1, missing.first or name or "?"
    end
    local algorithm, digest = digest_of(integrity or "")
    local file = resolved and resolved:gsub("[?#].*$", ""):match("[^/]+$")
    if name and version and file and digest then
      rows[#rows + 1] = { name = text.display(name), version = text.display(version), algorithm = algorithm, digest = digest,
        place = "node_modules/" .. text.display(name), file = text.display(file), yarn = true }
    end
    if #rows == ROWS and notes < 63 then
      found.note(rows)
      rows, notes = {}, notes + 1
    end
    version, resolved, integrity = nil, nil, nil
  end
  for line in text.lines(whole(object, 8388608)) do
    local head = line:match('^"?(@?[^@%s"#]+)@')
    if head then
      ends()
      name = head
    elseif line:find("^  version ") then
      version = line:match('^  version "?([^"%s]+)')
    elseif line:find("^  resolved ") then
      resolved = line:match('^  resolved "?([^"%s]+)')
      integrity = integrity or (resolved and resolved:match("#(%x+)$"))
    elseif line:find("^  integrity ") then
      integrity = line
    end
  end
  ends()
  if #rows > 0 then
    found.note(rows)
  end
  if missing.n > 0 then
    found.without { key = "without", missing.n, missing.first }
  end
end

local function read_lock(object, found)
  local lock, why = json.decode(object)
  if type(lock) ~= "table" then
    found.unknown("the lock cannot be read: " .. (why or "it is no table"))
    return
  end
  local rows, notes, missing = {}, 0, { n = 0 }
  each(lock, function(name, entry, place)
    local resolved, integrity, version = string_of(entry.resolved), string_of(entry.integrity), string_of(entry.version)
    local fetched = resolved and resolved:find("^https?://") ~= nil
    if fetched and is_clear(resolved) then
      local raise = integrity and found.clear_checked or found.clear
      raise { key = resolved:match("^http://([^/]+)"), name, resolved }
    elseif fetched and not integrity then
      missing.n, missing.first = missing.n + 1, missing.first or name
    end
    local algorithm, digest = nil, nil
    if integrity then
      algorithm, digest = digest_of(integrity)
    end
    if version and entry.link ~= true then
      rows[#rows + 1] = { name = text.display(name), version = text.display(version), place = text.display(place),
        algorithm = algorithm, digest = digest,
        file = resolved and text.display(resolved:match("([^/?#]+)[^/]*$") or "") or nil }
    end
    if #rows == ROWS and notes < 63 then
      found.note(rows)
      rows, notes = {}, notes + 1
    end
  end)
  if #rows > 0 and #rows < ROWS then
    found.note(rows)
  end
  if missing.n > 0 then
    found.without { key = "without", missing.n, missing.first }
  end
end

-- The archives of the product by name, each with its digests, and the manifests that lie unpacked in node_modules.
local function there(product)
  local archives = {}
  for o in product:objects { glob = "*.tgz", noted = true } do
    archives[o.basename] = archives[o.basename] or {}
    table.insert(archives[o.basename], o)
  end
  return archives
end

local function compare(product, lock, row, archives, found)
  for _, o in ipairs(row.file and row.digest and archives[row.file] or {}) do
    local have = o.notes[1][row.algorithm]
    if have and have ~= row.digest then
      found.mismatch { key = o.sha256, object = o, o.basename, row.algorithm, lock.name }
    end
  end
  if row.yarn then
    return -- which of several versions lies at the top, that lock does not say
  end
  local path = { table.unpack(lock.path) }
  path[#path] = (lock.name:match("^(.*/)[^/]*$") or "") .. row.place .. "/package.json"
  local manifest = product:object(path)
  local npm = manifest and manifest.facts.npm
  if npm and npm.version and npm.version ~= row.version and npm.name == row.name then
    found.other_version { key = row.name .. " " .. npm.version, object = manifest, row.name, npm.version, row.version }
  end
end

---@type probity.Check
return {
  title       = "npm packages against the lock that names them",
  why         = "The lock has a digest for each package that it names. What does not fit it is not what was chosen " ..
                "and tested.",
  confirm     = [[Compute the digest, `openssl dgst -sha512 -binary FILE.tgz | base64 -w0`, and hold it against
    integrity in package-lock.json; `npm ci --dry-run` and `npm audit signatures` ask the registry.]],
  catalogue   = "I-25",
  claim       = "integrity-of-package",
  severity    = "critical",
  reliability = "verified", -- where the registry's signature is; what a lock says counts as what was read
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "json", "gzip", "text", "yaml" },
  findings    = {
    mismatch = {
      says = "%s is not the package that was locked: its %s differs from %s",
      fix = "Do not install it. Fetch it again from the registry; find out who put this file there.",
      reliability = "verified",
    },
    contradicted = {
      says = "%s is not the package that the registry has, as %s tells: %s",
      fix = "Do not install it. Fetch it again from the registry; find out who put this file there.",
    },
    other_version = {
      says = "%s lies here in version %s, and the lock says %s",
      fix = "Install anew from the lock (npm ci), or write the lock anew.",
      severity = "medium",
      reliability = "parsed",
    },
    clear = {
      says = "%s is fetched without encryption and without a digest: %s",
      fix = "Fetch from a registry by https, and write the lock anew, so that it has a digest.",
      severity = "medium",
      reliability = "parsed",
    },
    clear_checked = {
      says = "%s is fetched without encryption: %s",
      fix = "Write the lock anew with a registry by https.",
      severity = "low",
      reliability = "parsed",
    },
    without = {
      says = "%d packages in the lock have no digest, the first is %s",
      fix = "Write the lock anew with a current npm: it adds the digests.",
      severity = "low",
      reliability = "parsed",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:353", "attack:T1195.001", "req:R25" },
  samples     = {
    hit = { "swapped", "other-version", "old-lock", "no-digests", "yarn-clear", "yarn-swapped",
      contradicted = { "other-1.0.0.tgz" } },
    clean = { "fits", "local-folders", "no-lock", "yarn", "signed-1.0.0.tgz" },
  },

  object = function(object, found)
    if object.name == "package-lock.json" or object.name == "npm-shrinkwrap.json" then
      read_lock(object, found)
    elseif object.name == "yarn.lock" then
      read_yarn(object, found)
    elseif object.name == ".tgz" and object.kind == "gzip" then
      found.note { sha512 = hash.sha512(object), sha1 = hash.sha1(object), sha256 = object.sha256 }
    end
  end,

  product = function(product, found)
    found.pass { reliability = "parsed" }
    signatures.judge(product, function(method) return signatures.NPM[method] end, found.contradicted, found)
    local archives = nil
    for _, glob in ipairs { "package-lock.json", "npm-shrinkwrap.json", "yarn.lock" } do
      for lock in product:objects { glob = glob, noted = true } do
        archives = archives or there(product)
        for _, rows in ipairs(lock.notes) do
          for _, row in ipairs(rows) do
            compare(product, lock, row, archives, found)
          end
        end
      end
    end
  end,
}
