local packages = require "lib.packages"

local GHOST = 64 -- flag of a file that the package only names

local function own_bytes(o, rpm, found)
  for _, digest in ipairs(rpm.digests) do
    if not digest.ok then
      found[digest.what] { key = o.sha256, object = o,
        packages.place(o.path) ~= "" and packages.place(o.path) or o.basename,
        digest.algorithm }
    end
  end
end

-- Every file that came out of the package, by the path that the header has.
local function members(o)
  local of = {}
  local function walk(container, depth)
    for member in container:children() do
      if member.container and #member.path == #o.path + 1 and depth == 0 and member.kind == "cpio" then
        walk(member, 1)
      else
        of["/" .. member.name:gsub("^%.?/+", "")] = member
      end
    end
  end
  walk(o, 0)
  return of
end

local function files(o, rpm, found)
  local of = members(o)
  local unseen
  for _, file in ipairs(rpm.files or {}) do
    local ghost = file.flags and file.flags & GHOST ~= 0
    if file.digest and #file.digest == 64 and not ghost then
      local member = of[file.path]
      if member and member.sha256 ~= file.digest then
        found.file { key = file.path, object = member, file.path, rpm.name }
      elseif not member and (file.size or 0) > 5 then
        unseen = unseen or file.path
      end
    end
  end
  return unseen
end

---@type probity.Check
return {
  title       = "RPM package against its own digests",
  why         = "The package says what its header, its payload and each of its files are. What does not fit was " ..
                "changed after it was built.",
  confirm     = [[`rpm -Kv PRODUCT` checks header and payload; unpack with `rpm2cpio PRODUCT | cpio -idm` and compare
    `sha256sum` of a file with `rpm -qp --dump PRODUCT`.]],
  catalogue   = "I-24",
  claim       = "integrity-of-package",
  severity    = "critical",
  reliability = "self-declared",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "rpm" },
  findings    = {
    header = {
      says = "the header of %s was changed after the package was built: its %s differs",
      fix = "Do not install it. Fetch the package again from its distributor and verify the signature; tell the " ..
        "distributor.",
      reliability = "verified",
    },
    payload = {
      says = "the payload of %s was changed after the package was built: its %s differs",
      fix = "Do not install it. Fetch the package again from its distributor and verify the signature; tell the " ..
        "distributor.",
      reliability = "verified",
    },
    package = {
      says = "%s was changed after it was built: its %s differs",
      fix = "Do not install it. Fetch the package again from its distributor and verify the signature; tell the " ..
        "distributor.",
      reliability = "verified",
    },
    file = {
      says = "%s is not the file that %s was built with: its SHA-256 differs from the header",
      fix = "Do not install it. Fetch the package again from its distributor and verify the signature; tell the " ..
        "distributor.",
      reliability = "verified",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:353", "attack:T1195.002", "req:R25" },
  samples     = { hit = { "payload.rpm", "header.rpm", "file.rpm" }, clean = { "good.rpm" } },

  product = function(product, found)
    for o in product:objects { fact = "rpm" } do
      local rpm = o.facts.rpm
      if rpm.digests then
        own_bytes(o, rpm, found)
      end
      local unseen = files(o, rpm, found)
      if not rpm.digests and not rpm.files then
        found.unknown(o.basename .. " carries no digests")
      elseif unseen then
        found.unknown("not all files of " .. o.basename .. " were unpacked: " .. unseen)
      end
    end
  end,
}
