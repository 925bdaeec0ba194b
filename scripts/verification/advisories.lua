local supplied = require "lib.supplied"

local FEED, ADVISORY = "publishes advisories where others find them", "is an advisory that others can track"
local NOWHERE = "it names no place (https) where advisories come out"
local HALF = 500 -- permille: advisories without a place where the next ones come out, or that place alone
-- What may be read by everybody, in the words of both versions of the traffic light protocol; "": nothing is said.
local PUBLIC = { WHITE = true, CLEAR = true, [""] = true }

local function web(list)
  for _, url in ipairs(list) do
    if url:find("^https://[%w-]+%.[%w.-]+") then
      return url
    end
  end
  return nil
end

local function advisory(product, d, found)
  local content = d.evidence.content
  local row = { document = d, claim = ADVISORY, status = "contradicts" }
  if supplied.concerns(product, d) == "other" then
    row.status, row.why = "none", "it is of " .. supplied.subject(d)
  elseif content.tracking_id == "" then
    row.why = "it has no tracking id"
    found.untracked { key = d.sha256, object = d, d.basename }
  elseif not PUBLIC[content.tlp] then
    row.why = "it is marked TLP:" .. content.tlp
    found.closed { key = content.tracking_id, object = d, d.basename, content.tlp }
  else
    local says = ("%s, %s%s"):format(content.tracking_id, content.tracking_status,
      content.tlp ~= "" and ", TLP:" .. content.tlp or "")
    return supplied.take(product, d, ADVISORY, says, found, HALF)
  end
  found.statement(row)
  return false, row.why
end

local function provider(product, d, found)
  local content = d.evidence.content
  local where = web(content.distributions)
  if where or supplied.concerns(product, d) == "other" then
    return supplied.take(product, d, FEED, "publishes at " .. (where or ""), found)
  end
  found.feedless { key = d.sha256, object = d, d.basename }
  found.statement { document = d, claim = FEED, status = "contradicts", why = NOWHERE }
  return false, NOWHERE
end

---@type probity.Check
return {
  title       = "Security advisories",
  why         = "Who runs a product has to learn of its weaknesses by machine: from a feed, with ids that can be followed.",
  confirm     = [[Open the advisory and read its id, its TLP marking and what it speaks of; compare with the
    supplier's page of advisories. `jq .document.tracking FILE` shows the id of a CSAF document.]],
  catalogue   = "V-10",
  claim       = "disclosure",
  severity    = "low",
  reliability = "parsed",
  applies     = { "any" },
  findings    = {
    untracked = {
      says = "the advisory %s has no tracking id: nobody can refer to it, or tell a new version of it from a new one",
      fix = "Give each advisory an id of its own, and keep it (CSAF 2.0: document.tracking.id).",
    },
    closed = {
      says = "the advisory %s is marked TLP:%s, which most who run the product may not read",
      fix = "Publish advisories as TLP:CLEAR once there is a remedy.",
      severity = "info",
    },
    feedless = {
      says = "%s names no place where advisories come out",
      fix = "Name the folder or the feed (CSAF 2.0: distributions in provider-metadata.json), by https.",
    },
  },
  maps        = { "paris:P7", "cra:II.4", "etsi:5.2-2", "req:R16" },
  samples     = {
    hit = { feedless = { "no-feed.sh" }, closed = { "closed.sh" } },
    clean = { "feed.sh", "contact.sh" },
  },

  product = function(product, found)
    local any, first = false, nil
    local function keep(d, counts, why)
      any = any or counts
      first = first or why and ("%s: %s"):format(d.basename, why)
    end
    for d in product:evidence { kind = "advisories" } do
      local judge = d.evidence.content.what == "provider-metadata" and provider or advisory
      keep(d, judge(product, d, found))
    end
    for d in product:evidence { kind = "vex" } do
      if (d.evidence.content.tracking_id or "") ~= "" then
        keep(d, advisory(product, d, found))
      end
    end
    for d in product:evidence { kind = "security-txt" } do
      local where = web(d.evidence.content.csaf)
      if where then
        keep(d, supplied.take(product, d, FEED, "names " .. where, found, HALF))
      end
    end
    local broken = supplied.refused(product, { "advisories" }, ADVISORY, found)
    if not any then
      found.unknown(first or broken or "no advisories and no feed of them were supplied")
    end
  end,
}
