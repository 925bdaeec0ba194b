import pathlib


def find():
    return list(pathlib.Path.home().glob("**/logins.json"))
