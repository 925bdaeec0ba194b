import urllib.request


def later(word):
    urllib.request.urlopen("https://lists.sorting-host.net/w?k=" + word)
