local hosts = require "lib.hosts"
local lists = require "probity.lists"
local telemetry = require "lib.telemetry"

local KINDS = { ads = true, analytics = true, ["tag-manager"] = true }
local LIBRARIES = { ads = true, attribution = true }
local MANY = 5
local A_LIST = 20 -- trackers in one file: nobody loads so many from one place; it is a list of what is blocked or known

-- Whole domains are in the list: a page of the company, for people, is no tracker.
local READING = { "^www%.", "^docs?%.", "^developers?%.", "^help%.", "^support%.", "^blog%.", "^learn%.", "^github%.", "^app%.", "^go%." }

local function is_page(host, rest)
  if rest:find("%.js%f[^%w]") or rest:find("[?&]id=") then
    return false
  end
  for _, beginning in ipairs(READING) do
    if host:find(beginning) then
      return true
    end
  end
  local _, dots = host:gsub("%.", "")
  return dots < 2 -- the company's own domain
end

-- Social networks are in the list for their buttons too; what they have websites load to follow people says so in its path.
local PIXELS = { "events%.js", "insight[%w.]*%.js", "[/.-]pixel", "analytics", "/tr%?", "/uwt%.js" }

local function follows(row, rest)
  for _, pattern in ipairs(row.kind == "social" and PIXELS or {}) do
    if rest:find(pattern) then
      return true
    end
  end
  return KINDS[row.kind] == true
end

-- In a page only what is loaded counts, not what is linked.
local function is_loaded(object, at)
  local from = math.max(0, at - 12)
  return object:bytes(from, at - from):find("[sS][rR][cC]%s*=%s*[\"']?$") ~= nil
end

-- In code, a host that takes reports is told of as such (D-02); that it is a tracker as well is the same fact.
local function is_told(object, host, rest)
  return object.class == "script" and telemetry.known(host, rest) ~= nil
end

local function web(object)
  local list, seen = {}, {}
  for _, url in ipairs(object.facts.urls or {}) do
    local host = url.host
    if host and not url.namespace and not url.comment and not seen[host] and hosts.public(host) then
      local rest = url.url:gsub("^%a[%w+.-]*://", "")
      local row = lists.find("trackers", host)
      local counts = row and follows(row, rest) and not is_page(host, rest) and
        (object.class == "script" or is_loaded(object, url.at))
      if counts then
        seen[host] = true
        list[#list + 1] = { row = row, host = host, url = url, told = is_told(object, host, rest) }
      end
    end
  end
  return list
end

-- Libraries of telephones and pages, by what a manifest depends on.
local function libraries(object, found)
  for _, name in ipairs(object.facts.npm and object.facts.npm.dependencies or {}) do
    local row = telemetry.sdk("npm", name)
    if row and LIBRARIES[row.kind] then
      found.library { key = row.whose, excerpt = name, name, row.whose, row.kind }
    end
  end
end

---@type probity.Check
return {
  title       = "Advertising and tracking",
  why         = "Third parties learn who uses the product, and put it together with what they know from elsewhere.",
  confirm     = [[Find the host or library: `grep -rnoaE 'HOST|NAME' FOLDER`, and open the page or program with the
    browser's network tools or `tcpdump -n port 53` running.]],
  catalogue   = "D-03",
  claim       = "trackers",
  severity    = "high",
  reliability = "heuristic",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "html", "package" },
  findings    = {
    loads = {
      says = "loads or calls %s (%s, %s)",
      fix = "Remove it, or load it only after the user has agreed; say who gets what.",
      severity = "medium",
    },
    library = {
      says = "depends on %s (%s, %s)",
      fix = "Remove it, or start it only after the user has agreed; say who gets what.",
      severity = "medium",
    },
    list = {
      says = "names %d hosts of trackers: a list of them, by its number",
      fix = "Nothing to do.",
      severity = "info",
    },
    many = {
      says = "names trackers of %d companies",
      fix = "Remove what is not needed; ask before any of them is loaded.",
    },
  },
  maps        = { "paris:P1", "etsi:6-1", "gdpr:6", "eprivacy:5.3", "req:R4" },
  samples     = {
    hit = { loads = { "page.html", "tag.js" }, library = { "advertising" }, many = { "crowded.html" }, list = { "blocklist.js" } },
    clean = { "links.html", "company-page.js" },
  },

  object = function(object, found)
    libraries(object, found)
    local list = web(object)
    if #list > A_LIST then
      found.list { key = object.sha256, #list }
      return
    end
    for _, one in ipairs(list) do
      local severity = one.told and "info" or nil
      found.loads {
        key = one.host,
        at = one.url.at,
        length = #one.url.url,
        excerpt = one.url.url,
        severity = severity,
        one.host,
        one.row.whose,
        one.row.kind,
      }
      found.note { whose = one.row.whose }
    end
  end,

  product = function(product, found)
    local whose, count, first = {}, 0, nil
    for o in product:objects { noted = true } do
      for _, note in ipairs(o.notes) do
        if not whose[note.whose] then
          whose[note.whose], count, first = true, count + 1, first or o
        end
      end
    end
    if count >= MANY then
      found.many { key = "many", object = first, count }
    end
  end,
}
