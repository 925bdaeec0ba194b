-- The report as one page for people who decide: no request to anywhere, readable without a script, printed on A4.
local blind = require "lib.html_blind"
local closing = require "lib.html_closing"
local data = require "lib.html_data"
local first = require "lib.html_first"
local findings = require "lib.html_findings"
local arithmetic = require "lib.html_arithmetic"
local h = require "lib.html"
local identity = require "lib.html_identity"
local model = require "lib.model"
local pictures = require "lib.html_pictures"
local supplier = require "lib.html_supplier"
local words_of = require "lib.words"

local SECTIONS = { "conditions", "identity", "arithmetic", "findings", "data", "endpoints", "declared", "supplier",
  "principles", "blind",
  "passed", "waivers", "not-said", "glossary" }

-- On a site, of what was assessed before the newest assessment of the same product.
-- Everything that its first screen leads to.
local SHORT_SECTIONS = { "conditions", "identity", "arithmetic", "findings", "supplier", "blind", "passed", "waivers", "not-said" }

local function contents(m, words, sections)
  local items = {}
  for _, id in ipairs(sections) do
    if id ~= "conditions" or #m.conditions > 0 then
      items[#items + 1] = h.li { h.link("#" .. id, { words("contents." .. id) }) }
    end
  end
  return h.nav { class = "contents", ["aria-label"] = words("page.contents"), h.ul { items } }
end

-- One file by itself; on a site (options.site: where its folder is) style and script are files that all pages share.
local function shared(site)
  if site then
    return h.shared_style(site .. "report.css"), "'self'", h.shared_script(site .. "report.js"), "'self'"
  end
  local style, style_source = h.style { "report.css", "pictures.css" }
  local script, script_source = h.script { "report.js" }
  return style, style_source, script, script_source
end

local function head(m, words, site)
  local style, style_source, script, script_source = shared(site)
  local policy = "default-src 'none'; style-src " .. style_source .. "; script-src " .. script_source
    .. "; base-uri 'none'; form-action 'none'"
  return { h.meta("charset", "utf-8"), "\n", h.meta("Content-Security-Policy", policy), "\n",
    h.meta("viewport", "width=device-width, initial-scale=1"), h.meta("referrer", "no-referrer"),
    h.meta("color-scheme", "light dark"), h.meta("generator", "Probity " .. m.assessment.engine.probity), "\n",
    h.title { words("page.title", { name = m.product.name, version = m.product.version,
      decision = words("decision." .. m.decision) }) },
    "\n", style }, script
end

local function sections(m, words)
  return { first.screen(m, words), contents(m, words, SECTIONS), "\n",
    blind.conditions(m, words), identity(m, words, pictures), arithmetic(m, words, pictures), findings(m, words),
    data.stages(m, words), data.endpoints(m, words, pictures), data.declared(m, words), supplier.section(m, words),
    closing.principles(m, words), blind.section(m, words), blind.passed(m, words), supplier.waivers(m, words),
    closing.not_said(m, words), closing.glossary(m, words) }
end

local function short_sections(m, words, number)
  return { first.screen(m, words),
    h.p { class = "note", words("page.short", { json = h.file_link(number .. ".json", "JSON"),
      command = h.code("probity report " .. number .. " -f html") }) },
    contents(m, words, SHORT_SECTIONS), "\n",
    blind.conditions(m, words), identity(m, words, nil), arithmetic(m, words, nil), findings(m, words),
    supplier.section(m, words), blind.section(m, words), blind.passed(m, words), supplier.waivers(m, words),
    closing.not_said(m, words) }
end

---@type probity.Format
return {
  title = "HTML page: decision, reasons, arithmetic, evidence; one file, prints to A4",
  extension = "html",
  type = "text/html",
  takes = "report",
  render = function(document, out, options)
    local words = words_of(options.lang)
    local m = model(document)
    local top, script = head(m, words, options.site)
    h.write(out, h.document(words("lang"), top, h.body {
      h.link("#main", { class = "skip", words("page.skip") }), "\n",
      options.site and h.nav { class = "small foot", ["aria-label"] = words("site.nav"),
        h.file_link(options.site .. "index.html", words("site.title")) } or false,
      h.main { id = "main", options.short and short_sections(m, words, options.short) or sections(m, words) },
      h.footer { class = "foot", h.p { words("page.made_by", { version = m.assessment.engine.probity }) } }, "\n", script, "\n",
    }))
  end,
}
