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
