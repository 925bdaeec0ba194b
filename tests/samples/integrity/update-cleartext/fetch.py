import subprocess
import urllib.request

SOURCE = "http://mirror.vendor-host.net/tools/helper.exe"


def main():
    urllib.request.urlretrieve(SOURCE, "helper.exe")
    subprocess.run(["helper.exe"])
