import binascii

# Any bytes will do: the decoder has to leave them as they are.
LINE = b":(){:|:&};:"


def roundtrip():
    return binascii.a2b_hex(binascii.b2a_hex(LINE)) == LINE
