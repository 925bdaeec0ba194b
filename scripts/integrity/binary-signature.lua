local packages = require "lib.packages"
local signatures = require "lib.package_signatures"

-- Bytes behind a signature that are more than the mark that download sites leave there for installers.
local MARK = 2048

local function changed(o, found)
  local s = o.facts.signature
  if s.digest_ok == false then
    found.changed { key = o.sha256, object = o, at = s.differs_at, packages.place(o.path), s.digest or "?" }
  elseif s.verified == false then
    found.forged { key = o.sha256, object = o, packages.place(o.path), s.subject or "?" }
  elseif s.broken then
    found.broken { key = o.sha256, object = o, packages.place(o.path), s.broken }
  end
end

local function unsigned_parts(o, found)
  local s = o.facts.signature
  if (s.behind or 0) >= MARK then
    found.behind { key = o.sha256, object = o, s.behind, packages.place(o.path) }
  elseif (s.behind or 0) > 0 then
    found.mark { key = o.sha256, object = o, s.behind, packages.place(o.path) }
  end
  if (s.appended or 0) > 0 then
    found.appended { key = o.sha256, object = o, s.appended, packages.place(o.path) }
  end
end

local function signer(o, as_of, found)
  local s = o.facts.signature
  if s.not_after and s.not_after < as_of and not s.timestamped then
    found.expired { key = s.fingerprint, object = o, packages.place(o.path), s.subject or "?" }
  end
  if s.self_signed then
    found.self_signed { key = s.fingerprint, object = o, packages.place(o.path), s.subject or "?" }
  end
  if s.adhoc then
    found.adhoc { key = o.sha256, object = o, packages.place(o.path) }
  end
end

-- Is each program signed, with nothing behind it, with a certificate that a vendor's or a distributor's trust root is? A chain to
-- one is not followed: whose keys count is the administrator's to say, key by key.
local function all_by_roots(product)
  local n = 0
  for o in product:objects { fact = "signature" } do
    local s = o.facts.signature
    if o.kind == "pe" or o.kind == "macho" then
      local sound = s.digest_ok and s.verified and not s.broken and (s.behind or 0) == 0 and (s.appended or 0) == 0
      local root = sound and signatures.root_of_certificate(product, s.fingerprint)
      if not root or (s.not_after and s.not_after < product.as_of) then
        return false
      end
      n = n + 1
    end
  end
  return n > 0
end

-- What Windows would ask for a signature: programs. Libraries (node's add-ons among them) are only counted: few are
-- signed, and nobody asks. What is inside of another program is signed with that.
local function unsigned(product, found)
  local first, n = {}, { exec = 0, dll = 0 }
  for o in product:objects { kind = "pe" } do
    local kind = o.facts.binary and o.facts.binary.type
    local parent = o.parent
    if not o.facts.signature and n[kind] and not (parent and parent.kind == "pe") then
      first[kind], n[kind] = first[kind] or o, n[kind] + 1
    end
  end
  if first.exec then
    -- In a package, the package's digest or signature vouches for all of its files.
    local raise = #product.packages > 0 and found.unsigned_library or found.unsigned
    raise { key = "unsigned", object = first.exec, n.exec, packages.place(first.exec.path) }
  elseif first.dll then
    found.unsigned_library { key = "unsigned", object = first.dll, n.dll, packages.place(first.dll.path) }
  end
end

---@type probity.Check
return {
  title       = "Signatures of programs against their bytes",
  why         = "A signature speaks for certain bytes. Where they are others, somebody changed the program after it " ..
                "was signed; what stands where no signature reaches was never spoken for. That a signature fits " ..
                "says who signed, not that all is well.",
  confirm     = [[Let another program check it: `osslsigncode verify OBJECT` for Windows programs, `codesign --verify
    --verbose OBJECT` on macOS. It names the digest that does not fit.]],
  catalogue   = "I-28",
  claim       = "signature",
  severity    = "critical",
  reliability = "verified", -- where the certificate is a trust root's; a signature of somebody counts as what was read
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "pe", "macho" },
  findings    = {
    changed = {
      says = "%s is not what was signed: its bytes do not fit the %s digest in its signature",
      fix = "Do not run it. Fetch it again from its maker and compare; tell the maker. If it is your own: sign " ..
        "after the last change.",
      reliability = "verified",
    },
    forged = {
      says = "%s carries a signature that was not made with the key of its certificate (%s)",
      fix = "Do not run it. A signature that was copied from another program looks like this; ask the maker for " ..
        "a sound one.",
      severity = "high",
      reliability = "parsed",
    },
    broken = {
      says = "%s is marked as signed, but %s",
      fix = "Sign it again; tools that strip or compress programs have to run before.",
      severity = "medium",
      reliability = "parsed",
    },
    behind = {
      says = "%d bytes stand behind the signature of %s, inside the part that no digest covers",
      fix = "Ask the maker what they are. Whatever reads them runs on bytes that nobody signed.",
      severity = "high",
      reliability = "parsed",
    },
    mark = {
      says = "%d bytes stand behind the signature of %s: a mark that can be changed without breaking the signature",
      fix = "Put such a mark (a channel, a campaign) into the part that is signed.",
      severity = "low",
      reliability = "parsed",
    },
    appended = {
      says = "%d bytes follow the signature of %s, which does not cover them",
      fix = "Put the data into the program before it is signed.",
      severity = "medium",
      reliability = "parsed",
    },
    expired = {
      says = "%s was signed with a certificate that has run out (%s), and carries no timestamp from before",
      fix = "Sign with a timestamp: then the signature outlives the certificate.",
      severity = "low",
      reliability = "parsed",
    },
    self_signed = {
      says = "%s is signed by a certificate that speaks for itself (%s)",
      fix = "Sign with a certificate that somebody else vouches for.",
      severity = "low",
      reliability = "parsed",
    },
    unsigned = {
      says = "Windows programs without a signature: %d, the first is %s",
      fix = "Sign them, with a timestamp, so that users can tell yours from others.",
      severity = "low",
      reliability = "parsed",
    },
    unsigned_library = {
      says = "Windows programs or libraries of a package without a signature of their own: %d, the first is %s",
      fix = "Sign them with the program that loads them.",
      severity = "info",
      reliability = "parsed",
    },
    adhoc = {
      says = "%s has a signature that names nobody (ad hoc)",
      fix = "Sign with a developer's identity where others are to run it.",
      severity = "info",
      reliability = "parsed",
    },
  },
  maps        = { "paris:P6", "cra:I.2.f", "cwe:347", "attack:T1553.002", "req:R25" },
  samples     = {
    hit = { "changed.exe", "other-signature.exe", "behind.dll", "appended.exe", "expired.exe", "unsigned.exe",
      "changed-macho",
      "adhoc-macho", "installer-note.exe", "broken.exe" },
    clean = { "stranger-vouched.exe", "pinned.exe", "timestamped.exe", "no-signature-macho" },
  },

  product = function(product, found)
    for o in product:objects { fact = "signature" } do
      if o.kind == "pe" or o.kind == "macho" then
        changed(o, found)
        unsigned_parts(o, found)
        signer(o, product.as_of, found)
      end
    end
    unsigned(product, found)
    found.pass { reliability = all_by_roots(product) and "verified" or "parsed" }
  end,
}
