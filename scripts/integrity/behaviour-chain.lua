local chains = require "lib.chains"
local packages = require "lib.packages"
local reach = require "lib.reach"

local OWN = "integrity.behaviour-chain"

-- What a chain is called, what it weighs by itself and in code that runs at installation, and which words of a package's own description
-- say that this is its job. strong: nothing ordinary does it; several: ordinary where it is alone; weak: only at installation.
local NAMES = {
  ["invisible"] = { "holds long runs of characters that nobody sees", "strong", "strong" },
  ["fetched-run"] = { "runs what it fetched, or text under a constructed name, as code", "strong", "strong", { "loader", "bundler", "module", "interpreter" } },
  ["download-command"] = { "has a command line that downloads and runs something", "strong", "strong", { "installer", "deploy", "provisioning", "pentest" } },
  ["download-text"] = { "holds a command line that downloads and runs something", "weak", "strong" },
  ["remote-commands"] = { "runs what a connection says as commands", "strong", "strong", { "terminal", "ssh", "telnet", "shell", "remote", "pentest", "exploit", "bot", "ftp", "agent" } },
  ["memory-code"] = { "puts what it fetched or decoded into memory as machine code", "strong", "strong", { "debugger", "exploit", "pentest", "injection", "ffi", "game" } },
  ["hook-and-spawn"] = { "hooks what is imported, and starts programs", "several", "strong", { "tracing", "apm", "test", "testing", "instrumentation", "mock", "loader" } },
  ["destroys-home"] = { "removes files below the user's home", "weak", "strong" },
  ["asset-run"] = { "reads a picture, a font or a sound, and runs text as code", "strong", "strong" },
  ["key-mailed"] = { "holds secret keys, and sends mail", "strong", "strong" },
  ["package-source"] = { "installs packages from a place of its own", "weak", "strong" },
  ["wallet-prompts"] = { "asks a wallet to pay, and fetches what", "several", "strong", { "wallet", "wallets", "ethereum", "web3", "crypto", "blockchain", "dapp", "solana", "evm", "nft", "defi", "token", "metamask" } },
  ["download-run-unseen"] = { "downloads, and starts that unseen", "strong", "strong", { "installer", "updater", "update", "driver", "browser", "download", "downloader", "selenium" } },
  ["reverse-shell"] = { "ties a shell to a network connection", "strong", "strong", { "terminal", "ssh", "telnet", "shell", "pentest", "exploit" } },
  ["fetch-near-exec"] = { "fetches, and runs text as code beside it", "strong", "strong", { "loader", "module", "test", "testing", "interpreter", "shell", "notebook" } },
  ["fetch-near-eval"] = { "fetches, and runs text as code beside it", "several", "strong", { "loader", "bundler", "module", "test", "testing" } },
  ["fetch-from-odd-place-near-eval"] = { "fetches from an unusual place, and runs text as code beside it", "strong", "strong" },
  ["decodes-long"] = { "runs a long encoded text as code", "strong", "strong" },
  ["decrypts-and-runs"] = { "decrypts, and runs text as code beside it", "several", "strong" },
  ["module-compiled"] = { "makes a module of text that it decrypts", "strong", "strong" },
  ["start-line"] = { "does more than add a path, each time that Python starts", "strong", "strong" },
  ["secrets-and-identity-sent"] = { "names places of secrets, tells who the machine is, and sends", "strong", "strong", { "secrets", "scanner", "forensic", "forensics", "backup", "security", "pentest", "audit", "inventory" } },
  ["address-swap"] = { "puts itself before the browser's network calls, and holds addresses of wallets", "strong", "strong" },
  ["wallet-hook"] = { "puts itself before the network calls of a page and of its wallet", "several", "strong", { "wallet", "ethereum", "web3", "dapp" } },
  ["clipboard-swap"] = { "uses the clipboard, and knows how addresses of wallets look", "strong", "strong", { "clipboard", "wallet" } },
  ["many-secrets-sent"] = { "names places of secrets of several kinds, and sends", "strong", "strong", { "secrets", "scanner", "forensic", "forensics", "backup", "security", "pentest", "sandbox" } },
  ["secrets-carried-off"] = { "names places of secrets, and a service or address to send to", "strong", "strong", { "secrets", "scanner", "security", "pentest", "forensic", "forensics" } },
  ["secrets-sent"] = { "names places of secrets, and uses the network", "weak", "strong" },
  ["secret-and-network"] = { "names a place of secrets, and uses the network", "weak", "several" },
  ["scanner-and-secrets"] = { "starts a scanner for secrets, and names their places", "strong", "strong", { "secrets", "scanner", "security" } },
  ["agent-flags"] = { "starts an assistant without its safeguards, and names places of secrets", "strong", "strong", { "agent", "agents", "ai", "llm", "claude" } },
  ["environment-carried-off"] = { "sends the whole environment to a service or address that only receives", "strong", "strong" },
  ["environment-sent"] = { "takes the whole environment, and sends beside it", "several", "strong" },
  ["identity-carried-off"] = { "tells who and where the machine is to an address or a service that only receives", "strong", "strong" },
  ["identity-to-carrier"] = { "takes who and where the machine is, and names a service that carries messages", "several", "strong", { "telegram", "discord", "slack", "bot", "notification", "notifications", "monitoring" } },
  ["identity-sent"] = { "takes who and where the machine is, and uses the network", "weak", "several" },
  ["screen-carried-off"] = { "takes pictures of the screen or keys, and names a place to send them to", "strong", "strong" },
  ["secret-header"] = { "sends a request whose headers alone carry something, and holds secret keys", "strong", "strong" },
  ["worm"] = { "publishes packages, and changes repositories and their workflows", "strong", "strong", { "release", "publish", "monorepo", "publishing", "npm", "ci" } },
  ["miner"] = { "speaks to a mining pool, or starts a miner", "strong", "strong", { "mining", "miner", "monero", "security", "scanner" } },
  ["wipe"] = { "has commands that delete or stop the machine", "several", "strong", { "test", "shutdown", "power" } },
  ["persists"] = { "writes where programs start by themselves", "weak", "strong" },
  ["code-argument"] = { "starts an interpreter with code on its command line, hidden or decoded", "several", "strong" },
  ["download-hidden-run"] = { "downloads from a hidden or unusual place, and starts that unseen", "strong", "strong" },
  ["download-run-hiding"] = { "downloads to a temporary place, and starts that unseen", "several", "strong", { "installer", "updater", "update", "electron" } },
  ["download-run"] = { "downloads, writes, and starts programs", "weak", "weak" },
  ["hidden-process"] = { "starts a process that nobody sees and that stays", "weak", "strong" },
  ["hidden-place"] = { "decodes an address or a command, and uses the network or runs code", "strong", "strong" },
  ["carrier-and-run"] = { "names a service that carries messages or texts, and runs code or programs beside it", "several", "strong" },
  ["decodes-and-runs-hidden"] = { "decodes a long text and runs it as code", "strong", "strong", { "obfuscator", "packer" } },
  ["hidden-name"] = { "decodes the name of what it calls", "strong", "strong", { "obfuscator" } },
  ["decodes-and-runs"] = { "decodes a text and runs it as code", "several", "strong", { "bundler", "obfuscator", "packer", "webpack" } },
  ["decoded-command"] = { "decodes a command", "strong", "strong" },
  ["far-right"] = { "hides code behind a hundred blanks", "strong", "strong" },
}

-- Names that nobody has a reason to encode.
local HIDDEN = { ["child_process"] = true, ["execSync"] = true, ["readFileSync"] = true, ["subprocess"] = true, ["requests"] = true,
  ["builtins"] = true, ["urllib.request"] = true, ["eval"] = true, ["writeFileSync"] = true, ["homedir"] = false }

local LONG = 300 -- bytes of a literal that is no name and no table any more

-- What the tokens say, whatever the names in the file look like.
local function by_facts(o, list)
  local code = o.facts.code
  if code.measures.decode_eval > 0 then
    list[#list + 1] = { id = code.measures.longest_string >= LONG and "decodes-and-runs-hidden" or "decodes-and-runs" }
  end
  if code.measures.far_right >= 30 then
    list[#list + 1] = { id = "far-right" }
  end
  for _, s in ipairs(code.strings or {}) do
    if s.decoded and s.is == "command" then
      list[#list + 1] = { id = "decoded-command", at = s.at }
      break
    elseif s.decoded and s.is == "decoded" and HIDDEN[s.text] then
      list[#list + 1] = { id = "hidden-name", at = s.at }
      break
    end
  end
end

local function of_object(o)
  local list = {}
  for _, f in ipairs(o.findings) do
    if f.check == OWN and f.finding == "seen" then
      list[#list + 1] = { id = f.key:match("^[%w-]+"), at = f.at }
    end
  end
  if o.facts.code then
    by_facts(o, list)
  end
  return list
end

-- The word of the package's own description that says so, or nil.
local function declared(product, o, words)
  local about = words and product:declared(o)
  for _, word in ipairs(about and words or {}) do
    if about.words[word] then
      return word
    end
  end
  return nil
end

local function judge(product, found, o, list, how)
  local several = 0
  for _, c in ipairs(list) do
    several = several + (NAMES[c.id][2] == "several" and not declared(product, o, NAMES[c.id][4]) and 1 or 0)
  end
  for _, c in ipairs(list) do
    local name = NAMES[c.id]
    local strength = name[how and 3 or 2]
    local word = not how and declared(product, o, name[4])
    local at = { key = c.id .. ":" .. o.sha256:sub(1, 16), object = o, at = c.at, packages.place(o.path), name[1] }
    if how then
      at[1], at[2], at[3] = how, packages.place(o.path), name[1]
      if strength ~= "weak" then
        found[strength == "strong" and "installed" or "installing"](at)
      end
    elseif word then
      at[3] = word
      found[strength == "strong" and "declared" or "expected"](at)
    elseif strength == "strong" or (strength == "several" and several >= 2) then
      found.chain(at)
    elseif strength == "several" then
      found.part(at)
    end
  end
end

---@type probity.Check
return {
  title       = "What no ordinary package does: chains of behaviour",
  why         = "Reading secrets is ordinary, and so is sending; code that does one for the other has no place in a package that others install.",
  catalogue   = "I-02",
  claim       = "backdoor",
  severity    = "critical",
  reliability = "parsed",
  applies     = { "javascript", "typescript", "python", "text" },
  looks       = chains.looks(),
  findings    = {
    seen = {
      says = "%s",
      fix = "Nothing to do where this is what the product is for.",
      severity = "info",
    },
    chain = {
      says = "%s %s",
      fix = "Do not install this version before somebody has read the code. Vendors: remove it, or say in the description what needs it.",
      severity = "high",
    },
    part = {
      says = "%s %s",
      fix = "Say in the package's description or documentation what needs this, or remove it.",
      severity = "medium",
      reliability = "heuristic",
    },
    declared = {
      says = "%s %s, which its description may cover (%s)",
      fix = "Read the code before you rely on it.",
      severity = "medium",
      reliability = "heuristic",
    },
    expected = {
      says = "%s %s, which its description may cover (%s)",
      fix = "Nothing to do.",
      severity = "info",
    },
    installed = {
      says = "runs at installation (%s): %s %s",
      fix = "Do not install this version. Vendors: remove it; an install script has no use for this.",
      severity = "critical",
      reliability = "exact",
    },
    installing = {
      says = "runs at installation (%s): %s %s",
      fix = "Remove it from what runs at installation.",
      severity = "high",
    },
  },
  maps        = { "paris:P5", "paris:P6", "cwe:506", "cwe:912", "attack:T1195.002", "attack:T1059", "req:R3" },
  samples     = {
    hit = { "eslintscope-js", "depconf-js", "solana-js", "chalkplain-js", "farright-js", "persist-js", "fetchexec-py", "torch-py", "litellm-py",
      "clip-py" },
    clean = { "ordinary-client", "tool-with-home.py" },
  },

  object = function(object, found)
    for _, c in ipairs(chains.of(object)) do
      found.seen { key = c.id .. ":" .. object.sha256:sub(1, 16), at = c.at, NAMES[c.id][1] }
    end
  end,

  product = function(product, found)
    local installed = {}
    for o, how in reach.installed(product) do
      installed[table.concat(o.path, "\0")] = how
    end
    for o in product:objects { class = "script" } do
      local list = of_object(o)
      if #list > 0 then
        judge(product, found, o, list, installed[table.concat(o.path, "\0")])
      end
    end
    for o in product:objects { glob = "*.pth" } do
      local list = of_object(o)
      if #list > 0 then
        judge(product, found, o, list, "start of Python")
      end
    end
  end,
}
