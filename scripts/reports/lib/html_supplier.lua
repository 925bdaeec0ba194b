-- What the supplier handed in and claims, against what was seen; the evidence that the policy requires; waivers with
-- owner and expiry.
local h = require "lib.html"
local parts = require "lib.html_parts"

local supplier = {}

local STATUSES = { "contradicts", "none", "stale", "unsigned", "agrees" }
local SHAPES = { contradicts = "✕", none = "–", stale = "◷", unsigned = "○", agrees = "✓" }

local function required(m, words)
  if #m.required == 0 then
    return h.p { words("supplier.none_required") }
  end
  local rows = {}
  for i, row in ipairs(m.required) do
    local state = not row.demanded and "not_demanded" or row.verified and "verified" or "missing"
    rows[i] = { parts.titled(words, "required." .. row.id, row.title), words("required." .. state),
      row.reliability and words("supplier.at_least", { what = words("reliability." .. row.reliability) })
        or words("supplier.any"),
      table.concat(row.rows, ", ") }
  end
  return parts.table(words("supplier.required"), { words("supplier.evidence"), words("status"),
    words("supplier.by_whose_word"),
    words("supplier.rows") }, rows)
end

local function statements(m, words)
  if m.statements.total == 0 then
    return h.p { words("supplier.no_statements") }
  end
  local rows = {}
  for _, status in ipairs(STATUSES) do
    for _, row in ipairs(m.statements[status]) do
      rows[#rows + 1] = { parts.said(words, row.claim),
        h.span { class = "word word-" .. status, h.span { ["aria-hidden"] = "true", SHAPES[status] }, " ",
          words("statement." .. status) },
        parts.said(words, row.why), row.document, h.code(row.check) }
    end
  end
  return parts.table(words("supplier.statements"), { words("supplier.claim"), words("supplier.verdict"),
    words("supplier.seen"),
    words("supplier.document"), words("check") }, rows)
end

local function signed(words, document)
  local list = {}
  for _, s in ipairs(document.signatures) do
    list[#list + 1] = h.li { s.method, ": ", s.verified and s.root ~= ""
      and words("supplier.signed_by", { root = h.b { s.root }, role = words("role." .. s.role, false) or s.role })
      or s.verified and words("supplier.signed_unknown") or { words("supplier.does_not_verify"), " ", parts.said(words,
        s.why) },
      " ", h.code(s.key) }
  end
  return #list > 0 and h.ul { class = "plain-list", list } or words("supplier.unsigned")
end

local function documents(m, words)
  if #m.documents == 0 then
    return h.p { words("supplier.no_documents") }
  end
  local rows = {}
  for i, d in ipairs(m.documents) do
    rows[i] = { { d.name, d.sha256 ~= "" and { " ", h.code { class = "digest", d.sha256 } } }, { d.kind,
      d.format ~= "" and { ", ", d.format } },
      d.state == "read" and words("document.read") or { words("document." .. d.state), d.why ~= "" and { ": ",
        parts.said(words, d.why) } },
      d.by, signed(words, d), { d.issued ~= "" and d.issued or "–", d.expires ~= "" and { " – ", d.expires } },
        parts.percent(words, d.freshness) }
  end
  return h.details { class = "fold", h.summary { words("supplier.all_documents", { n = #rows }) },
    parts.table(words("supplier.documents"), { words("supplier.document"), words("supplier.kind"), words("status"),
      words("supplier.by"),
      words("supplier.signatures"), words("supplier.dates"), words("supplier.freshness") }, rows) }
end

function supplier.section(m, words)
  return parts.section("supplier", words("supplier.title"), words("supplier.intro"), {
    required(m, words), statements(m, words), documents(m, words) })
end

function supplier.waivers(m, words)
  local rows = {}
  for i, w in ipairs(m.waivers) do
    rows[i] = { { h.code(w.check), " ", h.code { class = "key", w.key } }, parts.said(words, w.reason), w.owner ~= ""
      and w.owner or "–",
      w.expires ~= "" and w.expires or "–",
      w.applied and words("waiver.applied") or { words("waiver.not_applied"), w.why ~= "" and { ": ", parts.said(words,
        w.why) } }, w.document }
  end
  return parts.section("waivers", words("waivers.title"), words("waivers.intro"), #rows == 0
    and h.p { class = "lead", words("waivers.none") } or {
    parts.table(words("waivers.table"), { words("waiver.finding"), words("waiver.reason"), words("waiver.owner"),
      words("waiver.expires"),
      words("status"), words("supplier.document") }, rows),
    m.unwaived.tenths ~= m.trust.tenths and h.p { words("arithmetic.unwaived",
      { trust = parts.tenths(words, m.unwaived.tenths), n = m.waived }) } })
end

return supplier
