-- What was found, claim by claim, the weightiest first; in a claim by kind: what all findings of a kind share (why it
-- matters, what to do, how to confirm it, which requirements it touches) is said once. Every finding is there with its
-- key and its places.
local controls = require "lib.controls"
local h = require "lib.html"
local parts = require "lib.html_parts"

local OPEN_UP_TO = 60    -- findings of a report whose claims stand open
local COMPACT_FROM = 2000 -- findings from which each is a short row
local FRAMEWORKS = {
  cwe = function(id) return id:find("^%d+$") and "https://cwe.mitre.org/data/definitions/" .. id .. ".html" end,
  attack = function(id) return id:find("^T[%d.]+$") and "https://attack.mitre.org/techniques/" .. id:gsub("%.",
    "/") .. "/" end,
}

local KNOWN = { paris = true, cra = true, etsi = true, gdpr = true, eprivacy = true, rfc = true, req = true, cwe = true,
  attack = true }

local function requirement(words, map)
  local framework, id = map:match("^([%w-]+):(.+)$")
  if not KNOWN[framework] then
    return map
  end
  local name = words("map." .. framework, { id = id })
  local url = FRAMEWORKS[framework] and FRAMEWORKS[framework](id)
  return url and h.link(url, { name }) or name
end

local function requirements(words, maps)
  local items = {}
  for i, map in ipairs(maps) do
    items[i] = h.li { requirement(words, map) }
  end
  return #items > 0 and h.ul { class = "tags", items }
end

local function place(words, e)
  return h.li { parts.path(words, e.path),
    h.p { class = "small",
      e.offset >= 0 and words("finding.bytes", { at = e.offset, n = e.length }) or words("finding.whole"),
      e.sha256 ~= "" and { " · SHA-256 ", h.code { class = "digest", e.sha256 } } },
    e.excerpt ~= "" and h.pre { class = "excerpt", h.code { e.excerpt } } }
end

local function marks(f)
  local row = f.row
  return row.severity, f.check.pillar, f.check.claim, row.waived and "waived" or "open"
end

local function tags(words, f)
  local row = f.row
  return { h.span { class = "tag", parts.certainty(words, row.kappa) },
    row.places > 1 and h.span { class = "tag", words("count.places", { n = row.places }) },
    row.waived and h.span { class = "tag waived", words("finding.waived") } }
end

local function full(words, f)
  local row, places = f.row, {}
  local severity, pillar, claim, status = marks(f)
  for i, e in ipairs(row.evidence) do
    places[i] = place(words, e)
  end
  return { h.details { class = "finding", id = f.id, ["data-severity"] = severity, ["data-pillar"] = pillar,
    ["data-claim"] = claim,
    ["data-status"] = status, ["data-text"] = row.says .. " " .. row.key .. " " .. row.check,
    h.summary { parts.severity(words, severity), " ", h.span { class = "says", parts.said(words, row.says) }, " ",
      tags(words, f) },
    h.div { class = "inside",
      row.waived and h.p { class = "waiver", words("finding.waived_because", { why = parts.said(words, row.waived) }) },
      h.p { class = "small", words("finding.key"), " ", h.code { class = "key", row.key }, " · κ ", words("text.count",
        { n = row.kappa }), " ‰" },
      h.ol { class = "places", places },
      row.places > #row.evidence and h.p { class = "small", words("finding.more_places",
        { n = row.places - #row.evidence }) } } }, "\n" }
end

local compact_row = h.template(function(hole)
  return h.details { class = "finding", id = hole(1), ["data-severity"] = hole(2), ["data-pillar"] = hole(3),
    ["data-claim"] = hole(4), ["data-status"] = hole(5), h.summary(hole(6)), h.p(hole(7)), "\n" }
end)

-- One line with the first place: a report of fifty thousand findings has to stay a page that can be used. report.js
-- takes the text of the row itself.
local function compact(words, f)
  local row = f.row
  local severity, pillar, claim, status = marks(f)
  local e = row.evidence[1]
  local told = { row.key, " - ", table.concat(e.path, " : ") } -- ASCII costs least
  if e.offset >= 0 then
    told[4] = " @" .. e.offset .. "+" .. e.length
  end
  if row.places > 1 then
    told[#told + 1] = " - " .. words("count.places", { n = row.places })
  end
  if row.waived then
    told[#told + 1] = " - " .. words("finding.waived_because", { why = row.waived })
  end
  return compact_row { f.id, severity, pillar, claim, status, row.says, table.concat(told) }
end

local function kind_facts(words, kind)
  local check, row = kind.check, kind.findings[1].row
  return parts.facts {
    { words("finding.why"), check.why and parts.said(words, check.why) },
    { words("finding.fix"), row.remediation ~= "" and parts.said(words, row.remediation) },
    { words("finding.confirm"), { check.confirm and { parts.said(words, check.confirm), " " },
      h.link("#confirm", { words("finding.confirm_general") }) } },
    { words("finding.maps"), requirements(words, row.maps) },
    { words("check"), { check.catalogue ~= "" and { check.catalogue, " " }, h.code(check.id), ", ",
      words("reliability." .. check.reliability, false) or check.reliability } },
  }
end

local function one_kind(words, kind, make)
  return h.div { class = "kind",
    h.h4 { parts.severity(words, kind.severity), " ", parts.said(words, kind.check.title), " ",
      h.span { class = "count", words("count.findings", { n = #kind.findings }) } },
    kind_facts(words, kind),
    h.each(kind.findings, function(f) return make(words, f) end) }
end

local function one_claim(m, words, claim)
  local compactly = #m.findings > COMPACT_FROM
  local open = #m.findings <= OPEN_UP_TO and claim.rank > 1
  return { h.details { class = "claim", id = "claim-" .. claim.anchor, open = open, ["data-claim"] = claim.claim,
    h.summary { h.h3 { parts.claim(words, claim.claim) }, " ", h.span { class = "meta",
      words("pillar." .. claim.pillar), " · ",
      parts.tally(words, claim.counts), " · ",
      claim.share > 0 and words("finding.takes", { points = parts.tenths(words, claim.share) })
        or words("finding.takes_nothing") } },
    h.each(claim.kinds, function(kind) return one_kind(words, kind, compactly and compact or full) end) }, "\n" }
end

return function(m, words)
  local list = {}
  for _, claim in ipairs(m.claims) do
    if #claim.findings > 0 then
      list[#list + 1] = claim
    end
  end
  local body = #list == 0 and h.p { class = "lead", words("findings.none") } or {
    h.p { class = "lead", parts.tally(words, m.severities),
      m.waived > 0 and { " · ", words("findings.waived", { n = m.waived }) } },
    controls(h, words),
    h.each(list, function(claim) return one_claim(m, words, claim) end) }
  return parts.section("findings", words("findings.title"), words("findings.intro"), {
    body,
    h.div { class = "note", id = "confirm", h.h3(words("confirm.title")), h.ol { h.li { words("confirm.take_out") },
      h.li { words("confirm.compare") }, h.li { words("confirm.look") }, h.li { words("confirm.again") } } },
  })
end
