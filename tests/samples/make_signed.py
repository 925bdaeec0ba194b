"""make_signed.py OUTDIR: programs and archives with signatures and digests, among the samples of the checks. Deterministic: the keys
come from fixed seeds, no tool signs. What make_archives.py writes is written there; this uses its helpers."""

import base64
import gzip
import hashlib
import json
import random
import struct

from make_archives import cpio, der, noise, oid, rpm, rpm_header, tar, write, zipped

# ---- RSA, as small as it may be: two primes of a seed, and PKCS #1 v1.5


def is_prime(n, rng):
    if any(n % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)):
        return False
    d, r = n - 1, 0
    while d % 2 == 0:
        d, r = d // 2, r + 1
    for _ in range(20):
        x = pow(rng.randrange(2, n - 1), d, n)
        if x in (1, n - 1):
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(rng, bits=512):
    while True:
        n = rng.getrandbits(bits) | 3 << bits - 2 | 1
        if (n - 1) % 65537 and is_prime(n, rng):
            return n


class Key:
    def __init__(self, seed, bits=512):
        rng = random.Random(seed)
        p, q = prime(rng, bits), prime(rng, bits)
        self.n, self.d = p * q, pow(65537, -1, (p - 1) * (q - 1))

    def sign(self, data):
        info = der(0x30, SHA256_ID + der(4, hashlib.sha256(data).digest()))
        size = self.n.bit_length() // 8
        block = b"\0\1" + b"\xff" * (size - 3 - len(info)) + b"\0" + info
        return pow(int.from_bytes(block, "big"), self.d, self.n).to_bytes(size, "big")


# ---- X.509 and PKCS #7

SHA256_ID = der(0x30, oid("608648016503040201") + der(5, b""))
RSA_SHA256 = der(0x30, oid("2a864886f70d01010b") + der(5, b""))
RSA_ID = der(0x30, oid("2a864886f70d010101") + der(5, b""))
DATA, SIGNED, SPC = "2a864886f70d010701", "2a864886f70d010702", "2b060104018237020104"


def number(n):
    raw = n.to_bytes(n.bit_length() // 8 + 1, "big")
    return der(2, raw)


def name(organisation):
    part = lambda kind, text: der(0x31, der(0x30, oid(kind) + der(0x0C, text.encode())))
    return der(0x30, part("55040a", organisation) + part("550403", organisation))


def certificate(key, organisation, since="200101000000Z", until="491231000000Z", issuer=None):
    public = der(0x30, RSA_ID + der(3, b"\0" + der(0x30, number(key.n) + number(65537))))
    valid = der(0x30, der(0x17, since.encode()) + der(0x17, until.encode()))
    body = der(0x30, der(0xA0, number(2)) + number(77) + RSA_SHA256 + name(issuer or organisation) + valid + name(organisation) + public)
    return der(0x30, body + RSA_SHA256 + der(3, b"\0" + key.sign(body)))


def pkcs7(key, organisation, content, kind=DATA, held=None, unsigned=b"", **dates):
    """content: the bytes that are signed. held: what stands in the structure in their place."""
    attribute = lambda what, value: der(0x30, oid(what) + der(0x31, value))
    attributes = attribute("2a864886f70d010903", oid(kind)) + attribute("2a864886f70d010904", der(4, hashlib.sha256(content).digest()))
    signer = der(0x30, number(1) + der(0x30, name(dates.get("issuer") or organisation) + number(77)) + SHA256_ID + der(0xA0, attributes) + RSA_ID
                 + der(4, key.sign(der(0x31, attributes))) + (der(0xA1, unsigned) if unsigned else b""))
    inner = der(0x30, oid(kind) + (der(0xA0, held) if held else b""))
    return der(0x30, oid(SIGNED) + der(0xA0, der(0x30, number(1) + der(0x31, SHA256_ID) + inner
               + der(0xA0, certificate(key, organisation, **dates)) + der(0x31, signer))))


# ---- PE: one section of code, one of resources


def wide(text):
    return text.encode("utf-16-le") + b"\0\0"


def block(key, value=b"", children=b"", text=True):
    head = wide(key)
    head += b"\0" * (-(6 + len(head)) % 4)
    body = head + value
    body += b"\0" * (-(6 + len(body)) % 4) + children if children else b""
    return struct.pack("<HHH", 6 + len(body), len(value) // 2 if text else len(value), int(text)) + body


def padded(parts):
    return b"".join(p + b"\0" * (-len(p) % 4) for p in parts)


def version_resource(strings, rva):
    fixed = struct.pack("<13I", 0xFEEF04BD, 0x10000, 0x10002, 0, 0x10002, 0, 0x3F, 0, 4, 1, 0, 0, 0)
    table = block("040904b0", children=padded(block(k, wide(v)) for k, v in strings.items()))
    info = block("VS_VERSION_INFO", fixed, padded([block("StringFileInfo", children=table)]), text=False)
    level = lambda ident, at: struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, ident, at)
    tree = level(16, 0x80000018) + level(1, 0x80000030) + level(1033, 0x48) + struct.pack("<IIII", rva + 0x58, len(info), 0, 0)
    return tree + info


def pe(strings=None, code=b"\xc3"):
    resources = version_resource(strings, 0x2000) if strings else b""
    size = -(-len(resources) // 512) * 512
    directories = [(0, 0)] * 16
    directories[2] = (0x2000, len(resources)) if resources else (0, 0)
    optional = struct.pack("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20B, 14, 0, 512, size, 0, 0x1000, 0x1000, 0x140000000, 0x1000, 512, 6, 0, 0, 0, 6, 0,
                           0, 0x3000, 512, 0, 3, 0x160, 1 << 20, 4096, 1 << 20, 4096, 0, 16)
    optional += b"".join(struct.pack("<II", *d) for d in directories)
    sections = struct.pack("<8sIIIIIIHHI", b".text", 512, 0x1000, 512, 512, 0, 0, 0, 0, 0x60000020)
    if resources:
        sections += struct.pack("<8sIIIIIIHHI", b".rsrc", len(resources), 0x2000, size, 1024, 0, 0, 0, 0, 0x40000040)
    head = b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0"
    head += struct.pack("<HHIIIHH", 0x8664, 2 if resources else 1, 0, 0, 0, len(optional), 0x22) + optional + sections
    return head.ljust(512, b"\0") + code.ljust(512, b"\x90") + resources.ljust(size, b"\0")


DIRECTORY, CHECKSUM = 64 + 24 + 112 + 32, 64 + 24 + 64


# A countersignature (of no content: nobody verifies it), and an attribute of nobody's.
COUNTER = der(0x30, oid("2a864886f70d010906") + der(0x31, der(4, b"time"))) + der(0x30, oid("2b0601040182377f") + der(0x31, der(4, b"x" * 40)))


def authenticode(image, key, organisation, behind=b"", **dates):
    digest = hashlib.sha256(image[:CHECKSUM] + image[CHECKSUM + 4:DIRECTORY] + image[DIRECTORY + 8:]).digest()
    what = der(0x30, oid("2b06010401823702010f") + der(0x30, der(3, b"\0") + der(0xA0, der(0xA2, der(0x80, b"")))))
    content = what + der(0x30, SHA256_ID + der(4, digest))
    entry = pkcs7(key, organisation, content, SPC, der(0x30, content), **dates) + behind
    entry += b"\0" * (-len(entry) % 8)
    table = struct.pack("<IHH", 8 + len(entry), 0x200, 2) + entry
    return image[:DIRECTORY] + struct.pack("<II", len(image), len(table)) + image[DIRECTORY + 8:] + table


# ---- Mach-O with an ad hoc code directory


def macho(code):
    body = struct.pack("<IIIIIIII", 0xFEEDFACF, 0x100000C, 0, 2, 1, 16, 0, 0)
    limit = 4096 + len(code)
    body += struct.pack("<IIII", 0x1D, 16, limit, 4096)
    image = body.ljust(4096, b"\0") + code
    pages = [image[i:i + 4096] for i in range(0, limit, 4096)]
    head = struct.pack(">IIIIIIIIIBBBBIII", 0xFADE0C02, 67 + 32 * len(pages), 0x20200, 2, 67, 52, 0, len(pages), limit, 32, 2, 0, 12, 0, 0, 57)
    directory = head + b"twin\0TEAM12345\0" + b"".join(hashlib.sha256(p).digest() for p in pages)
    blob = struct.pack(">IIIII", 0xFADE0CC0, 20 + len(directory), 1, 0, 20) + directory
    return image + blob.ljust(4096, b"\0")


VENDOR, OTHER = Key(1), Key(2)
FIRM, STRANGER = "Vendor Host Works", "Somebody Else Ltd"
STRINGS = {"CompanyName": FIRM, "ProductName": "Twin", "ProductVersion": "4.1.0", "FileVersion": "4.1.0.0"}

# ---- I-28

SIGNED_DIR = "integrity/binary-signature/"
GOOD = authenticode(pe(STRINGS), VENDOR, FIRM)
write(SIGNED_DIR + "signed.exe", GOOD)
write(SIGNED_DIR + "changed.exe", GOOD[:700] + b"\xcc" + GOOD[701:])
write(SIGNED_DIR + "unsigned.exe", pe(STRINGS))
write(SIGNED_DIR + "other-signature.exe", pe(STRINGS, b"\x90\xc3")[:1] + authenticode(pe(STRINGS), VENDOR, FIRM)[1:512] + pe(STRINGS, b"\x90\xc3")[512:]
      + GOOD[len(pe(STRINGS)):])
write(SIGNED_DIR + "behind.dll", authenticode(pe(STRINGS), VENDOR, FIRM, behind=b"\xfe\xed\xfa\xce" * 2 + noise(8000, 31)))
write(SIGNED_DIR + "appended.exe", GOOD + noise(9000, 32))
write(SIGNED_DIR + "expired.exe", authenticode(pe(STRINGS), VENDOR, FIRM, until="210101000000Z"))
write(SIGNED_DIR + "installer-note.exe", authenticode(pe(STRINGS), VENDOR, FIRM, behind=b"channel=web"))
CODE = noise(9000, 33)
write(SIGNED_DIR + "adhoc-macho", macho(CODE))
write(SIGNED_DIR + "changed-macho", macho(CODE)[:6000] + b"\0\0\0\0" + macho(CODE)[6004:])
write(SIGNED_DIR + "no-signature-macho", macho(CODE)[:16] + struct.pack("<II", 1, 16) + macho(CODE)[24:32] + struct.pack("<II", 0x2A, 16)
      + macho(CODE)[40:])
write(SIGNED_DIR + "stranger-vouched.exe", authenticode(pe(STRINGS), VENDOR, FIRM, issuer=STRANGER))
# A certificate that is a trust root, with a key as long as roots must have.
PINNED = Key(3, 1024)
write(SIGNED_DIR + "pinned.exe", authenticode(pe(STRINGS), PINNED, FIRM, issuer=STRANGER))
ITS = certificate(PINNED, FIRM, issuer=STRANGER)
write(SIGNED_DIR + "pinned.exe.trust/firm.key", "-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % base64.encodebytes(ITS).decode())
write(SIGNED_DIR + "pinned.exe.trust/firm.ini", "[root]\nrole = vendor\nmethod = x509\nkey = %s\n" % hashlib.sha256(ITS).hexdigest())
write(SIGNED_DIR + "pinned.exe.evidence/commitment.json", json.dumps({"schema": "probity-statement/1", "type": "commitment", "issued": "2025-11-03",
      "by": FIRM, "content": {"names": ["Paris Call for Trust and Security in Cyberspace"]}}))
write(SIGNED_DIR + "timestamped.exe",
      authenticode(pe(STRINGS), VENDOR, FIRM, unsigned=COUNTER, until="210101000000Z", issuer=STRANGER))
write(SIGNED_DIR + "broken.exe", GOOD[:len(pe(STRINGS)) + 8] + b"\xff" * (len(GOOD) - len(pe(STRINGS)) - 8))

# ---- C-02

MAKER = "culture/signer-publisher/"
write(MAKER + "other-signer.exe", authenticode(pe(STRINGS), OTHER, STRANGER))
write(MAKER + "same.exe", authenticode(pe({"CompanyName": "Vendor Host Works GmbH"}), VENDOR, "VENDOR HOST WORKS"))
write(MAKER + "same-person.exe", authenticode(pe({"CompanyName": "The KDE Team"}), VENDOR, "KDE e.V."))
write(MAKER + "unsigned.exe", pe(STRINGS))
write(MAKER + "in-name-of.exe", pe({"CompanyName": "Microsoft Corporation"}))

# ---- I-42: machine code where scripts are

READY = "integrity/prebuilt-native/"
PROGRAM = pe(STRINGS)
MANIFEST = '{ "name": "twin", "version": "%s", "description": "Adds numbers", "license": "MIT" }\n'


def wheel_of(package, version, files, says=None):
    info = "%s-%s.dist-info/" % (package, says or version)
    files = {**files, info + "METADATA": "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (package, says or version),
             info + "WHEEL": "Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    return zipped(sorted(files.items()))


write(READY + "no-sources/build/adder.node", PROGRAM)
write(READY + "any-wheel/twin-1.0-py3-none-any.whl", wheel_of("twin", "1.0", {"twin/__init__.py": "import os\n", "twin/run.exe": PROGRAM}))
write(READY + "twin-1.0.tar.gz", gzip.compress(tar([("twin-1.0/PKG-INFO", "Metadata-Version: 2.1\nName: twin\nVersion: 1.0\n"),
      ("twin-1.0/setup.py", "from setuptools import setup\nsetup(name='twin', version='1.0')\n"),
      ("twin-1.0/twin/__init__.py", "import os\n"), ("twin-1.0/twin/fast.pyd", PROGRAM)]), mtime=0))
for folder, more in (("with-recipe", ""), ("one-platform", ', "os": ["win32"], "cpu": ["x64"]')):
    write(READY + folder + "/package.json", (MANIFEST % "1.0.0").replace(" }", more + " }"))
    write(READY + folder + "/bin/adder.node", PROGRAM)
write(READY + "with-recipe/binding.gyp", "{ 'targets': [{ 'target_name': 'adder', 'sources': ['adder.c'] }] }\n")
write(READY + "picture/logo.png", PROGRAM)
write(READY + "plain-program/tool.exe", PROGRAM)
write(READY + "picture-file/logo.png", b"\x89PNG\r\n\x1a\n" + noise(400, 41))

# ---- I-40

SAME = "integrity/version-mismatch/"
INIT = '"""A twin."""\n\n__version__ = "%s"\n'
write(SAME + "renamed-2.0-py3-none-any.whl", wheel_of("renamed", "2.0", {"renamed/__init__.py": INIT % "1.0"}, says="1.0"))
write(SAME + "module-1.0-py3-none-any.whl", wheel_of("module", "1.0", {"module/__init__.py": INIT % "0.9.4"}))
write(SAME + "same-1.0-py3-none-any.whl", wheel_of("same", "1.0", {"same/__init__.py": INIT % "1.0.0"}))
for folder, version in (("other-program", "3.9.2"), ("same-program", "4.1.0"), ("other-product", "9.0.0")):
    write(SAME + folder + "/package.json", MANIFEST % version)
    write(SAME + folder + "/bin/twin.exe", pe({**STRINGS, "ProductName": "Other"} if folder == "other-product" else STRINGS))
TWO = "Manifest-Version: 1.0\r\nImplementation-Title: twin\r\nImplementation-Version: 1.2.0\r\nBundle-Version: %s\r\n\r\n"
for stem, version in (("two-versions", "1.4.1"), ("one-version", "1.2.0.SNAPSHOT")):
    write(SAME + stem + ".jar", zipped([("META-INF/MANIFEST.MF", TWO % version), ("twin/Twin.class", b"\xca\xfe\xba\xbe" + noise(60, 42))]))

# ---- I-25: locks of npm

LOCK = "integrity/npm-lock/"


def packed(text):
    return gzip.compress(tar([("package/package.json", MANIFEST % "1.0.0"), ("package/index.js", text)]), mtime=0)


def locked(entries, version=3):
    root = {"name": "site", "version": "1.0.0", "lockfileVersion": version, "requires": True}
    root["packages" if version > 1 else "dependencies"] = entries
    return json.dumps(root, indent=2, sort_keys=True) + "\n"


def sri(data):
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


TWIN, CHANGED = packed("module.exports = 1;\n" * 4), packed("module.exports = 2;\n" * 4)
AT = "https://registry.vendor-host.net/twin/-/twin-1.0.0.tgz"
ENTRY = {"version": "1.0.0", "resolved": AT, "integrity": sri(TWIN)}
for folder, archive in (("fits", TWIN), ("swapped", CHANGED)):
    write(LOCK + folder + "/package-lock.json", locked({"": {"name": "site"}, "node_modules/twin": ENTRY}))
    write(LOCK + folder + "/cache/twin-1.0.0.tgz", archive)
write(LOCK + "other-version/package-lock.json", locked({"node_modules/twin": ENTRY}))
write(LOCK + "other-version/node_modules/twin/package.json", MANIFEST % "1.0.7")
write(LOCK + "old-lock/npm-shrinkwrap.json", locked({"twin": {"version": "1.0.0", "resolved": AT.replace("https", "http")}}, 1))
write(LOCK + "no-digests/package-lock.json", locked({"node_modules/twin": {"version": "1.0.0", "resolved": AT}}))
write(LOCK + "local-folders/package-lock.json", locked({"node_modules/twin": {"resolved": "libs/twin", "link": True},
      "libs/twin": {"version": "1.0.0"}, "node_modules/other": {**ENTRY, "resolved": AT.replace("twin", "other")}}))
write(LOCK + "no-lock/package.json", MANIFEST % "1.0.0")
YARN = "# yarn lockfile v1\n\n\ntwin@^1.0.0:\n  version \"1.0.0\"\n  resolved \"%s\"\n  integrity %s\n"
write(LOCK + "yarn/yarn.lock", YARN % (AT + "#" + hashlib.sha1(TWIN).hexdigest(), sri(TWIN)))
write(LOCK + "yarn-swapped/yarn.lock", YARN % (AT + "#" + hashlib.sha1(TWIN).hexdigest(), sri(TWIN)))
write(LOCK + "yarn-swapped/twin-1.0.0.tgz", CHANGED)
write(LOCK + "yarn-clear/yarn.lock", YARN.replace("  integrity %s\n", "") % AT.replace("https", "http"))

# ---- I-27: lists of digests

LISTS = "integrity/release-digests/"
PARTS = {"twin-1.0.zip": zipped([("readme.txt", "A text.\n" * 9)]), "twin-1.0.txt": b"A text of a release.\n" * 5}
SUMS = "".join("%s  %s\n" % (hashlib.sha256(v).hexdigest(), k) for k, v in sorted(PARTS.items()))
for folder, stem, lines in (("fits", "SHA256SUMS", SUMS), ("changed", "SHA256SUMS", SUMS), ("not-a-list", "numbers.txt", SUMS),
                           ("others-missing", "checksums.txt", SUMS + "0" * 64 + "  twin-1.0.dmg\n"),
                           ("changed-single", "twin-1.0.txt.sha256", hashlib.sha256(b"other").hexdigest() + "\n")):
    write(LISTS + folder + "/" + stem, lines)
    for part, data in PARTS.items():
        more = b"\nA line more.\n" if folder in ("changed", "not-a-list") and part.endswith("txt") else b""
        write(LISTS + folder + "/" + part, data + more)
LINE = "%s  twin-1.0.zip\n"
write(LISTS + "changed-512/SHA512SUMS", LINE % hashlib.sha512(b"other").hexdigest())
write(LISTS + "changed-512/twin-1.0.zip", PARTS["twin-1.0.zip"])
write(LISTS + "unsigned.rpm", rpm(1325500000))

# ---- I-24: an .rpm with digests over its parts

RPM = "integrity/rpm-digests/"
TEXT = "A text of a few lines,\nwhich stands for a program.\n"


def rpm_with_digests(text=TEXT, listed=TEXT):
    payload = gzip.compress(cpio([("./usr/bin/twin", text)]), mtime=0)
    tags = {1000: "twin", 1001: "1.0", 1002: "1", 1004: "a twin", 1005: "A twin of a package.", 1006: 1700000000, 1014: "MIT",
            1015: "A Person <person@vendor-host.net>", 1016: "Applications/System", 1021: "linux", 1022: "noarch", 1028: [len(TEXT)],
            1035: [hashlib.sha256(listed.encode()).hexdigest()], 1116: [0], 1117: ["twin"], 1118: ["/usr/bin/"], 1124: "cpio", 1125: "gzip",
            5011: 8, 5092: [hashlib.sha256(payload).hexdigest()], 5093: 8}
    head = rpm_header(tags)
    signature = rpm_header({273: hashlib.sha256(head).hexdigest(), 1000: len(head) + len(payload)})
    signature += b"\0" * (-len(signature) % 8)
    lead = bytes.fromhex("edabeedb03000000") + b"\0\1" + b"twin-1.0-1".ljust(66, b"\0") + b"\0\1\0\5" + b"\0" * 16
    return lead + signature + head + payload


BUILT, SWAPPED = rpm_with_digests(), gzip.compress(cpio([("./usr/bin/twin", TEXT.replace("few", "lot"))]), mtime=0)
write(RPM + "good.rpm", BUILT)
write(RPM + "payload.rpm", BUILT[:BUILT.rindex(b"\x1f\x8b\x08")] + SWAPPED)
write(RPM + "header.rpm", BUILT.replace(b"A twin of a package.", b"A twin of a peckage."))
write(RPM + "file.rpm", rpm_with_digests(TEXT.replace("few", "lot")))

# ---- I-26: a .jar that is signed

JAR = "integrity/jar-digests/"
CLASSES = {"twin/%s.class" % n: b"\xca\xfe\xba\xbe\0\0\0\x34" + noise(90, seed) for n, seed in (("Twin", 51), ("Other", 52))}


def b64(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def jar(files, listed=None, key=VENDOR, sf_of=None, more=(), vendor="Vendor-Host Works"):
    manifest = "Manifest-Version: 1.0\r\nCreated-By: by hand\r\nImplementation-Vendor: %s\r\n\r\n" % vendor
    for path, data in sorted((listed or files).items()):
        manifest += "Name: %s\r\nSHA-256-Digest: %s\r\n\r\n" % (path, b64(data))
    entries = [("META-INF/MANIFEST.MF", manifest)]
    if key:
        sf = "Signature-Version: 1.0\r\nSHA-256-Digest-Manifest: %s\r\n\r\n" % b64(manifest.encode())
        entries += [("META-INF/TWIN.SF", sf), ("META-INF/TWIN.RSA", pkcs7(key, FIRM, (sf_of or sf).encode(), issuer=STRANGER))]
    return zipped(entries + sorted(files.items()) + list(more))


AFTER = {**CLASSES, "twin/Twin.class": CLASSES["twin/Twin.class"][:-1] + b"!"}
write(JAR + "signed.jar", jar(CLASSES))
write(JAR + "changed.jar", jar(AFTER, CLASSES))
write(JAR + "stale.jar", jar(AFTER, CLASSES, key=None))
write(JAR + "forged.jar", jar(CLASSES, sf_of="Signature-Version: 1.0\r\n\r\n"))
write(JAR + "unlisted.jar", jar(CLASSES, more=[("twin/Late.class", b"\xca\xfe\xba\xbe" + noise(80, 53))]))
write(JAR + "plain.jar", jar(CLASSES, listed={"twin/None.class": b""}, key=None))
DEX = [("AndroidManifest.xml", b"\x03\0\x08\0" + noise(200, 54)), ("classes.dex", b"dex\n035\0" + noise(300, 55))]
APK = jar({}, listed=dict(DEX), more=DEX)
write(JAR + "old-only.apk", APK)
END = APK.rindex(b"PK\5\6")
CENTRAL = struct.unpack_from("<I", APK, END + 16)[0]
BLOCK = struct.pack("<QQI", 60, 12, 0x7109871A) + b"\0" * 8 + b"\0" * 16 + struct.pack("<Q", 60) + b"APK Sig " + b"Block 42"
write(JAR + "scheme-2.apk", APK[:CENTRAL] + BLOCK + APK[CENTRAL:END + 16] + struct.pack("<I", CENTRAL + len(BLOCK)) + APK[END + 20:])
write(MAKER + "same.jar", jar(CLASSES))
write(MAKER + "other.jar", jar(CLASSES, vendor="Another Maker"))
