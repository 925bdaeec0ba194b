local date = require "probity.date"
local hints = require "probity.hints"
local text = require "probity.text"

local LINES = 400

-- security.txt (RFC 9116): fields by name, the first of each; Contact may come several times.
local function read_fields(object)
  local fields, n = {}, 0
  for line in text.lines(object:bytes(0, 65536)) do
    n = n + 1
    local name, value = line:match("^%s*(%a[%w-]*)%s*:%s*(%S.*)$")
    if name and n <= LINES then
      name = name:lower()
      fields[name] = fields[name] or text.trim(value)
    end
  end
  return fields
end

-- A way to reach somebody: a mail address, a page, a form.
local function reaches(what)
  return what ~= nil and (what:find("[%w._%%+-]+@[%w-]+%.[%w.-]+") ~= nil
    or what:find("https?://[%w-]+%.[%w.-]+") ~= nil or what:find("^tel:") ~= nil)
end

local function judge(o, note, product, found)
  if not note.contact then
    found.nobody { key = o.sha256, object = o, o.basename }
    return
  end
  if not note.txt then
    return
  end
  local day = date.parse(note.expires or "")
  if not day then
    found.endless { key = o.sha256, object = o, o.basename }
  elseif day < product.as_of then
    found.expired { key = o.sha256, object = o, excerpt = note.expires, o.basename, date.format(day) }
  end
end

-- A security.txt that was handed in. Whether it is the vendor's own only its signature says.
local function judge_document(d, found)
  local claim, content = "names whom to tell of a weakness", d.evidence.content
  if not reaches(content.contacts[1]) then
    found.statement { document = d, claim = claim, status = "contradicts", why = "it names no way to report one" }
  elseif d.freshness == 0 then
    found.statement {
      document = d, claim = claim, status = "stale",
      why = d.evidence.expires == "" and "no Expires" or "expired on " .. d.evidence.expires,
    }
  else
    found.statement { document = d, claim = claim, status = d.signer and "agrees" or "unsigned" }
    found.pass { reliability = d.reliability, freshness = d.freshness }
    return true
  end
  return false
end

---@type probity.Check
return {
  title       = "Whom to tell of a weakness",
  why         = "Who finds a hole has to know where to report it, or tells everybody at once.",
  confirm     = [[Look for it: `grep -rliE 'security.txt|SECURITY' FOLDER`, open what is there and read Contact and
    Expires. Write to the address and see whether somebody answers.]],
  catalogue   = "V-06",
  claim       = "disclosure",
  severity    = "low",
  reliability = "parsed",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "any" },
  looks       = [[
    strings:
      $contact = /(^|\n)Conta[c]t:/ nocase
      $policy = /(^|\n)#{1,3}[ \t]+[^\n]{0,40}(Secur[i]ty|Vulnera[b]ilit)/ nocase
    condition:
      any of them
  ]],
  findings    = {
    nobody = {
      says = "%s names no way to report a weakness: no mail address and no page",
      fix = "Add a mail address or a page to which weaknesses are reported.",
    },
    endless = {
      says = "%s has no Expires that can be read: nobody knows whether it still holds",
      fix = "Add Expires with a day at most a year ahead (RFC 9116), and renew it.",
    },
    expired = {
      says = "%s expired on %s",
      fix = "Check what it says, and renew Expires (RFC 9116) each year.",
    },
  },
  maps        = { "paris:P7", "cra:II.5", "cra:II.6", "etsi:5.2-1", "rfc:9116", "req:R16" },
  samples     = {
    hit = { "expired", "nobody-named", "no-expiry" },
    clean = { "current", "policy", "handed-in" },
  },

  object = function(object, found)
    if object.name == "security.txt" then
      local fields = read_fields(object)
      found.note { txt = true, contact = reaches(fields.contact), expires = (fields.expires or ""):sub(1, 64) }
    elseif object.name == "security.md" then
      found.note { txt = false, contact = reaches(object:bytes(0, 65536)) }
    end
  end,

  product = function(product, found)
    local seen = false
    for o in product:objects { noted = true } do
      local is = hints.path(o.path)
      if not is.vendored and not is.test and not is.example then
        for _, note in ipairs(o.notes) do
          seen = true
          judge(o, note, product, found)
        end
      end
    end
    local shipped = seen
    for d in product:evidence { kind = "security-txt" } do
      if shipped then
        found.statement { document = d, claim = "names whom to tell of a weakness", status = "none", why = "the product says so itself" }
      elseif judge_document(d, found) then
        seen = true
      end
    end
    if not seen then
      found.unknown("no security.txt and no SECURITY.md in the product")
    end
  end,
}
