/* Search, filter and order over all products, from search.json. Everything that comes from there is text: no markup is put together. */
(function () {
  "use strict";
  const box = document.getElementById("search");
  const pages = document.getElementById("pages");
  const body = document.getElementById("rows");
  if (!box || !pages || !body) return;
  const t = box.dataset, STEP = 200;
  const marks = { accept: "●", conditional: "◐", reject: "✕", "not-rated": "○" };
  /* as site_pages.c writes them */
  const PRODUCT = 0, ID = 1, NAME = 2, VERSION = 3, KIND = 4, DECISION = 5, TRUST = 6, FLOOR = 7, CONFIDENCE = 8, POLICY = 9, AS_OF = 10, UNTIL = 11, PAGE = 12;
  const decimal = document.documentElement.lang === "fr" ? "," : ".";
  let all = [], found = [], shown = 0;

  function element(name, attributes, children) {
    const e = document.createElement(name);
    for (const key in attributes) e.setAttribute(key, attributes[key]);
    for (const child of children || []) e.append(child);
    return e;
  }
  function field(label, control) {
    return element("label", {}, [label, control]);
  }
  function choices(list) {
    return element("select", {}, list.map(([value, label]) => element("option", { value: value }, [label])));
  }
  function tenths(n) {
    return Math.floor(n / 10) + decimal + n % 10;
  }
  function row(r) {
    const known = r[DECISION] in marks;
    const decision = element("span", { class: "decision d-" + (known ? r[DECISION] : "none") }, [
      element("span", { class: "mark", "aria-hidden": "true" }, [known ? marks[r[DECISION]] : "–"]), " ", box.getAttribute("data-d-" + r[DECISION]) || r[DECISION]]);
    const rated = r[TRUST] >= 0 && r[FLOOR] >= 0 && r[DECISION] !== "not-rated";
    return element("tr", {}, [
      element("th", { scope: "row" }, [element("a", { href: "p/" + r[PRODUCT] + ".html" }, [r[NAME] || "?"])]),
      element("td", {}, [r[VERSION]]), element("td", {}, [r[KIND]]),
      element("td", {}, [r[PAGE] ? element("a", { href: "a/" + r[ID] + ".html" }, [decision]) : decision]),
      element("td", { class: "number" }, [rated ? tenths(r[TRUST]) + " [" + tenths(r[FLOOR]) + "..]" : "-"]),
      element("td", { class: "number" }, [r[CONFIDENCE] >= 0 ? tenths(r[CONFIDENCE]) + " %" : "-"]),
      element("td", {}, [r[POLICY]]), element("td", { class: "tight" }, [r[AS_OF]]), element("td", { class: "tight" }, [r[UNTIL]])]);
  }

  const orders = {
    name: (a, b) => a[NAME] < b[NAME] ? -1 : a[NAME] > b[NAME] ? 1 : b[ID] - a[ID],
    newest: (a, b) => b[ID] - a[ID],
    trust: (a, b) => a[TRUST] - b[TRUST] || b[ID] - a[ID],
    confidence: (a, b) => a[CONFIDENCE] - b[CONFIDENCE] || b[ID] - a[ID],
    due: (a, b) => (a[UNTIL] || "~") < (b[UNTIL] || "~") ? -1 : (a[UNTIL] || "~") > (b[UNTIL] || "~") ? 1 : b[ID] - a[ID],
  };

  function start(rows) {
    all = rows;
    for (const r of all) r.text = (r[NAME] + " " + r[VERSION] + " " + r[KIND] + " " + r[POLICY]).toLowerCase();
    const input = element("input", { type: "search" });
    const sort = choices([["name", t.sortName], ["newest", t.sortNewest], ["trust", t.sortTrust], ["confidence", t.sortConfidence], ["due", t.sortDue]]);
    const filter = choices([["", t.all]].concat(["accept", "conditional", "reject", "not-rated", "not-assessed"].map((d) => [d, box.getAttribute("data-d-" + d)])));
    const told = element("p", { class: "note", "aria-live": "polite" });
    const more = element("button", { type: "button" }, [t.more]);
    const numbers = pages.querySelector("nav");

    function extend() {
      body.append(...found.slice(shown, shown + STEP).map(row));
      shown = Math.min(found.length, shown + STEP);
      more.hidden = shown >= found.length;
    }
    function update() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      found = all.filter((r) => (!filter.value || r[DECISION] === filter.value) && words.every((w) => r.text.includes(w))).sort(orders[sort.value]);
      shown = 0;
      body.textContent = "";
      if (numbers) numbers.hidden = true;
      told.textContent = t.found.replace("#", String(found.length));
      extend();
    }
    input.addEventListener("input", update);
    sort.addEventListener("change", update);
    filter.addEventListener("change", update);
    more.addEventListener("click", extend);
    more.hidden = true;
    box.append(element("div", { class: "controls" }, [field(t.search, input), field(t.sort, sort), field(t.filter, filter)]), told);
    pages.append(more);
    box.hidden = false;
  }
  /* A page that was opened as a file may not read another one: then the pages of the table have to do. */
  fetch("search.json").then((answer) => answer.ok ? answer.json() : null).then((doc) => { if (doc) start(doc.rows); }).catch(() => {});
})();
