def build(path, verify=False):
    return path if not verify else check(path)


def check(path):
    return build(path, verify=False)
