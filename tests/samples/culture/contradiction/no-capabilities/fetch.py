import subprocess
import urllib.request

print(urllib.request.urlopen("https://www.twin-vendor.net/list").read())
subprocess.run(["ls"])
