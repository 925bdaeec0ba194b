-- What exactly was assessed, by what, and how to do it again.
local h = require "lib.html"
local parts = require "lib.html_parts"

local function product(m, words)
  local p = m.product
  return parts.facts {
    { words("identity.name"), { p.name, " ", p.version } },
    { words("identity.kind"), p.kind },
    { "SHA-256", parts.digest(words, p.sha256) },
    { words("identity.size"), words("identity.bytes", { n = p.size, size = parts.size(words, p.size) }) },
    { words("identity.objects"), words("identity.unpacked", { n = p.objects, size = parts.size(words, p.bytes) }) },
  }
end

local function database(db, words)
  if not db.official then
    return words("identity.no_database")
  end
  return words("identity.database", { version = db.version or "?", built = db.built or "?", n = db.signatures or 0 })
end

local function engine(m, words)
  local a = m.assessment
  local e = a.engine
  return parts.facts {
    { words("page.as_of"), h.time { datetime = a.as_of, a.as_of } },
    { words("identity.assessed"), a.assessed },
    { words("page.policy"), { m.policy.name, " ", parts.digest(words, m.policy.digest or "") } },
    { "Probity", e.probity },
    { "ClamAV", { e.clamav, ", ", database(e.clamav_db or {}, words) } },
    { "YARA, Lua", { e.yara, ", ", e.lua } },
    { words("identity.rules"), parts.digest(words, a.rules_digest) },
    { words("identity.evidence"), parts.digest(words, a.evidence_digest) },
    { words("identity.waivers"), parts.digest(words, a.waivers_digest) },
    { words("identity.trust"), a.trust_digest and parts.digest(words, a.trust_digest) },
    { words("identity.unboxed"), e.unboxed and table.concat(e.unboxed, ", ") },
  }
end

-- Packs and YARA rules of others.
local function rules_of_others(m, words)
  local rows, e = {}, m.assessment.engine
  for _, pack in ipairs(e.packs or {}) do
    rows[#rows + 1] = { { pack.name, " ", pack.version }, h.code(pack.sha256),
      words(pack.trusted and "identity.pack_trusted" or "identity.pack_untrusted", { key = h.code(pack.key) }),
      pack.left_out and words("identity.left_out") or pack.why and parts.said(words, pack.why) or "" }
  end
  for _, set in ipairs(e.rule_sets or {}) do
    rows[#rows + 1] = { set.id, h.code(set.digest), words("identity.rule_set", { rules = set.rules,
      files = set.files }),
      set.left_out > 0 and words("identity.files_left_out", { n = set.left_out }) or "" }
  end
  return #rows > 0 and parts.table(words("identity.packs"),
    { words("identity.pack"), "SHA-256", words("identity.origin"), words("identity.note") }, rows)
end

local function again(m, words)
  local a = m.assessment
  -- FILE stands for the product: its name is its maker's, and nobody should paste that into a shell.
  local name = m.policy.name:find("^[%w._-]+$") and m.policy.name or "POLICY"
  local command = a.command
    or "probity scan -f json --policy " .. name .. " --as-of " .. a.as_of .. " FILE > report.json"
  return { h.h3(words("identity.again")),
    h.p { words("identity.again_how") },
    h.pre { class = "command", h.code { command } },
    h.p { words("identity.verify_how") },
    h.pre { class = "command", h.code { "probity verify report.json --product FILE" } } }
end

-- pictures: nil on short pages.
return function(m, words, pictures)
  return parts.section("identity", words("identity.title"), words("identity.intro"), {
    h.div { class = "columns",
      h.div { h.h3(words("identity.what")), product(m, words) },
      h.div { h.h3(words("identity.by")), engine(m, words) } },
    rules_of_others(m, words),
    again(m, words),
    pictures and { h.h3(words("identity.composition")), pictures.treemap(h, m, words) } or false,
  })
end
