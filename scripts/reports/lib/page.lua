-- Pages that are no report: comparisons, differences, the site. Alone with their style inside, or as a file of a site that shares one.
local h = require "lib.html"

local page = {}

--- A whole page. o: lang, title (of the window), heading, body (children of main), site: "" or "../" where its style lies in a file there
--- (nil: inside of the page), script: also the site's script, nav: children of the navigation.
function page.whole(o, words)
  local style, policy
  if o.site then
    style = h.shared_style(o.site .. "site.css")
    policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
  else
    local source
    style, source = h.style { "site.css" }
    policy = "default-src 'none'; style-src " .. source .. "; base-uri 'none'; form-action 'none'"
  end
  return h.document(o.lang, {
    h.meta("charset", "utf-8"), h.meta("Content-Security-Policy", policy), h.meta("referrer", "no-referrer"),
    h.meta("viewport", "width=device-width, initial-scale=1"), h.meta("color-scheme", "light dark"), h.title(o.title), style,
    o.site and o.script and h.shared_script(o.site .. "site.js") or false,
  }, h.body {
    h.p { class = "skip", h.link("#main", words "page.skip") },
    h.header { class = "top", h.div { class = "brand", o.nav and h.nav { ["aria-label"] = words "site.nav", o.nav } or "Probity" } },
    h.main { id = "main", h.h1(o.heading), o.body },
    h.footer { h.p(words "site.foot") },
  })
end

--- "Accept" and its like, with a shape that differs without colour.
function page.decision(decision, words)
  local known = { accept = "●", conditional = "◐", reject = "✕", ["not-rated"] = "○" }
  local mark = known[decision]
  return h.span {
    class = "decision d-" .. (mark and decision or "none"), h.span { class = "mark", ["aria-hidden"] = "true", mark or "–" }, " ",
    mark and words("decision." .. decision) or words "site.not-assessed",
  }
end

--- Wide tables scroll in themselves, reached by the keyboard as well.
function page.scroll(label, content)
  return h.div { class = "scroll", role = "region", tabindex = "0", ["aria-label"] = label, content }
end

return page
