"""Keys of everybody who says something of the product, and what they sign: by minisign, gpg and openssl, as people use them."""
import base64
import os
import subprocess

DAY = "20261101T000000"  # gpg's clock: signatures are of this day


def run(*command, good=(0,), **more):
    done = subprocess.run(command, stdin=more.pop("stdin", subprocess.DEVNULL), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **more)
    if done.returncode not in good:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


class Minisign:
    def __init__(self, folder, name):
        self.name, self.public, self.secret = name, f"{folder}/{name}.pub", f"{folder}/{name}.sec"
        run("minisign", "-G", "-W", "-f", "-p", self.public, "-s", self.secret)

    def sign(self, path):
        run("minisign", "-S", "-s", self.secret, "-m", path, "-x", path + ".minisig")


class OpenPGP:
    def __init__(self, folder, name, expires="never", day=DAY):
        self.name, self.public, self.home = name, f"{folder}/{name}.asc", f"{folder}/gpg"
        os.makedirs(self.home, mode=0o700, exist_ok=True)
        self.gpg("--faked-system-time", day + "!", "--passphrase", "", "--quick-gen-key", f"{name} <{name}@example.org>", "rsa3072", "sign", expires)
        self.gpg("--armor", "-o", self.public, "--export", f"{name}@example.org")

    def gpg(self, *arguments):
        return run("gpg", "--homedir", self.home, "--batch", "--yes", "--quiet", "--pinentry-mode", "loopback", *arguments)

    def sign(self, path, day=DAY, digest="SHA256"):
        self.gpg("--faked-system-time", day + "!", "--allow-weak-key-signatures", "--digest-algo", digest, "-u", f"{self.name}@example.org", "--armor",
                 "-o", path + ".asc", "--detach-sign", path)

    def clear_sign(self, path):
        self.gpg("--faked-system-time", DAY + "!", "-u", f"{self.name}@example.org", "-o", path + ".tmp", "--clearsign", path)
        os.replace(path + ".tmp", path)

    def end(self):
        subprocess.run(["gpgconf", "--homedir", self.home, "--kill", "all"], check=False, stderr=subprocess.DEVNULL)


class Builder:
    """Ed25519 in PEM: signs envelopes (DSSE), as builders do."""

    def __init__(self, folder, name):
        self.name, self.public, self.secret = name, f"{folder}/{name}.pem", f"{folder}/{name}.key"
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.secret)
        run("openssl", "pkey", "-in", self.secret, "-pubout", "-out", self.public)

    def envelope(self, payload, kind="application/vnd.in-toto+json"):
        pae = self.secret + ".pae"
        with open(pae, "wb") as f:
            f.write(b"DSSEv1 %d %s %d " % (len(kind), kind.encode(), len(payload)) + payload)
        signature = run("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.secret, "-in", pae)
        os.remove(pae)
        return {"payloadType": kind, "payload": base64.b64encode(payload).decode(),
                "signatures": [{"keyid": self.name, "sig": base64.b64encode(signature).decode()}]}


def trust(probity, folder, key, role, scope=None):
    more = ["--scope", scope] if scope else []
    run(probity, "trust", "add", key.public, "--role", role, "--name", key.name, "--trust", folder, *more)
