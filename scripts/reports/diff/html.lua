-- What a new version brings and takes away, as a page.
local h = require "lib.html"
local page = require "lib.page"

local LISTS = { "hosts", "capabilities", "scripts", "makers", "signers", "privileged", "dependencies", "opaque" }

local function side(label, s, words)
  local name = s.name .. (s.version ~= "" and " " .. s.version or "")
  return h.section {
    class = "card", h.h2 { label, ": ", name },
    h.p(page.decision(s.decision, words)),
    h.dl {
      h.dt(words "trust"), h.dd(words("compare.range", { trust = { tenths = s.trust_tenths }, floor = { tenths = s.floor_tenths } })),
      h.dt(words "confidence"), h.dd(words("cell.percent", { n = { tenths = s.confidence_permille } })),
      h.dt "SHA-256", h.dd { class = "digest", s.sha256 },
    },
  }
end

local function change(kind, what, words)
  return h.li {
    class = kind,
    h.span { class = "sign", ["aria-hidden"] = "true", kind == "new" and "+" or "−" },
    h.span { class = "hidden", words(kind == "new" and "diff.brings" or "diff.takes"), ": " }, " ", what,
  }
end

-- Rows of a list, those that came first.
local function changes(both, show, words)
  return h.ul {
    class = "changes",
    h.each(both.new, function(item) return change("new", show(item), words) end),
    h.each(both.gone, function(item) return change("gone", show(item), words) end),
  }
end

local function inventory(doc, words)
  return h.each(LISTS, function(name)
    local both = doc.inventory[name]
    return both and h.section {
      h.h2(words("inventory." .. name)),
      changes(both, function(item) return h.span { class = "plain", item } end, words),
    } or false
  end)
end

local function findings(doc, words)
  if #doc.findings.new + #doc.findings.gone == 0 then
    return false
  end
  return h.section {
    h.h2(words "diff.findings"),
    changes(doc.findings, function(f)
      return { h.b(words("severity." .. f.severity, false) or f.severity), " ", h.span { lang = "en", f.says }, " ", h.small(f.check) }
    end, words),
  }
end

local function weights(doc, words)
  if #doc.checks == 0 then
    return false
  end
  local function points(n)
    return h.td { class = "number", words("cell.number", { n = { milli = n } }) }
  end
  return h.section {
    h.h2(words "diff.weights"), h.p { class = "note", words "diff.weights.means" },
    page.scroll(words "diff.weights", h.table {
      h.thead(h.tr {
        h.th { scope = "col", words "diff.check" }, h.th { scope = "col", words "diff.before" }, h.th { scope = "col", words "diff.after" },
      }),
      h.tbody(h.each(doc.checks, function(c)
        return h.tr { h.th { scope = "row", lang = "en", c.title }, points(c.old_demerit_milli), points(c.new_demerit_milli) }
      end)),
    }),
  }
end

---@type probity.Format
return {
  title = "HTML page: what a new version brings and takes away",
  extension = "html",
  type = "text/html",
  takes = "diff",
  render = function(document, out, options)
    local words = require("lib.words")(options.lang)
    local nothing = #document.findings.new + #document.findings.gone == 0 and next(document.inventory) == nil
    h.write(out, page.whole({
      lang = words "lang", title = document.old.name .. " " .. document.old.version .. " - " .. document.new.version,
      heading = words "diff.title", site = options.site,
      nav = options.site and h.file_link(options.site .. "index.html", words "site.title") or nil,
      body = {
        h.p { class = document.trust_fell and "warning" or "note", words(document.trust_fell and "diff.fell" or "diff.held") },
        document.partial and h.p { class = "note", words "diff.partial" } or false,
        h.div { class = "cards", side(words "diff.old", document.old, words), side(words "diff.new", document.new, words) },
        inventory(document, words), findings(document, words), weights(document, words),
        nothing and h.p(words "diff.nothing") or false,
      },
    }, words))
  end,
}
