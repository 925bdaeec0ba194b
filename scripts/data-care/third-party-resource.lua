local hosts = require "lib.hosts"

-- A page loads what stands in src, and what a link to a style sheet, a font or an icon names.
local function is_loaded(object, at)
  local from = math.max(0, at - 160)
  local before = object:bytes(from, at - from)
  if before:find("[sS][rR][cC]%s*=%s*[\"']?$") or before:find("@import%s+[\"']?$") or before:find("url%(%s*[\"']?$") then
    return true
  end
  local tag = before:match("<([^<>]*)$")
  return tag ~= nil and tag:find("^[lL][iI][nN][kK]%s") ~= nil and tag:find("[hH][rR][eE][fF]%s*=%s*[\"']?$") ~= nil
    and not tag:lower():find("rel=[\"']?(%a*)canonical") and not tag:lower():find("alternate") and not tag:lower():find("preconnect")
end

---@type probity.Check
return {
  title       = "Page that loads from elsewhere",
  why         = "Whoever opens the page, also without a thought of the Internet, tells its address and the time to somebody else.",
  confirm     = [[Open the page at the offset in the evidence: `grep -noE '(src|href)="https?://[^"]+' OBJECT`. Load
    it with the browser's network tools open and note the hosts.]],
  catalogue   = "D-06",
  claim       = "trackers",
  severity    = "low",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "html" },
  findings    = {
    loads = {
      says = "the page loads %s",
      fix = "Ship the file with the page.",
    },
  },
  maps        = { "paris:P1", "gdpr:44", "req:R4" },
  samples     = { hit = { "styles.html", "badge.html" }, clean = { "links.html", "local.html" } },

  object = function(object, found)
    local seen = {}
    for _, url in ipairs(object.facts.urls or {}) do
      local host = url.host
      if host and not url.comment and not url.namespace and not seen[host] and hosts.public(host) and is_loaded(object, url.at) then
        seen[host] = true
        found.loads { key = host, at = url.at, length = #url.url, excerpt = url.url, url.url }
      end
    end
  end,
}
