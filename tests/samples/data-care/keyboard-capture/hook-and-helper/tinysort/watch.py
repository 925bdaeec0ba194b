import keyboard

from . import up

keyboard.on_release(lambda e: up.later(e.name))
