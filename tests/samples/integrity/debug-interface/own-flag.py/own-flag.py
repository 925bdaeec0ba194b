DEBUG = True
if DEBUG:
    print("details")
