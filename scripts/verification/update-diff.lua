local packages = require "lib.packages"

-- Of what another version may do more, this is worth a question; the rest (reading files, time, ...) is in every change.
local NOTABLE = { ["net-connect"] = true, ["net-listen"] = true, exec = true, ["input-capture"] = true, screen = true, clipboard = true,
  camera = true, microphone = true, location = true, contacts = true, persist = true, privilege = true, debug = true }

local AT_MOST = 20 -- findings of one sort: more say nothing more

-- What the list of this version has and that of the earlier one has not.
local function added(product, list)
  local had, new = {}, {}
  for _, text in ipairs(product.previous[list] or {}) do
    had[text] = true
  end
  for _, text in ipairs(product.inventory[list] or {}) do
    if not had[text] and #new < AT_MOST then
      new[#new + 1] = text
    end
  end
  return new
end

-- Do the two lists have nothing in common, although both have something?
local function replaced(product, list)
  local before, now = product.previous[list] or {}, product.inventory[list] or {}
  return #before > 0 and #now > 0 and #added(product, list) == math.min(#now, AT_MOST)
end

-- The first object of which this is true, else the product's outermost.
local function where(product, fact, key, value)
  for o in product:objects { fact = fact } do
    for _, entry in ipairs(o.facts[fact]) do
      if entry[key] == value and not entry.comment then
        return o, entry.at
      end
    end
  end
  return product:objects({})()
end

local function package_object(product)
  local first = product.packages[1]
  return first and packages.nearest(product, first.path) or product:objects({})()
end

---@type probity.Check
return {
  title       = "What an update brings in",
  why         = "A release that was taken over looks like the one before, but for what it does more.",
  confirm     = [[Unpack both versions and compare: `diff -rq OLD NEW`, `diffoscope OLD NEW`; for what is named look
    in both with `grep -rn WORD OLD NEW`.]],
  catalogue   = "V-16",
  claim       = "update-review",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "update" },
  findings    = {
    script = {
      says = "a script that the earlier version has not: %s",
      fix = "Say in the release notes what it does and why; ship built files instead where that is possible.",
      severity = "medium",
    },
    host = {
      says = "a host that the earlier version does not name: %s",
      fix = "Say in the release notes what is sent there, and how it is switched off.",
      severity = "medium",
    },
    capability = {
      says = "code that can do what that of the earlier version cannot: %s",
      fix = "Say in the release notes what needs it.",
      severity = "medium",
    },
    privileged = {
      says = "a file with rights that the earlier version has not: %s",
      fix = "Do without, or say in the release notes what needs it.",
      severity = "medium",
    },
    signer = {
      says = "signed by %s; the earlier version was signed by %s",
      fix = "Announce a change of keys before it happens, in a message that the earlier key has signed.",
    },
    maker = {
      says = "%s answers for it; for the earlier version it was %s",
      fix = "Announce a change of hands, by those who had it before.",
      severity = "medium",
    },
    opaque = {
      says = "what could not be looked into, and is not in the earlier version: %s",
      fix = "Ship it in a form that can be looked into.",
      severity = "low",
    },
    dependency = {
      says = "needs what the earlier version does not need: %s",
      fix = "Nothing to do where the release notes say why.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "attack:T1195.002", "req:R13" },
  samples     = {
    hit = { "new-script", "new-host", "new-hands" },
    clean = { "same", "less", "first-release" },
  },

  product = function(product, found)
    if not product.previous then
      return
    end
    for _, text in ipairs(added(product, "scripts")) do
      -- its digest or command is what is new; the key is which script it is
      found.script { key = text:match("^(.-):") or text, object = package_object(product), excerpt = text, text }
    end
    for _, host in ipairs(added(product, "hosts")) do
      local o, at = where(product, "hosts", "host", host)
      found.host { key = host, object = o, at = at, host }
    end
    for _, capability in ipairs(added(product, "capabilities")) do
      if NOTABLE[capability] then
        local o, at = where(product, "capabilities", "capability", capability)
        found.capability { key = capability, object = o, at = at, capability }
      end
    end
    for _, text in ipairs(added(product, "privileged")) do
      found.privileged { key = text, object = package_object(product), text }
    end
    for _, text in ipairs(added(product, "opaque")) do
      found.opaque { key = text, object = product:objects({})(), text }
    end
    for _, text in ipairs(added(product, "dependencies")) do
      found.dependency { key = text, object = package_object(product), text }
    end
    for _, list in ipairs { "signers", "makers" } do
      if replaced(product, list) then
        found[list:sub(1, -2)] { key = list, object = package_object(product), product.inventory[list][1], product.previous[list][1] }
      end
    end
  end,
}
