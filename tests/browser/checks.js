// Questions to a page: accessibility, keyboard, print, what stands on the first screen.
"use strict";
const fs = require("fs");
const { execFileSync } = require("child_process");
const { tap } = require("./harness.js");

const axeSource = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

async function axe(name, page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    return result.violations.map((v) => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map((n) => n.target + " " + n.failureSummary).join(" | "));
  });
  tap.ok(name + ": axe finds nothing", found.length === 0, found);
}

// Tab from the top: every control that can be seen gets the focus once, in the order of the page, shows it, and lets it go.
async function keyboard(name, page) {
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
    const open = all.filter((el) => el.checkVisibility({ contentVisibilityAuto: false, visibilityProperty: true }) && !el.disabled);
    open.forEach((el, i) => { el.dataset.walk = i; });
    return open.length;
  });
  const order = [], blind = [];
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  for (let i = 0; i < wanted + 20; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const el = document.activeElement;
      if (!el || el === document.body) return null;
      const style = getComputedStyle(el), box = el.getBoundingClientRect();
      const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
      return { walk: el.dataset.walk ?? "?" + el.tagName + el.className, shown, inside: box.bottom > 0 && box.top < innerHeight };
    });
    if (!at) break;
    if (order.length && at.walk === order[0]) break;
    order.push(at.walk);
    if (!at.shown || !at.inside) blind.push(at.walk);
  }
  const reached = new Set(order);
  tap.ok(name + ": Tab reaches every control (" + wanted + ")", wanted > 5 && [...Array(wanted).keys()].every((i) => reached.has(String(i))),
    "reached " + reached.size + " of " + wanted, [...Array(wanted).keys()].filter((i) => !reached.has(String(i))).slice(0, 10).join(" "));
  tap.ok(name + ": each once, in the page's order, and none holds the focus", order.length === reached.size
    && order.every((walk, i) => i === 0 || !(Number(walk) < Number(order[i - 1]))), order.slice(0, 200).join(" "));
  tap.ok(name + ": the focus is seen wherever it is", blind.length === 0, blind.join(" "));
}

const bare = (text) => text.normalize("NFKC").replace(/[\s\u00ad]+/g, "");

// The page on paper: pdftotext's text of it holds all of what is wanted, with no regard to where lines break.
async function print(name, page, pdf, wanted) {
  await page.pdf({ path: pdf, format: "A4", printBackground: true, tagged: true });
  const text = bare(execFileSync("pdftotext", ["-layout", pdf, "-"], { maxBuffer: 1 << 28 }).toString());
  const raw = bare(execFileSync("pdftotext", ["-raw", pdf, "-"], { maxBuffer: 1 << 28 }).toString());
  for (const [what, list] of Object.entries(wanted)) {
    const missing = list.filter((part) => !text.includes(bare(part)) && !raw.includes(bare(part)));
    tap.ok(`${name}: on paper: ${what} (${list.length})`, list.length > 0 && missing.length === 0, missing.slice(0, 8));
  }
}

// Lines of text that are wholly inside of the first screen and not covered or clipped away.
async function firstScreen(page) {
  return page.evaluate(() => {
    scrollTo(0, 0);
    const lines = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const el = node.parentElement, text = node.data.replace(/\s+/g, " ").trim();
      if (!text || !el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((b) => b.width > 1 && b.height > 1);
      if (!boxes.length || boxes.some((b) => b.top < 0 || b.left < 0 || b.bottom > innerHeight || b.right > innerWidth)) continue;
      let clipped = false;
      for (let at = el; at; at = at.parentElement) {
        const style = getComputedStyle(at), box = at.getBoundingClientRect();
        if (style.overflow !== "visible" && at !== document.documentElement && at !== document.body
          && (box.width < 2 || box.height < 2)) clipped = true;
      }
      if (clipped) continue;
      const block = el.closest("p, li, h1, h2, h3, dt, dd, text, div");
      const last = lines[lines.length - 1];
      if (last && last.block === block) last.text += " " + text;
      else lines.push({ block, text });
    }
    return lines.map((line) => line.text);
  });
}

module.exports = { axe, keyboard, print, firstScreen };
