// What all browser tests share: Debian's chromium, a page with everything that it does recorded, and TAP lines on standard output.
"use strict";
const fs = require("fs");
const { chromium } = require("playwright-core");

const tap = {
  failed: 0,
  count: 0,
  ok(name, passed, ...why) {
    tap.count++;
    console.log((passed ? "ok - " : "not ok - ") + name.replace(/[#\n]/g, " "));
    if (!passed) {
      tap.failed++;
      for (const line of why.flat().slice(0, 20)) console.log("# " + String(line).replace(/\n/g, " ").slice(0, 400));
    }
    return passed;
  },
  is(name, got, wanted) { return tap.ok(name, got === wanted, "got: " + got, "wanted: " + wanted); },
  note(text) { console.log("# " + text); },
};

// Root has no namespaces to box a browser in, and a bare root folder has no /dev/shm.
function launch() {
  const args = ["--disable-dev-shm-usage", "--disable-gpu"];
  if (process.getuid() === 0) args.push("--no-sandbox");
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args, timeout: 120000 });
}

// A page of a file: { page, seen, close }. seen: requests other than for the page itself, console (errors and warnings), dialogs, errors.
async function open(browser, file, { width = 1280, height = 900, dark = false, script = true, before } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", javaScriptEnabled: script,
    reducedMotion: "reduce" });
  const page = await context.newPage();
  page.setDefaultTimeout(120000);
  const seen = { requests: [], console: [], dialogs: [], errors: [] };
  const address = "file://" + fs.realpathSync(file);
  page.on("request", (request) => { if (request.url() !== address) seen.requests.push(request.url()); });
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) seen.console.push(message.text()); });
  page.on("dialog", (dialog) => { seen.dialogs.push(dialog.message()); dialog.dismiss(); });
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("popup", (popup) => seen.requests.push("popup " + popup.url()));
  if (before) await before(page);
  await page.goto(address, { waitUntil: "load", timeout: 400000 });
  return { page, seen, close: () => context.close() };
}

function quiet(name, seen) {
  tap.ok(name + ": no request", seen.requests.length === 0, seen.requests);
  tap.ok(name + ": nothing on the console", seen.console.length === 0, seen.console);
  tap.ok(name + ": no dialog and no error", seen.dialogs.length + seen.errors.length === 0, seen.dialogs, seen.errors);
}

module.exports = { tap, launch, open, quiet };
