local telemetry = require "lib.telemetry"

---@type probity.Check
return {
  title       = "Reports that go to one place only",
  why         = "Where the address is fixed, an organisation cannot keep the reports in its own house, nor work without the vendor.",
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
    fixed = {
      says = "reports go to a fixed address (%s): no setting for another one, no mode without it",
      fix = "Make the address a setting, so that reports can stay in the house; offer a mode without any.",
    },
  },
  maps        = { "paris:P1", "gdpr:25", "req:R9" },
  samples     = { hit = { "fixed" }, clean = { "configurable", "offline-mode", "no-telemetry" } },

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
    if #list == 0 or telemetry.is_sdk(product) then
      return
    end
    if product:objects { noted = true }() then
      return
    end
    local o, f = list[1][1], list[1][2]
    found.fixed { key = "address", object = o, at = f.at, excerpt = f.key, f.key }
  end,
}
