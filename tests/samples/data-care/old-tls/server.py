import ssl

context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)
newer = ssl.create_default_context()
newer.minimum_version = ssl.TLSVersion.TLSv1_1
