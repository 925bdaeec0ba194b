from setuptools import setup
setup(name="clip", version="1.2.3", packages=["clip"])
