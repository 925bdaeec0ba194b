local capabilities = require "lib.capabilities"
local hosts = require "lib.hosts"
local lists = require "probity.lists"
local senses = require "lib.senses"

local PERMISSIONS = { location = true }

-- A browser asks the user each time; a service that knows addresses asks nobody.
local ASKED = { geolocation = true, geoclue = true }

-- Who is about addresses asks for its own.
local ADDRESSES = { "ip", "ip-address", "ipify", "public-ip", "external-ip", "dns", "vpn", "country", "countries",
  "currency" }

local function about_addresses(about)
  for _, word in ipairs(ADDRESSES) do
    if about and about.words[word] then
      return word
    end
  end
  return nil
end

-- Scripts that ask a service for their public address: who has that knows the town.
local function judge_addresses(product, found)
  for o in product:objects { class = "script", fact = "hosts" } do
    for _, host in ipairs(capabilities.find(o.facts, "net-connect") and o.facts.hosts or {}) do
      local row = not host.comment and hosts.public(host.host) and lists.find("exfiltration", host.host)
      if row and row.kind == "address" and not capabilities.find(o.facts, "location") then
        local about = product:declared(o)
        local word = about_addresses(about)
        local raise = word and found.asked_by_purpose or found.address
        raise { key = host.host, object = o, at = host.at, excerpt = host.host, o.basename, host.host, word }
      end
    end
  end
end

-- Together with names of the machine or the user it tells who is where.
local function tells_who(o)
  for _, entry in ipairs(o.facts.capabilities or {}) do
    if entry.capability == "identity" and not entry.comment then
      return entry.by
    end
  end
  return nil
end

local function judge(case, found)
  local where = senses.evidence(case)
  local word = senses.declared(case) or about_addresses(case.about)
  local how = case.script and (senses.installed(case) or tells_who(case.object))
  if word then
    where[3] = word
    found.declared(where)
  elseif how and not senses.only_by(case, ASKED) then
    where[3] = how
    found.chain(where)
  elseif case.script and not senses.only_by(case, ASKED) then
    found.place(where)
  else
    found.asks(where)
  end
end

---@type probity.Check
return {
  title       = "Finds out where the user is",
  why         = "Places tell where people live, work and whom they meet.",
  confirm     = [[Search for the calls: `grep -nE 'geolocation|CoreLocation|GeoClue|getLastKnownLocation' OBJECT`; for
    an app `aapt dump permissions OBJECT | grep LOCATION`. Ask what the place is needed for.]],
  catalogue   = "D-12",
  claim       = "location",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "package", "xml", "android-xml", "json" },
  findings    = {
    chain = {
      says = "%s can find out where the machine is (%s), together with %s; nothing in what it says of itself speaks "
        .. "of it",
      fix = "Ask the user first, say what it is for, and take no more than the country where that will do.",
    },
    place = {
      says = "%s can find out where the machine is (%s); nothing in what it says of itself speaks of it",
      fix = "Ask the user first, say what it is for, and take no more than the country where that will do.",
      severity = "low",
    },
    asks = {
      says = "%s can ask the system where the user is (%s); nothing in what it says of itself speaks of it",
      fix = "Say in the description what it is for.",
      severity = "low",
      reliability = "heuristic",
    },
    address = {
      says = "%s can ask %s for the public address of the machine, which tells the place; nothing in what it says "
        .. "of itself speaks of it",
      fix = "Say in the description what needs it, or remove it.",
      severity = "low",
    },
    asked_by_purpose = {
      says = "%s can ask %s for the public address of the machine, which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
    permission = {
      says = "%s asks for the permission %s; nothing else in what it says of itself speaks of it",
      fix = "Say in the description what needs it and when it is used, or do not ask for it.",
      severity = "low",
      reliability = "heuristic",
    },
    declared = {
      says = "%s can find out where the machine is (%s), which its purpose covers (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.g", "gdpr:4.1", "gdpr:6", "attack:T1614", "req:R4" },
  samples     = {
    hit = { "where-and-who", "asks-at-install", "position.js", "asks-permission", "nearby-networks.py", "address.sh" },
    clean = { "position-of-element", "documented-only" },
  },

  product = function(product, found)
    for case in senses.each(product, "location") do
      judge(case, found)
    end
    judge_addresses(product, found)
    senses.raise_permissions(product, PERMISSIONS, found.permission)
  end,
}
