import requests

requests.get("https://api.vendor-host.net/v1")
