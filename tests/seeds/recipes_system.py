"""Recipes for checks of settings, accounts, secrets and trees of devices."""
import base64
import struct
import subprocess
import zlib

from recipe import plants

HEX = "0123456789abcdef"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ELF = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 40, 1, 0x400000, 0, 0, 0, 64, 56, 0, 64, 0, 0) + bytes(64)


def checked(r, prefix):
    body = r.letters(30)
    crc, end = zlib.crc32(body.encode()), ""
    for _ in range(6):
        end = BASE62[crc % 62] + end
        crc //= 62
    return prefix + body + end


def device(r, host, **files):
    """A small device's tree below a folder of the host. files: __ stands for a slash, DOT for a dot."""
    top = r.choice(("", "squashfs-root/", "rootfs/", "firmware/fs/"))
    tree = {"etc/passwd": "root:x:0:0:root:/root:/bin/sh\ndaemon:*:1:1::/var:/bin/false\n", "etc/group": "root:x:0:\ndaemon:x:1:\n",
            "etc/shadow": "root:*:0:0:99999:7:::\n", "etc/inittab": "::sysinit:/etc/init.d/rcS\n", "bin/busybox": ELF}
    tree.update({name.replace("__", "/").replace("DOT", "."): text for name, text in files.items()})
    for name, text in tree.items():
        host.put(top + name, text)


def code(r, host, javascript, python):
    """One of the two, where the host would have it."""
    if host.kind == "npm" and r.random() < 0.6:
        host.add_code(javascript)
    else:
        host.put(("usr/lib/python3/dist-packages/" if host.kind == "deb" else "tools/") + r.name().replace("-", "_") + ".py", python)


def settings(r, host, text, *endings):
    host.put(("etc/" if host.kind == "deb" else "config/") + r.name() + r.choice(endings), text)


@plants("integrity.api-token", "npm", "deb")
def token(r, host):
    value = r.choice((checked(r, r.choice(("ghp_", "gho_", "ghs_"))), checked(r, "npm_"), "glpat-" + r.letters(20), "sk_live_" + r.letters(24),
                      "xoxb-" + r.letters(12, "0123456789") + "-" + r.letters(12, "0123456789") + "-" + r.letters(24),
                      "dop_v1_" + r.letters(64, HEX), "github_pat_" + r.letters(22) + "_" + r.letters(59), "SG." + r.letters(22) + "." + r.letters(43)))
    where = r.choice(("code", "settings"))
    if where == "code":
        code(r, host, f"const {r.word()}Key = {r.quote(value)};", f"{r.word().upper()}_KEY = {r.quote(value)}\n")
    else:
        settings(r, host, f"{r.word()}_key={value}\n", ".env", ".ini", ".conf")


@plants("integrity.default-password", "tree")
def published(r, host):
    user, password = r.choice((("root", "root"), ("root", "xc3511"), ("admin", "admin"), ("pi", "raspberry"), ("root", "vizxv"), ("root", "12345")))
    made = subprocess.run(["openssl", "passwd", r.choice(("-1", "-5", "-6")), "-salt", r.letters(8), password], check=True, capture_output=True,
                          text=True).stdout.strip()
    device(r, host, etc__shadow=f"{user}:{made}:18000:0:99999:7:::\ndaemon:*:0:0:99999:7:::\n")


@plants("integrity.empty-account", "tree")
def empty(r, host):
    r.choice((
        lambda: device(r, host, etc__shadow="root::0:0:99999:7:::\n"),
        lambda: device(r, host, etc__passwd="root::0:0:root:/:/bin/ash\n"),
        lambda: device(r, host, etc__passwd=f"root:x:0:0:root:/root:/bin/sh\n{r.word()}:x:0:0::/:/bin/sh\n"),
    ))()


@plants("integrity.ssh-access", "tree", "deb")
def ssh_key(r, host):
    def string(data):
        return struct.pack(">I", len(data)) + data

    name = b"ssh-ed25519"
    key = name.decode() + " " + base64.b64encode(string(name) + string(r.randbytes(32))).decode()
    if host.kind == "deb":
        host.at_install("postinst", f"mkdir -p /root/.ssh\necho {r.quote(key)} >> /root/.ssh/authorized_keys\n")
    else:
        device(r, host, **{r.choice(("root__DOTssh__authorized_keys", "etc__dropbear__authorized_keys")): f"{key} {r.word()}@{r.host()}\n"})


@plants("integrity.legacy-login", "tree")
def telnet(r, host):
    r.choice((
        lambda: device(r, host, etc__inittab="::sysinit:/etc/init.d/rcS\n::respawn:/usr/sbin/telnetd -F\n"),
        lambda: device(r, host, usr__sbin__telnetd=ELF),
        lambda: device(r, host, etc__inetdDOTconf="telnet  stream  tcp  nowait  root  /usr/sbin/telnetd  telnetd\n"),
        lambda: device(r, host, etc__initDOTd__rcS="#!/bin/sh\nmount -a\ntelnetd -l /bin/login\n"),
        lambda: device(r, host, etc__initDOTd__S70ftp="#!/bin/sh\n/usr/sbin/vsftpd &\n", usr__sbin__vsftpd=ELF),
    ))()


@plants("integrity.listens-everywhere", "npm", unlike="server http web network express socket daemon proxy cluster watch middleware")
def everywhere(r, host):
    port = r.randint(1024, 60000)
    if r.random() < 0.5:
        code(r, host, f"require('net').createServer(function (c) {{ c.end(); }}).listen({port}, {r.quote('0.0.0.0')});",
             f"import socket\ns = socket.socket()\ns.bind(({r.quote('0.0.0.0')}, {port}))\ns.listen()\n")
    else:
        settings(r, host, r.choice((f"server:\n  host: 0.0.0.0\n  port: {port}\n", f"bind_address: 0.0.0.0\nport: {port}\n", f"listen: 0.0.0.0:{port}\n")),
                 ".yaml", ".yml")


@plants("integrity.debug-interface", "npm", "deb")
def debug(r, host):
    r.choice((
        lambda: code(r, host, "require('child_process').spawn('node', ['--inspect=0.0.0.0:9229', 'main.js']);",
                     "from flask import Flask\n\napp = Flask(__name__)\napp.run(port=80, debug=True)\n"),
        lambda: settings(r, host, "management.endpoints.web.exposure.include=*\n", ".properties"),
        lambda: host.put("web/info.php", "<?php phpinfo();\n"),
        lambda: host.put("run/start.sh", "#!/bin/sh\nexec java -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 -jar a.jar\n"),
    ))()


@plants("data-care.old-tls", "npm", "deb")
def old_tls(r, host):
    r.choice((
        lambda: code(r, host, f"require('tls').connect({{ host: {r.quote(r.host())}, minVersion: {r.quote('TLSv1')} }});",
                     f"import ssl\n\ncontext = ssl.SSLContext(ssl.PROTOCOL_{r.choice(('TLSv1', 'SSLv3', 'TLSv1_1'))})\n"),
        lambda: settings(r, host, f"ssl_protocols {r.choice(('TLSv1 TLSv1.2', 'SSLv3 TLSv1', 'TLSv1.1 TLSv1.2 TLSv1.3'))};\n", ".conf"),
        lambda: settings(r, host, "[system_default_sect]\nMinProtocol = TLSv1\n", ".cnf"),
    ))()


@plants("data-care.secret-in-log", "npm", "deb")
def logged(r, host):
    name = r.choice(("password", "accessToken", "userPassword", "apiKey", "cardNumber"))
    code(r, host, r.choice((f"function {r.word()}({name}) {{ console.log({r.quote(r.word())}, {name}); }}",
                            f"const log = (user) => console.debug(`{r.word()} ${{user.{name}}}`);")),
         r.choice((f"def {r.word()}({name}):\n    print({r.quote(r.word())}, {name})\n",
                   f"import logging\n\n\ndef {r.word()}({name}):\n    logging.info(f\"{r.word()} {{{name}}}\")\n")))


@plants("data-care.weak-crypto", "npm", "deb")
def weak(r, host):
    code(r, host, r.choice((
        f"require('crypto').createCipheriv({r.quote(r.choice(('des-cbc', 'rc4', 'des-ede3', 'aes-128-ecb', 'bf-cbc')))}, k, v).update(t);",
        f"const {r.choice(('token', 'resetToken', 'sessionId', 'apiKey'))} = Math.random().toString(36).slice(2);",
    )), r.choice((
        f"from Crypto.Cipher import {r.choice(('DES', 'ARC4', 'DES3', 'Blowfish'))} as C, AES\n\n\ndef hide(k, t):\n    return AES.new(k, AES.MODE_ECB).encrypt(t)\n",
        f"import random\n\n{r.choice(('token', 'secret', 'password'))} = ''.join(random.choice('abcdef0123456789') for _ in range(32))\n",
    )))


@plants("data-care.plaintext-secret", "npm", "deb")
def plain(r, host):
    password = r.word() + r.choice("-!_") + r.letters(6) + str(r.randint(10, 99))
    if host.kind == "npm" and r.random() < 0.4:
        host.add_code(f"localStorage.setItem({r.quote(r.choice(('password', 'userPassword', 'wallet_secret')))}, form.value);")
    else:
        settings(r, host, r.choice((f"[db]\nuser = {r.word()}\npassword = {password}\n", f"db_password={password}\n")), ".ini", ".conf", ".cfg")


@plants("data-care.readable-secret", "deb")
def readable(r, host):
    host.put(r.choice(("root/.netrc", "home/build/.ssh/id_rsa", "srv/" + r.word() + "/customers.csv", "etc/" + r.word() + "/store.kdbx",
                       "root/.pgpass", "var/lib/" + r.word() + "/users.sql")), r.letters(200) + "\n", r.choice((0o644, 0o664, 0o604)))


@plants("integrity.default-credentials", "npm", "deb")
def default_account(r, host):
    user, password = r.choice((("admin", "admin"), ("root", "toor"), ("admin", "password"), ("guest", "guest"), ("tomcat", "s3cret")))
    r.choice((
        lambda: settings(r, host, f"[web]\nuser = {user}\npassword = {password}\n", ".ini", ".conf"),
        lambda: settings(r, host, f"web:\n  username: {user}\n  password: {password}\n", ".yaml"),
        lambda: code(r, host, f"const ok = (user, password) => user === {r.quote(user)} && password === {r.quote(password)};",
                     f"def ok(username, password):\n    return username == {r.quote(user)} and password == {r.quote(password)}\n"),
    ))()
