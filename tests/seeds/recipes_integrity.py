"""Recipes for checks of the pillar integrity."""
import subprocess

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
