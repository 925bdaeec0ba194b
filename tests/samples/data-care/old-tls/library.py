import ssl

BY_NAME = {"TLSv1": ssl.PROTOCOL_TLSv1, "SSLv3": ssl.PROTOCOL_SSLv3}


def name(version):
    return [k for k, v in BY_NAME.items() if v == version]
