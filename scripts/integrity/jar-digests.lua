local packages = require "lib.packages"
local text = require "probity.text"
local whole = require "lib.whole"

local ROWS, NOTES, LARGEST, UNLISTED = 50, 60, 4194304, 20
local DIGESTS = { ["sha-256-digest"] = true, ["sha-256-digest-manifest"] = true }

local function hex(base64)
  local raw = text.base64_decode(base64)
  return raw and text.hex_encode(raw)
end

-- The sections of a manifest: a name (nil for the first one) and its SHA-256. Lines of more than 72 bytes go on
-- behind a blank.
local function sections(object, take)
  local name, digest, key, value, weak
  local function field()
    if key == "name" then
      name = value
    elseif key and DIGESTS[key] then
      digest = hex(value)
    elseif key and key:find("%-digest$") then
      weak = true
    end
    key, value = nil, nil
  end
  local function ends()
    field()
    if digest or weak then
      take(name, digest)
    end
    name, digest, weak = nil, nil, nil
  end
  for line in text.lines(whole(object, LARGEST)) do
    if line == "" then
      ends()
    elseif line:sub(1, 1) == " " then
      value = value and value .. line:sub(2)
    else
      field()
      key, value = line:match("^([%w-]+):%s?(.*)$")
      key = key and key:lower()
    end
  end
  ends()
end

local function note_manifest(object, found)
  local rows, notes = {}, 0
  sections(object, function(name, digest)
    if name and #rows < ROWS and notes < NOTES then
      rows[#rows + 1] = { name = text.display(name):sub(1, 200), digest = digest }
      if #rows == ROWS then
        found.note(rows)
        rows, notes = {}, notes + 1
      end
    end
  end)
  if #rows > 0 and notes < NOTES then
    found.note(rows)
  end
  if notes == NOTES then
    found.unknown("a manifest of more than " .. ROWS * NOTES .. " files was not held against all of them")
  end
end

-- The files of a signature in one container: { stem = { sf = object, block = object } }, and whether there is any.
local function signatures(manifest)
  local of, any = {}, false
  local prefix = { table.unpack(manifest.path, 1, #manifest.path - 1) }
  local container = manifest.parent
  for o in (container and container:children() or function() end) do
    local stem, ending = o.name:match("^META%-INF/([^/]+)%.(%u%u%u?)$")
    if stem and #o.path == #prefix + 1 and (ending == "SF" or ending == "RSA" or ending == "DSA" or ending == "EC") then
      of[stem] = of[stem] or {}
      of[stem][ending == "SF" and "sf" or "block"] = o
      any = any or ending ~= "SF"
    end
  end
  return of, any and container or nil
end

local function judge_signature(manifest, stems, found)
  for _, pair in pairs(stems) do
    local s = pair.block and pair.block.facts.signature
    local told = pair.sf and pair.sf.notes[1]
    if s and pair.sf and s.digest == "sha256" and s.content and s.content ~= pair.sf.sha256 then
      found.forged { key = pair.block.sha256, object = pair.block, packages.place(pair.block.path), pair.sf.basename }
    end
    if told and told.manifest and told.manifest ~= manifest.sha256 then
      found.manifest { key = manifest.sha256, object = manifest, packages.place(manifest.path), pair.sf.basename }
    end
  end
end

local function judge_files(product, manifest, signed, found)
  local path, listed = { table.unpack(manifest.path) }, {}
  for _, rows in ipairs(manifest.notes) do
    for _, row in ipairs(rows) do
      listed[row.name] = true
      path[#path] = row.name
      local o = product:object(path)
      if o and row.digest and o.sha256 ~= row.digest then
        local raise = signed and found.changed or found.stale
        raise { key = row.name, object = o, row.name, packages.place(manifest.path) }
      end
    end
  end
  return listed
end

local function judge_unlisted(container, listed, found)
  local n = 0
  for _, entry in ipairs(container.facts.members and container.facts.members.entries or {}) do
    local ours = entry.type == "file" and not listed[entry.path] and not text.starts(entry.path, "META-INF/")
    if ours and n < UNLISTED then
      n = n + 1
      found.unlisted { key = entry.path, object = container, entry.path, container.basename }
    end
  end
end

local function judge_apk(product, found)
  for o in product:objects { kind = "apk" } do
    local block = false
    for _, note in ipairs(o.notes) do
      block = block or note.block
    end
    local old = false
    for member in o:children() do
      old = old or member.name:find("^META%-INF/[^/]+%.[RDE][SC]A?$") ~= nil
    end
    if not block and old then
      found.old_only { key = o.sha256, object = o, o.basename }
    elseif not block then
      found.unsigned { key = o.sha256, object = o, o.basename }
    end
  end
end

---@type probity.Check
return {
  title       = "Java and Android archives against their own digests",
  why         = "A signed archive lists a digest for each file. One that differs was changed afterwards; one that " ..
                "is not listed was never signed. The first form of Android's signatures leaves room for both.",
  confirm     = [[Let the tools of Java check it: `jarsigner -verify -verbose OBJECT`, for Android `apksigner verify
    --verbose OBJECT`. By hand: `unzip -p OBJECT NAME | openssl dgst -sha256 -binary | base64` against
    META-INF/MANIFEST.MF.]],
  catalogue   = "I-26",
  claim       = "integrity-of-package",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "jar", "apk", "zip", "text", "data" },
  looks       = [[
    strings:
      $apk = "\x41PK Sig Block 42"
      $digest = "\x2dDigest: "
    condition:
      any of them
  ]],
  findings    = {
    changed = {
      says = "%s is not the file that was signed: its SHA-256 differs from %s",
      fix = "Do not install it. Fetch it again from its publisher and verify it (jarsigner -verify, apksigner verify).",
      reliability = "verified",
    },
    forged = {
      says = "%s is a signature of something else: what it signed is not %s",
      fix = "Do not install it. Fetch it again from its publisher and verify it (jarsigner -verify).",
      reliability = "verified",
    },
    manifest = {
      says = "%s was changed after it was signed: its SHA-256 differs from %s",
      fix = "Sign again after the last change of the manifest.",
      severity = "medium",
    },
    unlisted = {
      says = "%s has no digest in the manifest of the signed %s",
      fix = "Sign after the last file was put in; leave out what nobody put there.",
      severity = "medium",
    },
    stale = {
      says = "%s differs from its digest in %s, which nobody signed",
      fix = "Leave the digests of another archive out of the manifest when archives are put together.",
      severity = "low",
    },
    old_only = {
      says = "%s is signed in the first form only, which does not cover the archive as a whole",
      fix = "Sign with scheme 2 or later (apksigner).",
      severity = "medium",
    },
    unsigned = {
      says = "%s carries no signature",
      fix = "Sign it with scheme 2 or later (apksigner).",
      severity = "medium",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:347", "attack:T1553.002", "req:R25" },
  samples     = {
    hit = { "changed.jar", "unlisted.jar", "forged.jar", "stale.jar", "old-only.apk" },
    clean = { "signed.jar", "plain.jar", "scheme-2.apk" },
  },

  object = function(object, found)
    if object.name == "manifest.mf" then
      note_manifest(object, found)
    elseif object.name == ".sf" then
      sections(object, function(name, digest)
        if not name and digest then
          found.note { manifest = digest }
        end
      end)
    elseif object:count("$apk") > 0 then
      found.note { block = true }
    end
  end,

  product = function(product, found)
    for manifest in product:objects { fact = "jar" } do
      local stems, signed = signatures(manifest)
      judge_signature(manifest, stems, found)
      local listed = judge_files(product, manifest, signed ~= nil, found)
      if signed and next(listed) then
        judge_unlisted(signed, listed, found)
      end
    end
    judge_apk(product, found)
  end,
}
