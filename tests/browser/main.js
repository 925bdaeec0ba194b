// node main.js WHAT ...: TAP on standard output, the plan at its end, exit status 1 where a test failed.
//   report PAGE.html REPORT.json PDF        a report: quiet, accessible in light, dark and narrow, by keyboard, on paper, filters
//   filters PAGE.html REPORT.json           the controls alone
//   french PAGE.html                        quiet, accessible and French
//   hostile PAGE.html PDF                   nothing of what stands in it acts
//   first PAGE.html REPORT.json TEXT        what the first screen answers; its text goes into the file TEXT
//   many PAGE.html                          tens of thousands of findings: opened, filtered, searched, in time
//   shots PAGE.html FOLDER                  pictures of it: 1280, 390, dark, whole
"use strict";
const fs = require("fs");
const path = require("path");
const { tap, launch, open, quiet } = require("./harness.js");
const { axe, keyboard, print, firstScreen } = require("./checks.js");

const WORDS = { accept: "Accept", conditional: "Conditional", reject: "Reject", "not-rated": "Not rated" };
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
const name = (file) => path.basename(file, ".html");

async function views(browser, file) {
  for (const how of [{}, { dark: true }, { width: 390, height: 844 }, { width: 320, height: 640 }]) {
    const label = `${name(file)} ${how.width || 1280}${how.dark ? " dark" : ""}`;
    const { page, seen, close } = await open(browser, file, how);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    tap.ok(label + ": nothing is wider than the window", wide <= 0, `${wide} pixels too wide`);
    if (how.width !== 320) await axe(label, page);
    quiet(label, seen);
    await close();
  }
  const { page, seen, close } = await open(browser, file, { script: false });
  tap.is(name(file) + " without script: no dead control", await page.locator("button, select, input").count(), 0);
  quiet(name(file) + " without script", seen);
  await close();
}

// Until the count that is said has this form: the page's policy lets nobody evaluate a text, the driver's own waiting neither.
async function counted(page, form) {
  for (let i = 0; i < 1200; i++) {
    if (form.test(await page.locator(".control-count").textContent())) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("the count never became " + form);
}

// The controls against the report: what each shows is what the report holds.
async function filters(browser, file, report) {
  const label = name(file);
  const { page, close } = await open(browser, file);
  const shown = () => page.evaluate(() => [...document.querySelectorAll(".finding")].filter((el) => !el.closest("[hidden]")).length);
  const said = () => page.locator(".control-count").textContent();
  tap.is(label + ": all findings at first", await shown(), report.findings.length);
  const severity = report.findings[0].severity;
  const wanted = report.findings.filter((f) => f.severity === severity).length;
  await page.selectOption("#control-severity", severity);
  tap.is(`${label}: only ${severity}`, await shown(), wanted);
  tap.ok(label + ": the count is said", (await said()).startsWith(`${wanted} of ${report.findings.length}`), await said());
  tap.ok(label + ": the state is in the address", page.url().includes("#show:severity=" + severity), page.url());
  const address = page.url();
  const again = await browser.newPage();
  await again.goto(address);
  tap.is(label + ": the address gives the same view", await again.locator(".control-count").textContent(), await said());
  await again.close();
  await page.getByRole("button", { name: "Show everything" }).click();
  tap.is(label + ": everything again", await shown(), report.findings.length);
  await page.fill("#control-q", "no such words anywhere");
  await counted(page, /^0 /);
  tap.is(label + ": a search for nothing", await shown(), 0);
  await page.fill("#control-q", report.findings[0].key.toUpperCase());
  await counted(page, /^[1-9]/);
  tap.ok(label + ": a search by key finds it", (await shown()) >= 1);
  await page.fill("#control-q", "");
  await counted(page, new RegExp("^" + report.findings.length + " "));
  const ids = () => page.evaluate(() => [...document.querySelectorAll(".finding")].map((el) => el.id).join(" "));
  const before = await ids();
  await page.selectOption("#control-sort", "severity");
  const ranks = await page.evaluate(() => [...document.querySelectorAll("details.claim")].map((claim) => Math.min(
    ...[...claim.querySelectorAll(".finding")].map((el) => ["critical", "high", "medium", "low", "info"].indexOf(el.dataset.severity)))));
  tap.ok(label + ": worst first", ranks.every((rank, i) => i === 0 || ranks[i - 1] <= rank), ranks.join(" "));
  await page.selectOption("#control-sort", "");
  tap.is(label + ": the report's own order again", await ids(), before);
  await page.getByRole("button", { name: "Expand all" }).click();
  tap.is(label + ": all open", await page.locator("details.finding:not([open]), details.claim:not([open])").count(), 0);
  await page.getByRole("button", { name: "Collapse all" }).click();
  tap.is(label + ": all closed", await page.locator("details.finding[open], details.claim[open]").count(), 0);
  await page.goto(address.split("#")[0] + "#" + (await page.locator(".finding").last().getAttribute("id")));
  tap.ok(label + ": a link to a finding opens it", await page.evaluate(() => document.querySelector(location.hash).open));
  await close();
}

const commands = {
  async report(browser, file, json, pdf) {
    const report = read(json);
    await views(browser, file);
    const { page, close } = await open(browser, file);
    await keyboard(name(file), page);
    await close();
    const paper = await open(browser, file);
    const wanted = { "the decision": [WORDS[report.score.decision]] };
    if (report.findings.length > 0) {
      wanted["the key of every finding"] = report.findings.map((f) => f.key);
      wanted["what every finding says"] = report.findings.map((f) => f.says);
    }
    await print(name(file), paper.page, pdf, wanted);
    await paper.close();
    if (report.findings.length > 0) await filters(browser, file, report);
  },

  // The controls alone.
  filters: (browser, file, json) => filters(browser, file, read(json)),

  async french(browser, file) {
    await views(browser, file);
    const { page, close } = await open(browser, file);
    tap.is(name(file) + ": says that it is French", await page.evaluate(() => document.documentElement.lang), "fr");
    tap.ok(name(file) + ": the script's words are French", (await page.getByRole("button", { name: "Tout déplier" }).count()) === 1);
    await close();
  },

  async hostile(browser, file, pdf) {
    const own = await open(browser, file);
    const globals = () => own.page.evaluate(() => Object.getOwnPropertyNames(window).filter((n) => /canary|pwn|xss|hacked|probity/i.test(n)));
    await own.page.evaluate(() => { for (const d of document.querySelectorAll("details")) d.open = true; });
    for (const el of await own.page.locator("summary").all()) await el.hover({ timeout: 200 }).catch(() => {});
    await own.page.waitForTimeout(300);
    tap.is(name(file) + ": no name of the product's ran", (await globals()).join(" "), "");
    const markup = await own.page.evaluate(() => ({
      scripts: document.querySelectorAll("script").length, styles: document.querySelectorAll("style, link").length,
      others: [...document.querySelectorAll("img, iframe, object, embed, form, base, foreignObject, image, use, video, audio, math, marquee")].map((el) => el.tagName).join(" "),
      handlers: [...document.querySelectorAll("*")].filter((el) => [...el.attributes].some((a) => /^on|^style$|^srcdoc$/i.test(a.name))).length,
      links: [...document.querySelectorAll("[href], [src]")].map((el) => el.getAttribute("href") || el.getAttribute("src"))
        .filter((to) => !/^(https?:\/\/|mailto:|#)/.test(to)).join(" "),
    }));
    tap.is(name(file) + ": one script, one style", `${markup.scripts} ${markup.styles}`, "1 1");
    tap.is(name(file) + ": no element that loads", markup.others, "");
    tap.is(name(file) + ": no handler, no style attribute", markup.handlers, 0);
    tap.is(name(file) + ": links lead nowhere else", markup.links, "");
    const marks = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f]/;
    tap.ok(name(file) + ": no control character, nothing turns a line around", !marks.test(await own.page.evaluate(() => document.body.textContent)));
    quiet(name(file), own.seen);
    await axe(name(file), own.page);
    await own.page.pdf({ path: pdf, format: "A4" });
    await own.close();
  },

  async first(browser, file, json, into) {
    const report = read(json), label = name(file) + ", first screen";
    const { page, close } = await open(browser, file);
    const lines = await firstScreen(page);
    await close();
    fs.writeFileSync(into, lines.join("\n") + "\n");
    const all = lines.join("\n"), decision = report.score.decision;
    const has = (what, pattern) => tap.ok(`${label}: ${what}`, pattern.test(all), lines);
    has("what was decided", new RegExp("What was decided[\\s\\S]*\\b" + WORDS[decision] + "\\b"));
    has("by which policy", new RegExp("\\b" + report.assessment.policy.name + "\\b"));
    has("why: against it", /What speaks against it\n.{10,}/);
    has("why: for it", /What speaks for it\n.{10,}/);
    const confidence = Math.floor(report.score.confidence_permille / 10);
    has("how sure: confidence", new RegExp(`Confidence\\s+${confidence} %`));
    if (report.score.confidence_permille >= 250) {
      const [trust, floor] = [report.score.trust_tenths, report.score.floor_tenths].map((n) => Math.floor(n / 10));
      has("how sure: trust with its range", new RegExp(`Trust\\s+${trust}\\s+\\[${floor} to ${trust}\\]`));
      has("how sure: drawn as an interval", new RegExp(`Trust ${trust}\\nFloor ${floor}`));
    } else has("how sure: not rated", /Not rated/);
    has("the grades apart", /Integrity[\s\S]*Data care/);
    has("what was not looked at", /What was not examined\n.*(check|look)/);
    has("what next", /What next\n.{10,}/);
    for (const condition of report.score.conditions.slice(0, 4)) {
      const row = report.policy.required.find((r) => r.id === condition.what) || report.checks.find((c) => c.id === condition.what);
      if (row) tap.ok(`${label}: the step "${row.title}"`, all.includes(row.title), lines);
    }
  },

  // Times are of the page's own thread on the processor, so that a busy machine makes no difference.
  async many(browser, file) {
    const label = name(file);
    let devtools;
    const { page, seen, close } = await open(browser, file, { before: async (blank) => {
      devtools = await blank.context().newCDPSession(blank);
      await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    } });
    const spent = async () => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return 1000 * metrics.find((m) => m.name === "ThreadTime").value;
    };
    // Limits are shares of what it took to read and lay the page out, in the same process: a slow machine is slow at both.
    const timed = async (step, share, act) => {
      const before = await spent();
      await act();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const took = Math.round((await spent()) - before);
      tap.ok(`${label}: ${step} in ${took} ms, at most ${share} of the ${loaded} ms to lay it out`, took < share * loaded);
    };
    const loaded = Math.round(await spent());
    const choose = (id, value) => () => page.evaluate(([control, to]) => {
      const el = document.getElementById(control);
      el.value = to;
      el.dispatchEvent(new Event("change"));
    }, [id, value]);
    const severity = await page.locator(".finding").first().getAttribute("data-severity");
    await timed("a filter", 0.2, choose("control-severity", severity));
    await timed("no filter", 0.2, choose("control-severity", ""));
    await timed("a claim opened", 0.2, () => page.evaluate(() => { document.querySelector("details.claim").open = true; }));
    await timed("scrolled", 0.6, () => page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2)));
    await timed("a filter with a claim open", 0.4, choose("control-severity", severity));
    await timed("worst first", 0.8, choose("control-sort", "severity"));
    await timed("a search", 0.6, async () => {
      await page.fill("#control-q", "no such words anywhere");
      await counted(page, /^0 /);
    });
    quiet(label, seen);
    await close();
  },

  async shots(browser, file, folder) {
    for (const how of [{}, { dark: true }, { width: 390, height: 844 }]) {
      const { page, close } = await open(browser, file, how);
      const to = path.join(folder, `${name(file)}-${how.width || 1280}${how.dark ? "-dark" : ""}`);
      await page.screenshot({ path: to + ".png" });
      await page.screenshot({ path: to + "-whole.png", fullPage: true });
      await close();
    }
  },
};

(async () => {
  const [what, ...rest] = process.argv.slice(2);
  const browser = await launch();
  try {
    await commands[what](browser, ...rest);
  } catch (error) {
    tap.ok(`${what}: ran to its end`, false, error.stack.split("\n"));
  }
  await browser.close();
  console.log("1.." + tap.count); // without this line it did not come to its end
  process.exitCode = tap.failed ? 1 : 0;
})();
