// Adds to a report that is complete without it: filter, search and order of the findings, all of them open or closed. Nothing is loaded, and
// texts of the report are only ever compared or shown as text. The state stands in the address after "#show:", so that it can be sent.
(function () {
  "use strict";
  const place = document.getElementById("controls");
  const RANK = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };
  const FILTERS = ["severity", "pillar", "claim", "status"];
  const PREFIX = "#show:";
  const MANY = 2000; // findings from which "open all" opens the claims only
  const PAUSE = 120; // milliseconds after the last key before a search begins

  // What a link leads to may lie in something folded.
  function reveal() {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && !location.hash.startsWith(PREFIX) && document.getElementById(id);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  }
  addEventListener("hashchange", reveal);

  if (!place) return reveal();
  const words = place.dataset;
  const findings = Array.from(document.querySelectorAll(".finding"), (el) => {
    const data = el.dataset;
    return { el, severity: data.severity, pillar: data.pillar, claim: data.claim, status: data.status, text: null, shown: true };
  });
  // Kinds and claims: what holds findings, with how many of them are shown.
  const holders = new Map();
  for (const f of findings) {
    f.holders = [];
    for (let at = f.el.parentElement; at && at.id !== "findings"; at = at.parentElement) {
      if (!at.matches(".kind, details.claim")) continue;
      let holder = holders.get(at);
      if (!holder) holders.set(at, (holder = { el: at, rank: 9, size: 0, count: 0 }));
      holder.rank = Math.min(holder.rank, RANK[f.severity] ?? 9);
      holder.size++;
      f.holders.push(holder);
    }
  }
  const claims = [...holders.values()].filter((holder) => holder.el.matches("details.claim"));
  const textOf = (f) => f.text ?? (f.text = (f.el.textContent + " " + (f.el.dataset.text || "")).toLowerCase());

  const state = { q: "", severity: "", pillar: "", claim: "", status: "", sort: "" };
  const controls = {};

  function make(tag, attributes, ...children) {
    const el = document.createElement(tag);
    for (const name in attributes) el.setAttribute(name, attributes[name]);
    el.append(...children);
    return el;
  }
  function labelled(key, control) {
    control.id = "control-" + key;
    controls[key] = control;
    const wrap = make("div", { class: "control" }, make("label", { for: control.id }, words[key === "q" ? "search" : key]), control);
    place.append(wrap);
  }
  function dashed(name) { return name.replace(/-([a-z])/g, (_, c) => c.toUpperCase()); }
  function option(value, text) { return make("option", { value }, text); }
  function values(key) {
    const seen = [...new Set(findings.map((f) => f[key]))];
    return key === "severity" ? seen.sort((a, b) => RANK[a] - RANK[b]) : seen.sort();
  }
  const titles = new Map(claims.map((c) => [c.el.dataset.claim, c.el.querySelector("summary h3, summary")?.textContent || ""]));
  function named(key, value) {
    if (key === "claim") return titles.get(value) || value;
    return words[dashed(key + "-" + value)] || value;
  }
  function button(text, act) {
    const el = make("button", { type: "button" }, text);
    el.addEventListener("click", act);
    return el;
  }

  function build() {
    place.setAttribute("role", "search");
    place.setAttribute("aria-label", words.label);
    labelled("q", make("input", { type: "search", autocomplete: "off", spellcheck: "false" }));
    for (const key of FILTERS) {
      labelled(key, make("select", {}, option("", words.all), ...values(key).map((value) => option(value, named(key, value)))));
    }
    labelled("sort", make("select", {}, option("", words.sortReport), option("severity", words.sortSeverity), option("text", words.sortText)));
    controls.live = make("p", { class: "control-count", role: "status", "aria-live": "polite" });
    place.append(make("div", { class: "control-buttons" }, button(words.open, () => fold(true)), button(words.close, () => fold(false)),
      button(words.reset, reset)), controls.live);
    let waiting = 0;
    controls.q.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { state.q = controls.q.value; update(); }, PAUSE);
    });
    for (const key of [...FILTERS, "sort"]) {
      controls[key].addEventListener("change", () => { state[key] = controls[key].value; update(key === "sort"); });
    }
  }

  function filter() {
    const wanted = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const asked = FILTERS.filter((key) => state[key] !== "");
    let shown = 0;
    for (const holder of holders.values()) holder.count = 0;
    for (const f of findings) {
      let fits = true;
      for (const key of asked) if (f[key] !== state[key]) { fits = false; break; }
      if (fits && wanted.length) { const text = textOf(f); fits = wanted.every((word) => text.includes(word)); }
      if (fits) { shown++; for (const holder of f.holders) holder.count++; }
      if (fits !== f.shown) f.el.hidden = !(f.shown = fits);
    }
    for (const holder of holders.values()) holder.el.hidden = holder.count === 0;
    controls.live.textContent = words.count.replace("{shown}", String(shown)).replace("{all}", String(findings.length));
  }

  // Children of one parent anew, around the largest of them, which stays: to move what holds thousands of findings takes seconds. `order` compares;
  // without one, as the report has them.
  function reorder(items, order) {
    if (items.length < 2) return;
    const wanted = order ? items.slice().sort(order) : items;
    const stays = wanted.reduce((a, b) => ((b.size || 1) > (a.size || 1) ? b : a));
    const at = wanted.indexOf(stays);
    stays.el.before(...wanted.slice(0, at).map((item) => item.el));
    stays.el.after(...wanted.slice(at + 1).map((item) => item.el));
  }
  const byRank = (a, b) => a.rank - b.rank || a.at - b.at;
  const byText = (a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : a.at - b.at);
  function groups(items) {
    const parents = new Map();
    items.forEach((item, at) => {
      item.at = at;
      const parent = item.el.parentNode;
      if (!parents.has(parent)) parents.set(parent, []);
      parents.get(parent).push(item);
    });
    return [...parents.values()];
  }
  // Families of siblings in the report's own order, taken before anything moves. Only what stands otherwise than is asked for is moved: to move all
  // of 50,000 findings takes seconds.
  function family(items, key, order) {
    let parents = null;
    let sorted = false;
    return () => {
      if ((state.sort === key) === sorted) return;
      sorted = !sorted;
      parents ??= groups(items);
      for (const list of parents) reorder(list, sorted ? order : null);
    };
  }
  const families = [family([...holders.values()], "severity", byRank), family(findings, "text", byText)];
  const sort = () => families.forEach((arrange) => arrange());

  function remember() {
    const parts = Object.entries(state).filter(([, value]) => value !== "").map(([key, value]) => key + "=" + encodeURIComponent(value));
    if (parts.length || location.hash.startsWith(PREFIX)) {
      history.replaceState(null, "", parts.length ? PREFIX + parts.join("&") : location.pathname + location.search);
    }
  }
  function recall() {
    if (!location.hash.startsWith(PREFIX)) return;
    for (const part of location.hash.slice(PREFIX.length).split("&")) {
      const [key, value] = part.split("=");
      if (!Object.hasOwn(state, key) || value === undefined) continue;
      try { controls[key].value = decodeURIComponent(value); } catch { continue; }
      state[key] = controls[key].value; // a select takes only what it offers
    }
    update(true);
  }
  function update(order) {
    if (order) sort();
    filter();
    remember();
  }
  function fold(open) {
    for (const claim of claims) claim.el.open = open;
    if (findings.length <= MANY || !open) for (const f of findings) if (f.el.open !== open) f.el.open = open;
  }
  function reset() {
    for (const key in state) { state[key] = ""; controls[key].value = ""; }
    update(true);
  }

  build();
  filter();
  recall();
  addEventListener("hashchange", recall);
  reveal();
})();
