-- How it treats people's data, in the order of its life; whom it names; what was declared against what was observed.
local h = require "lib.html"
local parts = require "lib.html_parts"

local data = {}

local FINDINGS = 5 -- of a stage, before the rest is a link

local function stage_findings(words, stage)
  if #stage.findings == 0 then
    return false
  end
  local items = {}
  for i = 1, math.min(FINDINGS, #stage.findings) do
    local f = stage.findings[i]
    items[i] = h.li { parts.severity(words, f.row.severity), " ", h.link("#" .. f.id, { class = "plain",
      parts.said(words, f.row.says) }) }
  end
  if #stage.findings > FINDINGS then
    items[#items + 1] = h.li { h.link("#findings", { words("count.more", { n = #stage.findings - FINDINGS }) }) }
  end
  return h.ul { class = "plain-list", items }
end

-- Checks of one state in one line; those that could not look one by one, each with its reason.
local function stage_checks(words, stage)
  local rows = {}
  for _, status in ipairs { "fail", "unknown", "pass", "n/a" } do
    local titles = {}
    for _, c in ipairs(stage.checks) do
      if c.status == status and status == "unknown" then
        rows[#rows + 1] = h.li { parts.status(words, status), " ", parts.said(words, c.title),
          c.reason and { ": ", parts.said(words, c.reason) } }
      elseif c.status == status then
        titles[#titles + 1] = { #titles > 0 and "; ", parts.said(words, c.title),
          status ~= "n/a" and c.coverage < 1000 and { " (", words("blind.share", { n = { tenths = c.coverage } }),
            ")" } }
      end
    end
    if #titles > 0 then
      rows[#rows + 1] = h.li { parts.status(words, status), " ", titles }
    end
  end
  return h.ul { class = "plain-list checks", rows }
end

--- Collect, process, store, protect, share, delete.
function data.stages(m, words)
  local items = {}
  for i, stage in ipairs(m.stages) do
    items[i] = h.li { class = "stage stage-" .. (stage.status == "n/a" and "na" or stage.status),
      h.h3 { words("stage." .. stage.name) },
      h.p { class = "verdict", parts.status(words, stage.status == "info" and "info" or stage.status) },
      h.p { class = "small", words("stage." .. stage.name .. ".asks") },
      stage_findings(words, stage), stage_checks(words, stage) }
  end
  return parts.section("data", words("data.title"), words("data.intro"), h.ol { class = "stages", items })
end

local function host_rows(m, words)
  local rows = {}
  for i, domain in ipairs(m.endpoints.domains) do
    local names = {}
    for j, host in ipairs(domain.hosts) do
      names[j] = { j > 1 and ", ", h.code(host.host) }
    end
    local by = domain.hosts[1].by
    rows[i] = { h.code(domain.name), names, #domain.regions > 0 and table.concat(domain.regions, ", ")
      or words("endpoints.unknown"),
      words("endpoints.by." .. (by or "none"), false) or words("endpoints.by.none"),
      domain.objects > 0 and words("count.objects", { n = domain.objects }) or "" }
  end
  return rows
end

--- Hosts by registrable domain and region.
function data.endpoints(m, words, pictures)
  local e = m.endpoints
  local body = h.p { class = "lead", words("endpoints.none") }
  if e.total > 0 then
    body = { pictures.endpoints(h, m, words),
      h.details { class = "fold", h.summary { words("endpoints.all", { n = e.total }) },
        parts.table(words("endpoints.table"), { words("endpoints.domain"), words("endpoints.hosts"),
          words("endpoints.region"),
          words("endpoints.how"), words("endpoints.named_by") }, host_rows(m, words)) },
      e.cut and h.p { class = "small", words("endpoints.cut") },
      m.policy.regions and h.p { words("endpoints.allowed", { regions = table.concat(m.policy.regions, ", ") }) } }
  end
  return parts.section("endpoints", words("endpoints.title"), words("endpoints.intro"), body)
end

local function declared_rows(words, list, verdict)
  local rows = {}
  for i, row in ipairs(list) do
    rows[i] = { words("declared.what." .. row.what, false) or row.what, row.value ~= "" and h.code(row.value) or "–",
      words(row.declared and "yes" or "no"), words(row.observed and "yes" or "no"), words(verdict), row.by or "" }
  end
  return rows
end

local function appended(list, more)
  for _, row in ipairs(more) do
    list[#list + 1] = row
  end
  return list
end

local function what_it_can(m, words)
  local list = m.report.inventory and m.report.inventory.capabilities or {}
  if #list == 0 then
    return h.p { class = "small", words("declared.no_capabilities") }
  end
  local items = {}
  for i, name in ipairs(list) do
    items[i] = h.li { h.code(name) }
  end
  return { h.p { words("declared.capabilities") }, h.ul { class = "tags", items } }
end

--- Declared against observed, in both directions.
function data.declared(m, words)
  local d = m.declared
  local body
  if d.total == 0 then
    body = { h.p { class = "lead", words(d.known and "declared.nothing" or "declared.not_recorded") }, what_it_can(m,
      words) }
  else
    local rows = declared_rows(words, d.undeclared, "declared.undeclared")
    rows = appended(rows, declared_rows(words, d.unseen, "declared.unseen"))
    rows = appended(rows, declared_rows(words, d.both, "declared.both"))
    body = { parts.table(words("declared.table"), { words("declared.what"), words("declared.value"),
      words("declared.declared"),
      words("declared.observed"), words("declared.verdict"), words("declared.by") }, rows), what_it_can(m, words) }
  end
  return parts.section("declared", words("declared.title"), words("declared.intro"), body)
end

return data
