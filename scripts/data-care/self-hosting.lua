local statements = require "lib.statements"
local telemetry = require "lib.telemetry"

local CLAIM = "can be used without the vendor's servers"
local WORDS = { ["self-hosting"] = true, ["self-hosted"] = true, ["offline-mode"] = true, ["on-premises"] = true }

-- Declarations that claim it, held against what the bytes tell. fixed: what goes to one place, or nil.
local function judge_statements(product, fixed, found)
  for _, d in ipairs(statements.current(product, { "declaration" }, CLAIM, found)) do
    for _, claim in ipairs(d.evidence.content.claims) do
      if WORDS[claim] and fixed then
        local o, f = fixed[1], fixed[2]
        found.statement { document = d, claim = CLAIM, status = "contradicts",
          why = "no setting for another address than that of " .. f.key }
        found.claimed { key = claim, object = o, at = f.at, excerpt = f.key, kappa = statements.certainty(d, 500),
          d.basename, claim, f.key }
      elseif WORDS[claim] then
        statements.agree(found, d, CLAIM, claim)
      end
    end
  end
end

---@type probity.Check
return {
  title       = "Reports that go to one place only",
  why         = "Where the address is fixed, an organisation cannot keep the reports in its own house, nor work without the vendor.",
  confirm     = [[Look for a setting that names another host: `grep -rnE 'endpoint|proxy|base_?url|offline' FOLDER`.
    Set it, and watch with `tcpdump -n` where the product then connects.]],
  catalogue   = "D-24",
  claim       = "self-hosting",
  severity    = "low",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text", "binary" },
  looks       = [[
    strings:
      $address = /(TELEMETR[Y]|ANALYTIC[S]|POSTHOG|SENTRY|MATOMO|SEGMENT)_?[A-Z]{0,8}_?(URLS?|URI|HOST|ENDPOINT|SERVER|DSN)\b/
      $reports = /(REPORT|SUBMIT|TRACKING|METRICS|STATS|USAGE)_?[A-Z]{0,8}_?(URLS?|URI|HOST|ENDPOINT|SERVER)\b/
      $setting = /\b(telemetry|analytics|posthog|sentry|usage)[_.-]?(base)?(urls?|uri|host|endpoint|server|dsn)\b/ nocase
      $server = /\b(report(ing)?|stats|metrics|collector|submit|crash)[_.-]?(base)?(urls?|uri|host|endpoint|server)\b/ nocase
      $offline = /\boffline[ _-]mode\b|--offline\b|\bself-?hosted\b|\bon-?premises?\b/ nocase
    condition:
      any of them
  ]],
  findings    = {
    claimed = {
      says = "%s claims \"%s\", and reports go to a fixed address (%s): no setting for another one is seen, and no mode without",
      fix = "Ask the supplier where the address is set in this version.",
    },
    fixed = {
      says = "reports go to a fixed address (%s): no setting for another one, no mode without it",
      fix = "Make the address a setting, so that reports can stay in the house; offer a mode without any.",
    },
  },
  maps        = { "paris:P1", "gdpr:25", "req:R9" },
  samples     = {
    hit = { "fixed", claimed = { "claimed-and-fixed" } },
    clean = { "configurable", "offline-mode", "no-telemetry", "claimed" },
  },

  object = function(object, found)
    for at in object:hits() do
      if object.class == "text" or not object:comment(at) then
        found.note { at = at }
        return
      end
    end
  end,

  product = function(product, found)
    local list = telemetry.objects(product)
    local free = #list == 0 or telemetry.is_sdk(product) or product:objects { noted = true }()
    judge_statements(product, not free and list[1] or nil, found)
    if free then
      return
    end
    local o, f = list[1][1], list[1][2]
    found.fixed { key = "address", object = o, at = f.at, excerpt = f.key, f.key }
  end,
}
