from setuptools import setup
setup(name="litellm", version="1.2.3", packages=["litellm"])
