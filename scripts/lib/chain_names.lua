--- The chains that lib.chains finds: what they are called, what they weigh, and where they are expected.
---
--- says: in words. alone: what a chain weighs in code that people start: "strong" where nothing ordinary does it, "several" where
--- it counts in full only beside another one, "weak" where it counts at installation only. installed: the same in code that runs
--- at installation or at each start of Python. loaded: the same where it runs when a file of Python is imported (otherwise one step more
--- than alone). expected: words of a package's own description that say that this is its job.

local names = {
  ["odd-module"] = {
    says = "runs a file as code whose name says that it holds none",
    alone = "strong",
    installed = "strong",
  },
  ["split-name"] = {
    says = "puts the name of what it calls together out of parts",
    alone = "strong",
    installed = "strong",
    expected = { "obfuscator", "minifier", "sandbox", "bundler" },
  },
  ["system-download"] = {
    says = "has the system download a program, and starts it",
    alone = "strong",
    installed = "strong",
    expected = { "pentest", "exploit", "debugger" },
  },
  ["publishes"] = { says = "publishes a package or pushes into a repository", alone = "weak", installed = "strong" },
  ["secret-posted"] = { says = "posts a secret key to an address of its own", alone = "strong", installed = "strong" },
  ["passwords-sent"] = {
    says = "takes passwords out of requests, and sends",
    alone = "strong",
    installed = "strong",
    expected = { "oauth", "oauth2", "sso", "ldap", "passport", "auth0", "keycloak", "identity", "authentication", "saml", "openid" },
  },
  ["requests-copied"] = {
    says = "puts itself before the requests of the whole process, and reads how they log in",
    alone = "strong",
    installed = "strong",
    expected = { "apm", "tracing", "mock", "mocking", "testing", "instrumentation", "monitoring", "proxy", "observability", "debugging" },
  },
  ["env-file-sent"] = {
    says = "names the file of the application's secrets, and posts beside it",
    alone = "strong",
    installed = "strong",
    expected = { "deploy", "deployment", "hosting", "vault", "secrets", "cloud", "serverless", "sync" },
  },
  ["page-injected"] = { says = "puts something decoded into pages", alone = "strong", installed = "strong" },
  ["request-run"] = {
    says = "decodes what a request carries, and runs that",
    alone = "strong",
    installed = "strong",
    expected = { "pentest", "exploit", "sandbox", "interpreter" },
  },
  ["route-wipes"] = {
    says = "removes the application's files when a request asks for it",
    alone = "strong",
    installed = "strong",
  },
  ["choosy-script"] = {
    says = "loads a script for some visitors, by chance, hour and cookies",
    alone = "strong",
    installed = "strong",
  },
  ["fields-sent"] = {
    says = "collects what visitors fill in, and sends it unseen",
    alone = "strong",
    installed = "strong",
    expected = { "analytics", "recording", "replay", "heatmap", "heatmaps", "marketing", "tracking" },
  },
  ["page-and-machine"] = {
    says = "takes what is typed into a page and files below the user's home, and sends",
    alone = "strong",
    installed = "strong",
  },
  ["sliced-headers"] = { says = "sends a text in pieces as headers of a request", alone = "strong", installed = "strong" },
  ["other-application"] = {
    says = "changes the code of another application",
    alone = "strong",
    installed = "strong",
    expected = { "electron", "asar", "patcher", "mod", "mods", "installer", "theme", "themes", "updater" },
  },
  ["files-mailed"] = {
    says = "looks for files below the user's home, and mails them",
    alone = "strong",
    installed = "strong",
    expected = { "mail", "email", "backup", "report", "reports" },
  },
  ["ledger-told"] = {
    says = "asks a ledger, and runs commands or code beside it",
    alone = "strong",
    installed = "strong",
    expected = { "ethereum", "solidity", "contract", "contracts", "blockchain", "web3", "hardhat", "evm" },
  },
  ["key-planted"] = {
    says = "adds a key of its own to those that may log in",
    alone = "strong",
    installed = "strong",
    expected = { "provisioning", "cloud", "deploy", "vagrant" },
  },
  ["payee-changed"] = {
    says = "changes who is paid in what a wallet is asked to sign",
    alone = "strong",
    installed = "strong",
    expected = { "wallet", "wallets" },
  },
  ["own-carrier"] = {
    says = "sends to a channel of its maker's own",
    alone = "strong",
    installed = "strong",
  },
  ["walks-from-root"] = {
    says = "overwrites or removes files all the way from the root or the folders around it",
    alone = "strong",
    installed = "strong",
    expected = { "clean", "rimraf", "filesystem", "delete", "remove" },
  },
  ["persists-and-fetches"] = {
    says = "writes where programs start by themselves, and uses the network",
    alone = "strong",
    installed = "strong",
    expected = {
      "cli", "shell", "autostart", "startup", "daemon", "service", "services", "installer", "systemd", "completion", "terminal",
      "deploy", "ssh", "server", "manager", "update", "backup", "agent", "monitoring",
    },
  },
  ["files-carried-off"] = {
    says = "sends files to a service or address that only receives",
    alone = "strong",
    installed = "strong",
    expected = { "telegram", "discord", "slack", "bot", "upload", "uploader", "backup", "share", "sharing", "webhook", "gofile" },
  },
  ["system-loader"] = {
    says = "starts a library by the system's own loader",
    alone = "several",
    installed = "strong",
    expected = { "windows", "printing", "print", "shell" },
  },
  ["cookies-sent"] = {
    says = "takes the cookies of all sites, and uses the network",
    alone = "several",
    installed = "strong",
    expected = { "cookie", "cookies", "password", "session", "sync" },
  },
  ["note-on-desktop"] = {
    says = "writes a file onto the desktop",
    alone = "several",
    installed = "strong",
    expected = { "desktop", "shortcut", "shortcuts", "launcher" },
  },
  ["computed-names"] = {
    says = "loads modules by names that it decodes",
    alone = "weak",
    installed = "strong",
  },
  ["started-script"] = {
    says = "is started by another script, and uses the network",
    alone = "weak",
    installed = "several",
  },
  ["invisible"] = {
    says = "holds long runs of characters that nobody sees",
    alone = "strong",
    installed = "strong",
  },
  ["fetched-run"] = {
    says = "runs what it fetched, or text under a constructed name, as code",
    alone = "strong",
    installed = "strong",
    expected = { "loader", "bundler", "module", "interpreter" },
  },
  ["download-command"] = {
    says = "has a command line that downloads and runs something",
    alone = "strong",
    installed = "strong",
    expected = { "installer", "deploy", "provisioning", "pentest" },
  },
  ["download-text"] = {
    says = "holds a command line that downloads and runs something",
    alone = "weak",
    installed = "strong",
    loaded = "several",
  },
  ["remote-commands"] = {
    says = "runs what a connection says as commands",
    alone = "strong",
    installed = "strong",
    expected = { "terminal", "ssh", "telnet", "shell", "remote", "pentest", "exploit", "bot", "ftp", "agent" },
  },
  ["memory-code"] = {
    says = "puts what it fetched or decoded into memory as machine code",
    alone = "strong",
    installed = "strong",
    expected = { "debugger", "exploit", "pentest", "injection", "ffi", "game" },
  },
  ["hook-and-spawn"] = {
    says = "hooks what is imported, and starts programs",
    alone = "strong",
    installed = "strong",
    expected = { "tracing", "apm", "test", "testing", "instrumentation", "mock", "loader" },
  },
  ["destroys-home"] = {
    says = "removes files below the user's home",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["asset-run"] = {
    says = "reads a picture, a font or a sound, and runs text as code",
    alone = "strong",
    installed = "strong",
  },
  ["key-mailed"] = {
    says = "holds secret keys, and sends mail",
    alone = "strong",
    installed = "strong",
  },
  ["package-source"] = {
    says = "installs packages from a place of its own",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["wallet-prompts"] = {
    says = "asks a wallet to pay, and fetches what",
    alone = "strong",
    installed = "strong",
    expected = {
      "wallet", "wallets", "ethereum", "web3", "crypto", "blockchain", "dapp", "solana", "evm", "nft", "defi",
      "token", "metamask",
    },
  },
  ["download-run-unseen"] = {
    says = "downloads, and starts that unseen",
    alone = "strong",
    installed = "strong",
    expected = {
      "installer", "updater", "update", "driver", "browser", "download", "downloader", "selenium", "drivers",
    },
  },
  ["reverse-shell"] = {
    says = "ties a shell to a network connection",
    alone = "strong",
    installed = "strong",
    expected = { "terminal", "ssh", "telnet", "shell", "pentest", "exploit" },
  },
  ["fetch-near-exec"] = {
    says = "fetches, and runs text as code beside it",
    alone = "strong",
    installed = "strong",
    expected = { "loader", "module", "test", "testing", "interpreter", "shell", "notebook", "distributed", "deployment", "rpc" },
  },
  ["fetch-near-eval"] = {
    says = "fetches, and runs text as code beside it",
    alone = "several",
    installed = "strong",
    expected = { "loader", "bundler", "module", "test", "testing" },
  },
  ["fetch-from-odd-place-near-eval"] = {
    says = "fetches from an unusual place, and runs text as code beside it",
    alone = "strong",
    installed = "strong",
  },
  ["decodes-long"] = {
    says = "runs a long encoded text as code",
    alone = "strong",
    installed = "strong",
  },
  ["decrypts-and-runs"] = {
    says = "decrypts, and runs text as code beside it",
    alone = "several",
    installed = "strong",
  },
  ["module-compiled"] = {
    says = "makes a module of text that it decrypts",
    alone = "strong",
    installed = "strong",
  },
  ["secrets-and-identity-sent"] = {
    says = "names places of secrets, tells who the machine is, and sends",
    alone = "strong",
    installed = "strong",
    expected = {
      "secrets", "scanner", "forensic", "forensics", "backup", "security", "pentest", "audit", "inventory",
    },
  },
  ["address-swap"] = {
    says = "puts itself before the browser's network calls, and holds addresses of wallets",
    alone = "strong",
    installed = "strong",
  },
  ["wallet-hook"] = {
    says = "puts itself before the network calls of a page and of its wallet",
    alone = "several",
    installed = "strong",
    expected = { "wallet", "ethereum", "web3", "dapp" },
  },
  ["clipboard-swap"] = {
    says = "uses the clipboard, and knows how addresses of wallets look",
    alone = "strong",
    installed = "strong",
    expected = { "clipboard", "wallet" },
  },
  ["many-secrets-sent"] = {
    says = "names places of secrets of several kinds, and sends",
    alone = "strong",
    installed = "strong",
    expected = { "secrets", "scanner", "forensic", "forensics", "backup", "security", "pentest", "sandbox" },
  },
  ["secrets-carried-off"] = {
    says = "names places of secrets, and a service or address to send to",
    alone = "strong",
    installed = "strong",
    expected = { "secrets", "scanner", "security", "pentest", "forensic", "forensics" },
  },
  ["secrets-sent"] = {
    says = "names places of secrets, and uses the network",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["secret-and-network"] = {
    says = "names a place of secrets, and uses the network",
    alone = "weak",
    installed = "several",
    loaded = "strong",
  },
  ["secret-command"] = { says = "has a command line that sends a file of secrets", alone = "strong", installed = "strong" },
  ["secret-file-sent"] = {
    says = "reads a file of secrets, and sends",
    alone = "several", installed = "strong", loaded = "strong",
    expected = { "credentials", "login", "auth", "secrets", "registry", "publish", "git", "ssh", "aws", "cloud", "docker", "kubernetes" },
  },
  ["scanner-and-secrets"] = {
    says = "starts a scanner for secrets, and names their places",
    alone = "strong",
    installed = "strong",
    expected = { "secrets", "scanner", "security" },
  },
  ["agent-flags"] = {
    says = "starts an assistant without its safeguards, and names places of secrets",
    alone = "strong",
    installed = "strong",
    expected = { "agent", "agents", "ai", "llm", "claude" },
  },
  ["environment-carried-off"] = {
    says = "sends the whole environment to a service or address that only receives",
    alone = "strong",
    installed = "strong",
  },
  ["environment-sent"] = {
    says = "takes the whole environment, and sends beside it",
    alone = "several",
    installed = "strong",
  },
  ["identity-carried-off"] = {
    says = "tells who and where the machine is to an address or a service that only receives",
    alone = "strong",
    installed = "strong",
  },
  ["identity-to-carrier"] = {
    says = "takes who and where the machine is, and names a service that carries messages",
    alone = "several",
    installed = "strong",
    expected = { "telegram", "discord", "slack", "bot", "notification", "notifications", "monitoring" },
  },
  ["identity-sent"] = {
    says = "takes who and where the machine is, and uses the network",
    alone = "weak",
    installed = "several",
    loaded = "strong",
  },
  ["host-sent"] = {
    says = "takes the name of the machine or its user, and uses the network",
    alone = "weak",
    installed = "several",
    loaded = "several",
  },
  ["carrier-used"] = {
    says = "sends to a service that carries messages",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["telling-command"] = {
    says = "has a command that tells who the machine is to another one",
    alone = "strong",
    installed = "strong",
    expected = { "pentest", "payload", "payloads", "exploit", "security", "scanner" },
  },
  ["screen-carried-off"] = {
    says = "takes pictures of the screen or keys, and names a place to send them to",
    alone = "strong",
    installed = "strong",
  },
  ["secret-header"] = {
    says = "sends a request whose headers alone carry something, and holds secret keys",
    alone = "strong",
    installed = "strong",
  },
  ["worm"] = {
    says = "publishes packages, and changes repositories and their workflows",
    alone = "strong",
    installed = "strong",
    expected = { "release", "publish", "monorepo", "publishing", "npm", "ci" },
  },
  ["miner"] = {
    says = "speaks to a mining pool, or starts a miner",
    alone = "strong",
    installed = "strong",
    expected = { "mining", "miner", "monero", "security", "scanner" },
  },
  ["wipe"] = {
    says = "has commands that delete or stop the machine",
    alone = "several",
    installed = "strong",
    expected = { "test", "shutdown", "power" },
  },
  ["persists"] = {
    says = "writes where programs start by themselves",
    alone = "weak",
    installed = "strong",
    loaded = "strong",
  },
  ["code-argument"] = {
    says = "starts an interpreter with code on its command line, hidden or decoded",
    alone = "several",
    installed = "strong",
  },
  ["download-hidden-run"] = {
    says = "downloads from a hidden or unusual place, and starts that unseen",
    alone = "strong",
    installed = "strong",
  },
  ["download-run-hiding"] = {
    says = "downloads to a temporary place, and starts that unseen",
    alone = "several",
    installed = "strong",
    expected = { "installer", "updater", "update", "electron" },
  },
  ["download-run"] = {
    says = "downloads, writes, and starts programs",
    alone = "weak",
    installed = "weak",
    loaded = "strong",
  },
  ["hidden-process"] = {
    says = "starts a process that nobody sees and that stays",
    alone = "weak",
    installed = "strong",
  },
  ["hidden-place"] = {
    says = "decodes an address or a command, and uses the network or runs code",
    alone = "strong",
    installed = "strong",
  },
  ["carrier-and-run"] = {
    says = "names a service that carries messages or texts, and runs code or programs beside it",
    alone = "several",
    installed = "strong",
    expected = {
      "backup", "upload", "download", "downloader", "storage", "sync", "telegram", "discord", "slack", "bot",
      "tunnel",
    },
  },
  ["decodes-and-runs-hidden"] = {
    says = "decodes a text and runs it as code",
    alone = "strong",
    installed = "strong",
    expected = { "obfuscator", "packer" },
  },
  ["hidden-name"] = {
    says = "decodes the name of what it calls",
    alone = "strong",
    installed = "strong",
    expected = { "obfuscator" },
  },
  ["decodes-and-runs"] = {
    says = "decodes a text and runs it as code",
    alone = "several",
    installed = "strong",
    expected = { "bundler", "obfuscator", "packer", "webpack" },
  },
  ["decoded-command"] = {
    says = "decodes a command",
    alone = "strong",
    installed = "strong",
  },
  ["far-right"] = {
    says = "hides code behind a hundred blanks",
    alone = "strong",
    installed = "strong",
  },
}

for id, name in pairs(require "lib.python_chain_names") do
  names[id] = name
end

return names
