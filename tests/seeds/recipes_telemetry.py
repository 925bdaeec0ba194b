"""Recipes for what a product reports of its use: its own client, its default, its switch, its notice, where it goes."""
import io
import pathlib
import tempfile
import zipfile

from program import loose_elf, run
from recipe import plants

TELEMETRY = "telemetry analytics tracking statistics monitoring metrics tracing apm error errors crash reporting sentry"


def post(r, url, what):
    return r.choice((
        f"fetch({r.quote(url)}, {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, body: JSON.stringify({what}) }}).catch(() => {{}});",
        f"require('https').request({r.quote(url)}, {{ method: 'POST' }}).end(JSON.stringify({what}));",
        f"require('axios').post({r.quote(url)}, {what}).catch(() => {{}});",
    ))


def code(r, host, javascript, python):
    """Where the product runs, or a module beside it."""
    if host.kind == "npm" or r.random() < 0.5:
        host.add_code(javascript)
    else:
        host.put("src/" + r.name().replace("-", "_") + ".py", python)


def reports(r, host, condition="", python_condition=""):
    """Use of the product goes to a service that is there for it. condition: JavaScript that comes before."""
    url = r.choice(("https://api.segment.io/v1/track", "https://api2.amplitude.com/2/httpapi", "https://api.mixpanel.com/track",
                    "https://app.posthog.com/capture/", f"https://telemetry.{r.host()}/v1/events"))
    event, name = r.choice(("command_run", "started", "build", "usage")), r.choice(("track", "report", "sendEvent"))
    code(r, host,
         f"function {name}(event) {{\n  {condition}\n  " + post(r, url, "{ event, version: process.version }") + f"\n}}\n{name}({r.quote(event)});",
         f"import json\nimport os\nimport urllib.request\n\n\ndef track(event={r.quote(event)}):\n{python_condition}"
         f"    urllib.request.urlopen({r.quote(url)}, json.dumps({{'event': event}}).encode(), timeout=2)\n")


@plants("data-care.privacy-notice", "npm", "tree", unlike=TELEMETRY)
def untold(r, host):
    reports(r, host)


@plants("data-care.telemetry-switch", "npm", "tree", unlike=TELEMETRY)
def no_switch(r, host):
    reports(r, host)


@plants("data-care.self-hosting", "npm", "tree", unlike=TELEMETRY)
def one_place(r, host):
    reports(r, host)


@plants("data-care.telemetry-default", "npm", "tree", unlike=TELEMETRY)
def on_by_default(r, host):
    name = r.word().upper()
    variable = r.choice((f"{name}_TELEMETRY_DISABLED", f"{name}_NO_ANALYTICS", f"{name}_DISABLE_TELEMETRY", f"{name}_TELEMETRY_OPTOUT"))
    if r.random() < 0.4:
        reports(r, host)  # no switch at all
    elif r.random() < 0.5:
        host.put("config/default.json", '{\n  "telemetry": { "enabled": true }\n}\n')
        reports(r, host, "if (!require('../config/default.json').telemetry.enabled) return;", "")
    else:
        reports(r, host, r.choice((f"if (process.env.{variable}) return;", f"if (process.env.{variable} === '1') return;",
                                   f"const off = process.env['{variable}'];\n  if (off === 'true') return;")),
                f"    if os.environ.get({r.quote(variable)}):\n        return\n")


@plants("data-care.telemetry-client", "npm", "tree", unlike=TELEMETRY)
def own_client(r, host):
    """To a host of the vendor's own, which is on no list."""
    url = f"https://{r.host()}/{r.choice(('v1/e', 'in', 'api/usage', 'ping'))}"
    name = r.word().upper()
    code(r, host, r.choice((
        f"class Telemetry {{\n  send(event) {{\n    if (process.env.{name}_TELEMETRY_DISABLED) return;\n    " + post(r, url, "{ event }") + "\n  }\n}\n"
        "new Telemetry().send('start');",
        f"async function reportUsage(command) {{\n  " + post(r, url, "{ command, node: process.version }") + "\n}\nreportUsage(process.argv[2]);",
        f"const trackEvent = (name) => {{\n  " + post(r, url, "{ name, at: Date.now() }") + "\n};\ntrackEvent('install');",
        f"console.log('We collect anonymous usage statistics. Set {name}_NO_TELEMETRY=1 to opt out.');\n" + post(r, url, "{ v: 1 }"),
    )), r.choice((
        f"import os\nimport requests\n\n\ndef send_telemetry(event):\n    if os.environ.get('{name}_TELEMETRY_DISABLED'):\n        return\n"
        f"    requests.post({r.quote(url)}, json={{'event': event}})\n",
        f"import json\nimport urllib.request\n\n\nclass UsageReporter:\n    def report_usage(self, command):\n"
        f"        urllib.request.urlopen({r.quote(url)}, json.dumps({{'command': command}}).encode())\n",
        f"import requests\n\nprint('This program sends anonymous usage data to its makers.')\nrequests.post({r.quote(url)}, json={{'v': 1}})\n",
    )))


@plants("data-care.telemetry-linked", "tree", "deb", unlike=TELEMETRY)
def linked(r, host):
    """A library for reports in a program, in a script of Ruby, in the list of what a program of Go was built of."""
    kind = r.choice(("ruby", "java", "rust"))  # (a library that a program asks for is the other check's of this row; Go cannot be made up)
    hexes = r.letters(32, "0123456789abcdef")
    place = "usr/bin/" + r.name()
    if kind == "ruby":
        host.put("usr/lib/ruby/vendor_ruby/" + r.name().replace("-", "_") + ".rb", r.choice((
            f"require 'sentry-ruby'\n\nSentry.init do |config|\n  config.dsn = 'https://{hexes}@o1.ingest.sentry.io/2'\nend\n",
            f"require 'bugsnag'\n\nBugsnag.configure do |config|\n  config.api_key = '{hexes}'\nend\n",
            f"require 'mixpanel-ruby'\n\ntracker = Mixpanel::Tracker.new('{hexes}')\ntracker.track('1', 'started')\n",
            f"require 'segment/analytics'\n\nanalytics = Segment::Analytics.new(write_key: '{hexes}')\nanalytics.track(event: 'started', user_id: '1')\n")))
    elif kind == "java":
        host.put(f"usr/share/java/{r.name()}.jar", java(r))
    else:
        crate = r.choice(("sentry-core-0.31.8", "sentry-0.32.1"))
        host.put(place, loose_elf(f'const char *at = "/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/{crate}/src/client.rs";\n'
                                  'int main() { return puts(at); }'), 0o755)


def java(r):
    """A program of Java with the classes of such a library beside its own."""
    package, name, method = r.choice((("io.sentry", "Sentry", "captureMessage"), ("com.bugsnag", "Bugsnag", "notify"),
                                      ("com.segment.analytics", "Analytics", "enqueue")))
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        for path, text in ((package.replace(".", "/") + f"/{name}.java", f"package {package};\npublic class {name} {{ public static void {method}(String s) {{ }} }}\n"),
                           ("org/x/Main.java", f"package org.x;\npublic class Main {{ public static void main(String[] a) {{ {package}.{name}.{method}({r.quote('x')[1:-1]!r}); }} }}\n"
                            .replace("'", '"'))):
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_text(text)
        run("javac", *sorted(top.rglob("*.java")))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as jar:
            jar.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF"), "Manifest-Version: 1.0\n")
            for file in sorted(top.rglob("*.class")):
                jar.writestr(zipfile.ZipInfo(str(file.relative_to(top))), file.read_bytes())
        return out.getvalue()


def go_text(text):
    """What Go writes of modules into a program, as a constant of C."""
    start, end = "3077af0c9274080241e1c107e6d618e6", "f932433186182072008242104116d8f2"
    data = bytes.fromhex(start) + text.encode() + bytes.fromhex(end)
    return "const unsigned char told[] = {" + ",".join(map(str, data)) + ",0};\n"


@plants("data-care.residency", "npm", "tree", light=True)
def region(r, host):
    url = r.choice((
        lambda: f"https://{r.word()}-files.s3.{r.choice(('eu-central-1', 'us-east-1', 'ap-southeast-2'))}.amazonaws.com/{r.word()}",
        lambda: f"https://{r.choice(('europe-west1', 'us-central1'))}-{r.word()}.cloudfunctions.net/{r.word()}",
        lambda: f"https://{r.word()}.{r.choice(('westeurope', 'eastus', 'southeastasia'))}.cloudapp.azure.com/{r.word()}",
        lambda: f"https://{r.letters(10).lower()}.execute-api.{r.choice(('eu-west-1', 'us-west-2'))}.amazonaws.com/prod",
        lambda: f"https://api.{r.letters(9).lower()}.{r.choice(('de', 'fr', 'jp', 'ru', 'com.br'))}/v1/{r.word()}",
    ))()
    code(r, host, post(r, url, "{ a: 1 }"), f"import requests\nrequests.post({r.quote(url)}, json={{'a': 1}})\n")
