import requests

# requests.put("https://reports.s3.eu-central-1.amazonaws.com/x")
requests.get("http://localhost/")
