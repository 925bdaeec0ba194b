import http.client


def report(data):
    connection = http.client.HTTPSConnection("scarf.sh")
    connection.request("POST", "/package-event/install", data)
