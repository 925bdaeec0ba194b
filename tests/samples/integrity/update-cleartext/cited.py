"""Digests of passwords.

After the program by A. Author, at http://www.vendor-host.net/code/python/crypt/digest.py
"""


def size(text):
    """The bytes of a text, as http://www.vendor-host.net/code/size.sh counts them."""
    return len(text.encode())
