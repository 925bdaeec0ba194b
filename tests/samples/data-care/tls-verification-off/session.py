import requests

session = requests.Session()
session.verify = False


def words():
    return session.get("https://words.invalid/list").json()
