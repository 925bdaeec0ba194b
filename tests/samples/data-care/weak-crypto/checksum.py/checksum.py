import hashlib
import random


def etag(data):
    return hashlib.md5(data).hexdigest()


colour = random.choice(["red", "blue"])
