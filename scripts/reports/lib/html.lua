-- Markup by construction: HTML, and SVG in it or alone.
--
--   local h = require "lib.html"
--   local page = h.p { class = "note", "of ", h.b { name }, ", ", { "a list", " of children" } }
--   h.write(out, page)
--
-- h.NAME { ... } makes an element: what has a name is an attribute, what has a number is a child. A child is a text or
-- a number (always escaped), an element, a list of children, or false or nil (nothing). One text alone needs no braces:
-- h.b(name). Attributes are texts and numbers (escaped), true (there, empty), false or nil (left out).
--
-- An element is a handle that only C makes, so nothing that comes from a report can be one: a document has no
-- handles, and no functions, which are called to write what is there when their turn comes. There is no way from a
-- string to markup. Styles and scripts are files of the assets folder, taken by name (h.style, h.script); addresses go
-- through h.link, everything that would run or load something is refused as an attribute.
local assets = require "probity.assets"
local hash = require "probity.hash"
local markup = require "probity.markup"
local text = require "probity.text"

local h = {}

-- Elements are made and texts escaped by bindings/markup.c.
local element, escape, write = markup.element, markup.escape, markup.write

--- A text as it stands in an element or an attribute.
---@type fun(s: string | number): string
h.escape = escape

--- Writes a child: text, number, element, list, or nothing.
---@type fun(out: fun(...), node: any)
h.write = write

-- Elements that hold text or other elements and do nothing by themselves. a, base, embed, form, iframe, img, image,
-- link, meta, object, script, style, use are not among them.
for name in ([[abbr article aside b bdi bdo blockquote body br caption code col colgroup dd del details dfn div dl dt em
    figcaption figure footer h1 h2 h3 h4 h5 h6 head header hr html i ins kbd li main mark meter nav ol p pre q s samp section
    small span strong sub summary sup table tbody td tfoot th thead time title tr u ul var wbr
    svg g path rect circle ellipse line polyline polygon text tspan defs desc pattern clipPath linearGradient
    radialGradient stop marker mask symbol]]):gmatch("%S+") do
  h[name] = function(content)
    return element(name, content)
  end
end

-- nil where it is none that may be followed: https, http, mailto, a place in this page, or (relative) a file beside it.
local function address(url)
  if url:find("^https?://[%w._~%%:/?#@!$&'()*+,;=%[%]-]+$") or url:find("^mailto:[%w._%%+@-]+$")
    or url:find("^#[%w._-]+$") then
    return url
  end
  return nil
end

--- A link; where the address is none of https, http, mailto and #place, its text without one.
---@param url string
---@param content any  attributes and children, as of an element; the address itself by default
function h.link(url, content)
  local to = #url <= 2048 and address(url)
  content = content or url
  if not to then
    return element("span", content)
  end
  local rel = to:byte() == 35 and "" or ' rel="noreferrer noopener nofollow"'
  return element("a", content, ' href="' .. escape(to) .. '"' .. rel)
end

--- A link to a file of the same site: names of letters, digits, dots, dashes and slashes, relative, never upwards past
--- "../".
function h.file_link(path, content)
  local plain = path:gsub("^%.%./", ""):gsub("^%.%./", "")
  if not plain:find("^[%w._/-]+$") or plain:find("%.%.") or plain:find("^/") or plain:find("//") then
    error('html: "' .. path .. '" is no file of a site')
  end
  return element("a", content or path, ' href="' .. path .. '"')
end

-- Text of assets in one piece. What could end the element early has no place in them.
local function bundle(names, ending)
  local parts = {}
  for _, name in ipairs(names) do
    local body = assets[name]
    if not body then
      error('html: there is no asset "' .. name .. '"')
    end
    parts[#parts + 1] = body
  end
  local body = table.concat(parts, "\n")
  if text.has(body, ending) or text.has(body, "<!--") then
    error("html: an asset must not hold " .. ending .. " or <!--")
  end
  return body
end

--- What a content security policy names an inline style or script by.
local function source(body)
  return "'sha256-" .. text.base64_encode(hash.raw("sha256", body)) .. "'"
end

--- An inline style of assets: the element, and its source for the policy.
---@param names string[]
function h.style(names)
  local body = bundle(names, "</style")
  return function(out)
    out("<style>", body, "</style>")
  end, source(body)
end

--- An inline script of assets, run when the page is read: the element, and its source for the policy.
---@param names string[]
function h.script(names)
  local body = bundle(names, "</script")
  return function(out)
    out("<script>", body, "</script>")
  end, source(body)
end

--- <meta name= content=>, or http-equiv where name is "Content-Security-Policy".
function h.meta(name, content)
  if name == "charset" then
    return element("meta", { charset = content })
  end
  if name == "Content-Security-Policy" then
    return element("meta", { content = content }, ' http-equiv="Content-Security-Policy"')
  end
  return element("meta", { name = name, content = content })
end

-- The same of a file beside the page, for a site whose pages share one.
local function beside(path)
  local plain = path:gsub("^%.%./", "")
  if not plain:find("^[%w_-]+%.[a-z]+$") then
    error('html: "' .. path .. '" is no shared file of a site')
  end
  return escape(path)
end

--- A style that pages of a site share: a file of the same folder, or of the one above.
function h.shared_style(path)
  return element("link", {}, ' rel="stylesheet" href="' .. beside(path) .. '"')
end

--- A script likewise, run when the page was read.
function h.shared_script(path)
  return element("script", {}, ' src="' .. beside(path) .. '" defer')
end

--- A whole document.
function h.document(language, head, body)
  return function(out)
    out("<!DOCTYPE html>\n")
    write(out, h.html { lang = language, h.head { head }, "\n", body })
    out("\n")
  end
end

--- Children one at a time, for long lists: make(item, number) is called when its turn to be written comes.
---@param list any[]
---@param make fun(item: any, number: integer): any
function h.each(list, make)
  return function(out)
    for i, item in ipairs(list) do
      write(out, make(item, i))
    end
  end
end

--- One element many times, for long lists: make(hole) is called once and builds it with hole(1), hole(2), ... in place of
--- texts and of attributes' values; the answer is a function of a list of texts that gives the element with these,
--- escaped as anywhere. Ten times as fast as elements made one by one.
---@param make fun(hole: fun(n: integer): string): any
---@return fun(values: (string|number)[]): any
function h.template(make)
  local written = {}
  write(function(...)
    for _, piece in ipairs { ... } do
      written[#written + 1] = piece
    end
  end, make(function(n)
    return "@@" .. n .. "@@"
  end))
  local whole, pieces, holes, from = table.concat(written), {}, {}, 1
  while true do
    local at, to, n = whole:find("@@(%d+)@@", from)
    pieces[#pieces + 1] = whole:sub(from, (at or 0) - 1)
    if not at then
      break
    end
    holes[#holes + 1] = tonumber(n)
    from = to + 1
  end
  return function(values)
    return function(out)
      local filled = {}
      for i, n in ipairs(holes) do
        filled[2 * i - 1] = pieces[i]
        filled[2 * i] = escape(values[n])
      end
      filled[#filled + 1] = pieces[#pieces]
      out(table.unpack(filled))
    end
  end
end

return h
