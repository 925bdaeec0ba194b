"""Dates.

A server that gives them out needs only sock.listen(5) and os.system("date").
"""
from urllib.parse import quote


def add(date, days):
    """Like urlopen(x), but without a network."""
    return quote(str(date + days))
