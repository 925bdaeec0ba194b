"""Reads the settings of a tool.

The tool collects anonymous usage data unless TOOL_TELEMETRY_DISABLED is set.
"""
import urllib.request


def settings(place):
    # opt out of telemetry there
    return urllib.request.urlopen(place).read()
