#!/usr/bin/python3
"""An HTTP proxy that knows CONNECT, and brings every host to 127.0.0.1. proxy.py PORTFILE LOG"""
import os, socket, sys, threading

portfile, log = sys.argv[1:]


def pump(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(s):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = s.recv(65536)
        if not piece:
            return
        data += piece
    first = data.split(b"\r\n", 1)[0].decode()
    with open(log, "a") as f:
        f.write(first + "\n")
    out = socket.create_connection(("127.0.0.1", int(first.split()[1].rsplit(":", 1)[1])))
    s.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
    threading.Thread(target=pump, args=(s, out), daemon=True).start()
    pump(out, s)


listener = socket.create_server(("127.0.0.1", 0))
with open(portfile + ".new", "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(portfile + ".new", portfile)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
