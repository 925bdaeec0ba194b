import requests

requests.put("https://reports.s3.us-east-1.amazonaws.com/x", data=b"1")
