import requests

answer = requests.get("https://api.vendor-host.net/", verify=False)
