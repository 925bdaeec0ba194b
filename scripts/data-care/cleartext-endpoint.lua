local capabilities = require "lib.capabilities"
local hosts = require "lib.hosts"

-- What stands before and after a URL that is a value by itself: quotes of source code, the zero bytes around a C string.
local BEFORE = { ['"'] = true, ["'"] = true, ["`"] = true, ["\0"] = true, ["="] = true, ["@"] = true }
local FETCHING = { "curl", "wget", "fetch", "GET ", "POST ", "lwp-", "http " }

-- Is it part of a sentence for people ("see http://... for details"), or of an example in a Python docstring?
local function is_prose(object, line, at, length)
  local after = object:bytes(at + length, 2)
  return (object.kind == "python" and line:find("^%s*>>>") ~= nil) or (object.kind ~= "shell" and after:find("^ %a") ~= nil)
end

-- Is the URL at `at` a value by itself?
local function is_value(object, at, length)
  local line = object.class == "script" and object:line(at) or ""
  if is_prose(object, line, at, length) then
    return false
  elseif at == 0 or BEFORE[object:bytes(at - 1, 1)] then
    return true
  end
  for _, word in ipairs(FETCHING) do
    if line:find(word, 1, true) and not line:find("echo", 1, true) and not line:find("printf", 1, true) then
      return true
    end
  end
  return line:find("^%s*[%w_.-]+%s*[:=]%s*http://") ~= nil
end

-- Names before a value that people follow, or that may be one.
local LINKS = { href = 0, homepage = 0, home = 0, link = 0, author = 0, website = 0, url = 300 }

-- The front page of somebody's web site is named to be visited by people: by its name, or as the target of a link. Returns the kappa of
-- it as an endpoint, 0 where it is none; nil: it is no front page.
local function front_page(object, at, host, rest)
  local tag = object:bytes(math.max(0, at - 16), math.min(at, 16)):match("<[aA] [hH][rR][eE][fF]=[\"']$")
  if tag or (object.class == "binary" and rest:find("^[^/]+%.[^/]*/?$")) or rest:find("^www%.[^/]*/[%w_-]*/$") then
    return 0
  elseif not rest:find("^[^/]*/?$") then
    return nil
  elseif host:find("^www%.") then
    return 0
  end
  local name = object:bytes(math.max(0, at - 16), math.min(at, 16)):match("(%a+)[\"']?%s*[:=,]%s*[\"'`]$")
  return name and LINKS[name]
end

---@type probity.Check
return {
  title       = "Endpoint without encryption",
  why         = "Whoever sits between can read what is sent there, and can change what comes back.",
  confirm     = [[Find the address at the offset in the evidence: `grep -aob 'http://' OBJECT`. Run the product in a
    network of your own and watch with `tcpdump -A port 80` whether it is spoken to.]],
  catalogue   = "D-14",
  claim       = "transport",
  severity    = "medium",
  reliability = "exact",
  measured    = { recall = 1000, planted = 12, alarms = 1, clean = 39, date = "2026-11-22" },
  applies     = { "script", "binary", "ini", "yaml" },
  findings    = {
    used = {
      says = "code that uses the network names %s",
      fix = "Use https, and let the server redirect nobody back to http.",
    },
    named = {
      says = "names %s; nothing here is seen to use the network",
      fix = "Use https where the address is used.",
      severity = "info",
    },
  },
  maps        = { "paris:P1", "cra:I.2.e", "etsi:5.5-1", "cwe:319", "gdpr:32", "req:R7" },
  samples     = {
    hit = { "submit.pl", "fetch.js", "settings.ini" },
    clean = { "project.js", "comments.js", "namespaces.js", "local.py", "https-only.sh" },
  },

  object = function(object, found)
    local network = capabilities.find(object.facts, capabilities.NETWORK)
    for _, url in ipairs(object.facts.urls or {}) do
      if url.scheme == "http" and not url.comment and not url.namespace and url.host and hosts.public(url.host) then
        local rest = url.url:gsub("^%a+://", "")
        if not hosts.cited(rest) then
          local page = front_page(object, url.at, url.host, rest)
          local used = network and page ~= 0 and is_value(object, url.at, #url.url)
          local raise = used and found.used or found.named
          raise {
            key = url.host,
            at = url.at,
            length = #url.url,
            excerpt = url.url,
            kappa = (page or 0) > 0 and page or object.class == "binary" and 500 or nil, -- a string of a program can be a name, too
            url.url,
          }
        end
      end
    end
  end,
}
