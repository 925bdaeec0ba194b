import urllib.request

for url in ("http://localhost:8080/", "http://127.0.0.1/", "http://192.168.1.1/", "http://example.com/", "http://router.lan/"):
    urllib.request.urlopen(url)
