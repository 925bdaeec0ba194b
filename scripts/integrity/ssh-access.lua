local hints = require "probity.hints"
local rootfs = require "lib.rootfs"
local secrets = require "lib.secrets"
local text = require "probity.text"

local OWN = "integrity.ssh-access"

-- Vagrant's public key, whose private half everybody has: the beginning of its number.
local INSECURE = "AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr"

local FILES = { ["authorized" .. "_keys"] = true, ["authorized" .. "_keys2"] = true }
local WRITERS = { shell = true, python = true, javascript = true, typescript = true, perl = true, php = true, ruby = true,
  powershell = true, dockerfile = true, make = true, ["go-source"] = true, c = true }
local NEAR = 600

-- A key of SSH begins with the length and the name of its own algorithm: words that only look like one do not.
local function key_of(value)
  local name, body = value:match("^(%S+) (%S+)$")
  name = name and name:gsub("^nistp", "ecdsa-sha2-nistp")
  local raw = name and text.base64_decode(body)
  return raw and raw:sub(1, 4 + #name) == string.pack(">s4", name) and #raw >= 40 and secrets.random(body:sub(-40)) and body or nil
end

-- Is the file of keys named near the key, in the same script?
local function names_file(object, at)
  for other in object:hits("$file") do
    if math.abs(other - at) <= NEAR and not object:comment(other) then
      return true
    end
  end
  return false
end

---@type probity.Check
return {
  title       = "Somebody's SSH key opens it, or its host key is everybody's",
  why         = "Whoever has the other half of a shipped key can log in to every copy; a shipped host key lets others pose as it.",
  confirm     = [[Show the fingerprint: `ssh-keygen -lf KEY` (or of a line of authorized_keys by itself), and search
    the installation for it: `grep -rn 'ssh-' ROOT/root/.ssh ROOT/home/*/.ssh ROOT/etc/ssh`.]],
  catalogue   = "I-11",
  claim       = "exposure",
  severity    = "critical",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  looks       = [[
    strings:
      $key = /(ssh-(rsa|dss) AAAAB3NzaC1|ssh-ed25519 AAAAC3NzaC1lZDI1|nistp[235]\d\d AAAAE2VjZHNh)[A-Za-z0-9+\/]{40,2000}/
      $file = /[\/\\]authorized_key[s]/
    condition:
      $key and #file >= 0
  ]],
  findings    = {
    authorised = {
      says = "the key %s... may log in: who has its other half is not known",
      fix = "Take the key out of the image, and let whoever sets up the device bring a key of their own.",
    },
    insecure = {
      says = "the key %s... may log in, and its private half is published",
      fix = "Take the key out of the image: everybody has its other half.",
    },
    planted = {
      says = "a script brings the key %s... and names authorized_" .. "keys: it lets somebody log in where it runs",
      fix = "Take the key out; whoever wants to give access to a machine brings their own key.",
      severity = "high",
      reliability = "exact",
    },
    hostkey = {
      says = "brings the private host key %s, the same for every copy",
      fix = "Delete host keys when the image is made, and make them at the first start.",
    },
  },
  maps        = { "paris:P6", "cra:I.2.d", "etsi:5.4-2", "cwe:321", "attack:T1098.004", "req:R6" },
  samples     = {
    hit = { "firmware", "host-key", "dropbear", "postinstall.sh", "setup.py" },
    clean = { "known-hosts", "commented", "marker.sh", "public-host-key" },
  },

  object = function(object, found)
    local own, writer = FILES[object.name], WRITERS[object.kind]
    if not own and not writer then
      return
    end
    for at, length in object:hits("$key") do
      local body = length <= 4096 and key_of(object:bytes(at, length))
      local line = body and object:line(at)
      if body and not line:find("^%s*#") and not object:comment(at) then
        local shown = body:sub(-12)
        local raise = body:sub(1, #INSECURE) == INSECURE and found.insecure or found.authorised
        if own then
          raise { key = body:sub(-40), at = at, length = length, severity = "high", shown }
        elseif names_file(object, at) then
          found.planted { key = body:sub(-40), at = at, length = length, shown }
        end
      end
    end
  end,

  product = function(product, found)
    local roots -- asked for where there is something to judge
    for o in product:objects { glob = "authorized" .. "_keys*" } do
      for _, f in ipairs(o.findings) do
        if f.check == OWN then
          roots = roots or rootfs.roots(product)
          if rootfs.relative(roots, o) or o.name:find("%.ssh/") or o.name:find("etc/dropbear/") then
            found[f.finding] { key = f.key, object = o, at = f.at, f.key:sub(-12) }
          end
        end
      end
    end
    for o in product:objects { glob = "*host_*key" } do -- ssh_host_rsa_key, dropbear_rsa_host_key
      if o.kind == "pem" or o.class == "data" and o.size >= 80 and o.size <= 4096 then
        roots = roots or rootfs.roots(product)
        local severity = hints.discounted(o.path) and "low" or not rootfs.relative(roots, o) and "high" or nil
        found.hostkey { key = o.sha256, object = o, excerpt = o.basename, severity = severity, o.basename }
      end
    end
  end,
}
