SECRET_KEY = get_secret()
DEBUG = True
ALLOWED_HOSTS = []

INSTALLED_APPS = ["django.contrib.admin"]
