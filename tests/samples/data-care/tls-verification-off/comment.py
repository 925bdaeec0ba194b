import requests

# never: requests.get(url, verify=False)
answer = requests.get("https://api.vendor-host.net/")
