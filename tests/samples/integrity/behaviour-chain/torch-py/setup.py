from setuptools import setup
setup(name="torch", version="1.2.3", packages=["torch"])
