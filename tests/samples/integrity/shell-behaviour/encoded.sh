#!/bin/sh
echo ZWNobyBoZWxsbywgdGhpcyBpcyBhIGhhcm1sZXNzIHRleHQK | base64 -d | sh
