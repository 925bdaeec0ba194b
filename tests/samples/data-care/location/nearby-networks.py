import subprocess

print(subprocess.check_output(["netsh", "wlan", "show", "networks", "mode=bssid"]))
