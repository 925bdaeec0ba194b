import json
import urllib.request

BASE = "in.twin-vendor.net"


def send_usage_stats(event):
    request = urllib.request.Request("https://" + BASE + "/u", data=json.dumps(event).encode())
    urllib.request.urlopen(request, timeout=2)
