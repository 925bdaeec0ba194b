local secrets = require "lib.secrets"
local tokens = require "lib.tokens"

-- Documents and source maps repeat what others wrote: weak evidence.
local WEAK_NAMES = { [".map"] = true, [".html"] = true, [".htm"] = true, [".ipynb"] = true }
local WEAK = 200

---@type probity.Check
return {
  title       = "Token or key of a service inside the product",
  why         = "Whoever downloads the product can act in the name of its owner at that service, until somebody withdraws the token.",
  confirm     = [[Cut it out with `tail -c +$((OFFSET+1)) OBJECT | head -c LENGTH` and read what is around it. Only
    whoever owns it may try it; the service's owner can say whether it still counts.]],
  catalogue   = "I-10",
  claim       = "credentials",
  severity    = "high",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 0, clean = 39, date = "2026-11-22" },
  applies     = { "script", "text", "binary", "data" }, -- what an archive holds is looked at by itself
  looks       = "strings:\n" .. tokens.patterns() .. "\ncondition:\n  any of them",
  findings    = {
    verified = {
      says = "%s whose own check digits or structure are right: %s",
      fix = "Withdraw it at the service now, whoever has the product has it. Hand tokens to the program when it runs.",
      reliability = "parsed",
    },
    token = {
      says = "%s: %s",
      fix = "Withdraw it at the service now, whoever has the product has it. Hand tokens to the program when it runs.",
    },
    login = {
      says = "%s and a name before it: %s",
      fix = "Change the password, and read the address from a setting that the product does not bring.",
      severity = "medium",
    },
    unsure = {
      says = "has the form of a %s, though its check digits are not right: %s",
      fix = "If it was ever a token, withdraw it; if it is made up, say so beside it.",
      severity = "low",
    },
    half = {
      says = "%s of which the secret part is not beside it, or is known to everybody by design: %s",
      fix = "Make sure that the other half is nowhere in the product; withdraw the key if nobody knows what it is for.",
      severity = "low",
      reliability = "heuristic",
    },
    public = {
      says = "%s, which may be one that is made to be seen: %s",
      fix = "Restrict the key at the service to this product's site or signature, and to what it needs.",
      severity = "info",
    },
  },
  maps        = { "paris:P6", "cra:I.2.e", "etsi:5.4-3", "cwe:798", "attack:T1552.001", "req:R6" },
  samples     = {
    hit = { "deploy.js", "github.py", "settings.ini", "service-account.json", "publish.npmrc", "site.js" },
    clean = { "documented-examples.md", "placeholders.js", "azurite.json", "identifiers.js", "local-database.yml" },
  },

  object = function(object, found)
    local seen = {}
    for at, length, id in object:hits() do
      if length <= 1000 then
        local value = object:bytes(at, length)
        local what, answer = tokens.judge(id:sub(2), value, object, at)
        local key = answer and secrets.key(value:match("[%w_+/=.:@-]+") or value)
        if answer and not seen[key] then
          seen[key] = true
          local weak = object:comment(at) or WEAK_NAMES[object.name]
          local shown = answer == "login" and value:match("^[^:]+://[^:]+:") .. "..." or secrets.shown(value:match("^%W*(.*)$"), 8)
          found[answer] { key = key, at = at, length = length, excerpt = shown, kappa = weak and WEAK or nil, what, shown }
        end
      end
    end
  end,
}
