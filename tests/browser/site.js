// node site.js FOLDER: a static site as people have it, from a web server on this machine: searched, filtered, sorted, followed, and read without
// a script. TAP on standard output. Nothing is asked for but files of the folder.
"use strict";
const fs = require("fs");
const http = require("http");
const path = require("path");
const { tap, launch } = require("./harness.js");
const { axe } = require("./checks.js");

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json" };

function serve(folder, asked) {
  const files = new Map(fs.readdirSync(folder, { recursive: true }).map((name) => ["/" + name, path.join(folder, name)]));
  const server = http.createServer((request, response) => {
    const file = files.get(request.url);
    asked.push((file ? "" : "missing ") + request.url);
    response.writeHead(file ? 200 : 404, { "Content-Type": TYPES[path.extname(request.url)] || "text/plain" });
    response.end(file ? fs.readFileSync(file) : "");
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

async function open(browser, address, script) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: script });
  const page = await context.newPage();
  const told = [];
  page.setDefaultTimeout(60000);
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) told.push(message.text()); });
  page.on("pageerror", (error) => told.push(error.message));
  page.on("dialog", (dialog) => { told.push("dialog " + dialog.message()); dialog.dismiss(); });
  await page.goto(address, { waitUntil: "load" });
  return { page, told, context };
}

const names = (page) => page.locator("#rows th").allTextContents();

(async () => {
  const folder = process.argv[2], asked = [];
  const products = JSON.parse(fs.readFileSync(path.join(folder, "search.json"), "utf8")).rows;
  const server = await serve(folder, asked);
  const address = `http://127.0.0.1:${server.address().port}/`;
  const browser = await launch();
  try {
    const { page, told, context } = await open(browser, address + "index.html", true);
    const search = page.locator("#search input"), count = page.locator("#search .note");
    await search.waitFor();
    await axe("site", page);
    const one = products[products.length - 1][2];
    await search.fill(one);
    tap.ok("site: a name leaves what has it", (await names(page)).every((name) => name.toLowerCase().includes(one.toLowerCase())), await names(page));
    tap.ok("site: ... and that is there", (await names(page)).includes(one), await names(page));
    await search.fill("there is no such product");
    tap.is("site: where nothing has it, none is left", (await names(page)).length, 0);
    tap.ok("site: ... and it says so", /\b0\b/.test(await count.textContent()), await count.textContent());
    await search.fill("");
    tap.is("site: all are back", (await names(page)).length, products.length);
    const decision = products.find((row) => row[5] !== products[0][5])?.[5] || products[0][5];
    await page.locator("#search select").nth(1).selectOption(decision);
    tap.is("site: a decision leaves those that have it", (await names(page)).length, products.filter((row) => row[5] === decision).length);
    await page.locator("#search select").nth(1).selectOption("");
    await page.locator("#search select").nth(0).selectOption("trust");
    const trusted = [...products].sort((a, b) => a[6] - b[6] || b[1] - a[1]).map((row) => row[2] || "?");
    tap.is("site: least trusted first", (await names(page)).join("\n"), trusted.join("\n"));
    await page.locator("#rows th a").first().click();
    await page.waitForURL("**/p/*.html");
    tap.is("site: a product's page", (await page.locator("h1").textContent()), trusted[0]);
    await axe("site product", page);
    tap.ok("site: nothing on the console", told.length === 0, told);
    await context.close();

    const bare = await open(browser, address + "index.html", false);
    tap.is("site without script: every product is there", (await names(bare.page)).length, products.length);
    tap.is("site without script: no dead control", await bare.page.locator("button:visible, select:visible, input:visible").count(), 0);
    await bare.context.close();
    tap.is("site: nothing but its own files was asked for", asked.filter((line) => line.startsWith("missing")).join(" "), "");
  } catch (error) {
    tap.ok("site: ran to its end", false, error.stack.split("\n"));
  }
  await browser.close();
  server.close();
  console.log("1.." + tap.count);
  process.exitCode = tap.failed ? 1 : 0;
})();
