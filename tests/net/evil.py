#!/usr/bin/python3
"""A server over TLS that misbehaves as its path says. evil.py CERTIFICATE KEY PORTFILE LOG"""
import gzip, json, os, socket, ssl, sys, threading, time

certificate, key, portfile, log = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
lock = threading.Lock()
seen = {}
bomb = gzip.compress(b"\0" * (50 << 20), 6)


def head(status="200 OK", length=None, more=""):
    n = f"Content-Length: {length}\r\n" if length is not None else ""
    return f"HTTP/1.1 {status}\r\n{n}{more}Connection: close\r\n\r\n".encode()


def answer(s, path, request):
    with lock:
        n = seen[path] = seen.get(path, 0) + 1
        with open(log, "a") as f:
            f.write(path + "\n")
    if path == "/slow":  # a byte now and then
        s.sendall(head(length=1000))
        for _ in range(200):
            s.sendall(b"x")
            time.sleep(0.3)
    elif path == "/endless":
        s.sendall(head())
        while True:
            s.sendall(b"y" * 65536)
    elif path == "/huge":  # says so
        s.sendall(head(length=1 << 40) + b"z" * 1000)
    elif path == "/lying":  # promises more than it gives
        s.sendall(head(length=1000) + b"short")
    elif path == "/closing":
        pass
    elif path == "/bomb":
        s.sendall(head(length=len(bomb), more="Content-Encoding: gzip\r\n") + bomb)
    elif path == "/headers":
        s.sendall(b"HTTP/1.1 200 OK\r\n")
        for i in range(100000):
            s.sendall(f"X-{i}: {'v' * 1000}\r\n".encode())
    elif path == "/later":
        if n == 1:
            s.sendall(head("503 Service Unavailable", 0, "Retry-After: 0\r\n"))
        else:
            s.sendall(head(length=6) + b"second")
    elif path == "/never":
        s.sendall(head("503 Service Unavailable", 0))
    elif path == "/hook":
        s.sendall(head("200 OK" if "bearer" in request.lower() else "401 Unauthorized", 2) + b"{}")
    elif path == "/_bulk":
        body = request.split("\r\n\r\n", 1)[1].split("\n")
        ids = [json.loads(body[i])["index"]["_id"] for i in range(0, len(body) - 1, 2)]
        items = [{"index": {"_id": d, "status": 201 if i % 2 == 0 or n > 1 else 429, "error": None if i % 2 == 0 else {"reason": "queue full"}}}
                 for i, d in enumerate(ids)]
        out = json.dumps({"errors": True, "items": items}).encode()
        s.sendall(head(length=len(out)) + out)
    else:
        s.sendall(head("404 Not Found", 0))


def serve(raw):
    try:
        with context.wrap_socket(raw, server_side=True) as s:
            data = b""
            while b"\r\n\r\n" not in data:
                piece = s.recv(65536)
                if not piece:
                    return
                data += piece
            first, rest = data.split(b"\r\n\r\n", 1)
            length = next((int(l.split(b":")[1]) for l in first.split(b"\r\n") if l.lower().startswith(b"content-length:")), 0)
            while len(rest) < length:
                rest += s.recv(65536)
            answer(s, first.split(b" ")[1].decode(), (first + b"\r\n\r\n" + rest).decode(errors="replace"))
    except OSError:
        pass


listener = socket.create_server(("127.0.0.1", 0))
with open(portfile + ".new", "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(portfile + ".new", portfile)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
