"""Recipes for accounts, secrets and services (pillar integrity)."""
import subprocess

from recipe import plants


@plants("integrity.api-token", "npm", "deb")
def token(r, host):
    import string
    import zlib
    b62 = string.digits + string.ascii_uppercase + string.ascii_lowercase

    def github():
        body, crc, tail = r.letters(30), 0, ""
        crc = zlib.crc32(body.encode())
        while crc:
            crc, d = divmod(crc, 62)
            tail = b62[d] + tail
        return r.choice(("ghp_", "gho_", "ghs_")) + body + tail.rjust(6, "0")
    text = r.choice((
        lambda: f"TOKEN={github()}\n", lambda: f"const t = '{github()}';\n",
        lambda: f"aws_access_key_id = AKIA{r.letters(16, string.ascii_uppercase + '234567')}\naws_secret_access_key = {r.letters(40, string.ascii_letters + string.digits + '+/')}\n",
        lambda: f'{{"slack": "xoxb-{r.randint(10 ** 11, 10 ** 12 - 1)}-{r.randint(10 ** 12, 10 ** 13 - 1)}-{r.letters(24)}"}}\n',
        lambda: f"STRIPE_KEY=sk_live_{r.letters(24)}\n", lambda: f"sendgrid: SG.{r.letters(22)}.{r.letters(43)}\n",
        lambda: f"glpat-{r.letters(20)}\n",
    ))()
    host.put(("etc/" + r.word() + "/" if host.kind == "deb" else "config/") + r.name() + r.choice((".env", ".conf", ".json", ".js", ".yml")), text)


@plants("integrity.empty-account", "tree")
def empty_account(r, host):
    extra = r.choice((f"{r.word()}:x:0:0::/root:/bin/sh", f"{r.word()}::1001:1001::/home:/bin/sh"))
    firmware(host)
    host.put("etc/passwd", f"root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\n{extra}\n")
    host.put("etc/shadow", "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n")


def firmware(host):
    host.put("bin/busybox", b"\x7fELF" + bytes(60), 0o755)
    host.put("etc/inittab", "::sysinit:/etc/init.d/rcS\n")
    host.put("etc/init.d/rcS", "#!/bin/sh\nmount -a\n", 0o755)
    host.put("etc/fstab", "proc /proc proc defaults 0 0\n")


@plants("integrity.default-password", "tree")
def default_password(r, host):
    word = r.choice(("admin", "root", "password", "12345", "1234", "toor", "support", "user", "default"))
    method = r.choice(("-1", "-5", "-6"))
    salt = r.letters(8)
    digest = subprocess.run(["openssl", "passwd", method, "-salt", salt, word], check=True, capture_output=True, text=True).stdout.strip()
    firmware(host)
    host.put("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
    host.put("etc/shadow", f"root:{digest}:19000:0:99999:7:::\n")


@plants("integrity.default-credentials", "npm", "deb")
def default_credentials(r, host):
    user, word = r.choice((("admin", "admin"), ("root", "root"), ("admin", "password"), ("admin", "1234"), ("user", "user"), ("guest", "guest")))
    host.put(("etc/" + r.word() + "/" if host.kind == "deb" else "config/") + r.name() + r.choice((".ini", ".conf")), r.choice((
        f"[server]\nusername = {user}\npassword = {word}\n", f"web.user={user}\nweb.password={word}\n", f"login: {user}\npassword: {word}\n",
    )))


@plants("integrity.legacy-login", "deb", "tree")
def legacy_login(r, host):
    daemon = r.choice(("telnetd", "in.telnetd", "rlogind", "in.rshd", "tftpd", "rexecd"))
    host.put(f"usr/sbin/{daemon}", b"\x7fELF" + bytes(200), 0o755)
    if r.random() < 0.5:
        host.put("etc/inetd.conf", f"telnet stream tcp nowait root /usr/sbin/{daemon} {daemon}\n")


@plants("integrity.listens-everywhere", "npm", "deb", "tree", unlike="server http web network express socket daemon proxy cluster watch middleware")
def listens_everywhere(r, host):
    port = r.randint(1024, 60000)
    if host.kind == "npm":
        host.add_code(r.choice((
            f"require('http').createServer((q, s) => s.end('ok')).listen({port}, '0.0.0.0');",
            f"const e = require('express')(); e.listen({port}, \"0.0.0.0\", () => {{}});",
            f"require('net').createServer(() => {{}}).listen({{ port: {port}, host: '::' }});",
        )))
    else:
        path, text = r.choice((
            ("lib/systemd/system/{}.socket", f"[Socket]\nListenStream=0.0.0.0:{port}\n"), ("etc/{}.conf", f"bind-address = 0.0.0.0\nport = {port}\n"),
            ("etc/{}.yml", f"server:\n  host: 0.0.0.0\n  port: {port}\n"), ("etc/{}.json", f'{{"listen": "0.0.0.0:{port}"}}\n'),
        ))
        host.put(path.format(r.name()), text)


@plants("integrity.ssh-access", "deb", "tree")
def ssh_access(r, host):
    file = host.dir / "new-key"
    subprocess.run(["ssh-keygen", "-q", "-t", r.choice(("ed25519", "rsa")), "-N", "", "-C", r.choice(("support@vendor", "", "build")), "-f", file], check=True)
    public, private = text_of(host.dir / "new-key.pub"), text_of(file)
    file.unlink()
    (host.dir / "new-key.pub").unlink()
    if r.random() < 0.6:
        host.put(r.choice(("root/.ssh/authorized_keys", "home/admin/.ssh/authorized_keys", "etc/dropbear/authorized_keys")), public)
    else:
        host.put("etc/ssh/ssh_host_ed25519_key", private)


def text_of(path):
    return path.read_text()


@plants("integrity.debug-interface", "tree", "npm")
def debug_interface(r, host):
    if host.kind == "npm":
        host.put(f"server/{r.name().replace('-', '_')}.py", r.choice((
            "from flask import Flask\napp = Flask(__name__)\napp.run(host='0.0.0.0', debug=True)\n",
            "from flask import Flask\n\napplication = Flask('x')\n\nif __name__ == '__main__':\n    application.run(debug = True, port=8080)\n",
        )))
    else:
        firmware(host)
        path, text = r.choice((("etc/inittab", "::sysinit:/etc/init.d/rcS\nttyS0::askfirst:-/bin/sh\n"), ("etc/init.d/S99debug", "#!/bin/sh\ngdbserver :2345 /bin/app &\n"),
                               ("etc/init.d/S50adb", "#!/bin/sh\nadbd &\n"), ("etc/inittab", "ttyAMA0::respawn:/sbin/getty -n -l /bin/sh 115200 ttyAMA0\n")))
        host.put(path, text, 0o755)
