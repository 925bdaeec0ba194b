local hints = require "probity.hints"
local supplied = require "lib.supplied"
local text = require "probity.text"

local CLAIM = "handles reports of weaknesses by a policy"
local HALF = 500 -- permille: an address of a policy, of which nobody here can read what it says

local function reachable(contact)
  return contact:find("[%w._%%+-]+@[%w-]+%.[%w.-]+") ~= nil or contact:find("^https?://[%w-]+%.[%w.-]+") ~= nil
    or text.starts(contact, "tel:")
end

local function terms(content)
  local list = {}
  if content.response_days >= 0 then
    list[1] = ("an answer within %d days"):format(content.response_days)
  end
  if content.policy ~= "" then
    list[#list + 1] = content.policy
  end
  if content.bounty then
    list[#list + 1] = "with a bounty"
  end
  return "contact " .. content.contact .. (#list > 0 and "; " or "") .. table.concat(list, ", ")
end

---@type probity.Check
return {
  title       = "How reports of weaknesses are handled",
  why         = "Who reports a weakness and hears nothing publishes it. A policy says what to expect, and by when.",
  confirm     = [[Open the policy and read its contact; send a mail or open the page, and see whether there is anybody
    who takes reports.]],
  catalogue   = "V-07",
  claim       = "disclosure",
  severity    = "low",
  reliability = "parsed",
  applies     = { "any" },
  looks       = [[
    strings:
      $answer = /\b(wit[h]in|less than) ([0-9]+|one|two|three|five|seven|ten) ((business|working) )?(hours|days|weeks)\b/ nocase
      $policy = /\b(coordinated|responsible) (vulnerability )?discl[o]sure\b/ nocase
      $bounty = /\bbug bount(y|ies)\b/ nocase
    condition:
      any of them
  ]],
  findings    = {
    nobody = {
      says = "the policy %s names a contact that nobody can reach: %s",
      fix = "Name a mail address or a page to which weaknesses are reported.",
    },
  },
  maps        = { "paris:P7", "cra:II.5", "etsi:5.2-2", "etsi:5.2-3", "req:R16" },
  samples     = {
    hit = { "unreachable.sh" },
    clean = { "policy.sh", "unsigned.sh", "security-md" },
  },

  object = function(object, found)
    if object.name == "security.md" or object.name == "security.txt" then
      found.note { answer = object:count("$answer") > 0, policy = object:count("$policy") + object:count("$bounty") > 0 }
    end
  end,

  product = function(product, found)
    local any, first = false, nil
    for d in product:evidence { kind = "disclosure-policy" } do
      local content = d.evidence.content
      if supplied.concerns(product, d) ~= "other" and not reachable(content.contact) then
        first = first or "nobody can be reached at " .. content.contact
        found.nobody { key = content.contact ~= "" and content.contact or d.sha256, object = d, d.basename, content.contact }
        found.statement { document = d, claim = CLAIM, status = "contradicts", why = "nobody can be reached at " .. content.contact }
      else
        any = supplied.take(product, d, CLAIM, terms(content), found) or any
      end
    end
    for d in product:evidence { kind = "security-txt" } do
      local where = d.evidence.content.policies[1]
      if where then
        any = supplied.take(product, d, CLAIM, "names its policy: " .. where, found, HALF) or any
      end
    end
    local broken = supplied.refused(product, { "disclosure-policy" }, CLAIM, found)
    for o in product:objects { noted = true } do
      local note, is = o.notes[1], hints.path(o.path)
      if note.answer and note.policy and not is.vendored and not is.test and not is.example then
        any = true
        found.pass { reliability = "self-declared" }
      end
    end
    if not any then
      found.unknown(first or broken or "no policy for reports of weaknesses was supplied")
    end
  end,
}
