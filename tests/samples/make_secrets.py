"""make_secrets.py OUTDIR: samples that look like tokens, keys and hashes. Random numbers of fixed seeds, good for nothing; they are made here because
whoever searches files for such, at a code host or on the way to it, would alarm about them."""

import base64
import io
import os
import random
import struct
import sys
import tarfile
import zlib

OUT = sys.argv[1]
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def write(name, text):
    path = os.path.join(OUT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def letters(n, seed, alphabet=BASE62):
    dice = random.Random(seed)
    return "".join(dice.choice(alphabet) for _ in range(n))


def hexes(n, seed):
    return letters(n, seed, "0123456789abcdef")


def base64_of(n, seed):
    return base64.b64encode(random.Random(seed).randbytes(n)).decode()


def checked(prefix, seed):
    """GitHub's and npm's tokens end in a CRC-32."""
    body = letters(30, seed)
    crc, end = zlib.crc32(body.encode()), ""
    for _ in range(6):
        end = BASE62[crc % 62] + end
        crc //= 62
    return prefix + body + end


def ssh_string(data):
    return struct.pack(">I", len(data)) + data


def ssh_public(seed):
    body = ssh_string(b"ssh-ed25519") + ssh_string(random.Random(seed).randbytes(32))
    return "ssh-ed25519 " + base64.b64encode(body).decode()


# ---- I-10: tokens

TOKEN = "integrity/api-token/"
AWS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
write(TOKEN + "deploy.js", 'const aws = require("aws-sdk");\naws.config.update({\n  accessKeyId: "AK' + 'IA%s",\n  secretAccessKey: "%s",\n});\n'
      % (letters(16, 1, AWS), base64_of(30, 2)))
write(TOKEN + "github.py", 'import requests\n\nHEADERS = {"Authorization": "token %s"}\n' % checked("gh" + "p_", 3))
write(TOKEN + "publish.npmrc", "registry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken=%s\n" % checked("np" + "m_", 4))
write(TOKEN + "settings.ini", "[mail]\nkey = SG" + ".%s.%s\n[pay]\nsecret=sk_" % (letters(22, 5), letters(43, 6)) + "live_%s\n" % letters(24, 7)
      + "[db]\nurl=postgres://billing:%s@db7.vendor-host.net:5432/billing\n" % letters(14, 8))
write(TOKEN + "service-account.json", '{\n  "type": "service_' + 'account",\n  "project_id": "p",\n  "private_key": "-----BEGIN PRIVATE ' + 'KEY-----\\n%s\\n"\n}\n'
      % base64_of(600, 9))
write(TOKEN + "site.js", 'const firebase = { apiKey: "AI' + 'za%s", projectId: "shop" };\n' % letters(35, 10))
write(TOKEN + "documented-examples.md", "aws_access_key_id = AK" + "IAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
      "Use gh" + "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n")
write(TOKEN + "placeholders.js", 'const a = "gh' + "p_" + "x" * 36 + '";\nconst b = "sk_li' + 've_YOUR0KEY0HERE000000000000";\n'
      'const c = "gl' + 'pat-XXXXXXXXXXXXXXXXXXXX";\n')
write(TOKEN + "azurite.json", '{"storage": "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;Account' + "Key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6"
      'IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"}\n')
write(TOKEN + "identifiers.js", "process.env.npm_config_registry = npm_lifecycle_event_of_the_package_manager;\nconst digest = '%s';\n" % hexes(64, 11))
write(TOKEN + "local-database.yml", "url: postgres://app:%s@localhost:5432/app\nother: mysql://root:changeme@db.vendor-host.net/x\n" % letters(14, 12))

# ---- I-07, I-08: accounts

LOCKED = "root:x:0:0:root:/root:/bin/sh\ndaemon:*:1:1:daemon:/var:/bin/false\nnobody:*:65534:65534:nobody:/var:/bin/false\n"
INITTAB = "::sysinit:/etc/init.d/rcS S boot\n::shutdown:/etc/init.d/rcS K shutdown\n"


def system(name, passwd=LOCKED, shadow="root:*:0:0:99999:7:::\n", top="", **files):
    """A small device's tree; files: __ in a name stands for a slash."""
    tree = {"etc/passwd": passwd, "etc/shadow": shadow, "etc/inittab": INITTAB, "etc/group": "root:x:0:\ndaemon:x:1:\n",
            "etc/init.d/rcS": "#!/bin/sh\nmount -a\n"}
    tree.update({k.replace("___", "/.").replace("__", "/"): v for k, v in files.items()})
    for path, text in tree.items():
        if text is not None:
            write(name + "/" + top + path, text)


def shadow(user, field):
    return "%s:%s:0:0:99999:7:::\ndaemon:*:0:0:99999:7:::\n" % (user, field)


EMPTY = "integrity/empty-account/"
system(EMPTY + "empty-root", shadow="root:::0:99999:7:::\ndaemon:*:0:0:99999:7:::\n")
system(EMPTY + "second-root", passwd=LOCKED + "support:x:0:0:support:/:/bin/ash\n", top="squashfs-root/")
write(EMPTY + "loose-file/passwd", "root::0:0:root:/:/bin/sh\n")
system(EMPTY + "locked")
write(EMPTY + "other-passwd/passwd", "auth required pam_unix.so\nroot: see :0:0: in the manual\n")
system(EMPTY + "no-login", passwd=LOCKED + "sync::5:0:sync:/bin:/bin/sync\nftp::14:50:ftp:/srv:/sbin/nologin\n")

PASSWORD = "integrity/default-password/"
system(PASSWORD + "firmware", shadow=shadow("root", "$1$" + "kd8sWq2l$8gQHtfLyo19PwT59lg7zv0"))
system(PASSWORD + "old-device", passwd=LOCKED.replace("root:x:", "root:" + "abSMa52lhy1Wg" + ":"), shadow=None)
system(PASSWORD + "web", shadow=shadow("root", "$6$" + "Jk2lQx8a$.zFeipLdvFSDNPOTpVgH6HDtroRJLisWBbrxnqGQ.KoyvKCsWiPX7w.KYGdBpYTAIuUX7H7NY/LjvaeMQccs1/"),
       www__htpasswd="admin:{SHA" + "}0DPiKuNIrrVmD8IUCuw1hQxNqZc=\n")
write(PASSWORD + "apache/.htpasswd", "# users\nadmin:$apr1" + "$Zq81LmQx$g7/KoKocjjla9cR3Uzjbk1\n")
system(PASSWORD + "locked")
write(PASSWORD + "form-only/htpasswd", "Usage: htpasswd root:x :$apr1$...\n")

# ---- I-11: keys that open it

ACCESS = "integrity/ssh-access/"
KEY = ssh_public(40)
system(ACCESS + "firmware", root___ssh__authorized_keys=KEY + " support@vendor\n")
system(ACCESS + "host-key", etc__ssh__ssh_host_ed25519_key="-----BEGIN OPENSSH PRIVATE " + "KEY-----\n%s\n-----END OPENSSH PRIVATE " % base64.b64encode(
    b"openssh-key-v1\0" + ssh_string(b"none") * 2 + random.Random(41).randbytes(200)).decode() + "KEY-----\n")
write(ACCESS + "dropbear/etc/dropbear/dropbear_rsa_host_key", ssh_string(b"ssh-rsa") + ssh_string(b"\1\0\1") + ssh_string(random.Random(42).randbytes(257)))
write(ACCESS + "postinstall.sh", "#!/bin/sh\nmkdir -p ~/.ssh\necho '%s' >>~/.ssh/authorized_keys\n" % KEY)
write(ACCESS + "setup.py", 'import os\n\nKEY = "%s x"\nwith open(os.path.expanduser("~/.ssh/authorized_keys"), "a") as f:\n    f.write(KEY)\n' % ssh_public(43))
write(ACCESS + "known-hosts/known_hosts", "git.vendor-host.net %s\n" % KEY)
write(ACCESS + "commented/authorized_keys", "# %s somebody\n# put your own key here, one a line\n" % KEY)
write(ACCESS + "marker.sh", "#!/bin/sh\n# the key looks like: ssh-ed25519 AAAAC3NzaC1lZDI1%s\necho 'ssh-rsa AAAAB3NzaC1yc2E%s' >>~/.ssh/authorized_keys\n" % ("x" * 60, "x" * 60))
system(ACCESS + "public-host-key", etc__ssh__ssh_host_ed25519_key_pub=KEY + "\n")

# ---- I-06: servers that send passwords as they are

LOGIN = "integrity/legacy-login/"
ELF = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400000, 0, 0, 0, 64, 56, 0, 64, 0, 0) + bytes(64)
system(LOGIN + "firmware-inittab", etc__inittab=INITTAB + "::respawn:/usr/sbin/telnetd -F\n", usr__sbin__telnetd=ELF)
system(LOGIN + "firmware-init-script", etc__init_d__S50telnet=None)
write(LOGIN + "firmware-init-script/etc/init.d/S50telnet", "#!/bin/sh\nstart() {\n\tutelnetd -d\n}\nstart\n")
system(LOGIN + "firmware-inetd")
write(LOGIN + "firmware-inetd/etc/inetd.conf", "telnet stream tcp nowait root /usr/sbin/telnetd telnetd -i\n#ftp stream tcp nowait root /usr/sbin/ftpd ftpd\n")
write(LOGIN + "hidden.sh", "#!/bin/sh\nbusybox telnet" + "d -p 2323 -l /bin/sh &\n")
write(LOGIN + "daemon-package/package.json", '{"name": "date-words", "version": "1.0.0", "description": "Words for dates", "license": "MIT"}\n')
write(LOGIN + "daemon-package/bin/telnetd", ELF)
system(LOGIN + "unused", usr__sbin__tftpd=ELF)
write(LOGIN + "client-only/usr/bin/telnet", ELF)
write(LOGIN + "client-only/usr/share/telnetd/readme", "telnetd is not in here\n")
system(LOGIN + "commented")
write(LOGIN + "commented/etc/inetd.conf", "#<off># telnet stream tcp nowait root /usr/sbin/tcpd in.telnetd\n# telnet stream tcp nowait root telnetd telnetd\n")
write(LOGIN + "words.txt", "A telnetd runs /usr/sbin/telnetd and is old. Use sshd instead of telnetd, rlogind and in.rshd.\n")

# ---- I-34: debug interfaces of devices

DEBUG = "integrity/debug-interface/"
system(DEBUG + "firmware-console", etc__inittab=INITTAB + "ttyS0::respawn:-/bin/sh\n")
system(DEBUG + "firmware-debugger", usr__bin__gdbserver=ELF)
write(DEBUG + "debugger-package/bin/gdbserver", ELF)
system(DEBUG + "login-console", etc__inittab=INITTAB + "ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100\n# ttyS1::respawn:-/bin/sh\n")

# ---- D-19: modes

READABLE = "data-care/readable-secret/"


def tar(name, *entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as t:
        for path, data, mode in entries:
            info = tarfile.TarInfo(path)
            info.size, info.mode = len(data), mode
            t.addfile(info, io.BytesIO(data))
    write(READABLE + name, out.getvalue())


PEM = ("-----BEGIN PRIVATE " + "KEY-----\n%s\n-----END PRIVATE " + "KEY-----\n") % base64.b64encode(
    bytes.fromhex("302e020100300506032b657004220420") + random.Random(50).randbytes(32)).decode()
NOTHING = b"nothing that is anybody's\n"
tar("shadow.tar", ("etc/shadow", LOCKED.encode(), 0o644), ("usr/share/readme", NOTHING, 0o644))
tar("home.tar", ("home/build/.netrc", NOTHING, 0o644), ("home/build/.ssh/id_rsa", NOTHING, 0o604))
tar("customers.tar", ("srv/export/customers_2024.csv", b"name,mail\n" * 9, 0o644))
tar("key.tar", ("etc/ssl/server.key", PEM.encode(), 0o644))
tar("private.tar", ("etc/shadow", LOCKED.encode(), 0o640), ("etc/ssl/server.key", PEM.encode(), 0o600), ("root/.netrc", NOTHING, 0o600))
tar("names.tar", ("usr/share/pam/shadow", NOTHING, 0o644), ("etc/ssl/ca.pem", NOTHING, 0o644), ("usr/share/x/users.js", NOTHING, 0o644),
    ("usr/share/doc/x/examples/customers.csv", NOTHING, 0o644))
