--- Chains of what a file does: roles of calls (lib.behaviours) that stand near each other. What a chain weighs, and where, is for
--- the checks to say; here is only whether it is there.

local behaviours = require "lib.behaviours"
local hosts = require "lib.hosts"
local lists = require "probity.lists"
local python_chains = require "lib.python_chains"
local python_load = require "lib.python_load"
local text = require "probity.text"

local chains = {}

local SMALL = 16384 -- in a file of this size all stands together;
local WINDOW = 3000 -- in larger ones, what stands within so many bytes
local MOST = 60 -- places of one role that are looked at
local FUNCTIONS = 8 -- of a Python file for which it is asked what they do where somebody calls them

local LANGUAGE = { javascript = "javascript", typescript = "javascript", python = "python" }

-- id of a YARA string -> its role, and by role its ids in order
local role_of = {}

local function begins_chain(role)
  for _, name in ipairs(behaviours.risky) do
    if role == name or (text.ends(name, "*") and text.starts(role, name:sub(1, -2))) then
      return true
    end
  end
  return false
end

-- "$r" for the risky ones, "$o" for others; then language, role and number.
local function id_of(language, role, i)
  return string.format("$%s_%s_%s_%d", begins_chain(role) and "r" or "o", language, role:gsub("-", "_"), i)
end

--- The strings and the condition of `looks`: each pattern of the data under an id of its language and role.
function chains.looks()
  local out = { "strings:" }
  for _, language in ipairs { "javascript", "python", "both" } do
    local names = {}
    for role in pairs(behaviours.patterns[language]) do
      names[#names + 1] = role
    end
    table.sort(names)
    for _, role in ipairs(names) do
      for i, pattern in ipairs(behaviours.patterns[language][role]) do
        out[#out + 1] = "  " .. id_of(language, role, i) .. " = " .. pattern
      end
    end
  end
  -- The others decide nothing, but a string that no condition names is an error.
  return table.concat(out, "\n") .. "\ncondition:\n  any of ($r_*) or all of ($o_*)\n"
end

for language, roles in pairs(behaviours.patterns) do
  for role, patterns in pairs(roles) do
    for i in ipairs(patterns) do
      role_of[id_of(language, role, i)] = { language = language, role = role }
    end
  end
end

local function language_of(object)
  return LANGUAGE[object.kind]
end

local TEMPORARY = { TEMP = true, TMP = true, APPDATA = true, LOCALAPPDATA = true }

-- The roles of a call that the fact `code` tells.
local function called(call)
  local name = call.name
  local role = behaviours.calls[name] or behaviours.calls[name:match("^[^.]+%.[^.]+%.") or ""]
    or behaviours.calls[name:match("^[^.]+%.") or ""]
  if role == "variable" then
    return { TEMPORARY[call.args[1]] and "temporary" or nil }
  elseif role == "fetch" then
    return { "net", "write" }
  end
  return { role }
end

-- eval("require") only hides a name from who packs modules together: a name is no text that was fetched.
-- Function("return this") asks for the global object, which packers write into each bundle.
-- builtins.__dict__["session"] shares a value of the program's own with what its users type.
local RUNNERS = { exec = true, eval = true, compile = true, __import__ = true }

local function only_names(object, role, at)
  local text_at = role == "eval" and object:bytes(at, 64) or ""
  local own = text_at:match("^[%w_.]*builtins[%w_.]*%[[\"']([%w_]+)[\"']%]")
  if own then
    return not RUNNERS[own]
  end
  return text_at:find("^.?[new ]*Function%([\"']return this[\"']%)") ~= nil or text_at:find("^.?eval%(%s*[\"'][%w_.]+[\"']%s*%)") ~= nil
end

-- Is what runs here the text of a file? That is not what somebody sent.
local function of_file(object, at)
  return object:bytes(at, math.min(60, object.size - at)):find("(fs.readFileSync(", 1, true) ~= nil
end

-- Where is each role, outside of comments: { net = { n = 2 (patterns), at = { 10, 200 } } }.
local function roles_in(object)
  local language, found, counts = LANGUAGE[object.kind], {}, {}
  for at, _, id in object:hits() do
    local known = role_of[id]
    if known and known.role == "eval" and of_file(object, at) then
      known = nil
    end
    counts[id] = (counts[id] or 0) + 1
    local meant = known and (known.language == "both" or known.language == language) and counts[id] <= MOST
    if meant and not object:comment(at) and not only_names(object, known.role, at) then
      local role = found[known.role]
      if not role then
        role = { n = 0, at = {}, ids = {}, by = {} }
        found[known.role] = role
      end
      if not role.ids[id] then
        role.ids[id] = true
        role.n = role.n + 1
      end
      role.at[#role.at + 1] = at
      role.by[at] = id
    end
  end
  local resolved = false
  for _, call in ipairs((object.facts.code or {}).calls or {}) do
    for _, role in ipairs(only_names(object, "eval", call.at) and {} or called(call)) do
      if role ~= "eval" or not of_file(object, call.at) then
        found[role] = found[role] or { n = 1, at = {}, ids = {}, by = {} }
        table.insert(found[role].at, call.at)
        resolved = true
      end
    end
  end
  for _, role in pairs(resolved and found or {}) do
    table.sort(role.at)
  end
  return found
end

-- The place of `a` nearest to a place of `b`, where that is near enough; nil.
local function near(a, b, window)
  if not a or not b then
    return nil
  end
  local best, distance = nil, window + 1
  local j = 1
  for _, at in ipairs(a.at) do
    while b.at[j + 1] and math.abs(b.at[j + 1] - at) <= math.abs(b.at[j] - at) do
      j = j + 1
    end
    local apart = math.abs(b.at[j] - at)
    if apart < distance then
      best, distance = at, apart
    end
  end
  return best
end

-- Kinds of services where nobody keeps an account of their own: data that goes there is picked up by whoever knows the name.
local CARRIERS = { webhook = true, bot = true, paste = true, drop = true, ["request-bin"] = true, oast = true, tunnel = true }
-- Services that receive what code sends, and nothing else.
local CATCHERS = { ["request-bin"] = true, oast = true }

-- One more place of a kind: where they are, in order, and what the first one is.
local function put(out, kind, host, at)
  out[kind] = out[kind] or { host = host, at = {}, n = 1 }
  table.insert(out[kind].at, at)
end

local function carrier(place, out, at)
  local row = lists.find("exfiltration", place)
  if row and CARRIERS[row.kind] then
    put(out, "carrier", row.host, at)
    if CATCHERS[row.kind] then
      put(out, "catcher", row.host, at)
    end
  elseif row and row.kind == "address" then
    put(out, "locator", row.host, at)
  end
end

--- Where the file's facts say that it reaches: { carrier =, catcher =, locator =, address =, hidden = }, each a role with the
--- `host` that was seen first, or absent.
function chains.places(facts)
  local out = {}
  for _, url in ipairs(facts.urls or {}) do
    if url.host and not url.comment and not url.namespace then
      carrier((url.url:gsub("^%a[%w+.-]*://", "")), out, url.at)
      if hosts.bare(url.host) then
        put(out, "address", url.host, url.at)
      end
    end
  end
  for _, s in ipairs((facts.code or {}).strings or {}) do
    local rest = s.text:gsub("^%a[%w+.-]*://", "")
    if s.is == "url" or s.is == "host" then
      carrier(rest, out, s.at)
    end
    if s.is == "address" and hosts.bare(rest:match("^[%d.]+") or "") and not rest:find("%.0$") then
      put(out, "address", rest, s.at)
    end
    local row = s.joined and s.is == "url" and lists.find("exfiltration", rest)
    if (s.decoded or (row and CARRIERS[row.kind])) and (s.is == "url" or s.is == "command" or s.is == "address") then
      put(out, "hidden", s.text, s.at)
    end
  end
  for _, role in pairs(out) do
    table.sort(role.at)
  end
  return out
end

-- A literal that only a decoder can read: base64 in either direction, hex, escapes.
local ENCODED = "[\"'](?:[A-Za-z0-9+/=_-]{60,}|(?:\\\\x[0-9a-fA-F]{2}){24,}|[!#-&(-~]{80,})"
local ESCAPED = "(?:\\\\x[2-7][0-9a-fA-F]){40}" -- letters written as escapes

local TOKEN = "[\"'`/(](?:bot)?[0-9]{8,10}:[A-Za-z0-9_-]{34,46}[\"'`/]" -- of a bot
-- A function, not a method, is given the root or what lies around.
local FROM_ROOT = "[^.A-Za-z0-9_$][A-Za-z_$][A-Za-z0-9_$]{0,20}\\([\"'`](?:/|[A-Z]:[/\\\\]{1,2}|\\.\\./(?:\\.\\./)?)[\"'`]\\)"

local CREDENTIALS = { "browser", "messenger", "wallet", "ssh", "cloud", "metadata", "registry", "source", "system" }

-- Kinds of secrets that the file names, and one role that stands for all of their places.
local function credentials(roles)
  local all, kinds = { at = {}, n = 0 }, {}
  for _, kind in ipairs(CREDENTIALS) do
    local role = roles["cred-" .. kind]
    if role then
      kinds[#kinds + 1] = kind
      for _, at in ipairs(role.at) do
        all.at[#all.at + 1] = at
      end
    end
  end
  table.sort(all.at)
  all.n = #kinds
  return all.n > 0 and all or nil, kinds
end

local ADDRESS = "[\"'](0x[0-9a-fA-F]{40}|bc1[02-9ac-hj-np-z]{25,60}|T[1-9A-HJ-NP-Za-km-z]{33}|[13][1-9A-HJ-NP-Za-km-z]{25,34})[\"']"

-- How many addresses of currencies the file holds, as literals, up to 10.
local function addresses(object)
  local n = 0
  for _ in object:matches(ADDRESS) do
    n = n + 1
    if n == 10 then
      break
    end
  end
  return n
end

-- Does the handler of what a connection says start something, as far as calls could be resolved? (A regular expression has an
-- exec of its own.)
local function starts_by(object, handlers)
  local resolved = false
  for _, call in ipairs((object.facts.code or {}).calls or {}) do
    if handlers and behaviours.calls[call.name:match("^[^.]+%.") or ""] == "exec" then
      resolved = true
      for _, at in ipairs(handlers.at) do
        if call.at > at and call.at - at < 400 then
          return true
        end
      end
    end
  end
  return not resolved
end

-- What a script in a page does to its visitors.
local function page(r, chain, sends)
  local gated = near(r["script-element"], r.hours, 1000) and near(r["script-element"], r.chance, 1000)
  chain("choosy-script", gated and near(r["script-element"], r.visitor, 1000))
  chain("fields-sent", near(r.fields, r.listens, 1200) and near(r.fields, r.beacon, 1200))
  chain("page-and-machine", r.home and near(r.read, sends, 1500) and near(r["page-input"], sends, 1500))
end

-- Chains of these roles of the object: list of { id, at }.
local function of_roles(object, r, places)
  local list, seen = {}, {}
  local w = object.size <= SMALL and SMALL or WINDOW
  local sends = r.net or r.socket

  local function chain(id, at)
    if at and not seen[id] then
      seen[id] = true
      list[#list + 1] = { id = id, at = at }
    end
  end
  -- The place of the role near which one of these kinds of places is named.
  local function odd(role, ...)
    for _, kind in ipairs { ... } do
      local at = near(role, places[kind], w)
      if at then
        return at
      end
    end
    return nil
  end
  local function first(role)
    return role and role.at[1]
  end

  if not language_of(object) then
    chain("start-line", first(r["start-line"]) or first(r["long-text-run"]))
    return list
  end
  chain("invisible", first(r.invisible))
  chain("decodes-long", first(r["long-text-run"]) or first(r["encoded-argument"]))
  chain("decrypts-and-runs", near(r.eval, r.decrypt, w))
  chain("module-compiled", r.decrypt and near(r["module-constructor"], r.decrypt, w))
  chain("fetched-run", first(r["fetched-code"]))
  local command = near(r["download-command"], r.exec, 400)
  chain(command and "download-command" or "download-text", command or first(r["download-command"]))
  chain("hidden-name", first(r["hidden-call"]))
  chain("system-loader", near(r["system-loader"], r.exec, 400))
  chain("cookies-sent", near(r.cookies, sends, w))
  chain("note-on-desktop", r.home and near(r.desktop, r.write, 600))
  local computed = (object.facts.code or {}).dynamic_imports or 0
  chain("computed-names", computed >= 2 and (first(r.xor) or first(r.decode)))
  local encoded = object.kind == "python" and near(r.eval, r.decode, 1000)
  chain("decodes-and-runs-hidden", encoded and object:matches(ENCODED)() and encoded)
  chain("decodes-and-runs-hidden", object.kind == "python" and (near(r.eval, r.xor, 1000) or near(r.eval, r.turned, 200)))
  local escaped = object.kind == "python" and object.size <= SMALL and first(r.eval)
  chain("decodes-and-runs-hidden", escaped and object:matches(ESCAPED)() and escaped)
  chain("odd-module", first(r["odd-module"]))
  chain("split-name", first(r["split-name"]))
  chain("protected", first(r.protected))
  chain("secret-command", r.exec and first(r["secret-command"]))
  chain("telling-command", (r.exec or sends or r.eval or r.write) and first(r["telling-command"]))
  chain("carrier-used", near(sends, r.exfil, w) or odd(sends, "carrier"))
  chain("hidden-place", near(r["hidden-text"], sends or r.exec or r.eval or r.decode, w))
  local told = object.kind == "python" or starts_by(object, r["remote-command"])
  chain("remote-commands", told and near(r["remote-command"], r.control, 600))
  chain("remote-commands", told and r.net and near(r["remote-command"], r.polls, 1000))
  chain("memory-code", r.inject and r.inject.n >= 2 and near(r.inject, sends or r.decode, w))
  chain("hook-and-spawn", near(r["import-hook"], r.exec, 800))
  chain("hook-and-send", r["import-hook"] and near(r["import-hook"], r.net, w))
  chain("destroys-home", near(r.destroy, r.home, 300))
  chain("asset-run", r.asset and object.size <= 4 * SMALL and near(r.eval, r.read, 800) and near(r.eval, r.asset, 800))
  chain("system-download", near(r["system-download"], r["system-start"], 2000))
  page(r, chain, sends)
  chain("secret-posted", r.secret and near(r["secret-posted"], r.secret, w))
  chain("passwords-sent", near(r["password-read"], sends, 900))
  chain("requests-copied", r.authorization and near(r["node-hook"], r.authorization, 600))
  chain("env-file-sent", near(r.posts, sends, 300) and near(r["env-file"], r.posts, 900))
  chain("decodes-and-runs-hidden", near(r.constructed, r.codes, 800))
  chain("page-injected", near(r["page-end"], r.decode, 500))
  chain("request-run", first(r["request-code"]) or (near(r.eval, r.decode, 500) and near(r.decode, r.request, 600)))
  chain("route-wipes", r.exec and near(r.route, r.wipe, 600))
  chain("sliced-headers", r["sliced-header"] and #r["sliced-header"].at >= 2 and near(r["sliced-header"], sends, 1000))
  chain("other-application", (r.home or r.temporary) and near(r.archive, r.write, 2000))
  chain("files-mailed", r.home and (r.walks or r.identity) and near(r.mail, r.read, 800))
  chain("ledger-told", near(r.contract, r.exec or r.eval, 800))
  chain("key-planted", near(r["key-file"], r["ssh-key"], w))
  chain("payee-changed", r.wallet and near(r["payee-set"], r.hook or r.wallet, w))
  chain("own-carrier", near(r["own-carrier"], sends, 2 * w))
  chain("own-carrier", r.exfil and object:matches(TOKEN)() and near(r.exfil, sends, 2 * w))
  chain("walks-from-root", r.rewrite and object.size <= SMALL and near(r.rewrite, r.walks, 1000) and object:matches(FROM_ROOT)())
  chain("key-mailed", near(r.secret, r.mail, 600))
  chain("package-source", near(r["package-source"], r.exec, 600) or near(r["package-source"], r.write, 300))
  chain("wallet-prompts", r.wallet and r.wallet.n >= 2 and near(r.wallet, sends, w))
  chain("reverse-shell", near(r["shell-spawn"], r.socket, 2000))
  if near(r.eval, sends, w) and odd(r.eval, "carrier", "address", "hidden") then
    chain("fetch-from-odd-place-near-eval", near(r.eval, sends, w))
  else
    local own = object.kind == "python" or object.size <= 4 * SMALL -- larger ones are made of many
    own = own and not near(r.eval, r.checks, 600) -- a digest that must fit
    chain(own and "fetch-near-exec" or "fetch-near-eval", near(r.eval, sends, 800))
  end
  if r.hook and (r.wallet or near(r.hook, sends, w)) and addresses(object) >= 5 then
    chain("address-swap", first(r.hook))
  elseif r.hook and r.wallet then
    chain("wallet-hook", first(r.hook))
  end
  chain("clipboard-swap", r["wallet-pattern"] and near(r.clipboard, r["wallet-pattern"], w))

  local secrets, kinds = credentials(r)
  if secrets then
    local theft = r["cred-browser"] and (r["cred-messenger"] or r["cred-wallet"] or r["cred-browser"].n >= 2)
    if r.identity and #kinds >= 2 and near(secrets, sends, w) and near(r.identity, sends, w) then
      chain("secrets-and-identity-sent", first(secrets))
    elseif sends and near(secrets, sends, 4 * w) and (#kinds >= 4 or (theft and #kinds >= 2)) then
      chain("many-secrets-sent", first(secrets))
    elseif sends and (odd(secrets, "carrier", "address") or near(secrets, r.exfil, w)) then
      chain("secrets-carried-off", first(secrets))
    elseif #kinds >= 2 and near(secrets, r.upload, w) then
      chain("secrets-carried-off", near(secrets, r.upload, w))
    elseif near(secrets, r.read or r.reads, 160) and near(secrets, sends, 600) then
      chain("secret-file-sent", near(secrets, sends, 600))
    elseif near(secrets, sends, w) then
      chain(#kinds >= 2 and "secrets-sent" or "secret-and-network", near(secrets, sends, w))
    end
    chain("scanner-and-secrets", first(r.scanner) and (sends or r.exec) and first(r.scanner))
    chain("agent-flags", r.exec and first(r["agent-flags"]))
  end
  if r.environment then
    local off = odd(r.environment, "carrier", "address")
    off = off or near(r.environment, r.encode, 400) or (object.size <= SMALL / 2 and near(r.environment, sends, 200))
    chain(off and "environment-carried-off" or "environment-sent", near(r.environment, sends, 2000))
  end
  if r.identity then
    local off = odd(r.identity, "catcher", "address", "hidden")
    if off and near(r.identity, sends, w) then
      chain("identity-carried-off", first(r.identity))
    elseif near(r.identity, sends, w) and (odd(r.identity, "carrier") or near(r.identity, r.exfil, w)) then
      chain("identity-to-carrier", first(r.identity))
    elseif r.identity.n >= 2 then
      chain("identity-sent", near(r.identity, sends, w))
    elseif object.kind == "python" then
      chain("host-sent", near(r.identity, sends, w))
    end
  end
  chain("screen-carried-off", odd(r.screen, "carrier", "address"))
  chain("secret-header", near(r["secret-header"], r.secret, w))
  chain("publishes", r.exec and first(r.publish))
  chain("worm", r.worm and r.worm.n >= 3 and first(r.worm))
  chain("miner", r.miner and (r.exec or sends or r.miner.n >= 2) and first(r.miner))
  chain("wipe", r.exec and near(r.wipe, r.exec, 2 * w))
  local persists = near(r.persist, r.exec or r.write, w)
  chain(near(r.persist, sends, w) and persists and "persists-and-fetches" or "persists", persists)
  chain("files-carried-off", near(r.upload, r.exfil, w) or odd(r.upload, "carrier", "address"))
  chain("code-argument", r["code-argument"] and (r.hide or r.decode) and first(r["code-argument"]))
  if r.exec and sends then
    local fetched = near(r.write, sends, w) and near(r.exec, r.write, w)
    local enough = object.kind == "python" and 1 or 2
    local hidden = r.hide and r.hide.n >= enough and near(r.hide, r.exec, w) -- a bundle of many modules has everything somewhere
    local hides = (hidden and 1 or 0) + ((near(r.temporary, r.exec, 4 * w) or near(r.chmod, r.exec, w)) and 1 or 0)
    if fetched and near(r["hidden-file"], r.exec, w) then
      chain("download-hidden-run", fetched)
    elseif fetched and hides >= 1 and odd(r.exec, "carrier", "address", "hidden") then
      chain("download-hidden-run", fetched)
    elseif fetched and near(r.program, r.temporary, 400) and near(r.hide, r.exec, 400) then
      chain("download-run-unseen", fetched)
    elseif fetched and near(r.program, r.temporary, 400) then
      chain("download-run-hiding", fetched)
    elseif fetched and hides == 2 then
      local unseen = object.kind == "python" or (r.hide.n >= 3 and object.size <= SMALL)
      chain(unseen and "download-run-unseen" or "download-run-hiding", fetched)
    elseif fetched then
      chain("download-run", fetched)
    end
  end
  chain("hidden-process", r.exec and near(r.hide, r.exec, 600) and r.hide.n >= 3 and first(r.hide))
  chain("hidden-place", near(places.hidden, sends or r.exec or r.eval, w))
  chain("carrier-and-run", odd(r.eval or r.exec, "carrier"))
  if object.kind == "python" then
    python_chains.add(object, r, w, chain, near)
    chain("decodes-and-runs", r.eval and (((object.facts.code or {}).measures or {}).decode_eval or 0) > 0 and first(r.eval))
  end
  return list
end

--- All chains of the object: list of { id, at, load =, within = }. load: what it is made of runs as soon as the file is imported;
--- within: names of functions that do all of it. Needs this file's `looks`. Behind it: names of functions that run at import.
function chains.of(object)
  local places, roles = chains.places(object.facts), roles_in(object)
  local load = python_load.of(object)
  local function among(counts)
    local some = python_chains.only(roles, counts)
    return python_chains.acts(some) and of_roles(object, some, places) or {}
  end
  local here = load and among(load.runs) or {}
  local function within(name)
    return among(function(at) return load.runs(at, name) end)
  end
  local list, by = of_roles(object, python_chains.with_imports(roles), places), {}
  for _, c in ipairs(list) do
    by[c.id] = c
  end
  local function add(c)
    if not by[c.id] then
      by[c.id] = c
      list[#list + 1] = c
    end
    return by[c.id]
  end
  for _, c in ipairs(here) do
    add(c).load = true
  end
  for i = 1, math.min(#list > 0 and load and #load.functions or 0, FUNCTIONS) do
    for _, c in ipairs(within(load.functions[i])) do
      c = add(c)
      if not c.load then
        c.within = c.within or {}
        table.insert(c.within, load.functions[i])
      end
    end
  end
  return list, load and load.calls
end

return chains
