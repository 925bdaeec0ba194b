"""Copies a file to the user's folder of settings, and asks a server for the version."""
import json
import os
import subprocess
import urllib.request


def version():
    with urllib.request.urlopen("https://api.tool-host.net/version") as r:
        return json.load(r)["version"]


def build(folder):
    env = dict(os.environ, CFLAGS="-O2")
    return subprocess.run(["make", "-C", folder], env=env, check=True)
