--- What code does, by role, as data for lib.chains: patterns for each language, and which roles together are a chain.
---
--- A role alone is ordinary. `risky` roles begin a chain; the others only matter beside one. Names that other scanners look
--- for have one letter in brackets, so that they do not find this file.

local behaviours = {}

-- Each pattern is a string of a YARA rule. "both" counts in JavaScript and Python alike.
behaviours.patterns = {
  javascript = {
    net = {
      [[/\b(https?|axios|got|needle|superagent|undici|request|ky)(\.default)?\.(get|request|post|put)\(/]],
      [[/\b(fetch|axios|nodeFetch|node_fetch)\(/]],
      [[/\b(XMLHttpRequest|WebSocket|sendBeacon)\(/]],
      [[/\b(resolve4|resolve6|resolveTxt|resolveAny)\(/]],
      [[/\bdns(\.promises)?\.(resolve[0-9A-Za-z]{0,4}|lookup)\(/]],
      [[/\brequire\(["'](node:)?(https?|dns|axios|node-fetch|request|got|ws|dgram|socket\.io-client)["']\)/]],
      [[/\bfrom ["'](node:)?(https?|dns|axios|node-fetch|got|ws|dgram)["']/]],
    },
    socket = { [[/\bnet\.(connect|createConnection|Socket)\(/]], [[/new (net|[a-z])\.Socket\(/]] },
    exec = {
      [[/["'](node:)?child_process["']/]],
      [[/\b(execSync|spawnSync|execFile|execFileSync|spawn)\(/]],
    },
    eval = {
      [[/[^.A-Za-z0-9_$]eval\(/]],
      [[/\bnew Function\(/]], [[/\(0,\s?eval\)\(/]],
      [[/\._compile\(/]],
      [[/\brunIn(This|New)?Context\(/]],
      [[/\bFunction\.constructor\b/]],
      [[/\bnew module\.constructor\b/]],
    },
    xor = { [[/\bString\.fromCharCode\([^)\n]{0,60}\^/]], [[/\.charCodeAt\([^()\n]{0,20}\)\s?\^/]] },
    cookies = { [[/\bchrome\.cookies\.getAll\(/]] },
    desktop = { [[/["'`\/]Deskto[p]["'`\/]/]] },
    decrypt = {
      [[/\bcreateDecipher(iv)?\b/]],
      [[/\bCryptoJS\.AES\.decrypt\(/]],
      [[/["'](hex|latin1)["']\)\.toString\(\)/]],
    },
    ["module-constructor"] = { [[/\bnew module\.constructor\b/]], [[/\._compile\(/]] },
    encode = { [[/\btoString\(["'](base64|hex)["']\)/]], [[/\bbtoa\(/]] },
    decode = {
      [[/\batob\(/]],
      [[/Buffer\.from\([^()]{1,120},\s{0,4}["'](base64|hex)["']\)/]],
      [[/\bcreateDecipheriv\(/]],
      [[/\b(inflate|gunzip|brotliDecompress|inflateRaw)Sync\(/]],
    },
    write = { [[/\b(writeFile|writeFileSync|createWriteStream|appendFile|appendFileSync)\(/]] },
    identity = {
      [[/\bhostname\(\)/]], [[/\buserInfo\(\)/]], [[/\bnetworkInterfaces\(\)/]], [[/\bgetServers\(\)/]],
      [[/\bprocess\.env\.(USER|USERNAME|LOGNAME|COMPUTERNAME|HOSTNAME)\b/]], [[/["'`]whoami["'`]/]],
    },
    environment = {
      [[/JSON\.stringify\(\s{0,8}process\.env\s{0,8}[,)]/]],
      [[/Object\.entries\(\s{0,8}process\.env\s{0,8}\)/]],
      [[/Object\.(keys|entries)\([a-zA-Z.]{0,12}\benv\)\.filter\(/]],
      [[/\b(env|environment|envVars|data|body)\s{0,4}[:=]\s{0,4}JSON\.stringify\(process\.env/]],
      [[/\{\s{0,20}\.\.\.process\.env\s{0,20}\}\s{0,4}\)/]],
    },
    hide = {
      [[/\bwindowsHide\s{0,4}:\s{0,4}(true|!0)/]], [[/\bdetached\s{0,4}:\s{0,4}(true|!0)/]],
      [[/\bstdio\s{0,4}:\s{0,4}["']ignore["']/]], [[/\.unref\(\)/]],
    },
    temporary = { [[/\btmpdir\(\)/]], [[/\bprocess\.env\.(TEMP|TMP|APPDATA|LOCALAPPDATA)\b/]] },
    hook = {
      [[/\b(window|globalThis|self|global)\.(fetch|XMLHttpRequest)\s{0,4}=[^=]/]],
      [[/\bXMLHttpRequest\.prototype\.(open|send)\s{0,4}=[^=]/]],
      [[/\bethereum\.request\s{0,4}=[^=]/]],
    },
    wallet = {
      [[/\beth_sendTransaction\b/]],
      [[/\bsolana_sign(And|Transaction)/]],
      [[/\bethereum\.request\b/]],
      [[/0x095ea7b3/]],
    },
    ["fetched-code"] = {
      [[/[^.A-Za-z0-9_$]eval\((await )?[A-Za-z_$][A-Za-z0-9_$]{0,20}\.(data|body|text)\b/]],
      [[/\bFunction(\.constructor)?\)?\(\s{0,4}["'`]require["'`]/]],
      [[/\.then\(\s{0,4}(eval|\(?[a-z]{1,8}\)?\s{0,2}=>\s{0,2}eval\([a-z]{1,8}\))\s{0,4}\)/]],
      [[/[^.A-Za-z0-9_$]eval\(await [a-z.]{1,20}(text|get)\(/]],
      [[/[^.A-Za-z0-9_$]eval\(JSON\.parse\([a-z]{1,12}\)\.[a-z]{1,12}\)/]],
    },
    ["shell-spawn"] = { [[/\bspawn\(\s{0,8}["'](\/bin\/(ba|z|da)?sh|cmd(\.exe)?|(ba|z)?sh|powershell(\.exe)?)["']/]] },
    ["code-argument"] = { [[/\(\s{0,8}["'`](node|process\.execPath)["'`]?\s{0,4},\s{0,4}\[\s{0,8}["'](-e|--eval)["']/]],
      [[/\bprocess\.execPath\s{0,4},\s{0,4}\[\s{0,8}["'](-e|--eval)["']/]] },
    clipboard = { [[/\bclipboard\.(read|write)(Text|Sync)?\(/]], [[/["']clipboardy["']/]] },
    ["remote-command"] = {
      [[/\.on\(\s{0,4}["'](data|message)["'],[^\x00]{0,200}\b(exec|execSync|spawn|spawnSync)\(/]],
    },
    control = {
      [[/\bnet\.(connect|createConnection|Socket)\(/]],
      [[/\bnew WebSocket\(/]],
      [[/\bio(\.connect)?\(["']https?:/]],
    },
    destroy = { [[/\b(rmSync|rmdirSync|removeSync|unlinkSync|rimraf|rimrafSync)\(/]] },
    home = { [[/\bhomedir\(\)/]] },
    asset = { [[/["'`][^"'`\n]{0,60}\.(woff2?|png|jpe?g|svg|ico|gif|ttf|wav|mp3)["'`]/]] },
    read = { [[/\breadFile(Sync)?\(/]] },
    mail = { [[/\bsendMail\(/]] },
    chmod = { [[/\bchmod(Sync)?\(/]] },
    upload = { [[/\.append\([^)\n]{1,60}\bcreateReadStream\(/]] },
    ["import-hook"] = { [[/\bModule\._load\s{0,2}=[^=]/]], [[/\bModule\.prototype\.require\s{0,2}=[^=]/]] },
    ["secret-header"] = {
      [[/\bfetch\(\s{0,8}["'`]https?:\/\/[^"'`]{4,100}["'`],\s{0,20}\{\s{0,20}method\s{0,2}:\s{0,4}["']POST]]
        .. [[["'],\s{0,20}headers\s{0,2}:\s{0,4}\{[^{}]{1,200}\}\s{0,20}\}/]],
    },
  },
  python = {
    net = {
      [[/\b(requests|httpx|session|urllib3|aiohttp)\.(get|post|put|request)\(/]],
      [[/\b(urlopen|urlretrieve|gethostbyname|HTTPSConnection|HTTPConnection)\(/]],
      [[/\bimport (requests|httpx|aiohttp|smtplib|telebot|discord)\b/]],
      [[/\bsocket\.socket\(/]],
    },
    socket = { [[/\bsocket\.socket\(/]] },
    exec = {
      [[/\bsubprocess\.(Popen|run|call|check_output|check_call|getoutput)\(/]],
      [[/\bos\.(system|popen|startfile|execv|execl|spawnl)\(/]],
      [[/\bfrom (os|subprocess) import [^\n]{0,60}\b(system|popen|Popen|call|check_output|run|startfile)\b/]],
    },
    eval = { [[/[^.A-Za-z0-9_](exec|eval)\(/]] },
    decode = {
      [[/\b(b64decode|b32decode|b85decode|a85decode|unhexlify)\(/]], [[/\b(zlib|gzip|lzma|bz2)\.decompress\(/]],
      [[/\bmarshal\.loads\(/]], [[/\bFernet\(/]], [[/\bbytes\.fromhex\(/]],
    },
    decrypt = { [[/\bFernet\(/]], [[/\bAES\.new\(/]] },
    encode = { [[/\b(b64encode|hexlify)\(/]], [[/\.hex\(\)/]] },
    write = { [[/\burlretrieve\(/]], [[/\bopen\([^()]{1,120},\s{0,4}["']wb?["']/]], [[/\bwrite_(bytes|text)\(/]] },
    identity = {
      [[/\bgethostname\(\)/]],
      [[/\bgetuser\(\)/]],
      [[/\bplatform\.node\(\)/]],
      [[/\bgetlogin\(\)/]],
      [[/\bgetnode\(\)/]],
      [[/["']whoami["']/]], [[/\b(environ\.get|getenv)\(["'](USER|USERNAME|COMPUTERNAME|LOGNAME)["']/]],
    },
    environment = {
      [[/\b(dict|str|dumps|urlencode|repr)\(\s{0,4}(dict\()?os\.environ\s{0,2}\)/]],
      [[/\bos\.environ\.(items|values)\(\)/]],
      [[/\b(json|data|params|files)\s{0,2}=\s{0,2}(dict\()?os\.environ\s{0,2}[,)]/]],
    },
    hide = {
      [[/\bCREATE_NO_WINDOW\b/]],
      [[/\bcreationflags\s{0,2}=\s{0,2}0x0?8000000/]],
      [[/\bSW_HIDE\b/]],
      [[/\bstart_new_session\s{0,2}=\s{0,2}True/]],
    },
    temporary = { [[/\bgettempdir\(\)/]], [[/\b(getenv|environ\.get)\(["'](TEMP|TMP|APPDATA|LOCALAPPDATA)["']/]],
      [[/\benviron\[["'](TEMP|TMP|APPDATA|LOCALAPPDATA)["']\]/]], [[/\bNamedTemporaryFile\(/]] },
    ["fetched-code"] = {
      [[/[^.A-Za-z0-9_](exec|eval)\(\s{0,4}(compile\()?\s{0,4}(requests|httpx|urllib|urllib\.request|urllib2)?\.?(get|urlopen)\(/]],
      [[/[^.A-Za-z0-9_](exec|eval)\(\s{0,4}__import__\(/]],
      [[/[^.A-Za-z0-9_](exec|eval)\([^"'\n]{0,60}\(\s{0,4}f?["']https?:\/\//]],
      [[/__import__\(["']builtins["']\)\.(exec|eval)\(/]],
      [[/[^.A-Za-z0-9_](exec|eval)\(\s{0,4}[a-z_]{1,20}\.(text|content)\b/]],
      [[/\bsubprocess\.[a-zA-Z_]{1,20}\([^()]{0,60}["']-c["'],\s{0,4}[a-z_]{1,20}\.(text|content)\b/]],
    },
    ["shell-spawn"] = {
      [[/\b(pty\.spawn|subprocess\.(call|Popen|run))\(\s{0,4}\[?\s{0,4}["'](\/bin\/(ba|z)?sh|cmd(\.exe)?|powershell(\.exe)?)["']/]],
      [[/\bos\.dup2\([^\n]{1,40},\s{0,4}[012a-z]/]],
    },
    ["code-argument"] = { [[/\bsys\.executable\s{0,4},\s{0,4}["']-c["']\s{0,4},\s{0,4}[a-zA-Z_(]/]],
      [[/\bsys\.executable\s{0,4},\s{0,4}["']-["']\s{0,4}\]/]] },
    ["encoded-argument"] = { [[/\bsys\.executable\s{0,4},\s{0,4}["']-c["']\s{0,4},[^\]\n]{0,60}b64decode/]] },
    ["remote-command"] = {
      [[/\b(getoutput|os\.popen|os\.system|check_output|Popen)\(\s{0,4}[a-z_]{1,20}(\.decode\(]]
        .. [[[^)]{0,10}\))?\s{0,4}(,\s{0,4}shell\s{0,2}=\s{0,2}True[^)]{0,60})?\)/]],
    },
    control = {
      [[/\.recv\([0-9]{1,6}\)/]],
      [[/\b(telebot|discord)\.[A-Z]?[a-zA-Z.]{2,30}\(/]],
      [[/@bot\.(command|message_handler)\(/]],
    },
    destroy = { [[/\brmtree\(/]] },
    home = { [[/\bexpanduser\(["']~["']\)/]], [[/\bPath\.home\(\)/]] },
    chmod = { [[/\bos\.chmod\(/]] },
    upload = { [[/\bfiles\s?=\s?\{[^}\n]{0,60}open\(/]] },
    ["import-hook"] = { [[/\bsys\.meta_path\b/]] },
    asset = { [[/\bwave\.open\(/]], [[/["'][^"'\n]{1,60}\.(png|jpe?g|wav|mp3|ico)["']/]] },
    read = { [[/\breadframes\(/]], [[/\bgetdata\(/]], [[/\bopen\([^()]{1,80}["']rb["']\)/]] },
    ["hidden-call"] = {
      [[/[^.A-Za-z0-9_](exec|eval|__import__|compile)\(\s{0,4}b?["']\\x[0-9a-f]{2}\\x/]],
      [[/\b__import__\(\s{0,4}(bytes\(\[|chr\(|bytes\.fromhex|["']["']\.join|[a-z_0-9.]{0,12}b64decode|base64)/]],
      [[/\bgetattr\(__import__\([^"'\n]/]],
    },
    protected = { [[/\b__pyarmor__\(/]] },
    ["package-source"] = {
      [[/["']--(extra-)?index-url["']/]],
      [[/\bpip3? install [^"'\n]{0,80}--(extra-)?index-url/]],
    },
    clipboard = { [[/\bpyperclip\.(paste|copy)\(/]], [[/\bclipboard_(get|append)\(/]], [[/\bGetClipboardData\(/]] },
    screen = {
      [[/\bImageGrab\.grab\(/]],
      [[/\bpyautogui\.screenshot\(/]],
      [[/\bpynput\.keyboard\b|\bkeyboard\.Listener\(/]],
    },
  },
  both = {
    ["cred-browser"] = {
      [[/[^A-Za-z]Log[i]n Data\b/]],
      [[/[\/\\]Loca[l] State\b/]],
      [[/\b(key4\.db|log[i]ns\.json)\b/]],
      [[/\bCryptUnprotect[D]ata\(/]],
      [[/\bLocal Extension Se[t]tings\b/]] },
    ["cred-messenger"] = {
      [[/Loc[a]l Storage[\/\\]{1,4}leveldb/]],
      [[/["'\/\\]leve[l]db["'\/\\]/]],
      [[/\[\\{1,2}w-\]\{24\}/]],
      [[/\bdQw4w9WgXc[Q]/]],
    },
    ["cred-wallet"] = {
      [[/\bwal[l]et\.dat\b/]],
      [[/\bExod[u]s[\/\\]{1,4}exodus\.wallet/]],
      [[/\bexodus\.walle[t]\b/]],
      [[/nkbihfbeogaeaoehle[f]nkodbefgpgknn/]],
      [[/bfnaelmomeimhlpm[g]jnjophhpkkoljpa/]],
      [[/\bsolana[\/\\]{1,4}id\.jso[n]\b/]],
      [[/\bElectrum[\/\\]{1,4}wallet[s]/]],
      [[/\.ethereum[\/\\]{1,4}keystor[e]\b/]],
    },
    ["cred-ssh"] = { [[/\bid_(rs[a]|ed25519|ecdsa)\b/]], [[/["'\/~]\.ss[h][\/"']/]] },
    ["cred-cloud"] = {
      [[/\.aws[\/\\]{1,4}credential[s]/]],
      [[/\bAWS_SECRET_ACCESS_K[E]Y\b/]],
      [[/\bgcloud[\/\\]{1,4}(credentials\.db|application_defaul[t])/]],
      [[/\.kube[\/\\]{1,4}confi[g]\b/]], [[/\.azure[\/\\]/]] },
    ["cred-metadata"] = { [[/\b169\.254\.169\.25[4]\b/]], [[/\bmetadata\.google\.interna[l]\b/]] },
    ["cred-registry"] = {
      [[/\b_authToke[n]\b/]],
      [[/["'`\/]\.npmr[c]\b/]],
      [[/\bNPM_TOKE[N]\b/]],
      [[/["'`\/]\.pypir[c]\b/]],
    },
    ["cred-source"] = {
      [[/\bgh auth toke[n]\b/]],
      [[/\.git-credential[s]\b/]],
      [[/\bGITHUB_TOKE[N]\b/]],
      [[/["'`]gh["'`]\s{0,4},\s{0,4}\[\s{0,4}["'`]auth["'`]/]],
    },
    ["cred-system"] = {
      [[/\/etc\/passw[d]\b/]],
      [[/\/etc\/shado[w]\b/]],
      [[/\.docker[\/\\]{1,4}config\.jso[n]/]],
      [[/\.(bash|zsh)_histor[y]\b/]],
    },
    scanner = { [[/\btrufflehog\b/i]], [[/\bgitleaks\b/]] },
    worm = {
      [[/\bnpm publish\b/]],
      [[/["'`\/]user\/repos["'`?]/]],
      [[/\.github[\/\\]{1,4}workflows[\/\\]/]],
      [[/\btoJSON\(secret[s]\)/]],
      [[/-\/whoami\b/]],
      [[/-\/v1\/search\?text=maintaine[r]/]],
    },
    miner = {
      [[/\bst[r]atum\+(tcp|ssl|tls):/]],
      [[/--donate-leve[l]\b/]],
      [[/\bxm[r]ig\b/]],
      [[/--coin[ =]moner[o]/]],
    },
    ["agent-flags"] = {
      [[/--dangerously-skip-permission[s]\b/]],
      [[/--trust-all-tool[s]\b/]],
      [[/["'`]--yol[o]["'`]/]],
    },
    wipe = {
      [[/\brm -[rf]{2} (--no-preserve-root )?(~|\/|\$HOME)[\/*]{0,2}["'`\s]/]],
      [[/\bshutdown -[hs] (0|now)\b/]],
      [[/\bdel \/[fsq] \/[fsq]/i]],
      [[/\bcipher \/[w]:/i]],
    },
    persist = {
      [[/["'\/~]\.(bash|zsh)rc\b/]],
      [[/\bauthorized_key[s]\b/]],
      [[/Library\/LaunchAgent[s]\b/]],
      [[/\bCurrentVersion\\{1,4}Ru[n](Once)?["'`\\]/]],
      [[/\bcrontab -[^lrue]/]],
      [[/\bStart Menu\\{1,4}Programs\\{1,4}Startu[p]\b/]],
      [[/["'`~][^"'`\n]{0,40}systemd\/(system|user)\//]],
      [[/\bschtasks(\.exe)?["', \[]{1,6}\/crea[t]e/i]],
    },
    invisible = {
      [[{ F3 A0 (84|85|86|87) ?? F3 A0 (84|85|86|87) ?? F3 A0 (84|85|86|87) ?? F3 A0 (84|85|86|87) }]],
      [[{ EF B8 8? EF B8 8? EF B8 8? EF B8 8? EF B8 }]],
    },
    ["long-text-run"] = { [[/[^.A-Za-z0-9_](exec|eval)\([^"'`\n]{0,60}["'`][A-Za-z0-9+\/=_-]{200}/]] },
    ["start-line"] = {
      [[/\bimport [a-zA-Z0-9_., ]{2,60};[^\n]{0,400}\b(subprocess|b64decode|urlopen|marshal|zlib|socket|requests)\b/]],
    },
    -- The same words in base64, in hex and backwards: a scheme, and modules that reach outside.
    ["hidden-text"] = {
      [[/\b104, ?116, ?116, ?112, ?(115, ?)?58,/]],
      [[/["'`]aHR0c(HM6Ly|DovL)/]],
      [[/["'`]Y2hpbGRfcHJvY2Vzc[w0-9A-Za-z]/]],
      [[/["'`](68747470(73)?3a2f2f|6368696c645f70726f63657373)/i]],
      [[/\/\/:s?ptth["'`]/]],
      [[/["'`]ssecorp_dlihc/]] },
    inject = {
      [[/\bVirtualAll[o]c(Ex)?\(/]],
      [[/\b(RtlMoveMemor[y]|WriteProcessMemor[y])\(/]],
      [[/\bCreate(Remote)?Threa[d]\(/]],
    },
    ["telling-command"] = {
      [[/\b(curl|wget|nslookup|dig|ping) [^"'\n]{0,160}]]
        .. [[(\$\((whoami|hostname|id|pwd|env|uname)|`(whoami|hostname|id|pwd|uname)|\$USER\b|%USERNAME%|\$HOSTNAME\b)/]],
    },
    ["system-loader"] = { [[/\brundll3[2]\b/]], [[/\bregsvr3[2]\b/]], [[/\bmshta(\.exe)? (http|javascript|vbscript)/i]] },
    exfil = {
      [[/\bapi\.telegram\.org\/bo[t]/]],
      [[/\bdiscord(app)?\.com\/api\/webhook[s]\b/]],
      [[/["'`\/]webhook\.sit[e]\b/]],
    },
    ["wallet-pattern"] = { [[/a-k?m-zA-HJ-NP-Z/]], [[/0x\[a-fA-F0-9\]\{40\}/]], [[/0x\[0-9a-fA-F\]\{40\}/]] },
    secret = { [[/\b(secretKey|privateKey|secret_key|private_key|mnemonic|seedPhrase|seed_phrase)\b/]] },
    ["download-command"] = {
      [[/["'`][^"'`\n]{0,40}\b(curl|wget) ]]
        .. [[[^"'`\n]{4,200}(\|\s{0,3}(sudo )?(ba|z|da)?sh\b|&&\s{0,3}(sh |bash |chmod |\.\/|start |node |python))/]],
      [[/\b(Invoke-WebRequest|DownloadFile|DownloadString|Start-BitsTransfer)\b[^\n]{4,300}]]
        .. [[(Start-Process|\biex\b|&&|;\s{0,2}start |Invoke-Expression)/i]],
      [[/\b(iwr|irm) (-|\$|["']?https?:|[a-z.]{3,40}\/)[^\n]{4,200}(\||;|&&) ?(iex|start)/i]],
      [[/\bcertutil(\.exe)? [^\n]{0,40}-urlcach[e]/i]],
      [[/\bpowershell(\.exe)?\b[^\n]{0,80}\s-(e|ec|enc|EncodedCommand)["']?[ ,]{1,3}["']?[A-Za-z0-9+\/=]{40}/i]],
      [[/\biex\s{0,2}\(\s{0,2}\(?(iwr|irm|New-Object) /i]],
    },
  },
}

--- What calls that the fact `code` resolved are, by the beginnings of their names: also where the file calls them otherwise.
behaviours.calls = {
  ["child_process."] = "exec",
  ["os.system"] = "exec",
  ["os.popen"] = "exec",
  ["os.startfile"] = "exec",
  ["subprocess."] = "exec",
  ["http."] = "net",
  ["https."] = "net",
  ["axios"] = "net",
  ["fetch"] = "net",
  ["urllib.request."] = "net",
  ["urllib2."] = "net",
  ["requests."] = "net",
  ["httpx."] = "net",
  ["dns."] = "net",
  ["eval"] = "eval",
  ["exec"] = "eval",
  ["vm."] = "eval",
  ["Function"] = "eval",
  ["builtins.exec"] = "eval",
  ["os.getenv"] = "variable",
  ["os.environ.get"] = "variable",
  ["urllib.request.urlretrieve"] = "fetch",
}

--- Roles that begin a chain: an object without any of them is not looked at.
behaviours.risky = {
  "system-loader", "cookies", "xor",
  "hidden-call", "protected", "telling-command", "wallet", "remote-command", "import-hook", "hidden-text", "inject",
  "destroy", "package-source", "mail", "eval", "long-text-run", "start-line", "encoded-argument",
  "module-constructor", "exec", "hook", "fetched-code", "shell-spawn", "code-argument", "environment", "identity",
  "screen", "clipboard", "secret-header", "cred-*", "scanner", "worm", "miner", "agent-flags", "wipe", "persist",
  "invisible", "exfil", "download-command",
}

return behaviours
