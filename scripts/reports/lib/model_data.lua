-- What becomes of people's data, in the order in which it happens, and whom the product names: from checks, inventory,
-- declarations.
local data = {}

data.STAGES = { "collect", "process", "store", "protect", "share", "delete" }

-- Rows of the catalogue, by stage. A row may be a question of more than one.
local ROWS = {
  collect = { "D-01", "D-05", "D-07", "D-08", "D-09", "D-10", "D-11", "D-12", "D-13" },
  process = { "D-24", "D-25", "D-26" },
  store = { "D-18", "D-19", "D-20" },
  protect = { "D-14", "D-15", "D-16", "D-17" },
  share = { "D-02", "D-03", "D-04", "D-06", "D-21", "D-22", "D-23" },
  delete = { "D-26" },
}

-- For checks of data care that are in no row: their claim says where they belong, else to what is collected.
local CLAIMS = {
  ["self-hosting"] = "process", residency = "process", storage = "store", transport = "protect", tls = "protect",
  crypto = "protect", telemetry = "share", trackers = "share", consent = "share", ["data-manifest"] = "delete",
}

local function stages_of_rows()
  local out = {}
  for _, stage in ipairs(data.STAGES) do
    for _, row in ipairs(ROWS[stage]) do
      out[row] = out[row] or {}
      out[row][#out[row] + 1] = stage
    end
  end
  return out
end
local OF_ROW = stages_of_rows()

--- The six stages: { name, checks, findings, status, counts }. status: "fail" where a check found something above info,
--- "info" where only that, "unknown" where none found anything and one could not look, "pass" where all looked, "n/a"
--- where nothing applies.
function data.stages(checks)
  local by_name, stages = {}, {}
  for i, name in ipairs(data.STAGES) do
    stages[i] = { name = name, checks = {}, findings = {}, counts = { pass = 0, fail = 0, unknown = 0, ["n/a"] = 0 } }
    by_name[name] = stages[i]
  end
  for _, check in ipairs(checks) do
    if check.pillar == "data-care" then
      for _, name in ipairs(OF_ROW[check.catalogue] or { CLAIMS[check.claim] or "collect" }) do
        local stage = by_name[name]
        stage.checks[#stage.checks + 1] = check
        stage.counts[check.status] = (stage.counts[check.status] or 0) + 1
        for _, f in ipairs(check.findings) do
          stage.findings[#stage.findings + 1] = f
        end
      end
    end
  end
  for _, stage in ipairs(stages) do
    table.sort(stage.findings, function(a, b) return a.n < b.n end) -- as in the report: the worst first
    local above_info = false
    for _, f in ipairs(stage.findings) do
      above_info = above_info or f.row.severity ~= "info"
    end
    stage.status = above_info and "fail" or #stage.findings > 0 and "info" or stage.counts.unknown > 0 and "unknown"
      or stage.counts.pass > 0 and "pass" or "n/a"
  end
  return stages
end

local function by_name(a, b)
  return a.name < b.name
end

--- What the inventory knows of hosts: { domains = { { name, hosts = { { host, by, regions, objects } }, regions,
--- objects } }, total, regions = { { name, domains } }, located, cut }. Reports of before have host names only: each is
--- then a domain of its own.
function data.endpoints(report)
  local inventory = report.inventory or {}
  local domains, known, regions, seen, total = {}, {}, {}, {}, 0
  local rows = inventory.endpoints
  if not rows then
    rows = {}
    for i, host in ipairs(inventory.hosts or {}) do
      rows[i] = { host = host, domain = host, regions = {}, by = "none" }
    end
  end
  for _, row in ipairs(rows) do
    local name = row.domain or ""
    name = name ~= "" and name or row.host
    local domain = known[name]
    if not domain then
      domain = { name = name, hosts = {}, regions = {}, objects = 0, has = {} }
      known[name] = domain
      domains[#domains + 1] = domain
    end
    domain.hosts[#domain.hosts + 1] = row
    domain.objects = domain.objects + (row.objects or 0)
    total = total + 1
    for _, region in ipairs(row.regions or {}) do
      if not domain.has[region] then
        domain.has[region] = true
        domain.regions[#domain.regions + 1] = region
        if not seen[region] then
          seen[region] = { name = region, domains = {} }
          regions[#regions + 1] = seen[region]
        end
        seen[region].domains[#seen[region].domains + 1] = name
      end
    end
  end
  table.sort(domains, by_name)
  table.sort(regions, by_name)
  local cut = false
  for _, list in ipairs(inventory.cut or {}) do
    cut = cut or list == "hosts" or list == "endpoints"
  end
  return { domains = domains, total = total, regions = regions, located = inventory.endpoints ~= nil, cut = cut }
end

--- Declared against observed: rows of the report by how the two agree: { undeclared, both, unseen, total }.
function data.declared(report)
  local out = { undeclared = {}, both = {}, unseen = {}, total = 0, known = report.declared ~= nil }
  for _, row in ipairs(report.declared or {}) do
    local list = not row.declared and out.undeclared or row.observed and out.both or out.unseen
    list[#list + 1] = row
    out.total = out.total + 1
  end
  return out
end

--- What became of the supplier's statements: lists by status, and total.
function data.statements(report)
  local out = { contradicts = {}, none = {}, stale = {}, unsigned = {}, agrees = {}, total = 0 }
  for _, row in ipairs(report.statements or {}) do
    local list = out[row.status]
    if list then
      list[#list + 1] = row
      out.total = out.total + 1
    end
  end
  return out
end

return data
