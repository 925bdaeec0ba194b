--- Tokens and keys of services: what each looks like in the bytes, and what of it can be held against itself. A prefix is no token: each is
--- read, and its checksum computed where the service has one.
---
--- Patterns are for `looks`; `tokens.judge(id, value, object, at)` says what a hit is.

local hash = require "probity.hash"
local secrets = require "lib.secrets"
local text = require "probity.text"

local tokens = {}

local BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

local function base62(n, width)
  local out = {}
  for i = width, 1, -1 do
    local digit = n % 62
    out[i] = BASE62:sub(digit + 1, digit + 1)
    n = n // 62
  end
  return table.concat(out)
end

-- GitHub and npm: 30 random letters and the CRC-32 of these in six more.
local function checksum62(value)
  local body = value:match("^%a+_(%w+)$")
  if not body or #body ~= 36 then
    return nil
  end
  return base62(hash.crc32(body:sub(1, 30)), 6) == body:sub(31)
end

local function judge_checksum(value)
  if not secrets.random(value:match("_(.*)$")) then
    return nil
  end
  return checksum62(value) and "verified" or "unsure"
end

-- Grafana: the CRC-32 of what stands before, in hex.
local function judge_grafana(value)
  local body, sum = value:match("^(glsa_%w+)_(%x+)$")
  if not body or not secrets.random(body:sub(6)) then
    return nil
  end
  return string.format("%08x", hash.crc32(body)) == sum:lower() and "verified" or "unsure"
end

-- Keys that documentation gives as its example, by secrets.key: nobody uses them.
local PUBLISHED = { ["b3571d478999b981716036d9e624f796"] = true } -- age

-- The random part is what follows the prefix; alphabet as secrets.random.
local function random_after(pattern, alphabet, answer)
  return function(value)
    local body = value:match(pattern)
    return body and secrets.random(body, alphabet) and (answer or "token") or nil
  end
end

-- An access key's id is no secret without its other half: 40 letters of base64 near it.
local function judge_aws(value, object, at)
  if not secrets.random(value:sub(5), 32) then
    return nil
  end
  local from = math.max(0, at - 300)
  local near = object:slice(from, math.min(700, object.size - from))
  for _, _, half in near:matches([=[[^A-Za-z0-9+/=]([A-Za-z0-9+/]{40})[^A-Za-z0-9+/=]]=]) do
    if secrets.random(half) and half:find("%u") and half:find("%l") and not half:find("^%x+$") then
      return "token"
    end
  end
  return "half"
end

-- A bot's token begins with its number, in base64.
local function judge_discord(value)
  local id, _, sum = value:match("([%w_-]+)%.([%w_-]+)%.([%w_-]+)$")
  local number = id and text.base64_decode(id)
  return number and number:find("^%d+$") and #number >= 17 and #number <= 20 and secrets.random(sum) and "verified" or nil
end

-- The key of Microsoft's storage emulator is in its manual, the same for everybody.
local EMULATOR = "Eby8vdM02xNOcqFlqUwJ"

local function judge_azure(value)
  local body = value:match("=(.+)$")
  if body:sub(1, #EMULATOR) == EMULATOR or not secrets.random(body) then
    return nil
  end
  local raw = text.base64_decode(body)
  return raw and #raw == 64 and text.entropy(raw) > 600 and "token" or nil
end

-- Of JSON Web Tokens only those that give everything: the role that passes by all rules of a database.
local function judge_jwt(value)
  local payload = value:match("^[^.]+%.([^.]+)%.")
  local claims = payload and text.base64_decode(payload)
  return claims and claims:find('"role":"service_role"', 1, true) and claims:find('"iss":"supabase"', 1, true) and "verified" or nil
end

local function judge_account(_, object, at)
  local _, _, body = object:find([["private_key" *: *"-----BEGIN (?:RSA )?PRIVATE KEY-----\\n([A-Za-z0-9+/]{60})]], math.max(0, at - 4096))
  return body and secrets.random(body) and "token" or nil
end

-- A name and a password before a host. Places of examples and of this machine give nothing away.
local function judge_login(value)
  local user, password, host = value:match("^%w[%w+.-]*://([^:@/]*):([^@/]+)@([%w.-]+)")
  if not user or secrets.stand_in(password) or password:lower() == user:lower() or #password < 6 or password:find("[<>{}$%%()%[%]]") then
    return nil
  end
  if not host:find("%.%a%a+$") or host:find("example", 1, true) or host:find("%.local$") or host:find("%.internal$") or
    host:find("%.test$") or host:find("^host%.") or host:find("host%.com$") or host:find("domain%.") then
    return nil
  end
  return password:find("%d") and password:find("%a") and "login" or nil
end

-- Twilio's token is plain hex: only beside an account's number.
local function judge_twilio(value, object)
  local body = value:match("[\"'](%x+)[\"']")
  return body and secrets.random(body, 16) and object:find([[\bAC[0-9a-f]{32}\b]]) and "token" or nil
end

-- [id] = { what it is, pattern, judge }. The first bytes of a pattern are the fixed ones.
local KINDS = {
  github = { "GitHub token", "/gh[pousr]_[A-Za-z0-9]{36}[^A-Za-z0-9]/", judge_checksum },
  github_pat = { "GitHub token", "/github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/", random_after("^github_pat_(.*)$") },
  npm = { "npm token", "/npm_[A-Za-z0-9]{36}[^A-Za-z0-9_]/", judge_checksum },
  npmrc = { "npm token", "/:_authToken=[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/", random_after("=(.*)$", 16) },
  gitlab = { "GitLab token", "/glpat-[A-Za-z0-9_-]{20}/", random_after("^glpat%-(.*)$") },
  pypi = { "PyPI token", "/pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{70,300}/", random_after("^pypi%-AgEIcHlwaS5vcmc(.*)$") },
  rubygems = { "RubyGems key", "/rubygems_[0-9a-f]{48}/", random_after("_(.*)$", 16) },
  docker = { "Docker Hub token", "/dckr_pat_[A-Za-z0-9_-]{27}/", random_after("^dckr_pat_(.*)$") },
  aws = { "AWS access key", "/(AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9]/", judge_aws },
  google = { "Google API key", "/AIza[A-Za-z0-9_-]{35}/", random_after("^AIza(.*)$", 62, "public") },
  google_oauth = { "Google OAuth client secret", "/GOCSPX-[A-Za-z0-9_-]{28}/", random_after("^GOCSPX%-(.*)$", 62, "half") },
  gcp = { "Google service account with its key", '/"type" ?: ?"service_account"/', judge_account },
  azure = { "Azure storage key", "/AccountKey=[A-Za-z0-9+\\/]{86}==/", judge_azure },
  digitalocean = { "DigitalOcean token", "/do[opr]_v1_[0-9a-f]{64}/", random_after("_v1_(.*)$", 16) },
  heroku = { "Heroku key", "/HRKU-[A-Za-z0-9_-]{36,60}/", random_after("^HRKU%-(.*)$") },
  slack = { "Slack token", "/xox[bpars]-[0-9]{8,14}-[0-9a-zA-Z-]{20,80}/", random_after("^xox%l%-[%d-]+(%w+)$") },
  slack_app = { "Slack token", "/xapp-1-A[A-Z0-9]{8,12}-[0-9]{10,14}-[0-9a-f]{64}/", random_after("(%x+)$", 16) },
  stripe = { "Stripe secret key", "/[sr]k_live_[A-Za-z0-9]{24,107}/", random_after("_live_(.*)$") },
  sendgrid = { "SendGrid key", "/(\"SG\\.|'SG\\.|=SG\\.| SG\\.)[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}/", random_after("SG%.(.*)$") },
  mailgun = { "Mailgun key", "/[^A-Za-z0-9-]key-[0-9a-f]{32}[^A-Za-z0-9]/", random_after("key%-(%x+)", 16) },
  twilio = { "Twilio token", "/([aA]uth_?[tT]oken|AUTH_TOKEN)[\"']? ?(:|=|=>|,) ?[\"'][0-9a-f]{32}[\"']/", judge_twilio },
  openai = { "OpenAI key", "/sk-[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}/", random_after("^sk%-(.*)$") },
  anthropic = { "Anthropic key", "/sk-ant-(api|admin)[0-9]{2}-[A-Za-z0-9_-]{80,110}/", random_after("^sk%-ant%-%w+%-(.*)$") },
  huggingface = { "Hugging Face token", "/[^A-Za-z0-9_]hf_[A-Za-z]{34}[^A-Za-z0-9_]/", function(value)
    local body = value:match("hf_(%a+)")
    return body and secrets.random(body .. "0") and body:find("%u%u?%l") and "token" or nil
  end },
  shopify = { "Shopify token", "/shp(at|ca|pa|ss)_[0-9a-fA-F]{32}/", random_after("_(.*)$", 16) },
  databricks = { "Databricks token", "/dapi[0-9a-f]{32}[^0-9a-f]/", random_after("^dapi(%x+)", 16) },
  atlassian = { "Atlassian token", "/ATATT3xFfGF0[A-Za-z0-9_=-]{150,200}/", random_after("^ATATT3xFfGF0(.*)$") },
  grafana = { "Grafana token", "/glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}/", judge_grafana },
  vault = { "Vault token", "/hvs\\.[A-Za-z0-9_-]{90,120}/", random_after("^hvs%.(.*)$") },
  age = { "age secret key", "/AGE-SECRET-KEY-1[0-9A-Z]{58}/", random_after("KEY%-1(.*)$", 32) },
  supabase = { "Supabase service key",
    "/eyJhbGciOiJIUzI1NiIs[A-Za-z0-9_-]{10,30}\\.eyJ[A-Za-z0-9_-]{40,400}\\.[A-Za-z0-9_-]{43}/", judge_jwt },
  discord = { "Discord bot token",
    "/(\\.login\\(|TOKEN ?= ?|[tT]oken\"?: ?|\\.run\\()[\"'][MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,40}/",
    judge_discord },
  login = { "URL with a password",
    "/(postgres(ql)?|mysql|mariadb|mongodb(\\+srv)?|rediss?|amqps?|mssql|smtps?):\\/\\/[A-Za-z0-9._%+-]{1,40}:" ..
      "[^\\s:@\\/\"'<>{}$]{6,80}@[A-Za-z0-9.-]{4,80}/",
    judge_login },
}

--- The strings of a YARA rule, one for each kind.
function tokens.patterns()
  local out = {}
  for id, kind in pairs(KINDS) do
    out[#out + 1] = string.format("      $%s = %s", id, kind[2])
  end
  return table.concat(out, "\n")
end

--- What a hit is, or nil: it is none. Returns its name for people and one of: "verified" (its checksum or structure is right), "token",
--- "unsure" (a wrong checksum), "half" (of no use alone), "public" (made to be seen), "login". id: as in the pattern, without "$".
function tokens.judge(id, value, object, at)
  local kind = KINDS[id]
  if PUBLISHED[secrets.key(value)] then
    return kind[1], nil
  end
  return kind[1], kind[3](value, object, at)
end

return tokens
