local date = require "probity.date"
local supplied = require "lib.supplied"

local MOST = 365 -- days that the end of the period may lie back

local CLAIM = "reports the requests of authorities"

-- What cannot be true of it, or nil.
local function impossible(d, starts, ends, as_of)
  local content = d.evidence.content
  local issued = date.parse(d.evidence.issued)
  if starts > ends then
    return "its period ends before it begins"
  elseif ends > as_of or (issued and ends > issued) then
    return "its period ends after the day on which it was written"
  elseif content.requests >= 0 and content.complied > content.requests then
    return ("more requests were met (%d) than came (%d)"):format(content.complied, content.requests)
  end
  return nil
end

local function judge(product, d, found)
  local content = d.evidence.content
  local starts, ends = date.parse(content.period_start), date.parse(content.period_end)
  local wrong = impossible(d, starts, ends, product.as_of)
  if wrong then
    found.impossible { key = d.sha256, object = d, d.basename, wrong }
    found.statement { document = d, claim = CLAIM, status = "contradicts", why = wrong }
    return nil
  end
  if product.as_of - ends > MOST then
    found.statement { document = d, claim = CLAIM, status = "stale", why = "it ends on " .. content.period_end }
    return ends
  end
  return supplied.take(product, d, CLAIM, ("from %s to %s"):format(content.period_start, content.period_end), found) and ends or nil
end

---@type probity.Check
return {
  title       = "Report on requests of authorities",
  why         = "Who asks the supplier for data, or for a change of the product, and how often that is done, users learn "
    .. "from the supplier or not at all.",
  confirm     = [[Open the report and read the period it covers and its totals; look on the supplier's own page
    whether a newer one has been published.]],
  catalogue   = "C-08",
  claim       = "commitments",
  severity    = "low",
  reliability = "third-party",
  applies     = { "any" },
  findings    = {
    old = {
      says = "%s ends on %s, %d days before the day of this assessment, and no newer one was supplied",
      fix = "Ask the supplier for the report of the last twelve months.",
    },
    impossible = {
      says = "%s cannot be right: %s",
      fix = "Ask the supplier for a report that is.",
    },
  },
  maps        = { "paris:P7", "req:R29", "req:R18" },
  samples     = {
    hit = { old = { "old" }, impossible = { "more-met-than-came", "ahead" } },
    clean = { "current", "old-and-new", "none" },
  },

  product = function(product, found)
    local newest, latest, any
    for d in product:evidence { kind = "transparency" } do
      local concerns = supplied.concerns(product, d)
      if concerns == "other" then
        found.statement { document = d, claim = CLAIM, status = "none", why = "it is of " .. supplied.subject(d) }
      else
        any = true
        local ends = judge(product, d, found)
        if ends and (not latest or ends > latest) then
          newest, latest = d, ends
        end
      end
    end
    if newest and product.as_of - latest > MOST then
      found.old { key = newest.sha256, object = newest, newest.basename, date.format(latest), product.as_of - latest }
    elseif not newest then
      found.unknown(any and "no report on requests of authorities was supplied that counts"
        or supplied.refused(product, { "transparency" }, CLAIM, found) or "no report on requests of authorities was supplied")
    end
  end,
}
